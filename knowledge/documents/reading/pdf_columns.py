"""Lines of a page in the order in which people read them: columns one after the other, tables without rules as rows."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.documents.columns import is_value

if TYPE_CHECKING:
    from knowledge.documents.reading.pdf_page import Row

_MARGIN = 0.09
"""Part of a page's height, at its top and at its bottom, where headers, footers and page numbers stand."""
_OUTER = 0.2
"""Part of it where the first and the last line of a page may still be one of these."""
_LEAST_LINES = 4
"""Lines a column has at least."""
_LEAST_WIDTH = 0.22
"""Part of the text's width that most lines of a column fill; cells of a table are narrower."""
_LEAST_ROWS = 3
_DEEPEST = 3
"""Columns are found by halving: eight at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a line without a wide gap among them. Places in points from the left."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. Places in points from the top left; `edge`: in the top or bottom margin of the page;
    `outermost`: there, or the first or last line of the page; `column` tells the columns of the page apart."""

    page: int
    pieces: tuple[Piece, ...]
    top: float
    bottom: float
    em: float
    edge: bool = False
    outermost: bool = False
    column: int = 0

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1


def in_order(lines: list[Line], rows: Sequence[Row], width: float, height: float) -> list[Line | Row]:
    """Lines and table rows in reading order."""
    tops = [row.top for row in rows]
    marked = []
    for line in lines:
        edge = line.bottom < height * _MARGIN or line.top > height * (1 - _MARGIN)
        first = line is lines[0] and line.bottom < height * _OUTER and not any(top < line.top for top in tops)
        last = line is lines[-1] and line.top > height * (1 - _OUTER) and not any(top > line.top for top in tops)
        marked.append(replace(line, edge=edge, outermost=edge or first or last))
    body = [line for line in marked if not line.edge]
    ordered = _by_columns(body, sorted(tops), _DEEPEST) if len(body) >= 2 * _LEAST_LINES else body
    items: list[Line | Row] = [*_unruled(ordered)]
    for row in sorted(rows, key=lambda row: row.top):
        items.insert(_place(items, row), row)
    above = [line for line in marked if line.edge and line.bottom < height / 2]
    below = [line for line in marked if line.edge and line.bottom >= height / 2]
    return [*above, *items, *below]


def _place(items: list[Line | Row], row: Row) -> int:
    """Where a ruled row goes: before the first item of its column that stands below it."""
    at = len(items)
    while at and (isinstance(items[at - 1], Line)) and items[at - 1].top > row.top:
        at -= 1
    return at


def _by_columns(lines: list[Line], tables: list[float], depth: int, column: int = 0) -> list[Line]:
    """Cut where a blank strip parts the page, and read each band of it left side first."""
    gutter = _gutter(lines) if depth else None
    if gutter is None:
        return [replace(line, column=column) for line in lines]
    out: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []

    def flush() -> None:
        for side, number in ((left, 2 * column + 1), (right, 2 * column + 2)):
            out.extend(
                _by_columns(side, tables, depth - 1, number)
                if len(side) >= 2 * _LEAST_LINES
                else [replace(line, column=number) for line in side]
            )
            side.clear()

    for line in lines:
        sides = [tuple(p for p in line.pieces if p.x1 <= gutter), tuple(p for p in line.pieces if p.x0 >= gutter)]
        if len(sides[0]) + len(sides[1]) < len(line.pieces):
            flush()
            out.append(replace(line, column=column))
            continue
        if left and any(max(left[-1].top, right[-1].top if right else 0) < top < line.top for top in tables):
            flush()
        for side, pieces in zip((left, right), sides, strict=True):
            if pieces:
                side.append(replace(line, pieces=pieces))
    flush()
    return out


