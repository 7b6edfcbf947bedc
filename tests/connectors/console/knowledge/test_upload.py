"""A file in: what was found is corrected next to the original, and nothing of it is lost silently."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from aiohttp import FormData

from base.room import Room
from knowledge.authoring.content import DocumentContent
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind
from staff import audit
from staff.audit import Action
from tests.connectors.console.knowledge.test_items import fields_of
from tests.connectors.console.office import Browser, Office
from tests.knowledge.documents import scans

SOURCE = Path("knowledge/data/seed/source/jining_yibaozi_2023_25.txt")
NOTICE = (
    "济宁市医疗保障局文件",
    "济医保发〔2026〕12号",
    "济宁市医疗保障局关于优化门诊慢特病资格认定的通知",
    "各县（市、区）医疗保障局：",
    "为方便群众，现就有关事项通知如下：",
    "一、缩短办理时限。门诊慢特病资格认定办理时限压缩为5个工作日。",
    "二、提高补助标准。每人每年补助300元。",
    "济宁市医疗保障局",
    "2026年11月20日",
)


def as_docx(paragraphs: tuple[str, ...] = NOTICE) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def untrusted() -> list[tuple[str, bytes, str]]:
    """Files that are refused: name, contents, words of the reason."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 300_000_000)
    macros = io.BytesIO(as_docx())
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return [
        ("大.txt", b"\xe5" * (21 * 2**20), "文件太大"),
        ("炸弹.docx", bomb.getvalue(), "解压后大得不正常"),
        ("宏.docx", macros.getvalue(), "带有宏"),
        ("坏.pdf", b"%PDF-1.7 broken", "损坏"),
        ("表.xlsx", b"PK\x03\x04", "格式不对"),
        ("空.txt", b"", "没有文字"),
    ]


async def upload(browser: Browser, name: str, data: bytes, expect: int = 200) -> None:
    await browser.open("/documents/upload")
    form = FormData()
    form.add_field("csrf", browser.token)
    form.add_field("file", io.BytesIO(data), filename=name)
    await browser._see(await browser.client.post("/console/documents/upload", data=form), expect)


async def keep(browser: Browser, fields: list[tuple[str, str]], then: str, expect: int = 200) -> None:
    form = FormData()
    form.add_field("csrf", browser.token)
    for name, value in [*fields, ("then", then)]:
        form.add_field(name, value, content_type="text/plain")
    form.add_field("end", b"", filename="")
    await browser._see(await browser.client.post("/console/documents/upload/save", data=form), expect)


async def test_on_a_full_disk_no_file_is_read_and_the_reason_is_said(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Room, "is_left", False)
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx(), expect=422)
        assert "磁盘快满了" in editor.text


