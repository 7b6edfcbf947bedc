"""Zip packages (docx, ofd): refused before anything is unpacked beyond what its declared sizes allow."""

from __future__ import annotations

import io
import zipfile

from knowledge.documents.refusals import BrokenFile, EncryptedFile, ZipBomb

_MOST_ENTRIES = 2_000
_MOST_BYTES = 200 * 2**20
_MOST_XML_BYTES = 40 * 2**20
_WORST_RATIO = 200
"""Uncompressed over compressed size of a part of more than 5 MB; Word's own XML reaches 30."""


def checked(data: bytes) -> zipfile.ZipFile:
    """The package, when its sizes are those of a document. Raises BrokenFile, EncryptedFile or ZipBomb."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BrokenFile("zip") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedFile
    sizes = sum(entry.file_size for entry in entries), sum(entry.file_size for entry in xml_of(package))
    if len(entries) > _MOST_ENTRIES or sizes[0] > _MOST_BYTES or sizes[1] > _MOST_XML_BYTES:
        raise ZipBomb
    if any(e.file_size > 5 * 2**20 and e.file_size > _WORST_RATIO * max(e.compress_size, 1) for e in entries):
        raise ZipBomb
    return package


def xml_of(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries that a parser will see."""
    return [entry for entry in package.infolist() if entry.filename.endswith((".xml", ".rels"))]


def without_types(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content of an XML entry. Document types and entities are refused: whoever wrote them wants them expanded."""
    try:
        with package.open(entry) as part:
            content = part.read(entry.file_size)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise BrokenFile("zip entry") from error
    plain = content.replace(b"\0", b"")  # UTF-16 looks the same without its zeros
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BrokenFile("document type in XML")
    return content
