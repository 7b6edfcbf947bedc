"""Logs: one JSON object a line, constant event names, no personal data and nothing a citizen said.

Values are call ids, codes, counts and milliseconds. Texts of exceptions are left out too: they may quote a message.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_LOG_BYTES = 20_000_000
_KEPT_FILES = 5


def set_up(level: str, file: Path | None) -> None:
    """Log to `file` (rotating, 20 MB × 5) or, without one, to standard output."""
    from logging.handlers import RotatingFileHandler

    handler: logging.Handler = logging.StreamHandler()
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[structlog.stdlib.add_log_level, _name_only],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # its lines hold query strings
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_as_place,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _exception_as_place(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the line it came from; its text stays out."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = _place(error)
    return event


def _name_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A library's log record: which library, at which level, from where; not its text, which may quote a message."""
    record = event["_record"]
    event["event"] = f"{record.name}.{record.funcName}"
    if record.exc_info and record.exc_info[1]:
        event["error"] = _place(record.exc_info[1])
        record.exc_info = record.exc_text = None
    return event


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {where}"
