"""What was recognised on pictures of pages: the pictures, where each line stands, and what is uncertain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as parts of the page's width and height (0 to 1)."""
_LEAST_SHARED = 5
"""Characters that a line and a clause must share to belong together, when neither holds the other."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """`text[start:end]` of a line is uncertain. `was`: what stood there before a word of the trade decided, "" when
    nothing was changed."""

    start: int
    end: int
    was: str = ""


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """One recognised line; `page` counts from 0."""

    page: int
    text: str
    box: Box
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands on one page, and the marks on it: (box, "doubtful" or "changed")."""

    page: int
    top: float
    bottom: float
    marks: tuple[tuple[Box, str], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """`pictures` are JPEG, one a page, `sizes` their pixels; `unread`: ink that became no text."""

    pictures: tuple[bytes, ...]
    sizes: tuple[tuple[int, int], ...]
    lines: tuple[ScannedLine, ...]
    unread: tuple[tuple[int, Box], ...] = ()

    def places(self, text: str) -> list[Place]:
        """Where a clause of this text stands, a place for every page; none when it is found nowhere."""
        wanted = _plain(text)
        found: dict[int, list[ScannedLine]] = {}
        for line in self.lines:
            if _belongs(_plain(line.text), wanted):
                found.setdefault(line.page, []).append(line)
        return [_place(page, lines) for page, lines in sorted(found.items())]

    def doubtful(self, text: str) -> list[tuple[str, str]]:
        """The uncertain words of a clause with a little around them, and what was changed ("" where nothing was)."""
        wanted = _plain(text)
        lines = [line for line in self.lines if line.doubts and _belongs(_plain(line.text), wanted)]
        return [(line.text[max(0, d.start - 2) : d.end + 2], d.was) for line in lines for d in line.doubts]

    def spans(self, original: str) -> list[tuple[int, int, str]]:
        """Where in the original text something is "changed" or "doubtful"."""
        out: list[tuple[int, int, str]] = []
        at = 0
        for line in self.lines:
            start = original.find(line.text, at)
            if start < 0:
                start = original.find(line.text)
            if start < 0:
                continue
            out += [(start + d.start, start + d.end, "changed" if d.was else "doubtful") for d in line.doubts]
            at = start + len(line.text)
        return out


def from_json(data: dict[str, Any], pictures: Sequence[bytes]) -> Scan:
    """Raises KeyError, TypeError or ValueError for anything that is not a Scan."""
    lines = tuple(
        ScannedLine(
            int(row["page"]),
            str(row["text"]),
            _box(row["box"]),
            tuple(Doubt(int(start), int(end), str(was)) for start, end, was in row["doubts"]),
        )
        for row in data["lines"]
    )
    sizes = tuple((int(width), int(height)) for width, height in data["sizes"])
    if len(sizes) != len(pictures) or any(not 0 <= line.page < len(sizes) for line in lines):
        raise ValueError("pages")
    return Scan(tuple(pictures), sizes, lines, tuple((int(page), _box(box)) for page, box in data["unread"]))


def _box(given: Sequence[float]) -> Box:
    left, top, right, bottom = (min(1.0, max(0.0, float(value))) for value in given)
    return left, top, right, bottom


def _plain(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


def _belongs(line: str, clause: str) -> bool:
    if not line or not clause:
        return False
    if line in clause or clause in line:
        return True
    parts = (line[at : at + _LEAST_SHARED] for at in range(0, len(line) - _LEAST_SHARED + 1, _LEAST_SHARED))
    held = [part in clause for part in parts]
    return bool(held) and sum(held) * 2 > len(held)


def _place(page: int, lines: Sequence[ScannedLine]) -> Place:
    marks = tuple((box, "changed" if doubt.was else "doubtful") for line in lines for box, doubt in _boxes(line))
    margin = 0.008
    top = max(0.0, min(line.box[1] for line in lines) - margin)
    return Place(page, top, min(1.0, max(line.box[3] for line in lines) + margin), marks)


def _boxes(line: ScannedLine) -> Iterator[tuple[Box, Doubt]]:
    widths = character_widths(line.text)
    left, top, right, bottom = line.box
    unit = (right - left) / max(sum(widths), 0.5)
    for doubt in line.doubts:
        start = left + unit * sum(widths[: doubt.start])
        yield (start, top, start + unit * sum(widths[doubt.start : doubt.end]), bottom), doubt


def character_widths(text: str) -> list[float]:
    """How wide the characters of a line are printed, in ems."""
    return [0.5 if character.isascii() else 1.0 for character in text]
