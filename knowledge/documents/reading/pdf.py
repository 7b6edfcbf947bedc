"""PDF with text: paragraphs by where lines stand on the page, tables by their ruled lines, page furniture set aside.

pdfplumber was chosen by trying: on Chinese PDFs printed by Chromium and by ReportLab it keeps every character and its
place, and finds table cells; pypdf gives text without places, so paragraphs cannot be told from lines.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.documents.reading.block import Block, BlockKind, Reading
from knowledge.documents.reading.radicals import unfold
from knowledge.documents.refusals import BrokenFile, EncryptedFile, ScannedPdf, TooLarge

MOST_PAGES = 500
_MARGIN = 0.09
"""Part of a page's height, at its top and at its bottom, where headers, footers and page numbers stand."""
_RULE_WIDTH = 5
"""Points. Rules are drawn as thin boxes, whose short sides are no rules."""
_LEAST_CHARACTERS = 10
"""A page with a picture and less text than this is a picture of a page."""
_PAGE_NUMBER = re.compile(r"[-—–_·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–_·\s]*(?:[/／共]\s*(?:共\s*)?\d{1,4}\s*页?)?")
_PRINTED = re.compile(r"(?:file|https?)://\S+.*|\d{1,4}/\d{1,2}/\d{1,4}[, ].*\d{1,2}:\d{2}.*")
_UNREADABLE = re.compile(r"\(cid:\d+\)|\ufffd")


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed line. Places in points from the top left; `edge`: in the top or bottom margin of the page."""

    page: int
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    edge: bool

    @property
    def em(self) -> float:
        return max(self.bottom - self.top, 1.0)


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    top: float
    cells: tuple[str, ...]


def read(data: bytes) -> Reading:
    """Raises a Refused: BrokenFile, EncryptedFile, ScannedPdf or TooLarge (too many pages)."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise TooLarge("pages")
            items, pictures = _pages(pdf)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise EncryptedFile from error
    except (PdfminerException, PDFException, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        locked = error.args and isinstance(error.args[0], PDFPasswordIncorrect | PDFEncryptionError)
        raise (EncryptedFile if locked else BrokenFile)("pdf") from error
    text = "".join(item.text if isinstance(item, _Line) else "".join(item.cells) for item in items)
    if len(_UNREADABLE.findall(text)) * 20 > len(text):
        raise ScannedPdf
    if pictures and len(text) < _LEAST_CHARACTERS * len(pictures):
        raise ScannedPdf
    notes = [f"第 {'、'.join(map(str, pictures))} 页是图片，没有文字，没有读取。"] if pictures else []
    return Reading(list(_blocks(items)), notes)


def _pages(pdf: Any) -> tuple[list[_Line | _Row], list[int]]:
    """All lines and rows in reading order, and the numbers of pages that are pictures."""
    items: list[_Line | _Row] = []
    pictures = []
    for page in pdf.pages:
        if len(page.chars) < _LEAST_CHARACTERS and page.images:
            pictures.append(page.page_number)
        items += sorted(_page(page), key=lambda item: item.top)
        page.close()
    return _rejoin(items), pictures


def _rejoin(items: list[_Line | _Row]) -> list[_Line | _Row]:
    """Join rows cut by a page end: of a numbered table, the number stands in one half only."""
    out: list[_Line | _Row] = []
    aside: list[_Line | _Row] = []  # margins between the halves
    for item in items:
        if isinstance(item, _Line) and item.edge:
            aside.append(item)
            continue
        last = out[-1] if out else None
        if isinstance(item, _Row) and isinstance(last, _Row) and _halves(last, item):
            cells = tuple("\n".join(filter(None, pair)) for pair in zip(last.cells, item.cells, strict=True))
            out[-1] = _Row(item.page, last.top, cells)
            continue
        out += [*aside, item]
        aside = []
    return out + aside


def _halves(upper: _Row, lower: _Row) -> bool:
    if upper.page + 1 != lower.page or len(upper.cells) != len(lower.cells):
        return False
    numbers = [row.cells[0].strip() for row in (upper, lower)]
    return "" in numbers and "".join(numbers).isdecimal()


def _page(page: Any) -> Iterator[_Line | _Row]:
    settings = {"explicit_horizontal_lines": _open_ends(page)}
    tables = [table for table in page.find_tables(settings) if _is_table(table)]
    boxes = [cell for table in tables for cell in table.cells]
    for table in tables:
        for row, cells in zip(table.rows, table.extract(), strict=True):
            yield _Row(page.page_number, row.bbox[1], tuple(unfold(cell or "") for cell in cells))
    rest = page.filter(lambda thing: not _inside(thing, boxes)) if boxes else page
    for line in rest.extract_text_lines(return_chars=False) if rest.chars else []:
        top, bottom = line["top"], line["bottom"]
        edge = bottom < page.height * _MARGIN or top > page.height * (1 - _MARGIN)
        yield _Line(page.page_number, unfold(line["text"]), line["x0"], line["x1"], top, bottom, edge)


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


def _inside(thing: dict[str, Any], boxes: list[tuple[float, float, float, float]]) -> bool:
    if thing["object_type"] != "char":
        return False
    x, y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)


