"""Word documents (docx): every paragraph and table row, in order, with the numbers Word shows before paragraphs.

python-docx opens the package; the text is walked here, because its own iteration leaves out content controls, text
boxes, footnotes and tracked insertions, and nothing may be lost. Deleted text and field codes are no text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from knowledge.documents.reading.block import Block, BlockKind, Reading, split_at_breaks
from knowledge.documents.reading.docx_numbers import Numbers
from knowledge.documents.refusals import BrokenFile, EncryptedFile, HasMacros, UnknownFormat, ZipBomb

_MOST_ENTRIES = 2_000
_MOST_BYTES = 200 * 2**20
_MOST_XML_BYTES = 40 * 2**20
_WORST_RATIO = 200
"""Uncompressed over compressed size of a part of more than 5 MB; Word's own XML reaches 30."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DROPPED = {f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}pPr", f"{_W}rPr"}
_CHARACTERS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read(data: bytes) -> Reading:
    """Raises a Refused: BrokenFile, ZipBomb, HasMacros, EncryptedFile or UnknownFormat (a zip that is no docx)."""
    _inspect(data)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = [*_page_edges(document), *_walk(document.element.body, Numbers.of(document)), *_footnotes(document)]
        return Reading(blocks, _notes(document, blocks))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile, AttributeError) as e:
        raise BrokenFile("docx") from e


def _inspect(data: bytes) -> None:
    """Look at the package without unpacking more than declared sizes allow."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BrokenFile("zip") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedFile
    xml = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
    sizes = sum(entry.file_size for entry in entries), sum(entry.file_size for entry in xml)
    if len(entries) > _MOST_ENTRIES or sizes[0] > _MOST_BYTES or sizes[1] > _MOST_XML_BYTES:
        raise ZipBomb
    if any(e.file_size > 5 * 2**20 and e.file_size > _WORST_RATIO * max(e.compress_size, 1) for e in entries):
        raise ZipBomb
    names = {entry.filename for entry in entries}
    if "word/document.xml" not in names:
        raise UnknownFormat("no word/document.xml")
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise HasMacros
    try:
        _inspect_xml(package, xml)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BrokenFile("zip entry") from error


def _inspect_xml(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Word never writes document types or entities; whoever did wants them expanded or fetched."""
    for entry in entries:
        with package.open(entry) as part:
            start = part.read(entry.file_size).replace(b"\0", b"")  # UTF-16 looks the same without its zeros
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise BrokenFile("document type in XML")
        if entry.filename == "[Content_Types].xml" and b"macroEnabled" in start:
            raise HasMacros


def _walk(element: Any, numbers: Numbers) -> Iterator[Block]:
    """Blocks of a body, content control or text box."""
    for child in element:
        if child.tag == f"{_W}p":
            text = numbers.next(child) + _text(child)
            yield from (Block(BlockKind.PARAGRAPH, piece) for piece in split_at_breaks(text) if piece.strip())
            for box in _boxes(child):
                yield from _walk(box, numbers)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child, numbers)
        elif child.tag not in _DROPPED and isinstance(child.tag, str):
            yield from _walk(child, numbers)


def _rows(table: Any, numbers: Numbers) -> Iterator[Block]:
    """One block per row; cells merged downwards are empty below their first row, a table in a cell is its text."""
    for row in table.iterchildren(f"{_W}tr", f"{_W}sdt", f"{_W}ins"):
        if row.tag != f"{_W}tr":
            yield from (block for inner in row for block in _rows(inner, numbers))
            continue
        cells = row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
        yield Block(BlockKind.ROW, cells=tuple(_cell(cell, numbers) for cell in cells))


def _cell(cell: Any, numbers: Numbers) -> str:
    return "\n".join(block.text or "\n".join(block.cells) for block in _walk(cell, numbers))


def _text(paragraph: Any) -> str:
    """What a paragraph shows, its text boxes aside."""
    out: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        if element.tag in (f"{_W}t", _MATH_TEXT):
            out.append(element.text or "")
        elif element.tag in _CHARACTERS:
            out.append(_CHARACTERS[element.tag])
        elif element.tag not in _DROPPED and element.tag != f"{_W}txbxContent":
            stack += reversed(element)
    return "".join(out)


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes; the copy Word keeps for older programs is left out, and so are boxes in boxes (found by walking)."""
    boxes = paragraph.iter(f"{_W}txbxContent")
    return [box for box in boxes if not any(above.tag == _FALLBACK for above in box.iterancestors())][:1_000]


def _page_edges(document: Document) -> Iterator[Block]:
    """Headers and footers, each once."""
    seen = set()
    for section in document.sections:
        for edge in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            text = "" if edge.is_linked_to_previous else "".join(_text(p._p) for p in edge.paragraphs).strip()
            if text and text not in seen:
                seen.add(text)
                yield Block(BlockKind.NOISE, text, noise="页眉页脚")


def _footnotes(document: Document) -> Iterator[Block]:
    for part in document.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            tree = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            for paragraph in tree.iter(f"{_W}p"):
                if _text(paragraph).strip():
                    yield Block(BlockKind.NOISE, _text(paragraph), noise="脚注")


def _notes(document: Document, blocks: list[Block]) -> list[str]:
    body = document.element.body
    notes = []
    if any(block.noise == "脚注" for block in blocks):
        notes.append("文件有脚注，没有列入条款，请核对。")
    if next(body.iter(f"{_W}ins", f"{_W}del"), None) is not None:
        notes.append("文件有未处理的修订，按“全部接受”后的文字导入。")
    if next(body.iter(f"{_W}drawing", f"{_W}pict"), None) is not None:
        notes.append("文件有图片或图形，图片中的文字没有读取。")
    return notes
