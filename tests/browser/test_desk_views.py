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
