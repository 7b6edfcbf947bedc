"""Word documents (docx): every paragraph and table row, in order, with the numbers Word shows before paragraphs.

python-docx opens the package; the text is walked here, because its own iteration leaves out content controls, text
boxes, footnotes and tracked insertions, and nothing may be lost. Deleted text and field codes are no text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from knowledge.documents.reading import html, text
from knowledge.documents.reading.block import Block, BlockKind, Reading, split_at_breaks
from knowledge.documents.reading.grid import MOST_COLUMNS, Cell, fill
from knowledge.documents.reading.word import docx_package, docx_text
from knowledge.documents.reading.word.docx_numbers import Numbers
from knowledge.documents.reading.word.docx_text import DROPPED, FALLBACK, Styles, W
from knowledge.documents.refusals import BrokenFile, Refused

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RED_HEAD = re.compile(r"文件$|[〔﹝\[（(]\d{4}[〕﹞\]）)]\s*\d+\s*号$")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MOST_SHOWN = 40
_DEEPEST = 3
"""Documents in documents (altChunk)."""


def read(data: bytes, depth: int = 0) -> Reading:
    """Raises a Refused: BrokenFile, ZipBomb, HasMacros, EncryptedFile or UnknownFormat."""
    try:
        document = docx.Document(io.BytesIO(docx_package.opened(data)))
        walker = _Walker(document, depth)
        blocks = [*_page_edges(document, walker), *walker.walk(document.element.body), *_footnotes(document, walker)]
        return Reading(blocks, [*_notes(document, blocks, walker.unread), *_missing(document, blocks, walker)])
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile, AttributeError) as e:
        raise BrokenFile("docx") from e


class _Walker:
    """Walks a document once, in order. `unread` counts what was met and could not be read, by its Chinese name."""

    def __init__(self, document: Document, depth: int) -> None:
        self.unread: Counter[str] = Counter()
        self._document = document
        self._depth = depth
        self._numbers = Numbers.of(document)
        self.styles = Styles(self._numbers.styles)
        self._pending = ""  # the text of paragraphs whose end is deleted: it belongs to the next one

    def text(self, paragraph: Any) -> str:
        return docx_text.text(paragraph, self.styles)

    def walk(self, element: Any) -> Iterator[Block]:
        """Blocks of a body, content control or text box."""
        for child in element:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}altChunk":
                yield from self._chunk(child)
            elif child.tag not in DROPPED and isinstance(child.tag, str) and not docx_text.is_placeholder(child):
                if _is_contents(child):
                    yield from (Block(BlockKind.NOISE, block.text, noise="目录") for block in self.walk(child))
                else:
                    yield from self.walk(child)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        boxes = [list(self.walk(box)) for box in _boxes(paragraph)]
        above = [box for box in boxes if box and all(_is_red_head(block) for block in box)]
        self.unread["嵌入的对象"] += sum(1 for _ in paragraph.iter(f"{W}object"))
        yield from (block for box in above for block in box)
        shown = self._pending + self.text(paragraph)
        if docx_text.is_deleted(paragraph):
            self._pending = shown
        else:
            self._pending = ""
            number = self._numbers.next(paragraph)
            if shown.strip():
                noise = "目录" if _style(paragraph).upper().startswith("TOC") else ""
                kind = BlockKind.NOISE if noise else BlockKind.PARAGRAPH
                pieces = split_at_breaks(number + shown)
                yield from (Block(kind, piece, noise=noise) for piece in pieces if piece.strip())
        yield from (block for box in boxes if box not in above for block in box)

    def _table(self, table: Any) -> Iterator[Block]:
        """One block per row; a table that only places text on the page is its text."""
        rows = list(_rows(table))
        if _is_layout(rows):
            yield from (block for cells in rows for cell in cells for block in self.walk(cell))
            return
        merged: dict[int, str] = {}
        filled = fill([self._cells(row, cells, merged) for row, cells in zip(_row_elements(table), rows, strict=True)])
        for row, texts in zip(_row_elements(table), filled, strict=True):
            yield Block(BlockKind.ROW, cells=texts, names=row.find(f"{W}trPr/{W}tblHeader") is not None)

    def _cells(self, row: Any, cells: list[Any], merged: dict[int, str]) -> list[Cell]:
        """The cells of a row with what is merged into them from above (`merged`: column -> text)."""
        at = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        out = [Cell("", at)] if at else []
        for cell in cells:
            span = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            shown = "\n".join(block.text or "\n".join(block.cells) for block in self.walk(cell))
            if merge is not None and merge.get(f"{W}val", "continue") != "restart":
                shown = shown.strip() or merged.get(at, "")
            elif merge is not None:
                merged[at] = shown
            else:
                merged.pop(at, None)
            out.append(Cell(shown, span))
            at += span
        return out

    def _chunk(self, chunk: Any) -> Iterator[Block]:
        """A document put into this one as a file of its own; Word shows it as if it were typed here."""
        part = self._document.part.related_parts.get(chunk.get(_RELATION, ""))
        blocks: list[Block] = []
        try:
            if part is not None and self._depth < _DEEPEST:
                blocks = _reader(part.content_type, self._depth)(part.blob).blocks
        except Refused:
            blocks = []
        if not blocks:
            self.unread["并入的其他文件（altChunk）"] += 1
        yield from blocks


def _reader(content_type: str, depth: int) -> Any:
    if "html" in content_type:
        return html.read
    if "wordprocessingml" in content_type:
        return lambda data: read(data, depth + 1)
    if content_type.startswith("text/plain"):
        return text.read
    raise BrokenFile(content_type)


def _row_elements(table: Any) -> list[Any]:
    """The rows that are shown, those in content controls and tracked insertions too, deleted ones not."""
    rows = []
    for row in table.iterchildren(f"{W}tr", f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
        if row.tag != f"{W}tr":
            rows += _row_elements(row)
        elif row.find(f"{W}trPr/{W}del") is None:
            rows.append(row)
    return rows


def _rows(table: Any) -> Iterator[list[Any]]:
    for row in _row_elements(table):
        yield row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc | ./w:ins/w:tc")


def _is_layout(rows: list[list[Any]]) -> bool:
    """A frame around text: one column, or cells that hold tables themselves."""
    if all(len(cells) < 2 for cells in rows):
        return True
    return any(cell.find(f"{W}tbl") is not None for cells in rows for cell in cells)


def _is_contents(control: Any) -> bool:
    """A content control that holds the table of contents."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Contents" in gallery.get(f"{W}val", "")


