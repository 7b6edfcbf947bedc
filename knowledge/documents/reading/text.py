"""Plain text: one block per line, because nobody knows which line ends are the author's."""

from __future__ import annotations

from knowledge.documents.reading.block import Block, BlockKind, Reading
from knowledge.documents.refusals import BrokenFile

_ENCODINGS = ("utf-8-sig", "gb18030")


def read(data: bytes) -> Reading:
    """UTF-8, UTF-16 with a mark, or GB 18030. Raises BrokenFile for anything else."""
    lines = decode(data).splitlines()
    return Reading([Block(BlockKind.LINE, line) for line in lines], [])


def decode(data: bytes) -> str:
    """Raises BrokenFile when the bytes are no text: wrong encoding, or control characters."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BrokenFile("text encoding")
