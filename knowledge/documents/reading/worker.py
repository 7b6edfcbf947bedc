"""The reading process: one hostile file in on stdin, JSON out on stdout, then it ends.

    python -m knowledge.documents.reading.worker pdf < file

It limits itself before it reads a byte: memory, processor time, no files written, no sockets from Python. Whatever a
parser does with a hostile file, the worst outcome is that this process dies and its file is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from base.confined import answer, confine, given
from knowledge.documents.reading.block import Reading
from knowledge.documents.refusals import BrokenFile, EmptyFile, Refused, TooHard

MEMORY_BYTES = 1_200 * 2**20
CPU_SECONDS = 60


def _reader(kind: str) -> Callable[[bytes], Reading]:
    """The reader of a format; only its own library is imported."""
    if kind == "pdf":
        from knowledge.documents.reading.pdf import read
    elif kind == "ofd":
        from knowledge.documents.reading.ofd import read
    elif kind == "docx":
        from knowledge.documents.reading.word.docx import read
    elif kind == "html":
        from knowledge.documents.reading.html import read
    elif kind == "txt":
        from knowledge.documents.reading.text import read
    else:
        raise ValueError(kind)
    return read


def main() -> None:
    """Answer `{"blocks", "notes"}` or `{"refused": code}`."""
    confine(MEMORY_BYTES, CPU_SECONDS)
    data = given()
    try:
        reading = _reader(sys.argv[1])(data)
        if not any(block.text.strip() or any(block.cells) for block in reading.blocks if not block.noise):
            raise EmptyFile
        said = reading.to_json()
    except Refused as refused:
        said = {"refused": refused.code}
    except (MemoryError, RecursionError):
        said = {"refused": TooHard.code}
    except Exception:  # a parser's own bug with this file: the file is what we refuse
        said = {"refused": BrokenFile.code}
    answer(json.dumps(said, ensure_ascii=True))


if __name__ == "__main__":
    main()
