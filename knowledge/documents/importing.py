"""A file in, a document out: the one function that staff's upload calls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from base import aside
from knowledge.documents import advice, lines, structure
from knowledge.documents.document import ImportedDocument
from knowledge.documents.reading import sandbox
from knowledge.documents.reading.scans import recognition
from knowledge.documents.refusals import EmptyFile, EncryptedFile, HasMacros, ScannedPdf, TooLarge, UnknownFormat

MOST_BYTES = 20 * 2**20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_KINDS = {".docx": "docx", ".pdf": "pdf", ".ofd": "ofd", ".txt": "txt", ".html": "html", ".htm": "html"}
_PICTURES = {".jpg": "picture", ".jpeg": "picture", ".png": "picture"}
_OTHER_FILES = (
    _ZIP,
    _OLE,
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"{\\rtf",
    b"7z\xbc\xaf",
)
"""Beginnings of files that are no text, whatever their name."""
_TYPES = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"),
    "pdf": ("application/pdf", "application/x-pdf"),
    "ofd": ("application/ofd", "application/zip", "application/x-zip-compressed"),
    "txt": ("text/plain",),
    "html": ("text/html", "application/xhtml+xml"),
    "picture": ("image/jpeg", "image/pjpeg", "image/png"),
}
_ANY_TYPE = ("", "application/octet-stream")


async def import_document(
    data: bytes, file_name: str, content_type: str = "", *, recognising: bool = False
) -> ImportedDocument:
    """Read a docx, pdf, ofd, txt or html file. Nothing is stored, nothing fetched; takes seconds, off the event loop.

    `content_type` is what the browser said, "" when it said nothing. With `recognising`, text on pictures is
    recognised, too (a scanned PDF, a JPEG or PNG): up to minutes, and `scan` of the result is set. Raises a subclass
    of `refusals.Refused`, whose `staff_text` is to be shown.
    """
    kind = recognise(data, file_name, content_type, pictures=recognising)
    if kind == "picture":
        return await _recognised(data, kind)
    try:
        reading = await sandbox.read(data, kind)
    except ScannedPdf:
        if not recognising or kind != "pdf":
            raise
        return await _recognised(data, kind)
    return await aside.think(lambda: structure.documents(lines.paragraphs(reading.blocks), tuple(reading.notes)))


async def _recognised(data: bytes, kind: str) -> ImportedDocument:
    reading, scan = await recognition.read(data, kind)
    notes = (*recognition.notes(scan), *reading.notes)
    document = await aside.think(lambda: structure.documents(lines.paragraphs(reading.blocks), notes))
    return replace(document, scan=scan)


def recognise(data: bytes, file_name: str, content_type: str = "", *, pictures: bool = False) -> str:
    """The kind of a file, on which name, declared type and first bytes must agree. Raises a Refused."""
    suffix = PurePath(file_name).suffix.lower()
    if len(data) > MOST_BYTES:
        raise TooLarge("bytes")
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyFile
    if suffix in (".docm", ".dotm"):
        raise HasMacros
    kind = _KINDS.get(suffix) or (_PICTURES.get(suffix) if pictures else None)
    if kind is None:
        raise UnknownFormat("extension", advice.by_name(suffix))
    if kind == "docx" and data.startswith(_OLE) and _ENCRYPTED_PACKAGE in data:
        raise EncryptedFile
    if kind == "docx" and data.startswith(_ZIP) and b"word/" not in data:
        raise UnknownFormat("no Word document inside", advice.by_content(data))
    declared = content_type.split(";")[0].strip().lower()
    if declared not in (*_ANY_TYPE, *_TYPES[kind]) or not _begins_like(kind, data):
        raise UnknownFormat("content", advice.by_content(data))
    return kind


def _begins_like(kind: str, data: bytes) -> bool:
    if kind in ("docx", "ofd"):
        return data.startswith(_ZIP)
    if kind == "pdf":
        return b"%PDF-" in data[:1024]
    if kind == "picture":
        return data.startswith((b"\x89PNG", b"\xff\xd8\xff"))
    web_archive = b"MIME-Version" in data[:1024] and b"multipart/related" in data[:4096]
    return not (web_archive or data.startswith(_OTHER_FILES))
