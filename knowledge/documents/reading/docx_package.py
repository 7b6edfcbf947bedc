"""The zip of a Word document: what it may hold, and small faults that Word itself passes over in silence.

Bad packages are refused before anything is unpacked beyond what its declared sizes allow. Good files that python-docx
cannot open are made plain: relationships to NULL or to a bookmark, and the namespaces of strict OOXML (ISO 29500-1).
"""

from __future__ import annotations

import io
import re
import zipfile

from knowledge.documents.refusals import BrokenFile, EncryptedFile, HasMacros, UnknownFormat, ZipBomb

_MOST_ENTRIES = 2_000
_MOST_BYTES = 200 * 2**20
_MOST_XML_BYTES = 40 * 2**20
_WORST_RATIO = 200
"""Uncompressed over compressed size of a part of more than 5 MB; Word's own XML reaches 30."""
_MAIN = re.compile(rb"wordprocessingml\.(?:document|template)\.main\+xml")
_NOWHERE = re.compile(
    rb"<Relationship\b[^>]*\bTarget=[\"'](?:[^\"']*/)?(?:NULL|#[^\"']*)[\"'][^>]*?/?>(?:</Relationship>)?"
)
"""A relationship inside the package whose target is no part. External ones (a bookmark as a link) are left."""
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", "officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", "officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", "wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", "drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/picture", "drawingml/2006/picture"),
    (b"http://purl.oclc.org/ooxml/officeDocument/sharedTypes", "officeDocument/2006/sharedTypes"),
)


def opened(data: bytes) -> bytes:
    """The same document as python-docx can open it. Raises a Refused for what is none, or must not be read."""
    package = _inspected(data)
    changed: dict[str, bytes] = {}
    for entry in package.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            content = package.read(entry)
            plain = _plain(entry.filename, content)
            if plain != content:
                changed[entry.filename] = plain
    if not changed:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for entry in package.infolist():
            copy.writestr(entry.filename, changed.get(entry.filename) or package.read(entry))
    return out.getvalue()


def _plain(name: str, content: bytes) -> bytes:
    if name.endswith(".rels"):
        content = _NOWHERE.sub(lambda match: match.group() if b"External" in match.group() else b"", content)
    if _STRICT in content:
        for strict, plain in _TRANSITIONAL:
            content = content.replace(strict, b"http://schemas.openxmlformats.org/" + plain.encode())
    return content


def _inspected(data: bytes) -> zipfile.ZipFile:
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
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise HasMacros
    try:
        types = _inspect_xml(package, xml)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BrokenFile("zip entry") from error
    if _MAIN.search(types) is None:
        raise UnknownFormat("no Word document inside")
    return package


def _inspect_xml(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bytes:
    """The package's content types. Word never writes document types or entities; whoever did wants them expanded."""
    types = b""
    for entry in entries:
        with package.open(entry) as part:
            start = part.read(entry.file_size).replace(b"\0", b"")  # UTF-16 looks the same without its zeros
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise BrokenFile("document type in XML")
        if entry.filename == "[Content_Types].xml":
            types = start
            if b"macroEnabled" in start:
                raise HasMacros
    return types
