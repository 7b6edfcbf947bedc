"""FAQs as a workbook, as an editor does it in the console."""

from __future__ import annotations

import io
import re

from aiohttp import FormData

from connectors.console.kit.labels import FAQ_KINDS, GROUPS
from knowledge.authoring.faq_sheet import Names, read
from staff import audit
from staff.audit import Action
from tests.connectors.console.office import Browser, Office
from tests.knowledge.authoring.test_faq_import import table

GAP = {
    "问题": "大厅停车要钱吗",
    "群众的问法": "停车收费不",
    "怎么答": "文件没有写全，如实说明",
    "没有写的是什么": "停车",
}
OTHER = {**GAP, "问题": "大厅有轮椅吗", "群众的问法": "有轮椅不"}


async def upload(browser: Browser, data: bytes, expect: int = 200) -> str:
    form = FormData()
    form.add_field("csrf", browser.token)
    form.add_field("file", io.BytesIO(data), filename="问答.xlsx")
    return await browser._see(await browser.client.post("/console/faq/file", data=form), expect)


async def test_an_editor_fetches_it_fills_it_in_and_a_reviewer_agrees_once(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await editor.open("/faq")
        assert "用表格改" in editor.text
        response = await editor.client.get("/console/faq/file.xlsx")
        rows = read(await response.read(), Names(GROUPS, FAQ_KINDS, {}))
        assert len(rows) > 100
        assert {row.fields["group"] for row in rows} <= set(GROUPS)
        assert not [words for row in rows for words in row.wrong if "类别" in words]
        await editor.open("/faq/file")
        await upload(editor, table(GAP, OTHER))
        assert "导入了 2 条" in editor.text
        link = re.findall(r'action="/console(/faq/file/faq-file-\w+)/submit"', editor.page)[0]
        one = re.findall(r'href="/console(/faq/faq-\w+)">大厅停车要钱吗', editor.page)[0]
        await editor.open(one)
        assert "和同一个表格里的一起提交" in editor.text
        assert "放弃草稿" not in editor.text
        await editor.open(link)
        await editor.send(link + "/submit", {})
        assert "都已提交" in editor.text
        await reviewer.open("/review")
        assert "大厅停车要钱吗 等 2 条" in reviewer.text
        review = re.findall(r'href="/console(/review/\d+)">大厅停车要钱吗', reviewer.page)[0]
        await reviewer.open(review)
        assert "2 条一起审核" in reviewer.text
        assert "大厅有轮椅吗" in reviewer.text
        await reviewer.send(review + "/approve", {})
        assert "已通过并发布" in reviewer.text
    page = await audit.entries(desk.database, what=Action.IMPORTED)
    assert [(entry.who, entry.which, entry.detail) for entry in page.entries] == [("bianji", "faq", "2")]


async def test_what_is_wrong_is_listed_by_row_and_a_wrong_file_is_given_up_at_once(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.open("/faq/file")
        await upload(editor, table(GAP, {**OTHER, "类别": "停车场"}), expect=422)
        assert "一行也没有导入" in editor.text
        assert "类别“停车场”不认识" in editor.text
        await upload(editor, b"no workbook", expect=422)
        assert "xlsx" in editor.text
        await upload(editor, table(GAP, OTHER))
        link = re.findall(r'action="/console(/faq/file/faq-file-\w+)/discard"', editor.page)[0]
        await editor.send(link + "/discard", {})
        assert "草稿已放弃" in editor.text
        await editor.open("/faq?q=大厅停车要钱吗")
        assert "没有符合条件的问答" in editor.text


async def test_a_reviewer_fetches_it_and_brings_nothing_in(desk: Office) -> None:
    async with desk.logged_in("shenhe") as reviewer:
        await reviewer.open("/faq/file")
        assert "下载全部问答" in reviewer.text
        assert 'type="file"' not in reviewer.page
        await upload(reviewer, table(GAP), expect=403)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/faq/file", expect=403)
