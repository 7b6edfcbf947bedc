"""Is every character of the original somewhere? The check that nothing is lost silently.

It trusts no bookkeeping of the importer: it takes the original and the texts that claim to hold it (clauses, section
headings, registered non-clause text), as the importer found them or as staff changed them, and covers the one with the
others. Each character of the original can be covered once, so a sentence printed twice must be held twice.
White space and invisible characters do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.documents.document import Completeness, Run

_LOOK_AHEAD = 5_000
"""How far behind the last found text the next one may begin, in characters; further ones go to the slower search."""
_SHORTEST_PART = 2
"""Parts of a broken-up text shorter than this prove nothing."""
_TAKEN = "\0"
INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ue000-\uf8ff\0]")
"""White space, soft hyphens, zero-width and direction marks, private-use glyphs."""


def check(original: str, pieces: Sequence[str]) -> Completeness:
    """Compare. `pieces` in the order of the original are fastest; any order gives the same answer."""
    places = [at for at, character in enumerate(original) if not INVISIBLE.match(character)]
    cover = _Cover("".join(original[at] for at in places))
    leftover = [piece for piece in map(squeeze, pieces) if piece and not cover.take_next(piece)]
    parts = [part for piece in sorted(leftover, key=len, reverse=True) for part in cover.take_in_parts(piece)]
    added = [part for part in parts if not cover.take_gap(part)]
    lost = tuple(
        Run(places[start], places[end - 1] + 1, original[places[start] : places[end - 1] + 1])
        for start, end in cover.gaps()
    )
    return Completeness(lost, tuple(added))


def squeeze(text: str) -> str:
    """The characters that count."""
    return INVISIBLE.sub("", text)


class _Cover:
    """A text whose characters are taken away one found piece at a time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rest: str | None = None
        self._spans: list[tuple[int, int]] = []
        self._at = 0

    def take_next(self, piece: str) -> bool:
        """Take `piece` behind the piece taken last."""
        at = self._text.find(piece, self._at, self._at + len(piece) + _LOOK_AHEAD)
        if at < 0:
            return False
        self._at = at + len(piece)
        self._spans.append((at, self._at))
        return True

    def take_in_parts(self, piece: str) -> list[str]:
        """Take `piece` from what is left, broken up where it must be. Returns the parts that are nowhere."""
        self._rest = self._rest_now()
        missing = ""
        parts: list[str] = []
        while piece:
            length, at = self._longest_start(piece)
            if length < min(_SHORTEST_PART, len(piece)):
                missing += piece[0]
                piece = piece[1:]
                continue
            if missing:
                parts.append(missing)
                missing = ""
            self._rest = self._rest[:at] + _TAKEN * length + self._rest[at + length :]
            piece = piece[length:]
        return [*parts, missing] if missing else parts

    def take_gap(self, part: str) -> bool:
        """Take a part too short to prove anything by itself, when exactly it is left between two taken texts."""
        for start, end in self.gaps():
            if self._text[start:end] == part:
                self._rest = self._rest_now()[:start] + _TAKEN * len(part) + self._rest_now()[end:]
                return True
        return False

    def _longest_start(self, piece: str) -> tuple[int, int]:
        """Length and place of the longest beginning of `piece` that is left; beginnings of what is there are there."""
        assert self._rest is not None
        low, high, place = 0, len(piece), -1
        while low < high:
            middle = (low + high + 1) // 2
            at = self._rest.find(piece[:middle])
            if at < 0:
                high = middle - 1
            else:
                low, place = middle, at
        return low, place

    def _rest_now(self) -> str:
        """The text with everything taken blotted out."""
        if self._rest is not None:
            return self._rest
        out, at = [], 0
        for start, end in self._spans:
            out += [self._text[at:start], _TAKEN * (end - start)]
            at = end
        return "".join([*out, self._text[at:]])

    def gaps(self) -> list[tuple[int, int]]:
        """Where nobody took anything."""
        return [match.span() for match in re.finditer(rf"[^{_TAKEN}]+", self._rest_now())]