async def test_a_docx_is_found_out_marked_and_kept_as_a_draft(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        assert "济医保发〔2026〕12号" in editor.page
        assert '<mark class="deadline">5个工作日</mark>' in editor.page
        assert '<mark class="amount">300元</mark>' in editor.page
        await keep(editor, fields_of(editor.page), "save")
        assert "文件和条款已存为草稿" in editor.text
        document = re.findall(r"/console/clauses\?parent=(document-\w+)", editor.page)[0]
        await editor.open(f"/clauses?parent={document}")
        assert "缩短办理时限" in editor.text
    opened = await Editing(desk.database).open(Kind.DOCUMENT, document)
    assert opened.published is None


async def test_text_that_no_clause_holds_is_shown_and_must_be_confirmed(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        fields = [
            (name, value.replace("办理时限压缩为5个工作日。", "") if name.endswith(".text") else value)
            for name, value in fields_of(editor.page)
        ]
        await keep(editor, fields, "save", expect=422)
        assert "原文有、条款里没有" in editor.text
        assert "办理时限压缩为5个工作日。" in editor.text
        await keep(editor, [*fields_of(editor.page), ("accepted", "yes")], "save")
        assert "文件和条款已存为草稿" in editor.text


async def test_the_whole_bundle_is_published_by_somebody_else(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await upload(editor, "通知.txt", SOURCE.read_bytes())
        await keep(editor, fields_of(editor.page), "submit")
        assert "等另一位同事审核" in editor.text
        await reviewer.open("/review")
        link = re.findall(r'href="/console(/review/\d+)">济宁市医疗保障局关于实施医保服务二十项', reviewer.page)[0]
        await reviewer.open(link)
        assert "第三批" in reviewer.text or "备案" in reviewer.text
        await reviewer.send(link + "/approve", {})
        assert "已通过并发布" in reviewer.text


async def test_files_that_cannot_be_trusted_are_refused_with_the_reason_and_noted(desk: Office) -> None:
    cases = untrusted()
    async with desk.logged_in("bianji") as editor:
        for name, data, words in cases:
            await upload(editor, name, data, expect=422)
            assert words in editor.text, name
            assert "上传文件" in editor.text
    noted = await audit.entries(desk.database, what=Action.UPLOAD_REFUSED)
    assert noted.total == len(cases)
    assert noted.entries[0].who == "bianji"


async def test_a_saved_page_that_the_browser_takes_for_a_form_gets_its_advice(desk: Office) -> None:
    """Chromium sends an .mht as multipart/related."""
    async with desk.logged_in("bianji") as editor:
        await editor.open("/documents/upload")
        form = FormData()
        form.add_field("csrf", editor.token)
        saved = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n\r\n<p>hi</p>"
        form.add_field("file", io.BytesIO(saved), filename="通知.mht", content_type="multipart/related")
        await editor._see(await editor.client.post("/console/documents/upload", data=form), 422)
        assert "单个文件的网页（mht）" in editor.text


async def test_a_wrong_date_is_told_beside_the_field_and_all_clauses_stay(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        fields = [(n, "" if n.endswith("issue_date") else v) for n, v in fields_of(editor.page)]
        await keep(editor, fields, "save", expect=422)
        assert 'id="documents.0.issue_date-error"' in editor.page
        assert "每人每年补助300元" in editor.page


async def test_when_it_ends_and_what_replaced_it_are_kept(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        replaced = {"documents.0.superseded_by": "jining-yb-2023-25"}
        fields = [(name, replaced.get(name, value)) for name, value in fields_of(editor.page)]
        await keep(editor, fields, "save", expect=422)
        assert "已被替代的文件要填写失效日期" in editor.text
        ends = {"documents.0.valid_until": "2027-12-31"}
        fields = [(name, ends.get(name, value)) for name, value in fields_of(editor.page)]
        await keep(editor, fields, "save")
        document = re.findall(r"/console/clauses\?parent=(document-\w+)", editor.page)[0]
    content = (await Editing(desk.database).open(Kind.DOCUMENT, document)).content
    assert isinstance(content, DocumentContent)
    assert (str(content.valid_until), content.superseded_by) == ("2027-12-31", "jining-yb-2023-25")


async def test_a_correction_survives_a_session_that_ended(desk: Office) -> None:
    """Half an hour over a long document, and everything corrected was gone: only short forms went through the login."""
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        fields = [(n, "改过的标题" if n == "documents.0.title" else v) for n, v in fields_of(editor.page)]
        await desk.accounts.set_password("bianji", "another-horse-8", by="test")
        await keep(editor, fields, "submit", expect=401)
        assert "刚才填写的内容会保留" in editor.text
        login = FormData()
        kept = html.unescape(editor.page.split('name="kept" value="')[1].split('"')[0])
        typed = {"csrf": editor.token, "name": "bianji", "password": "another-horse-8", "kept": kept}
        for name, value in {**typed, "next": "/console/documents/upload/save"}.items():
            login.add_field(name, value, content_type="text/plain")
        await editor._see(await editor.client.post("/console/login", data=login), 200)
        assert "刚才填写的内容还在" in editor.text
        assert "改过的标题" in editor.text
        await keep(editor, fields_of(editor.page), "submit")
        assert "等另一位同事审核" in editor.text


async def test_a_correction_sent_twice_makes_one_document(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        fields = fields_of(editor.page)
        await keep(editor, fields, "save")
        await keep(editor, fields, "save", expect=422)
        assert "刚才已经保存过了" in editor.text
        await editor.open("/documents?stage=draft")
        assert "共 1 条" in editor.text


async def test_days_that_the_document_names_are_filled_in_and_said_to_be(desk: Office) -> None:
    notice = (*NOTICE[:7], "三、本通知自2027年1月1日起施行，有效期至2031年12月31日。", *NOTICE[7:])
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx(notice))
        fields = dict(fields_of(editor.page))
        assert fields["documents.0.valid_from"] == "2027-01-01"
        assert fields["documents.0.valid_until"] == "2031-12-31"
        assert "请核对" in editor.text


async def test_a_scan_is_compared_with_its_picture_before_anything_is_kept(desk: Office) -> None:
    page = scans.scanned_pdf(scans.photographed(NOTICE, 0.5))
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "扫描.pdf", page)
        assert "文字是从图片上识别出来的" in editor.text
        assert 'value="济医保发〔2026〕12号"' in editor.page
        picture = re.findall(r'href="(/console/documents/upload/scans/[0-9a-f]+/0)"', editor.page)[0]
        answer = await editor.client.get(picture)
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert (await editor.client.get(picture[:-1] + "7")).status == 404
        strips = re.findall(r'<svg class="scan" viewBox="0 (\d+) 1000 (\d+)"', editor.page)
        assert len(strips) > 3
        fields = [(n, NOTICE[2] if n == "documents.0.title" else v) for n, v in fields_of(editor.page)]
        await keep(editor, fields, "submit", expect=422)
        assert "然后勾选确认" in editor.text
        await keep(editor, [*fields_of(editor.page), ("compared", "yes")], "save")
        assert "文件和条款已存为草稿" in editor.text
        document = re.findall(r"/console/clauses\?parent=(document-\w+)", editor.page)[0]
        await editor.open(f"/documents/{document}/history")
        assert "由扫描件识别" in editor.text
