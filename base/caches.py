"""What can be made again, kept between two runs: outside any checkout, so that a second one starts at once.

Only this machine's own user reads and writes there. What is lost or spoilt is made anew, and a full disk only means
that nothing is kept.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile, ZipFile

import structlog

log = structlog.get_logger()
Made = TypeVar("Made")


def cache_dir(name: str) -> Path:
    """$XDG_CACHE_HOME/yibao/`name`, or ~/.cache/yibao/`name`; not made."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yibao" / name


def kept(file: Path, make: Callable[[], Made]) -> Made:
    """What `make` gave in an earlier run. `file` must be called after all that it is made from."""
    value: Made | None = read(file)
    if value is None:
        value = make()
        write(file, value)
    return value


def read(file: Path) -> Any:
    """What was written there; None without."""
    try:
        return pickle.loads(file.read_bytes())
    except Exception as error:  # a spoilt file raises anything
        if not isinstance(error, FileNotFoundError):
            log.warning("cache_spoilt", file=file.name, kind=type(error).__name__)
        return None


def write(file: Path, value: object) -> None:
    """For `read`."""
    try:
        place(file, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    except OSError as error:
        log.warning("cache_not_written", file=file.name, code=error.errno)


def unpacked(archive: Path, file: Path) -> Path:
    """`file`, a zip archive of what is in `archive` that needs no unpacking any more; `archive` itself where it cannot
    be kept. `file` must be called after all that `archive` depends on."""
    if _is_whole(file):
        return file
    content = BytesIO()
    with ZipFile(archive) as packed, ZipFile(content, "w") as loose:  # not compressed
        for name in packed.namelist():
            loose.writestr(name, packed.read(name))
    try:
        place(file, content.getvalue())
    except OSError as error:
        log.warning("cache_not_written", file=file.name, code=error.errno)
        return archive
    return file


def _is_whole(file: Path) -> bool:
    try:
        with ZipFile(file) as archive:
            spoilt = archive.testzip()
    except FileNotFoundError:
        return False
    except (BadZipFile, OSError) as error:
        spoilt = type(error).__name__
    if spoilt:
        log.warning("cache_spoilt", file=file.name, kind=spoilt)
    return not spoilt


def place(file: Path, content: bytes) -> None:
    """All of it or nothing. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as writing:
        try:
            writing.write(content)
            writing.flush()
            Path(writing.name).replace(file)
        except OSError:
            Path(writing.name).unlink(missing_ok=True)
            raise
