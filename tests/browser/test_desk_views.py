"""The pages an agent works in all day: on a phone and on a desk, in normal and in large print."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, expect

import staff.models  # noqa: F401  # tables
from casework.tickets.routing import Routing
from casework.tickets.tickets import Kind, Tickets, Urgency
from staff.roles import Role, StaffMember
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_tickets import WIDER_THAN_THE_SCREEN, logged_in
from tests.connectors.console.office import Office, office
from tests.knowledge.authoring.test_faq_import import table
from tests.knowledge.office import make_template

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("YIBAO_PICTURES", "")
"""A folder for pictures of every page that is looked at here; for a person to look through."""
QIAN = StaffMember("zhuguan", "钱主管", Role.SUPERVISOR)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(await make_template(tmp_path)) as opened:
        yield opened


async def faults(page: Page) -> list[str]:
    """What axe-core holds against it, and whether it is wider than its screen."""
    found = [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in (await Axe().run(page))["violations"]]
    return found + (["wider than the screen"] if await page.evaluate(WIDER_THAN_THE_SCREEN) else [])


async def look(page: Page, name: str) -> None:
    """In both prints."""
    for large in (False, True):
        if large:
            await page.locator("#print-size").click()
        assert await faults(page) == [], (name, large)
        if PICTURES:
            width = (page.viewport_size or {"width": 0})["width"]
            await page.screenshot(path=f"{PICTURES}/{name}-{width}{'-large' if large else ''}.png", full_page=True)
    await page.locator("#print-size").click()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_tickets(desk: Office, open_page: OpenPage, size: tuple[int, int]) -> None:
    tickets, routing = Tickets(desk.database, desk.vault), Routing(desk.database, desk.vault)
    said = [("citizen", "俺的报销咋还没到账，都交了两个月了，医院说早就传上去了"), ("assistant", "我记下了。")]
    one = await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003", transcript=said)
    await tickets.open(Kind.COMPLAINT, channel="wechat", urgency=Urgency.URGENT, title="窗口排了一上午没办成")
    await routing.label(one.number, QIAN, ["异地", "住院"])
    await routing.supervise(one.number, QIAN, words="市长信箱转来，三天内回复")
    await routing.dispatch(one.number, QIAN, county="邹城市", department="待遇保障科", reason="归参保地办")
    page = await logged_in(desk, open_page, "zhuguan", size)
    address = str(desk.server.make_url("/console/tickets"))

    await page.goto(address)
    await expect(page.get_by_text("“俺的报销咋还没到账")).to_be_visible()
    await look(page, "tickets")
    await page.goto(f"{address}/new")
    await look(page, "new")
    await page.get_by_label("群众要办什么").fill("慢病卡丢了怎么补")
    await page.get_by_role("button", name="登记").click()
    await expect(page.locator("#code")).to_be_visible()
    await look(page, "registered")
    await page.goto(f"{address}/{one.number}")
    await page.get_by_text("转办、退单、延期、并单").click()
    await look(page, "ticket")
    await page.goto(f"{address}/{one.number}/print")
    assert await faults(page) == []
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/print-{size[0]}.png", full_page=True)


async def test_several_tickets_are_ticked_and_taken(desk: Office, open_page: OpenPage) -> None:
    tickets = Tickets(desk.database, desk.vault)
    for _ in range(3):
        await tickets.open(Kind.CALLBACK, channel="phone")
    page = await logged_in(desk, open_page, "zuoxi")
    await page.goto(str(desk.server.make_url("/console/tickets")))
    boxes = page.get_by_role("checkbox")
    await expect(boxes).to_have_count(3)
    await boxes.nth(0).check()
    await boxes.nth(2).check()
    await page.get_by_role("button", name="一起接单").click()
    await expect(page.get_by_text("已接2件")).to_be_visible()


EVERY_PAGE = {
    "bianji": (
        *("", "/documents", "/documents/upload", "/clauses?q=备案", "/faq", "/faq/file", "/faq/remote-filing-online"),
        *("/faq/remote-filing-online/edit", "/faq/remote-filing-online/history", "/guides", "/points", "/points/new"),
        *("/synonyms", "/hit-test", "/unanswered", "/health", "/statistics", "/password", "/second-factor"),
    ),
    "shenhe": ("", "/review", "/facts"),
    "zuoxi": ("", "/live", "/live/replies", "/tickets", "/tickets/new"),
    "zhuguan": ("", "/load", "/reports", "/reports/duties", "/audit"),
    "guanli": ("", "/settings", "/settings/hours", "/settings/sms-filed/edit", "/exchange", "/staff", "/staff/import"),
}


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("who", EVERY_PAGE)
async def test_every_page_of_a_role(desk: Office, open_page: OpenPage, who: str, size: tuple[int, int]) -> None:
    page = await logged_in(desk, open_page, who, size)
    for path in EVERY_PAGE[who]:
        await page.goto(str(desk.server.make_url("/console" + path.split("?")[0]).with_query(path.partition("?")[2])))
        await look(page, f"{who}{path.split('?')[0].replace('/', '-')}")


async def test_a_setting_is_written_by_one_and_agreed_to_by_another(desk: Office, open_page: OpenPage) -> None:
    page = await logged_in(desk, open_page, "guanli")
    await page.goto(str(desk.server.make_url("/console/settings")))
    await page.get_by_role("link", name="人工服务时间").click()
    await page.get_by_role("link", name="修改").click()
    await page.get_by_label("人工服务时间").fill("周一至周五上班")
    await page.get_by_role("button", name="保存并提交审核").click()
    await expect(page.get_by_text("每行都要写几点到几点")).to_be_visible()
    await page.get_by_label("人工服务时间").fill("周一至周五 8:30-17:00")
    await page.get_by_role("button", name="保存并提交审核").click()
    await expect(page.get_by_text("已提交，等另一位同事审核")).to_be_visible()
    other = await logged_in(desk, open_page, "shenhe")
    await other.goto(str(desk.server.make_url("/console/review")))
    await other.get_by_role("link", name="人工服务时间").click()
    await expect(other.get_by_role("insertion")).to_have_text("周一至周五 8:30-17:00")
    await other.get_by_role("button", name="同意并发布").click()
    await expect(other.get_by_text("已通过并发布")).to_be_visible()


async def test_faqs_come_in_as_a_workbook(desk: Office, open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "问答.xlsx"
    row = {"问题": "大厅有轮椅吗", "群众的问法": "有轮椅不", "怎么答": "文件没有写全，如实说明"}
    file.write_bytes(table(row, {**row, "问题": "大厅停车要钱吗", "类别": "停车场"}))
    page = await logged_in(desk, open_page, "bianji")
    await page.goto(str(desk.server.make_url("/console/faq")))
    await page.get_by_role("link", name="用表格改").click()
    await page.get_by_label("改好的表格").set_input_files(file)
    await page.get_by_role("button", name="上传").click()
    await expect(page.get_by_text("类别“停车场”不认识")).to_be_visible()
    await look(page, "faq-file-refused")
    file.write_bytes(table(row, {**row, "问题": "大厅停车要钱吗"}))
    await page.get_by_label("改好的表格").set_input_files(file)
    await page.get_by_role("button", name="上传").click()
    await expect(page.get_by_role("heading", name="导入了 2 条")).to_be_visible()
    await look(page, "faq-file-taken")
    await page.get_by_role("button", name="2 条都提交审核").click()
    await expect(page.get_by_text("都已提交")).to_be_visible()
