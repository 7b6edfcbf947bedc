"""The demo's page like a phone, in a real Chromium, through the stand-in, with the account's real callback."""

from __future__ import annotations

import pytest
from axe_core_python.async_playwright import Axe

from base.messages import Button, Reply, Source
from service.wiring import wechat
from tests.browser.conftest import DESKTOP, PHONE
from tests.connectors.wechat.conftest import database  # noqa: F401 - a fixture
from tests.connectors.wechat.test_with_standin import World

pytestmark = pytest.mark.browser


@pytest.fixture
async def world(tmp_path, database):  # noqa: F811 - the fixture above
    made = World(tmp_path, tmp_path / "wechat.db")
    await made.start_platform()
    await made.start_service(wechat_api_base=made.url, public_url="https://yibao.example")
    address = f"sqlite+aiosqlite:///{tmp_path / 'wechat.db'}"
    await wechat.push_menu(made.settings.model_copy(update={"wechat_api_base": made.url, "database_url": address}))
    yield made
    await made.aclose()


@pytest.fixture
async def phone(world, open_page):
    async def phone(size=PHONE, **options):
        page = await open_page(world.url, size, **options)
        await page.locator(".bubble.account").first.wait_for()
        await page.locator(".menu button").first.wait_for()
        return page

    return phone


async def newest(page, count):
    bubble = page.locator(".bubble.account").nth(count - 1)
    await bubble.wait_for()
    return await bubble.inner_text()


async def test_typing_a_digit_and_the_menu(world, phone):
    world.dialogue.replies = [Reply("要备案。", buttons=(Button("怎么备案？", "异地就医怎么备案"),))]
    page = await phone()
    await page.fill("#text", "俺在北京看病")
    await page.keyboard.press("Enter")
    assert "1 怎么备案？" in await newest(page, 2)
    await page.fill("#text", "1")
    await page.click("#send")
    await newest(page, 3)
    await page.click("button:has-text('问政策')")
    await page.click("button:has-text('门诊慢特病')")
    await newest(page, 4)
    assert world.dialogue.asked == ["俺在北京看病", "异地就医怎么备案", "门诊慢特病怎么申请"]


async def test_a_source_is_a_link_and_what_somebody_types_is_none_that_runs(world, phone):
    source = Source(
        "济医保字〔2023〕25号", "第8条", "通知", "jining-yb-2023-25", "jining-yb-2023-25.m08", ("要备案。",)
    )
    world.dialogue.replies = [Reply("要备案。（依据：济医保字〔2023〕25号 第8条，2023年）", sources=(source,))]
    page = await phone()
    await page.fill("#text", '<a href="javascript:alert(1)">点我</a><img src=x onerror=alert(1)>')
    await page.keyboard.press("Enter")
    assert await newest(page, 2) == "要备案。（依据：济医保字〔2023〕25号 第8条，2023年）"
    link = page.locator(".bubble.account").last.locator("a")  # the welcome has a link of its own
    assert await link.inner_text() == "济医保字〔2023〕25号 第8条"
    assert (await link.get_attribute("href")).startswith("https://yibao.example/documents/jining-yb-2023-25?clause=")
    mine = page.locator(".bubble.me").last
    assert await mine.locator("a, img").count() == 0
    assert "javascript:alert(1)" in await mine.inner_text()


async def test_speaking(world, phone, spoken_wav):
    page = await phone(microphone=spoken_wav)
    await page.click("#speak")
    await page.wait_for_timeout(2500)
    await page.click("#speak")
    assert (await newest(page, 2)).startswith("您说的是：")


async def test_without_a_microphone_it_says_how_to_send_a_recording(phone, spoken_wav):
    page = await phone()
    await page.click("#speak")
    await page.get_by_text("用不了麦克风").wait_for()
    await page.click("#plus")
    await page.set_input_files("#recording", spoken_wav)
    assert (await newest(page, 2)).startswith("您说的是：")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_it_is_usable_by_everybody(phone, size):
    page = await phone(size)
    await page.click("#plus")
    found = await Axe().run(page)
    assert [violation["id"] for violation in found["violations"]] == []
    small = await page.evaluate(
        """() => [...document.querySelectorAll("button, .tile, textarea")]
            .filter((one) => one.offsetParent && (one.offsetHeight < 48 || one.offsetWidth < 48))
            .map((one) => one.textContent)"""
    )
    assert small == []
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert float((await page.evaluate("getComputedStyle(document.body).fontSize"))[:-2]) >= 18
