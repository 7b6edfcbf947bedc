"""查工单进度, from the receipt in the chat to the account: in every print, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from base.messages import Reply
from casework.tickets.tickets import Kind, Opened
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_public import MEASURE, findings
from tests.casework.bureau import SUN
from tests.casework.office import Office, open_office
from tests.connectors.web.scripted import ScriptedDialogue, running

pytestmark = pytest.mark.browser
NARROW = (320, 640)


@dataclass
class Site:
    url: str
    office: Office
    opened: Opened
    dialogue: ScriptedDialogue


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    office = await open_office(tmp_path)
    opened = await office.parts.tickets.open(Kind.COMPLAINT, channel="web", conversation="web-1")
    receipt = f"登记好了，工单号 {opened.number}，查询码 {opened.code}。办到哪一步，按下面的链接看，要用这两个号。"
    dialogue = ScriptedDialogue(Reply(receipt, ticket=opened.number))
    async with running(dialogue, accounts=office.parts.accounts) as (client, _):
        yield Site(f"http://127.0.0.1:{client.port}", office, opened, dialogue)
    await office.database.aclose()


async def look(page: Page, number: str, code: str) -> None:
    await page.fill("#number", number)
    await page.fill("#code", code)
    await page.click(".follow button")


async def passes(page: Page, *, is_large: bool, name: str) -> None:
    assert await findings(page) == [], name
    measured = await page.evaluate(MEASURE)
    assert measured["smallest_text_px"] >= (26 if is_large else 18), (name, measured)
    assert measured["largest_text_px"] <= 30, (name, measured)
    assert measured["lowest_contrast"]["ratio"] >= 4.5, (name, measured)
    assert measured["smallest_target"]["px"] >= (60 if is_large else 44), (name, measured)
    assert round(measured["smallest_line_height"], 3) >= 1.4, (name, measured)
    assert measured["overflow_px"] == 0, (name, measured)


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, NARROW])
async def test_form_refusal_and_account_pass_axe_and_can_be_read_and_hit(
    site: Site, open_page: OpenPage, view: str, size: tuple[int, int]
) -> None:
    page = await open_page(f"{site.url}/ticket?view={view}", size)
    is_large, shot = view != "normal", f"{view}-{size[0]}"
    await passes(page, is_large=is_large, name=f"form-{shot}")
    await look(page, site.opened.number, "0000" if site.opened.code != "0000" else "1111")
    await expect(page.locator("#found")).to_contain_text("请核对工单号和查询码")
    await passes(page, is_large=is_large, name=f"refused-{shot}")
    await site.office.parts.work.take(site.opened.number, SUN)
    await look(page, site.opened.number, site.opened.code)
    await expect(page.locator("#found h2")).to_have_text("您反映的问题：工作人员正在办理")
    await passes(page, is_large=is_large, name=f"found-{shot}")
    await site.office.parts.work.close(site.opened.number, SUN, "已办")
    await page.click("text=查别的工单")
    await look(page, site.opened.number, site.opened.code)
    await expect(page.locator("#found h2")).to_have_text("您反映的问题：已办结")
    await passes(page, is_large=is_large, name=f"closed-{shot}")
    await page.goto(f"{site.url}/")
    await passes(page, is_large=is_large, name=f"front-{shot}")


async def test_from_the_receipt_in_the_chat_by_keyboard_to_the_account(site: Site, open_page: OpenPage) -> None:
    page = await open_page(site.url, PHONE)
    await page.fill("#question", "我要投诉")
    await page.press("#question", "Enter")
    async with page.context.expect_page() as opening:
        await page.locator(".open-link").press("Enter")
    ticket = await opening.value
    await expect(ticket.locator("#number")).to_have_value(site.opened.number)
    await ticket.locator("#number").focus()
    await ticket.keyboard.press("Tab")
    await ticket.keyboard.type(site.opened.code)
    await ticket.keyboard.press("Enter")
    await expect(ticket.locator("#found h2")).to_contain_text("您反映的问题")
    assert site.opened.code not in ticket.url
    assert await ticket.evaluate("document.querySelector(':target').id") == "found", "it is in view, and read next"
    await page.goto(site.url)  # the way back
    await expect(page.locator(".open-link")).to_have_attribute("href", re.compile(r"/ticket\?number="))


async def test_without_javascript_and_in_another_print_the_ticket_is_still_there(
    site: Site, open_page: OpenPage
) -> None:
    page = await open_page(f"{site.url}/ticket", PHONE, javascript=False)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in site.opened.code)
    await look(page, f" gd{site.opened.number[2:]} ", wide)
    await page.click("text=长辈版")
    await expect(page.locator("html.elder #found h2")).to_contain_text("您反映的问题")
    await page.click("text=标准")
    await expect(page.locator("html.normal #found h2")).to_contain_text("您反映的问题")


async def test_what_went_wrong_is_told_to_who_cannot_see(site: Site, open_page: OpenPage) -> None:
    page = await open_page(f"{site.url}/ticket", PHONE)
    await look(page, "GD20261120-9999", "1234")
    await expect(page.get_by_role("alert")).to_contain_text("没有查到这个工单")
    code = page.get_by_label("查询码", exact=True)
    await expect(code).to_have_accessible_description(re.compile("6 位数字.*没有查到这个工单"))
    await expect(page.get_by_label("工单号", exact=True)).to_have_value("GD20261120-9999")