def _is_red_head(block: Block) -> bool:
    """The issuer's red line or the number, which stand above the title wherever their box is anchored."""
    return _RED_HEAD.search(block.text.strip()) is not None and len(block.text) < 40


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val", "")) if style is not None else ""


def _number(element: Any, default: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return min(int(value), MOST_COLUMNS) if value.isdecimal() and len(value) < 6 else default


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes; the copy Word keeps for older programs is left out, and so are boxes in boxes (found by walking)."""
    inner = f"{W}txbxContent"
    boxes = [box for box in paragraph.iter(inner) if not any(above.tag == FALLBACK for above in box.iterancestors())]
    return [box for box in boxes if not any(above.tag == inner for above in _up_to(box, paragraph))][:1_000]


def _up_to(element: Any, top: Any) -> Iterator[Any]:
    for above in element.iterancestors():
        if above is top:
            return
        yield above


def _page_edges(document: Document, walker: _Walker) -> Iterator[Block]:
    """Headers and footers, each once."""
    seen = set()
    for section in document.sections:
        for edge in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            text = "" if edge.is_linked_to_previous else "".join(walker.text(p._p) for p in edge.paragraphs).strip()
            if text and text not in seen:
                seen.add(text)
                yield Block(BlockKind.NOISE, text, noise="页眉页脚")


def _footnotes(document: Document, walker: _Walker) -> Iterator[Block]:
    for part in document.part.package.iter_parts():
        if part.content_type.endswith(("footnotes+xml", "endnotes+xml")):
            tree = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            for paragraph in tree.iter(f"{W}p"):
                if walker.text(paragraph).strip():
                    yield Block(BlockKind.NOISE, walker.text(paragraph), noise="脚注")


def _missing(document: Document, blocks: list[Block], walker: _Walker) -> list[str]:
    """What the file's own text has and the reading has not, whoever lost it: the check that trusts no walk."""
    shown = Counter("".join(docx_text.visible(document.element.body, walker.styles)))
    read_ = Counter("".join([block.text, *block.cells][at] for block in blocks for at in range(1 + len(block.cells))))
    lost = "".join(character for character in (shown - read_).elements() if not character.isspace())
    drawn = [
        "".join(one.text or "" for one in etree.fromstring(part.blob).iter(f"{_DRAWING}t"))
        for part in document.part.package.iter_parts()
        if part.content_type.endswith("diagramData+xml")
    ]
    notes = [f"文件里有 {len(lost)} 个字没有读到：{lost[:_MOST_SHOWN]}。请对照原件核对。"] if lost else []
    return notes + [f"图形（SmartArt）里的文字没有列入条款：{text[:_MOST_SHOWN]}。" for text in drawn if text]


def _notes(document: Document, blocks: list[Block], unread: Counter[str]) -> list[str]:
    body = document.element.body
    notes = [f"文件里有{what} {count} 处，没有读取，请打开原件核对。" for what, count in unread.items() if count]
    if any(block.noise == "脚注" for block in blocks):
        notes.append("文件有脚注，没有列入条款，请核对。")
    if next(body.iter(f"{W}ins", f"{W}del"), None) is not None:
        notes.append("文件有未处理的修订，按“全部接受”后的文字导入。")
    if next(body.iter(f"{W}vanish"), None) is not None:
        notes.append("文件有隐藏的文字，打印时看不见，没有导入。")
    if next(body.iter(f"{W}drawing", f"{W}pict"), None) is not None:
        notes.append("文件有图片或图形，图片中的文字没有读取。")
    return notes
