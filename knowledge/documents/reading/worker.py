"""The reading process: one hostile file in on stdin, JSON out on stdout, then it ends.

    python -m knowledge.documents.reading.worker pdf < file

It limits itself before it reads a byte: memory, processor time, no files written, no sockets from Python. Whatever a
parser does with a hostile file, the worst outcome is that this process dies and its file is refused.
"""

from __future__ import annotations

import json
import logging
import resource
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from knowledge.documents.reading.block import Reading
from knowledge.documents.refusals import BrokenFile, EmptyFile, Refused, TooHard

MEMORY_BYTES = 1_200 * 2**20
CPU_SECONDS = 60


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    socket.socket = _no_network  # type: ignore[misc, assignment]
    logging.disable()  # parsers log parts of the file


def _no_network(*_args: object, **_kwargs: object) -> NoReturn:
    raise OSError("the reading process has no network")


def _reader(kind: str) -> Callable[[bytes], Reading]:
    """The reader of a format; only its own library is imported."""
    if kind == "pdf":
        from knowledge.documents.reading.pdf import read
    elif kind == "docx":
        from knowledge.documents.reading.docx import read
    elif kind == "html":
        from knowledge.documents.reading.html import read
    elif kind == "txt":
        from knowledge.documents.reading.text import read
    else:
        raise ValueError(kind)
    return read


def main() -> None:
    """Answer `{"blocks", "notes"}` or `{"refused": code}`."""
    _limit()
    data = sys.stdin.buffer.read()
    try:
        reading = _reader(sys.argv[1])(data)
        if not any(block.text.strip() or any(block.cells) for block in reading.blocks if not block.noise):
            raise EmptyFile
        answer = reading.to_json()
    except Refused as refused:
        answer = {"refused": refused.code}
    except (MemoryError, RecursionError):
        answer = {"refused": TooHard.code}
    except Exception:  # a parser's own bug with this file: the file is what we refuse
        answer = {"refused": BrokenFile.code}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())


if __name__ == "__main__":
    main()
