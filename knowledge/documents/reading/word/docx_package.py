"""The zip of a Word document: what it may hold, and small faults that Word itself passes over in silence.

Bad packages are refused before anything is unpacked beyond what its declared sizes allow. Good files that python-docx
cannot open are made plain: relationships to NULL or to a bookmark, and the namespaces of strict OOXML (ISO 29500-1).
"""

from __future__ import annotations

import io
import re
import zipfile

from knowledge.documents.reading.package import checked, without_types, xml_of
from knowledge.documents.refusals import HasMacros, UnknownFormat

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
    """The package of a Word document without macros."""
    package = checked(data)
    names = {entry.filename for entry in package.infolist()}
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise HasMacros
    parts = {entry.filename: without_types(package, entry) for entry in xml_of(package)}
    types = parts.get("[Content_Types].xml", b"").replace(b"\0", b"")
    if b"macroEnabled" in types:
        raise HasMacros
    if _MAIN.search(types) is None:
        raise UnknownFormat("no Word document inside")
    return package
