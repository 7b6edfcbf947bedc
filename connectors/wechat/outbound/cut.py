"""Long answers in pieces the platform takes: at most 2048 bytes of UTF-8, cut where a sentence ends, never in a link.

Pure. What the platform counts is bytes, and a Chinese character has three.
"""

from __future__ import annotations

import re

MAX_BYTES = 2048
_LINK = re.compile(r"<a [^>]*>.*?</a>|https?://[\w\-./?=&%#:+~]+", re.ASCII | re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")
_CLAUSE_END = re.compile(r"(?<=[，,、：:\s])")


def size(text: str) -> int:
    """Bytes as the platform counts them."""
    return len(text.encode())


def cut(text: str, max_bytes: int = MAX_BYTES) -> tuple[str, str]:
    """The longest beginning of `text` that fits, and the rest ("" if all of it fits).

    It ends after a sentence; where one sentence is too long, after a clause, and at worst between two characters. A
    link goes to one side whole, unless it alone is longer than `max_bytes`.
    """
    if size(text) <= max_bytes:
        return text, ""
    most = len(text.encode()[:max_bytes].decode(errors="ignore"))
    links = [match.span() for match in _LINK.finditer(text)]
    for ends in (_SENTENCE_END, _CLAUSE_END):
        places = (match.start() for match in ends.finditer(text, 0, most + 1))
        if length := max((place for place in places if 0 < place <= most and not _within(links, place)), default=0):
            return text[:length].rstrip(), text[length:].lstrip()
    torn = _within(links, most)
    length = (torn[0] if torn else most - _joined_to_next(text, most)) or most
    return text[:length], text[length:]


def _within(links: list[tuple[int, int]], place: int) -> tuple[int, int] | None:
    """The link that a cut at this place would tear."""
    return next((link for link in links if link[0] < place < link[1]), None)


def _joined_to_next(text: str, length: int) -> int:
    """Characters at the end of text[:length] that belong to the next one: an emoji is not torn apart."""
    joiners = "\u200d\ufe0f\u20e3" + "".join(chr(code) for code in range(0x1F3FB, 0x1F400))
    back = 0
    while length - back > 1 and (text[length - back] in joiners or text[length - back - 1] == "\u200d"):
        back += 1
    return back
