"""The other side of `base.sandbox`: what a process does to itself before it reads a byte of a hostile file.

Whatever a parser does then, the worst outcome is that this process dies and its file is refused.
"""

from __future__ import annotations

import logging
import resource
import socket
import sys
from typing import NoReturn


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Memory, processor time, no files written, no sockets from Python, no logs (parsers log parts of the file)."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    socket.socket = _no_network  # type: ignore[misc, assignment]
    logging.disable()


def given() -> bytes:
    """The file."""
    return sys.stdin.buffer.read()


def answer(text: str) -> None:
    """What the service gets; it trusts nothing of it."""
    sys.stdout.buffer.write(text.encode())


def _no_network(*_args: object, **_kwargs: object) -> NoReturn:
    raise OSError("this process has no network")
