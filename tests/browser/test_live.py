"""A citizen's page and a member of staff's desk, side by side in real Chromium."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, expect

import staff.models  # noqa: F401  # tables
from bot.sayings import say
from connectors.web import routes as web_page
from connectors.web.chat import news
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_tickets import WIDER_THAN_THE_SCREEN, by_menu, logged_in
from tests.connectors.console.office import Office, office
from tests.knowledge.office import make_template

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("YIBAO_SHOTS", "")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(await make_template(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def front(desk: Office) -> AsyncIterator[str]:
    """The citizens' page over the same desk."""

    async def no_calls(line: object) -> None:
        raise AssertionError("nobody calls here")

    app = web.Application()
    web_page.setup(app, desk.floor.dialogue, no_calls)
    news.setup(app, desk.floor.news)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def ask(page: Page, text: str) -> None:
    await page.fill("#question", text)
    await page.press("#question", "Enter")


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


async def no_barriers(page: Page) -> None:
    found = await Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


async def test_a_person_takes_over_answers_and_gives_back(desk: Office, front: str, open_page: OpenPage) -> None:
    citizen = await open_page(front, PHONE)
    agent = await logged_in(desk, open_page, "zuoxi")
    said = citizen.locator("#log")

    await agent.get_by_role("link", name="在线对话", exact=True).first.click()
    await agent.get_by_role("button", name="上线接人工").click()
    await expect(agent.get_by_text("您在线，接人工")).to_be_visible()
    await ask(citizen, "异地就医要备案吗")
    await expect(agent.locator("#lines .badge")).to_have_text("助手在答")
    await ask(citizen, "转人工")
    await expect(said).to_contain_text("下一位就是您")
    await expect(agent.locator("#lines .badge")).to_contain_text("等人工，已等")
    await expect(agent.locator("#waiting-told")).to_have_text("1 位群众在等人工")
    assert (await agent.title()).startswith("（1人等）")
    await no_barriers(agent)
    await shot(agent, "live-list-1280")

    await agent.locator("#lines a").focus()
    await agent.wait_for_timeout(3500)  # the list is made anew below the focus
    assert await agent.evaluate("document.activeElement.id.startsWith('line-')")
    await agent.keyboard.press("Enter")
    await expect(agent.locator("#suggestion")).to_contain_text("群众问：异地就医要备案吗")
    await shot(agent, "live-waiting-1280")
    await agent.get_by_role("button", name="接管", exact=True).focus()
    await agent.keyboard.press("Enter")
    await expect(agent.locator("#state").get_by_text("孙坐席在答")).to_be_visible()
    await expect(said).to_contain_text("我是市医保局的工作人员")

    await ask(citizen, "<b>我妈</b>在北京住院了")
    await expect(agent.locator("#talk")).to_contain_text("<b>我妈</b>在北京住院了")
    await expect(agent.locator("#suggestion")).to_contain_text("济医保字〔2023〕25号")
    await agent.get_by_role("button", name="放进回复框").focus()
    await agent.keyboard.press("Enter")
    await expect(agent.get_by_label("对群众说")).to_have_value("要备案。")
    assert await agent.evaluate("document.activeElement.id") == "text"
    await agent.keyboard.type("手机上几分钟就能办。")
    await agent.keyboard.press("Control+Enter")
    await expect(said).to_contain_text("要备案。手机上几分钟就能办。")
    await expect(agent.get_by_label("对群众说")).to_have_value("")
    await expect(agent.locator("#talk")).to_contain_text("手机上几分钟就能办")
    assert await agent.locator("#talk .turn").count() == len(
        set(await agent.locator("#talk .turn").evaluate_all("all => all.map((one) => one.id)"))
    )
    await expect(citizen.locator(".message .who").last).to_have_text("工作人员")

    await ask(citizen, "我爸突然晕倒了叫不醒")
    await expect(said).to_contain_text(say("utter_emergency").text[:6])
    await no_barriers(agent)
    await shot(agent, "live-mine-1280")
    await agent.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert not await agent.evaluate(WIDER_THAN_THE_SCREEN)
    await shot(agent, "live-mine-390")
    await shot(citizen, "live-citizen-390")
    await citizen.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    await shot(citizen, "live-citizen-1280")

    await agent.get_by_role("button", name="交还助手").click()
    await expect(agent.get_by_text("已交还助手，群众接着由助手答")).to_be_visible()
    await expect(said).to_contain_text("工作人员这边说完了")
    await ask(citizen, "谢谢")
    await expect(said).to_contain_text("快打120")
    await no_barriers(agent)
    assert not await agent.evaluate(WIDER_THAN_THE_SCREEN)
    await shot(agent, "live-list-390")


async def test_ending_asks_for_a_rating_in_the_conversation(desk: Office, front: str, open_page: OpenPage) -> None:
    citizen, agent = await open_page(front, PHONE), await logged_in(desk, open_page, "zuoxi", PHONE)
    await ask(citizen, "医保怎么交")
    await expect(citizen.locator("#log")).to_contain_text("答：医保怎么交")
    await by_menu(agent, "在线对话")
    await agent.locator("#lines a").click()
    await agent.get_by_role("button", name="接管", exact=True).click()
    await agent.get_by_label("种类").select_option("咨询")
    await agent.get_by_label("办理结果，或者还要办什么").fill("说清楚了")
    await agent.get_by_role("button", name="办结", exact=True).click()
    await expect(agent.get_by_text("已办结。")).to_be_visible()
    await expect(agent.get_by_text("医保怎么交").first).to_be_visible()
    link = citizen.get_by_role("link", name="打开这个链接")
    await expect(link).to_be_visible()
    assert "/rating/GD" in (await link.get_attribute("href") or "")
    await no_barriers(citizen)


async def test_the_desk_says_so_when_the_service_is_gone(desk: Office, open_page: OpenPage) -> None:
    await desk.floor.ask("web-" + "0a" * 16, "医保怎么交")
    agent = await logged_in(desk, open_page, "zuoxi")
    await agent.get_by_role("link", name="在线对话", exact=True).first.click()
    # Failing here, not cutting the line: the browser would note that in the console, as htmx does, and rightly so.
    await agent.evaluate(
        """() => {
          console.error = () => {};
          window.reallySend = XMLHttpRequest.prototype.send;
          XMLHttpRequest.prototype.send = function () { this.dispatchEvent(new ProgressEvent("error")); };
        }"""
    )
    await expect(agent.locator("#lost")).to_be_visible()
    await expect(agent.locator("#lines a")).to_be_visible()
    await agent.evaluate("() => { XMLHttpRequest.prototype.send = window.reallySend; }")
    await expect(agent.locator("#lost")).to_be_hidden()
