"""What the engine may log once citizens talk to it: which part of it, and what kind of failure. Nothing of theirs.

Rasa names the conversation in some of its lines, and prints the state of all variables when it fails: 125 kB that hold
what was said. The name of a web conversation is the right to read it, that of a WeChat one is a person. So every line
that is not our own is reduced to its place, whichever handler writes it.

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any, List, Optional, Text

_OURS = "bot."
_CONSTANT = re.compile(r"[A-Za-z_][\w.\-]{0,80}")
_before = logging.getLogRecordFactory()


def be_quiet() -> None:
    """From the first message on; before that nobody has said anything, and why a model does not load must be readable.
    Calling it again changes nothing."""
    logging.setLogRecordFactory(_record)
    logging.captureWarnings(True)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = _before(*args, **kwargs)
    if record.name.startswith(_OURS):
        return record
    told = f"{record.name}.{record.funcName}:{record.lineno}"
    event = _event(record.msg)
    failure = _failure(record.exc_info)
    record.msg = " ".join(part for part in (told, event, failure) if part)
    record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
    return record


def _event(message: Any) -> Text:
    """The constant name that structured lines begin with; "" for any other."""
    try:
        event = json.loads(message).get("event", "")
    except (TypeError, ValueError, AttributeError):
        return ""
    return event if isinstance(event, str) and _CONSTANT.fullmatch(event) else ""


def _failure(info: Any) -> Optional[Text]:
    return info[0].__name__ if isinstance(info, tuple) and info and isinstance(info[0], type) else None


__all__: List[Text] = ["be_quiet"]
