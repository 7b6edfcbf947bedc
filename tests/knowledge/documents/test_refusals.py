"""Bad files are refused with their reason, whatever they try; nothing is fetched, and nothing runs away."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
import zlib

import docx
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from knowledge.documents import import_document
from knowledge.documents.importing import MOST_BYTES
from knowledge.documents.lines import Paragraph
from knowledge.documents.reading import sandbox
from knowledge.documents.refusals import (
    BY_CODE,
    BrokenFile,
    Busy,
    EmptyFile,
    EncryptedFile,
    HasMacros,
    Refused,
    ScannedPdf,
    TooHard,
    TooLarge,
    UnknownFormat,
    ZipBomb,
)
from tests.knowledge.documents import seed_files

TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data: bytes, **entries: bytes) -> bytes:
    """A docx with entries added or replaced; names are given with __ for / and _ for a dot."""
    names = {name.replace("__", "/").replace("_", "."): content for name, content in entries.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in names:
                new.writestr(entry, old.read(entry))
        for name, content in names.items():
            new.writestr(name, content)
    return out.getvalue()


def picture_of_a_page() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def pdf_whose_page_unpacks_to(size: int) -> bytes:
    """A PDF of one page whose compressed content is far larger than the file."""
    packer = zlib.compressobj(9)
    block = b"0 0 m " * 170_000
    content = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % xref


GOOD = word("关于做好医保服务的通知", "一、及时办理。")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>通知&x;</w:t></w:r></w:p></w:body></w:document>'
)


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("a.txt", b"x" * (MOST_BYTES + 1), TooLarge),
        ("a.docx", b"PK\x03\x04" + bytes(200 * 2**20), TooLarge),
        ("a.txt", "通知。".encode() * 200_000, TooLarge),
        ("a.txt", "一、备案。\n".encode() * 20_001, TooLarge),
        ("a.txt", b"", EmptyFile),
        ("a.txt", b" \r\n\t", EmptyFile),
        ("a.docx", word(), EmptyFile),
        ("a.html", b"<html><script>alert('1')</script></html>", EmptyFile),
        ("a.exe", b"MZ", UnknownFormat),
        ("a.doc", OLE + b"WordDocument", UnknownFormat),
        ("a.docx", OLE + b"WordDocument", UnknownFormat),
        ("a.docx", b"%PDF-1.4", UnknownFormat),
        ("a.pdf", GOOD, UnknownFormat),
        ("a.txt", GOOD, UnknownFormat),
        ("a.html", b"\x89PNG\r\n", UnknownFormat),
        ("a.docx", changed(b"PK\x05\x06" + bytes(18), xl__workbook_xml=b"<workbook/>"), UnknownFormat),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile),
        ("a.docm", GOOD, HasMacros),
        ("a.docx", changed(GOOD, word__vbaProject_bin=b"macro"), HasMacros),
        ("a.docx", changed(GOOD, word__document_xml=b" " * (60 * 2**20)), ZipBomb),
        ("a.docx", changed(GOOD, word__media__big_bin=bytes(250 * 2**20)), ZipBomb),
        ("a.docx", changed(GOOD, **{f"word__media__{i}_png": b"x" for i in range(2_001)}), ZipBomb),
        ("a.docx", GOOD[: len(GOOD) // 2], BrokenFile),
        ("a.docx", changed(GOOD, word__document_xml=b"<w:document"), BrokenFile),
        ("a.docx", changed(GOOD, word__document_xml=ENTITY.encode()), BrokenFile),
        ("a.docx", changed(GOOD, word__document_xml=ENTITY.encode("utf-16")), BrokenFile),
        ("a.pdf", b"%PDF-1.7\nnothing", BrokenFile),
        ("a.txt", bytes(range(128, 256)) * 9, BrokenFile),
        ("a.txt", b"abc\0def\xff", BrokenFile),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "" if isinstance(value, bytes) else value,
)
async def test_refused_with_its_reason(name: str, data: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as caught:
        await import_document(data, name)
    assert type(caught.value) is refusal
    assert caught.value.staff_text.endswith("。")


async def test_type_that_the_browser_declares_must_fit() -> None:
    with pytest.raises(UnknownFormat):
        await import_document(GOOD, "a.docx", "text/html")
    document = await import_document("关于医保的通知\n一、及时办理。".encode(), "a.txt", "text/plain; charset=utf-8")
    assert document.title == "关于医保的通知"


async def test_pdf_with_a_password() -> None:
    locked = seed_files.print_pdf([Paragraph("一、及时办理。", "")], password="yibao")
    with pytest.raises(EncryptedFile):
        await import_document(locked, "a.pdf")


async def test_pdf_that_is_a_picture() -> None:
    with pytest.raises(ScannedPdf) as caught:
        await import_document(picture_of_a_page(), "a.pdf")
    assert "扫描件" in caught.value.staff_text


async def test_pdf_that_unpacks_to_gigabytes_ends_soon() -> None:
    bomb = pdf_whose_page_unpacks_to(3 * 2**29)
    assert len(bomb) < MOST_BYTES
    began = time.monotonic()
    with pytest.raises((TooHard, BrokenFile)):
        await import_document(bomb, "a.pdf")
    assert time.monotonic() - began < sandbox.READER.timeout_seconds


async def test_reading_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.READER, "timeout_seconds", 0.01)
    with pytest.raises(TooHard):
        await import_document(GOOD, "a.docx")


async def test_more_files_than_may_wait_are_told_to_come_again() -> None:
    text = "关于医保的通知\n一、及时办理。".encode()
    answers = await asyncio.gather(*(import_document(text, "a.txt") for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(answer, Busy) for answer in answers) == 3
    assert (await import_document(text, "a.txt")).title == "关于医保的通知"


async def test_nothing_is_fetched() -> None:
    """Pictures, style sheets, frames and remote templates point at a listening server; nobody calls."""
    calls = []
    server = await asyncio.start_server(lambda _reader, writer: (calls.append(1), writer.close()), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    page = (
        f"<!DOCTYPE html SYSTEM '{address}.dtd'><html><head><link rel=stylesheet href={address}.css>"
        f"<script src={address}.js></script></head><body onload=fetch('{address}')><p>一、及时办理。</p>"
        f"<img src={address}.png><iframe src={address}></iframe></body></html>"
    )
    remote = docx.Document()
    remote.add_paragraph("一、及时办理。")
    remote.part.relate_to(f"{address}.dotx", TEMPLATE, is_external=True)
    out = io.BytesIO()
    remote.save(out)
    async with server:
        document = await import_document(page.encode(), "a.html")
        await import_document(out.getvalue(), "a.docx")
    assert not calls
    assert [clause.text for clause in document.clauses] == ["一、及时办理。"]
    assert "网页里有脚本 2 处，已全部去掉。" in document.notes
    assert "网页里有嵌入内容 1 处，没有读取。" in document.notes


def test_every_refusal_has_its_own_code_and_sentence() -> None:
    kinds = Refused.__subclasses__()
    assert len({kind.code for kind in kinds}) == len({kind.staff_text for kind in kinds}) == len(kinds)
    assert set(BY_CODE.values()) == set(kinds) - {Busy}


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("通知.wps", OLE + b"WordDocument", "WPS"),
        ("通知.doc", OLE + b"WordDocument", "旧版 Word"),
        ("通知.docx", OLE + b"WordDocument", "旧版 Word"),
        ("通知.rtf", b"{\\rtf1 x}", "RTF"),
        ("通知.txt", b"{\\rtf1 x}", "RTF"),
        ("通知.mht", b"MIME-Version: 1.0", "网页"),
        ("通知.html", b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "网页"),
        ("价格表.xlsx", b"PK\x03\x04xl/workbook.xml", "Excel"),
        ("价格表.docx", b"PK\x03\x04xl/workbook.xml", "Excel"),
        ("照片.jpg", b"\xff\xd8\xff", "图片"),
        ("文件.zip", b"PK\x03\x04", "解压"),
        ("文件.ceb", b"Founder CEB", "CEB"),
        ("文件.odt", b"PK\x03\x04", "odt"),
    ],
)
async def test_every_kind_of_file_has_its_own_advice(name: str, data: bytes, word: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        await import_document(data, name)
    assert word in caught.value.staff_text
    assert caught.value.staff_text.endswith("。")
