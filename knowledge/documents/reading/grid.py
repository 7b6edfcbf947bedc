"""Tables with merged cells as even rows: what stands in a merged cell holds for every row and column it covers.

居民医保 ↓ | 一级 | 85%          ("居民医保", "一级", "85%")
           | 二级 | 70%    ->    ("居民医保", "二级", "70%")
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_COLUMNS = 200
_MOST_ROWS_OF_A_CELL = 5_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its row names it: how many columns and rows it covers, itself included; both at least 1."""

    text: str
    columns: int = 1
    rows: int = 1


def fill(rows: Iterable[Sequence[Cell]]) -> list[tuple[str, ...]]:
    """One tuple a row. A cell alone in its row that covers all columns stays one cell: a heading or a note."""
    below: dict[int, tuple[int, str]] = {}  # column -> rows still covered, text
    filled: list[list[str]] = []
    alone: list[bool] = []
    for row in rows:
        out: list[str] = []
        after: dict[int, tuple[int, str]] = {}
        for cell in row:
            _take_above(out, below, after)
            columns = max(1, min(cell.columns, MOST_COLUMNS - len(out)))
            if cell.rows > 1:
                left = min(cell.rows, _MOST_ROWS_OF_A_CELL) - 1
                after |= {len(out) + at: (left, cell.text) for at in range(columns)}
            out += [cell.text] * columns
        _take_above(out, below, after)
        filled.append(out)
        alone.append(len(row) == 1)
        below = after
    width = max(map(len, filled), default=0)
    return [
        (row[0],) if single and len(row) == width and len(set(row)) == 1 else tuple(row)
        for row, single in zip(filled, alone, strict=True)
    ]


def _take_above(out: list[str], below: dict[int, tuple[int, str]], after: dict[int, tuple[int, str]]) -> None:
    """Go on over columns that a cell above covers."""
    while len(out) in below and len(out) < MOST_COLUMNS:
        rows, text = below[len(out)]
        if rows > 1:
            after[len(out)] = rows - 1, text
        out.append(text)
