"""A file in: what was found is corrected next to the original, and nothing of it is lost silently."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
from aiohttp import FormData

from casework import audit
from casework.audit import Action
from knowledge.backoffice_models import Kind
from knowledge.editing import Editing
from tests.connectors.console.office import Browser, Office
from tests.connectors.console.test_items import fields_of

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
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 300_000_000)
    macros = io.BytesIO(as_docx())
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    cases = [
        ("大.txt", b"\xe5" * (21 * 2**20), "文件太大"),
        ("炸弹.docx", bomb.getvalue(), "解压后大得不正常"),
        ("宏.docx", macros.getvalue(), "带有宏"),
        ("坏.pdf", b"%PDF-1.7 broken", "损坏"),
        ("表.xlsx", b"PK\x03\x04", "格式不对"),
        ("空.txt", b"", "没有文字"),
    ]
    async with desk.logged_in("bianji") as editor:
        for name, data, words in cases:
            await upload(editor, name, data, expect=422)
            assert words in editor.text, name
            assert "上传文件" in editor.text
    noted = await audit.entries(desk.database, what=Action.UPLOAD_REFUSED)
    assert noted.total == len(cases)
    assert noted.entries[0].who == "bianji"


async def test_a_wrong_date_is_told_beside_the_field_and_all_clauses_stay(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx())
        fields = [(n, "" if n.endswith("issue_date") else v) for n, v in fields_of(editor.page)]
        await keep(editor, fields, "save", expect=422)
        assert 'id="documents.0.issue_date-error"' in editor.page
        assert "每人每年补助300元" in editor.page