def _gutter(lines: list[Line]) -> float | None:
    """The middle of the blank strip between two columns of running text, None where the page has one column."""
    pieces = [piece for line in lines for piece in line.pieces]
    start, end = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    best: tuple[int, float] | None = None
    place = start + 0.25 * (end - start)
    while place < start + 0.75 * (end - start):
        crossing = sum(piece.x0 < place < piece.x1 for piece in pieces)
        if (best is None or crossing < best[0]) and _parts(lines, place, end - start):
            best = crossing, place
        place += 3.0
    return best[1] if best else None


def _parts(lines: list[Line], place: float, width: float) -> bool:
    """Whether running text stands on both sides of this place, line beside line."""
    left: list[tuple[float, float, float, float]] = []
    right: list[tuple[float, float, float, float]] = []
    across = 0
    for line in lines:
        if any(piece.x0 < place < piece.x1 for piece in line.pieces):
            across += 1
            continue
        for side, pieces in (
            (left, [piece for piece in line.pieces if piece.x1 <= place]),
            (right, [piece for piece in line.pieces if piece.x0 >= place]),
        ):
            if pieces:
                side.append((pieces[0].x0, pieces[-1].x1, line.top, line.bottom))
    if min(len(left), len(right)) < _LEAST_LINES or across > len(lines) * 0.5:
        return False
    for side in (left, right):
        widths = [x1 - x0 for x0, x1, _, _ in side]
        full = max(widths)
        if full < _LEAST_WIDTH * width or statistics.median(widths) < 0.7 * full:
            return False
    overlap: float = min(max(b for *_, b in left), max(b for *_, b in right)) - max(
        min(t for *_, t, _ in left), min(t for *_, t, _ in right)
    )
    heights = [max(b for *_, b in side) - min(t for *_, t, _ in side) for side in (left, right)]
    return overlap > 0.5 * min(heights)


def _unruled(lines: list[Line]) -> list[Line | Row]:
    """Tables printed without upright rules: three lines and more whose pieces stand below each other."""
    out: list[Line | Row] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _same_run(lines, at, end):
            end += 1
        run = lines[at:end]
        rows = _as_rows(run) if sum(len(line.pieces) > 1 for line in run) >= _LEAST_ROWS else []
        if rows:
            out += rows
            at = end
        else:
            out.append(lines[at])
            at += 1
    return out


def _same_run(lines: list[Line], start: int, at: int) -> bool:
    """Lines with several pieces; among them a line that goes on in a cell above."""
    line = lines[at]
    if line.column != lines[start].column or (at > start and line.top - lines[at - 1].bottom > 2.5 * line.em):
        return False
    if len(line.pieces) > 1:
        return True
    return at > start and line.x0 > lines[start].x0 + line.em and line.top - lines[at - 1].bottom < 0.9 * line.em


def _as_rows(run: list[Line]) -> list[Line | Row]:
    from knowledge.documents.reading.pdf_page import Row

    while run and len(run[-1].pieces) < 2:
        run = run[:-1]
    strips: list[list[float]] = []
    for piece in sorted((piece for line in run for piece in line.pieces), key=lambda piece: piece.x0):
        if strips and piece.x0 < strips[-1][1]:
            strips[-1][1] = max(strips[-1][1], piece.x1)
        else:
            strips.append([piece.x0, piece.x1])
    if len(strips) < 2:
        return []
    rows: list[Row] = []
    for line in run:
        cells = [""] * len(strips)
        for piece in line.pieces:
            column = next(n for n, (x0, x1) in enumerate(strips) if x0 <= piece.x0 <= x1)
            cells[column] += piece.text
        if len(line.pieces) == 1 and rows:
            joined = tuple(a + b for a, b in zip(rows[-1].cells, cells, strict=True))
            rows[-1] = Row(line.page, rows[-1].top, joined)
        else:
            rows.append(Row(line.page, line.top, tuple(cells)))
    valued = sum(any(is_value(cell) for cell in row.cells) for row in rows[1:])
    enough = len(strips) > 2 or valued * 2 >= len(rows) - 1
    return [*rows] if enough and len(rows) >= _LEAST_ROWS else []
