"""A citizen whose browser runs no scripts, and a member of staff at the desk, in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

import staff.models  # noqa: F401  # tables
from connectors.web import routes as web_page
from connectors.web.chat import news
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_public import findings
from tests.browser.test_tickets import logged_in
from tests.connectors.console.office import Office, office
from tests.connectors.web.scripted import nobody_answers
from tests.knowledge.office import make_template

pytestmark = pytest.mark.browser


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(await make_template(tmp_path)) as opened:
        yield opened


@pytest.fixture
async def front(desk: Office) -> AsyncIterator[str]:
    """The citizens' page over the same desk."""
    app = web.Application()
    web_page.setup(app, desk.floor.dialogue, nobody_answers, seal=desk.vault, said=desk.floor.news)
    news.setup(app, desk.floor.news)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def ask(page: Page, text: str) -> None:
    await page.fill("#question", text)
    await page.click("#send")


async def test_a_person_answers_a_page_without_scripts(desk: Office, front: str, open_page: OpenPage) -> None:
    citizen = await open_page(front, PHONE, javascript=False)
    agent = await logged_in(desk, open_page, "zuoxi")
    await agent.get_by_role("link", name="在线对话", exact=True).first.click()
    await agent.get_by_role("button", name="上线接人工").click()
    await expect(agent.get_by_text("您在线，接人工")).to_be_visible()

    await citizen.click("text=长辈版")
    await ask(citizen, "异地就医要备案吗")
    await expect(citizen.get_by_role("button", name="看看有没有回复")).to_have_count(0)
    await ask(citizen, "转人工")
    await expect(citizen.locator("#newest")).to_contain_text("下一位就是您")
    look = citizen.get_by_role("button", name="看看有没有回复")
    await look.click()
    await expect(citizen.locator("#newest")).to_contain_text("工作人员还没有回复")

    await agent.locator("#lines a").click()
    await expect(agent.locator("#talk")).to_contain_text("异地就医要备案吗")
    await agent.get_by_role("button", name="接管", exact=True).click()
    await look.click()
    await expect(citizen.locator("#newest")).to_contain_text("我是市医保局的工作人员")
    await ask(citizen, "<b>我妈</b>在北京住院了")
    await expect(citizen.locator("#newest")).to_contain_text("您的话已经发给工作人员了")
    await expect(agent.locator("#talk")).to_contain_text("<b>我妈</b>在北京住院了")

    await agent.get_by_label("对群众说").fill("带身份证就行。")
    await agent.keyboard.press("Control+Enter")
    await expect(agent.locator("#talk")).to_contain_text("带身份证就行")
    await look.click()
    await expect(citizen.locator("#newest")).to_have_text("工作人员 带身份证就行。")
    await expect(citizen.locator("#newest")).to_be_in_viewport()
    assert await citizen.locator(".message.person").count() == 2, "each once"

    await agent.get_by_role("button", name="交还助手").click()
    await expect(agent.get_by_text("已交还助手，群众接着由助手答")).to_be_visible()
    await ask(citizen, "谢谢")
    await expect(citizen.locator("#log")).to_contain_text("工作人员这边说完了")
    await expect(citizen.locator("#log")).to_contain_text("答：谢谢")
    await expect(look).to_have_count(0)


async def test_who_gets_scripts_meanwhile_goes_on_with_the_person(
    desk: Office, front: str, open_page: OpenPage
) -> None:
    citizen = await open_page(front, PHONE)
    await citizen.locator("#question").evaluate("box => { box.value = '医保怎么交'; box.form.submit(); }")
    await expect(citizen.locator("#newest")).to_contain_text("答：医保怎么交")
    agent = await logged_in(desk, open_page, "zuoxi")
    await agent.get_by_role("link", name="在线对话", exact=True).first.click()
    await agent.locator("#lines a").click()
    await agent.get_by_role("button", name="接管", exact=True).click()
    await expect(citizen.locator("#log")).to_contain_text("我是市医保局的工作人员")
    await citizen.reload()
    await ask(citizen, "我妈在北京")
    await expect(citizen.locator("#waiting")).to_contain_text("已经发给工作人员")
    await expect(citizen.locator(".message.person")).to_have_count(1)
    assert await findings(citizen) == []
