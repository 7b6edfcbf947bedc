"""One page of a PDF: its characters cleaned, its ruled tables as rows, the rest as lines in reading order.

Characters printed twice for a bold look are one; slanted ones, and large pale ones, are watermarks; a number raised
above its line is a power or the mark of a footnote.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.documents.reading.pdf_columns import Line, Piece, in_order
from language.radicals import unfold

_RULE_WIDTH = 5
"""Points. Rules are drawn as thin boxes, whose short sides are no rules."""
_TWICE = 0.12
"""Part of a character's size within which the same character again is the same one, printed twice."""
_SPACE = 3.0
"""Points between two characters from which on a space stands there, as pdfplumber has it."""
_WIDE = 1.2
"""Ems between two characters from which on they belong to different columns, of a table or of the page."""
_SMALLER, _HIGHER = 0.9, 0.2
"""Size and height of raised digits, as parts of the line's size: browsers print them at 0.83, 0.39 up."""
_LINES_OF_A_TEXT, _MOST_BESIDE = 8, 0.2
_PALE = 0.6
_LARGE = 1.6
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Char = dict[str, Any]
Box = tuple[float, float, float, float]
Texts = list[list[str | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; `top` in points from the top of its page."""

    page: int
    top: float
    cells: tuple[str, ...]


@dataclass
class Content:
    """What a page holds. `aside` are texts that belong in no paragraph, with what they are; `sideways`: most of the
    page is turned by 90 degrees; `missing`: characters of the page that none of these has."""

    items: list[Line | Row] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)
    characters: int = 0
    sideways: bool = False
    missing: str = ""


def read(page: Any) -> Content:
    """Everything a pdfplumber page says."""
    content = Content()
    every = _once(page.chars)
    content.characters = len(every)
    kept = _without_marks(every, content)
    tables = _tables(page, kept)
    boxes = [cell for table, _ in tables for cell in table.cells]
    rows = [row for table, texts in tables for row in _rows(table, texts, page.page_number)]
    free = [char for char in kept if not _inside(char, boxes)] if boxes else kept
    content.items = in_order(_lines(free, page.page_number), rows, page.width, page.height)
    said = Counter("".join(_texts(content)))
    missing = Counter(unfold("".join(char["text"] for char in every)))
    content.missing = "".join(c for c in (missing - said).elements() if not c.isspace() and c not in "0123456789")
    return content


def _texts(content: Content) -> Iterator[str]:
    yield from (text for text, _ in content.aside)
    for item in content.items:
        yield from item.cells if isinstance(item, Row) else (item.text,)


def _once(chars: Iterable[Char]) -> list[Char]:
    """The characters without those printed a second time a hair's breadth away, which is how some writers make bold."""
    seen: dict[tuple[str, int, int], list[Char]] = {}
    out = []
    for char in chars:
        x, y, reach = char["x0"], char["top"], max(1.0, _TWICE * char["size"])
        column, row = int(x // 8), int(y // 8)
        near = (seen.get((char["text"], column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if any(abs(o["x0"] - x) <= reach and abs(o["top"] - y) <= reach for some in near for o in some):
            continue
        seen.setdefault((char["text"], column, row), []).append(char)
        out.append(char)
    return out


def _without_marks(chars: list[Char], content: Content) -> list[Char]:
    """Set watermarks and turned text aside. `upright` of pdfplumber is true at 45 degrees: the matrix is not."""
    straight: list[Char] = []
    slanted: list[Char] = []
    turned: list[Char] = []
    for char in chars:
        a, b = char["matrix"][:2]
        near_zero = abs(b) <= 0.02 * max(abs(a), abs(b), 1e-9)
        (straight if near_zero else turned if abs(a) <= 0.02 * abs(b) else slanted).append(char)
    content.sideways = len(turned) > len(straight)
    content.aside += [
        ("".join(c["text"] for c in some), what) for some, what in ((slanted, "水印"), (turned, "横放的文字")) if some
    ]
    if not straight:
        return straight
    usual = statistics.median(char["size"] for char in straight)
    pale = [
        char for char in straight if char["size"] > _LARGE * usual and _brightness(char["non_stroking_color"]) > _PALE
    ]
    if pale:
        content.aside.append(("".join(char["text"] for char in pale), "水印"))
        gone = set(map(id, pale))
        straight = [char for char in straight if id(char) not in gone]
    return straight


def _brightness(color: Any) -> float:
    """0 for black, 1 for white; of a pattern or an unknown space, 0."""
    parts = color if isinstance(color, (tuple, list)) else (color,)
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return 0.0
    if len(parts) == 4:
        return 1.0 - min(1.0, float(sum(parts[:3])) / 3 + float(parts[3]))
    return float(sum(parts)) / len(parts)


def _tables(page: Any, chars: list[Char]) -> list[tuple[Any, Texts]]:
    """The ruled tables, each with the texts of its rows."""
    kept = set(map(id, chars))
    clean = (
        page
        if len(chars) == len(page.chars)
        else page.filter(lambda thing: thing["object_type"] != "char" or id(thing) in kept)
    )
    found = clean.find_tables({"explicit_horizontal_lines": _open_ends(page)})
    tables = [(table, table.extract()) for table in found if _is_table(table)]
    return [(table, texts) for table, texts in tables if not _is_frame(texts)]


def _open_ends(page: Any) -> list[float]:
    """Heights where the upright rules of a table end without a level one: its row goes on on another page."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    level = {round(edge["top"]) for edge in page.edges if edge["orientation"] == "h" and edge["width"] > _RULE_WIDTH}
    ends = Counter(round(edge[side]) for edge in upright for side in ("top", "bottom"))
    return [end for end, count in ends.items() if count > 2 and not level & {end - 2, end - 1, end, end + 1, end + 2}]


def _is_table(table: Any) -> bool:
    """Ruled lines around one column, or around a heading, are decoration; a single row may be the end of a table."""
    columns = max(len(row.cells) for row in table.rows)
    return columns > 2 or (columns == 2 and len(table.rows) > 1)


def _is_frame(texts: Texts) -> bool:
    """Lines that a browser prints around parts of a page: a cell with a whole text, and hardly anything beside it."""
    rows = [[cell.strip() for cell in row if cell and cell.strip()] for row in texts]
    beside = sum(len(cell) for row in rows if len(row) > 1 for cell in row)
    every = sum(len(cell) for row in rows for cell in row)
    whole = any(cell.count("\n") >= _LINES_OF_A_TEXT for row in rows if len(row) == 1 for cell in row)
    return whole and beside <= _MOST_BESIDE * every


def _rows(table: Any, texts: Texts, number: int) -> Iterator[Row]:
    """The rows of a table; a cell that covers several rows or columns holds for all of them."""
    lefts = _edges(cell[0] for cell in table.cells)
    tops = _edges(cell[1] for cell in table.cells)
    grid = [[""] * len(lefts) for _ in tops]
    wide = [False] * len(tops)
    for row, said in zip(table.rows, texts, strict=True):
        for box, text in zip(row.cells, said, strict=True):
            if box is None:
                continue
            columns = [at for at, left in enumerate(lefts) if box[0] - 2 < left < box[2] - 2]
            for line in [at for at, top in enumerate(tops) if box[1] - 2 < top < box[3] - 2]:
                wide[line] = len(columns) == len(lefts)
                for column in columns:
                    grid[line][column] = unfold(text or "")
    for top, cells, alone in zip(tops, grid, wide, strict=True):
        yield Row(number, top, (cells[0],) if alone else tuple(cells))


def _edges(places: Iterable[float]) -> list[float]:
    """Places that are the same to within two points, once."""
    out: list[float] = []
    for place in sorted(places):
        if not out or place - out[-1] > 2:
            out.append(place)
    return out


def _inside(char: Char, boxes: list[Box]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)


def _lines(chars: list[Char], number: int) -> list[Line]:
    """Printed lines, top to bottom, each cut in pieces at wide gaps."""
    rows: list[list[Char]] = []
    middle, size = 0.0, 0.0
    for char in sorted(chars, key=lambda c: c["top"] + c["bottom"]):
        at = (char["top"] + char["bottom"]) / 2
        if rows and at - middle < 0.5 * max(size, char["size"]):
            rows[-1].append(char)
            if char["size"] > size:
                middle, size = at, char["size"]
            continue
        rows.append([char])
        middle, size = at, char["size"]
    return [line for row in rows if (line := _line(row, number))]


def _line(row: list[Char], number: int) -> Line | None:
    row.sort(key=lambda char: char["x0"])
    size = max(char["size"] for char in row)
    base = max(char["bottom"] for char in row if char["size"] > 0.8 * size)
    pieces: list[Piece] = []
    text, start, end = "", row[0]["x0"], row[0]["x0"]
    for char in row:
        gap = char["x0"] - end
        if text.strip() and gap > _WIDE * size:
            pieces.append(Piece(unfold(text.strip()), start, end))
            text = ""
        if not text:
            start = char["x0"]
        elif gap > _SPACE:
            text += " "
        small = char["size"] < _SMALLER * size
        raised = small and base - char["bottom"] > _HIGHER * size and char["text"].isdecimal()
        text += _power(char["text"], text) if raised else char["text"]
        end = max(end, char["x1"])
    if text.strip():
        pieces.append(Piece(unfold(text.strip()), start, end))
    if not pieces:
        return None
    top, bottom = min(char["top"] for char in row), max(char["bottom"] for char in row)
    big = [char for char in row if char["size"] > 0.8 * size]
    return Line(number, tuple(pieces), top, bottom, max(c["bottom"] - c["top"] for c in big))


def _power(digit: str, before: str) -> str:
    """10⁹ and m² are powers; a number raised behind anything else marks a footnote."""
    return digit.translate(_RAISED) if re.search(r"[0-9A-Za-z)）⁰¹²³⁴-⁹]$", before) else ""
