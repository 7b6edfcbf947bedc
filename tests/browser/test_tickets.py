"""Two agents and a supervisor with one ticket, in a real Chromium; and a citizen who rates it on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Dialog, Page, expect

import staff.models  # noqa: F401  # tables
from casework.tickets.tickets import Kind, Tickets
from connectors.web import routes as web_page
from connectors.web.pages import rating
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.casework.bureau import SUN, Bureau, bureau
from tests.connectors.console.office import PASSWORD, Office, office
from tests.connectors.web.scripted import ScriptedDialogue
from tests.knowledge.office import make_template

pytestmark = pytest.mark.browser

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


async def by_menu(page: Page, name: str) -> None:
    """Where the menu leads; on a phone it is folded."""
    link = page.locator("nav.nav").get_by_role("link", name=name, exact=True)
    if not await link.is_visible():
        await page.locator("nav.nav summary").click()
    await link.click()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(await make_template(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[tuple[Bureau, str]]:
    """A bureau whose rating links work, and where."""

    async def no_calls(line: object) -> None:
        raise AssertionError("nobody calls here")

    async with bureau(tmp_path) as opened:
        app = web.Application()
        web_page.setup(app, ScriptedDialogue(), no_calls)
        rating.setup(app, opened.ratings)
        async with TestServer(app) as server:
            yield opened, str(server.make_url("/"))


async def test_a_ticket_from_the_queue_to_its_end(desk: Office, open_page: OpenPage) -> None:
    tickets = Tickets(desk.database, desk.vault)
    late = await tickets.open(Kind.COMPLAINT, channel="wechat", due_on=date(2026, 1, 5))
    said = [("citizen", "俺的报销咋还没到账"), ("assistant", "我记下了，工作人员会给您回电话。")]
    opened = await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003", transcript=said)
    sun = await logged_in(desk, open_page, "zuoxi")
    zheng = await logged_in(desk, open_page, "zuoxi2", PHONE)

    await by_menu(sun, "工单")
    rows = sun.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text(late.number)
    await expect(rows.first).to_contain_text("已超期")
    await sun.get_by_label("种类").select_option("回电")
    await expect(rows).to_have_count(1)
    await sun.get_by_role("link", name=opened.number).click()
    await expect(sun.get_by_role("definition").get_by_text("俺的报销咋还没到账")).to_be_visible()
    await sun.get_by_role("button", name="接单").click()
    await expect(sun.get_by_text("由您负责到底")).to_be_visible()
    await sun.get_by_role("button", name="显示号码").click()
    await expect(sun.locator("#phone")).to_have_text("19900000003")
    await sun.get_by_label("移交给").select_option("zuoxi2")
    await sun.get_by_role("button", name="请对方接手").click()
    await expect(sun.get_by_text("对方接受以前仍由您负责").first).to_be_visible()

    await zheng.reload()
    await zheng.get_by_role("link", name="件等您接受移交").click()
    await zheng.get_by_role("link", name=opened.number).click()
    await zheng.get_by_role("button", name="接受移交").click()
    await expect(zheng.get_by_text("从现在起由您负责")).to_be_visible()
    await zheng.get_by_label("办理结果").fill("已回电，月底前到账")
    await zheng.get_by_role("button", name="办结", exact=True).click()
    await expect(zheng.get_by_text("已办结。留了手机号码的")).to_be_visible()
    await expect(zheng.get_by_text("已回电，月底前到账")).to_be_visible()
    assert not await zheng.evaluate(WIDER_THAN_THE_SCREEN)
    await by_menu(zheng, "工单")
    await expect(zheng.locator("tbody tr")).to_have_count(1)
    assert not await zheng.evaluate(WIDER_THAN_THE_SCREEN)


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_the_supervisors_pages_fit(desk: Office, open_page: OpenPage, size: tuple[int, int]) -> None:
    opened = await Tickets(desk.database, desk.vault).open(Kind.COMPLAINT, channel="web", due_on=date(2026, 1, 5))
    boss = await logged_in(desk, open_page, "zhuguan", size)
    await by_menu(boss, "工作量")
    await expect(boss.get_by_role("link", name=opened.number)).to_be_visible()
    assert not await boss.evaluate(WIDER_THAN_THE_SCREEN)
    await by_menu(boss, "月报")
    assert not await boss.evaluate(WIDER_THAN_THE_SCREEN)
    async with boss.expect_download() as download:
        await boss.get_by_role("link", name="下载工作调度表").click()
    assert (await download.value).suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_rating_on_a_phone(hall: tuple[Bureau, str], open_page: OpenPage, javascript: bool) -> None:
    bureau, url = hall
    number = await bureau.opened()
    await bureau.work.take(number, SUN)
    await bureau.work.close(number, SUN, "已回电")
    page = await open_page(f"{url}rating/{bureau.ratings.token(number)}", PHONE, javascript=javascript)
    buttons = page.get_by_role("button")
    await expect(buttons).to_have_count(5)
    for button in await buttons.all():
        box = await button.bounding_box()
        assert box
        assert box["height"] >= 60
        assert float((await button.evaluate("one => getComputedStyle(one).fontSize")).removesuffix("px")) >= 18
    await page.get_by_role("button", name="非常满意").click()
    await expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    await expect(page.get_by_role("button", name="非常满意（已选）")).to_be_visible()
    assert (await bureau.row(number)).rating == 5
    await page.get_by_role("button", name="不满意", exact=True).click()
    await expect(page.get_by_text("一个工作日内给您回电话")).to_be_visible()


async def test_a_note_that_is_not_saved_yet_is_not_lost_by_another_button(desk: Office, open_page: OpenPage) -> None:
    opened = await Tickets(desk.database, desk.vault).open(Kind.CALLBACK, channel="phone")
    sun = await logged_in(desk, open_page, "zuoxi")
    await sun.goto(str(desk.server.make_url(f"/console/tickets/{opened.number}")))
    await sun.get_by_role("button", name="接单").click()
    await sun.get_by_label("做了什么、说了什么").fill("打过电话")
    await sun.get_by_label("办理结果").fill("办好了")
    asked: list[str] = []

    async def no(dialog: Dialog) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    sun.on("dialog", no)
    await sun.get_by_role("button", name="办结").click()
    assert len(asked) == 1
    assert "还没有保存" in asked[0]
    await expect(sun.get_by_label("做了什么、说了什么")).to_have_value("打过电话")


async def test_a_few_words_to_a_bad_rating(hall: tuple[Bureau, str], open_page: OpenPage) -> None:
    bureau, url = hall
    number = await bureau.opened()
    await bureau.work.take(number, SUN)
    await bureau.work.close(number, SUN, "已回电")
    page = await open_page(f"{url}rating/{bureau.ratings.token(number)}", PHONE, javascript=False)
    await page.get_by_role("button", name="非常不满意").click()
    await page.get_by_label("说说哪里不满意").fill("没人回电，我叫张桂兰")
    await page.get_by_role("button", name="告诉我们").click()
    await expect(page.get_by_text("没人回电，我叫〔姓名〕")).to_be_visible()
    assert not await page.evaluate(WIDER_THAN_THE_SCREEN)


async def logged_in(desk: Office, open_page: OpenPage, username: str, size: tuple[int, int] = DESKTOP) -> Page:
    page = await open_page(str(desk.server.make_url("/console/login")), size)
    await page.get_by_label("账号").fill(username)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("您好")).to_be_visible()
    return page
