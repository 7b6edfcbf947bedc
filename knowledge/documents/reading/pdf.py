"""PDF with text: paragraphs by where lines stand on the page, tables by their ruled lines, page furniture set aside.

pdfplumber was chosen by trying: on Chinese PDFs printed by Chromium and by ReportLab it keeps every character and its
place, and finds table cells; pypdf gives text without places, so paragraphs cannot be told from lines.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.documents.reading import pdf_page, web_page
from knowledge.documents.reading.block import Block, BlockKind, Reading
from knowledge.documents.reading.pdf_columns import Line
from knowledge.documents.reading.pdf_page import Row
from knowledge.documents.refusals import BrokenFile, EncryptedFile, ScannedPdf, TooLarge

MOST_PAGES = 500
_LEAST_CHARACTERS = 10
"""A page with a picture and less text than this is a picture of a page."""
_MOST_SHOWN = 40
_OFTEN = 2
"""A first or last line that stands in the same place on more pages than this is a running head."""
_PAGE_NUMBER = re.compile(
    r"(?:[-—–－_·•~～\s]*(?:第\s*)?(?:\d{1,4}|[０-９]{1,4}|[一二三四五六七八九十]{1,3}(?=\s*页))(?:\s*页)?[-—–－_·•~～\s]*"
    r"(?:[,，/／]?\s*(?:共\s*)?\d{1,4}\s*页?)?|[Pp]age\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[-—–]\s*[ivxIVX]{1,6}\s*[-—–])"
)
_PRINTED = re.compile(r"(?:file|https?)://\S+.*|\d{1,4}/\d{1,2}/\d{1,4}[, ].*\d{1,2}:\d{2}.*")
_OPEN = re.compile(r"[（(《“][^）)》”]*(?<![。；：])$")
"""A line with an open bracket ends no paragraph, however short a browser has left it."""
_UNREADABLE = re.compile(r"\(cid:\d+\)|\ufffd")


def read(data: bytes) -> Reading:
    """Raises a Refused: BrokenFile, EncryptedFile, ScannedPdf or TooLarge (too many pages)."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise TooLarge("pages")
            return assembled(pdf.pages)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise EncryptedFile from error
    except (PdfminerException, PDFException, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        locked = error.args and isinstance(error.args[0], PDFPasswordIncorrect | PDFEncryptionError)
        raise (EncryptedFile if locked else BrokenFile)("pdf") from error


def assembled(pages: Iterable[Any]) -> Reading:
    """Pages as pdfplumber has them, as a reading. Raises ScannedPdf where there is no text, or none one can read."""
    items, aside, notes = _pages(pages)
    text = "".join(item.text if isinstance(item, Line) else "".join(item.cells) for item in items)
    if len(_UNREADABLE.findall(text)) * 20 > len(text):
        raise ScannedPdf
    return Reading([*web_page.printed(list(_blocks(items)), notes), *aside], notes)


def _pages(document: Iterable[Any]) -> tuple[list[Line | Row], list[Block], list[str]]:
    """All lines and rows in reading order, what stands beside the text, and sentences for staff."""
    items: list[Line | Row] = []
    aside: dict[tuple[str, str], None] = {}
    missing = ""
    pages: dict[str, list[int]] = defaultdict(list)
    characters = 0
    for page in document:
        content = pdf_page.read(page)
        characters += content.characters
        if content.characters < _LEAST_CHARACTERS and page.images:
            pages["是图片，没有文字，没有读取"].append(page.page_number)
        if content.sideways:
            pages["的文字是横放的，没有读取，请把页面转正后再导入"].append(page.page_number)
        if page.annots and any(_says(note) for note in page.annots):
            pages["有批注或填写的内容，没有读取"].append(page.page_number)
        items += content.items
        aside |= dict.fromkeys(content.aside)
        missing += content.missing
        page.close()
    pictures = pages["是图片，没有文字，没有读取"]
    if pictures and characters < _LEAST_CHARACTERS * len(pictures):
        raise ScannedPdf
    notes = [f"第 {'、'.join(map(str, some))} 页{what}。" for what, some in pages.items() if some]
    if any(what == "水印" for _, what in aside):
        notes.append("文件有水印文字，没有列入条款。")
    if missing:
        notes.append(f"文件里有 {len(missing)} 个字没有读到：{missing[:_MOST_SHOWN]}。请对照原件核对。")
    return _rejoin(items), [Block(BlockKind.NOISE, text, noise=what) for text, what in aside if text.strip()], notes


def _says(note: dict[str, Any]) -> bool:
    """Whether an annotation shows words of its own; links do not."""
    kind = str(note.get("data", {}).get("Subtype", ""))
    return "Link" not in kind and "Popup" not in kind and bool(note.get("contents"))


def _rejoin(items: list[Line | Row]) -> list[Line | Row]:
    """Join rows cut by a page end: of a numbered table, the number stands in one half only."""
    out: list[Line | Row] = []
    aside: list[Line | Row] = []  # margins between the halves
    for item in items:
        if isinstance(item, Line) and item.edge:
            aside.append(item)
            continue
        last = out[-1] if out else None
        if isinstance(item, Row) and isinstance(last, Row) and _halves(last, item):
            cells = tuple("\n".join(filter(None, pair)) for pair in zip(last.cells, item.cells, strict=True))
            out[-1] = Row(item.page, last.top, cells)
            continue
        out += [*aside, item]
        aside = []
    return out + aside


def _halves(upper: Row, lower: Row) -> bool:
    if upper.page + 1 != lower.page or len(upper.cells) != len(lower.cells):
        return False
    numbers = [row.cells[0].strip() for row in (upper, lower)]
    return "" in numbers and "".join(numbers).isdecimal()


def _blocks(items: list[Line | Row]) -> Iterator[Block]:
    """Join lines to paragraphs, over page ends too; furniture between them stands behind the paragraph."""
    seen = Counter(_pattern(item) for item in items if isinstance(item, Line) and item.outermost)
    lines: list[Line] = []
    aside: list[Block] = []
    columns = _columns(items)

    def flush() -> Iterator[Block]:
        if lines:
            yield Block(BlockKind.PARAGRAPH, "\n".join(line.text for line in lines))
        yield from aside
        lines.clear()
        aside.clear()

    for item in items:
        if isinstance(item, Row):
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


def _furniture(line: Line, seen: Counter[tuple[str, int]]) -> str:
    """Headers, footers and page numbers. GB/T 9704 has page numbers below the text, not in the margin of the page."""
    if not line.outermost:
        return ""
    bare = line.text.strip().isdecimal() and not line.edge  # may be the number of a row or a list, printed alone
    if _PAGE_NUMBER.fullmatch(line.text) and not (bare and int(line.text) != line.page):
        return "页码"
    if line.edge and (seen[_pattern(line)] > 1 or _PRINTED.fullmatch(line.text)):
        return "页眉页脚"
    return "页眉页脚" if seen[_pattern(line)] > _OFTEN and not bare else ""


def _pattern(line: Line) -> tuple[str, int]:
    """What a running head says, its numbers aside, and where; in the margins, odd and even pages may differ."""
    return re.sub(r"\d+", "#", line.text), 0 if line.edge else 1 + round(line.top / 4)


Column = tuple[float, float]


def _columns(items: list[Line | Row]) -> dict[tuple[int, int], Column]:
    """Left and right edge of the text of every column; of one with few full lines, those of the whole document."""
    body = [item for item in items if isinstance(item, Line) and not item.outermost]
    body = body or [item for item in items if isinstance(item, Line)]
    if not body:
        return {}
    usual: dict[bool, Column] = {}
    full: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for narrow in (False, True):
        lines = [line for line in body if bool(line.column) is narrow]
        widest = max((line.x1 - line.x0 for line in lines), default=0)
        some = [line for line in lines if line.x1 - line.x0 > 0.85 * widest]
        usual[narrow] = _column(some) if some else (0.0, 0.0)
        for line in some:
            full[line.page, line.column].append(line)
    places = {(item.page, item.column) for item in items if isinstance(item, Line)}
    return {at: _column(full[at]) if len(full[at]) > (1 if at[1] else 4) else usual[bool(at[1])] for at in places}


def _column(lines: list[Line]) -> Column:
    """The leftmost beginning and the rightmost end, single outliers aside."""
    lefts, rights = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    aside = len(lines) // 20
    return lefts[aside], rights[-1 - aside]


def _goes_on(line: Line, following: Line, columns: dict[tuple[int, int], Column]) -> bool:
    """Whether a paragraph goes on: the line is full, and the next one is not indented, not larger, not far below."""
    em = line.em
    here, there = columns[line.page, line.column], columns[following.page, following.column]
    if following.x0 > there[0] + 0.8 * em:
        return False
    if _OPEN.search(line.text) and (following.page != line.page or following.top - line.bottom < 1.6 * em):
        return True
    if line.x1 < here[1] - 1.6 * em:
        return False
    if abs(following.em - em) > 0.2 * em:
        return False
    elsewhere = (following.page, following.column) != (line.page, line.column)
    return elsewhere or following.top - line.bottom < 1.6 * em