def _blocks(items: list[_Line | _Row]) -> Iterator[Block]:
    """Join lines to paragraphs, over page ends too; furniture between them stands behind the paragraph."""
    seen = Counter(_pattern(item.text) for item in items if isinstance(item, _Line) and item.edge)
    lines: list[_Line] = []
    aside: list[Block] = []
    columns = _columns(items)

    def flush() -> Iterator[Block]:
        if lines:
            yield Block(BlockKind.PARAGRAPH, "\n".join(line.text for line in lines))
        yield from aside
        lines.clear()
        aside.clear()

    for item in items:
        if isinstance(item, _Row):
            yield from flush()
            yield Block(BlockKind.ROW, cells=item.cells)
            continue
        noise = _furniture(item, seen)
        if noise:
            aside.append(Block(BlockKind.NOISE, item.text, noise=noise))
            continue
        if lines and not _goes_on(lines[-1], item, columns):
            yield from flush()
        lines.append(item)
    yield from flush()


def _furniture(line: _Line, seen: Counter[str]) -> str:
    if not line.edge:
        return ""
    if _PAGE_NUMBER.fullmatch(line.text):
        return "页码"
    return "页眉页脚" if seen[_pattern(line.text)] > 1 or _PRINTED.fullmatch(line.text) else ""


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "#", text)


Column = tuple[float, float]


def _columns(items: list[_Line | _Row]) -> dict[int, Column]:
    """Left and right edge of the text of every page; of pages with few full lines, those of the whole document."""
    body = [item for item in items if isinstance(item, _Line) and not item.edge]
    if not body:
        return {}
    widest = max(line.x1 - line.x0 for line in body)
    full = [line for line in body if line.x1 - line.x0 > 0.85 * widest]
    pages: dict[int, list[_Line]] = defaultdict(list)
    for line in full:
        pages[line.page].append(line)
    usual = _column(full)
    return {line.page: _column(pages[line.page]) if len(pages[line.page]) > 4 else usual for line in body}


def _column(lines: list[_Line]) -> Column:
    """The leftmost beginning and the rightmost end, single outliers aside."""
    lefts, rights = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    aside = len(lines) // 20
    return lefts[aside], rights[-1 - aside]


def _goes_on(line: _Line, following: _Line, columns: dict[int, Column]) -> bool:
    """Whether a paragraph goes on: the line is full, and the next one is not indented, not larger, not far below."""
    em = line.em
    if following.x0 > columns[following.page][0] + 0.8 * em or line.x1 < columns[line.page][1] - 1.6 * em:
        return False
    if abs(following.em - em) > 0.2 * em:
        return False
    return following.page != line.page or following.top - line.bottom < 1.6 * em
