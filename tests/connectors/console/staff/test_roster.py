"""Many accounts from a workbook."""

from __future__ import annotations

import io
import re

from aiohttp import FormData
from openpyxl import Workbook, load_workbook

from tests.connectors.console.office import Browser, Office
from tests.connectors.console.staff.test_first_password import log_in

HEADS = ["账号", "姓名", "岗位", "县区"]


async def upload(browser: Browser, *rows: list[str], expect: int = 200) -> None:
    book = Workbook()
    for row in (HEADS, *rows):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    form = FormData()
    form.add_field("csrf", browser.token)
    form.add_field("file", out.getvalue(), filename="人员.xlsx")
    await browser._see(await browser.client.post("/console/staff/import", data=form), expect)


async def test_new_people_come_in_and_those_that_are_there_stay(desk: Office) -> None:
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/staff")
        assert "用表格新增" in administrator.text
        response = await administrator.client.get("/console/staff/export.xlsx")
        sheet = load_workbook(io.BytesIO(await response.read())).worksheets[0]
        assert [cell.value for cell in sheet[1]][:4] == HEADS
        there = [[cell.value or "" for cell in row[:4]] for row in sheet.iter_rows(min_row=2)]
        await administrator.open("/staff/import")
        await upload(administrator, *there, ["liming", "李明", "坐席", "邹城市"], ["zhouli", "周丽", "编辑", ""])
        assert "新增了 2 人" in administrator.text
        password = re.findall(r"<strong>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</strong>", administrator.page)[0]
        await administrator.open("/staff")
        assert "李明" in administrator.text
        assert password not in administrator.page
    people = {one.username: one for one in await desk.accounts.everybody()}
    assert (people["liming"].county, people["liming"].must_change) == ("邹城市", True)
    assert people["zuoxi"].name == "孙坐席"
    async with desk.browser() as browser:
        await log_in(browser, "liming", password)
        assert "请先换成自己的" in browser.text


async def test_one_wrong_row_and_nobody_comes_in(desk: Office) -> None:
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/staff/import")
        await upload(
            administrator,
            ["haode", "好的", "编辑", ""],
            ["李四", "李四", "编辑", ""],
            ["zuoxi", "别人", "坐席", ""],
            ["wangwu", "王五", "局长", ""],
            ["zhaoliu", "赵六", "坐席", "青岛市"],
            ["sunqi", "", "坐席", ""],
            expect=422,
        )
        for words in ("一个账号也没有新增", "已经有了", "岗位“局长”", "县区“青岛市”", "请填写姓名"):
            assert words in administrator.text
        await upload(administrator, ["zuoxi", "孙坐席", "坐席", ""], expect=422)
        assert "没有新的人" in administrator.text
        form = FormData()
        form.add_field("csrf", administrator.token)
        form.add_field("file", b"nothing", filename="a.xlsx")
        await administrator._see(await administrator.client.post("/console/staff/import", data=form), 422)
        assert "xlsx" in administrator.text
    assert "haode" not in {one.username for one in await desk.accounts.everybody()}
    async with desk.logged_in("zhuguan") as boss:
        await boss.open("/staff/import", expect=403)
