"""The page as a person meets it: typed questions, large print, keyboard only, no JavaScript, a lost network."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from service.messages import Button, Reply
from tests.browser.conftest import DESKTOP, PHONE
from tests.connectors.web.scripted import ANSWER

pytestmark = pytest.mark.browser

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")


async def ask(page, text: str) -> None:
    await page.fill("#question", text)
    await page.press("#question", "Enter")


async def answer_of(page) -> str:
    await page.wait_for_selector(".message.assistant .sources")
    return await page.inner_text(".message.assistant:last-of-type")


async def test_a_typed_question_is_answered_with_its_source(site, open_page):
    page = await open_page(site.url)
    await ask(page, "俺在北京跟着闺女住，看病用不用先备案")
    answer = await answer_of(page)
    assert "承诺一下就能备案" in answer
    assert "济医保字〔2023〕25号 第七条" in answer
    assert "《关于优化医疗保障服务的通知》" in answer
    assert ANSWER.spoken not in answer
    conversation_id, text, channel, _ = site.dialogue.asked[0]
    assert conversation_id.startswith("web-")
    assert len(conversation_id) == 36
    assert (text, channel) == ("俺在北京跟着闺女住，看病用不用先备案", "web")


async def test_quick_questions_and_buttons_ask_for_the_citizen(site, open_page):
    page = await open_page(site.url, PHONE)
    await page.click("#quick button >> nth=0")
    await answer_of(page)
    await page.click(".message .choice:has-text('怎么备案')")
    await page.wait_for_selector(".message.assistant .sources >> nth=1")
    assert [text for _, text, _, _ in site.dialogue.asked] == ["跟孩子住外省，看病要先备案吗？", "异地就医怎么备案"]
    assert len({conversation_id for conversation_id, *_ in site.dialogue.asked}) == 1
    assert (await page.inner_text(".message.citizen >> nth=1")).split() == ["您", "怎么备案？"]


async def test_each_visit_is_a_conversation_of_its_own(site, open_page):
    page = await open_page(site.url)
    await ask(page, "一")
    await answer_of(page)
    await page.reload()
    await ask(page, "二")
    await answer_of(page)
    first, second = (conversation_id for conversation_id, *_ in site.dialogue.asked)
    assert first != second


async def test_hostile_text_is_only_ever_text(site, open_page):
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    site.dialogue.replies = [Reply(attack, buttons=(Button(attack, attack),), sources=ANSWER.sources)]
    page = await open_page(site.url)
    await ask(page, attack)
    assert attack in await answer_of(page)
    assert await page.locator("#log img, #log script").count() == 0


async def test_keyboard_alone_is_enough(site, open_page):
    page = await open_page(site.url)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "直接去提问"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    for _ in range(3):
        if await page.evaluate("document.activeElement.id") == "question":
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("老人")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("怎么参保")
    await page.keyboard.press("Enter")
    await answer_of(page)
    assert site.dialogue.asked[0][1] == "老人\n怎么参保"
    assert await page.evaluate("document.activeElement.id") == "question"
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


async def test_screen_readers_are_told_of_answers(site, open_page):
    page = await open_page(site.url)
    tree = await page.locator("body").aria_snapshot()
    for role in ('log "对话"', 'textbox "您想问的医保问题"', 'button "发送"', 'heading "医保热线 12393" [level=1]'):
        assert role in tree
    assert await page.get_attribute("#log", "aria-live") == "polite"


async def test_large_print_is_large_and_remembered(site, open_page):
    page = await open_page(site.url, PHONE)
    assert (await page.evaluate(MEASURE))["body_px"] == 19
    await page.click("#print-size")
    assert await page.get_attribute("#print-size", "aria-pressed") == "true"
    await page.reload()
    assert (await page.evaluate(MEASURE))["body_px"] == 26
    await page.click("#print-size")
    await page.reload()
    assert (await page.evaluate(MEASURE))["body_px"] == 19


@pytest.mark.parametrize("size", [PHONE, DESKTOP, (320, 568)])
@pytest.mark.parametrize("is_large", [False, True])
async def test_everything_can_be_read_and_hit(site, open_page, size, is_large):
    page = await open_page(
        site.url, size, before=f"localStorage.setItem('print-size', {json.dumps(is_large)} ? 'large' : 'normal')"
    )
    await ask(page, "备案")
    await answer_of(page)
    await page.evaluate(
        """document.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
           document.getElementById("call-state").textContent = "正在听，请说话";"""
    )
    measured = await page.evaluate(MEASURE)
    assert measured["smallest_text_px"] >= (26 if is_large else 18)
    assert measured["lowest_contrast"]["ratio"] >= 4.5, measured["lowest_contrast"]
    assert measured["smallest_target"]["px"] >= (60 if is_large else 44), measured["smallest_target"]
    assert round(measured["smallest_line_height"], 3) >= 1.5
    assert measured["overflow_px"] == 0


async def test_without_javascript_it_says_what_it_is_and_whom_to_call(site, open_page):
    page = await open_page(site.url, PHONE, javascript=False)
    seen = await page.inner_text("body")
    assert "济宁市医疗保障局" in seen
    assert "需要较新的浏览器并打开 JavaScript" in seen
    assert await page.locator("a[href='tel:12393']:visible").count() == 2
    assert await page.locator("#question:visible, #call:visible, #quick:visible").count() == 0


async def test_a_lost_network_is_said_and_can_be_tried_again(site, open_page):
    page = await open_page(site.url)
    # Answering here, not cutting the line: a refused connection would be noted in the console, and rightly so.
    await page.evaluate("() => { window.reallyFetch = fetch; window.fetch = () => Promise.reject(new TypeError()); }")
    await ask(page, "备案")
    await page.wait_for_selector(".message.trouble")
    assert "请检查网络" in await page.inner_text(".message.trouble")
    await page.evaluate("() => { window.fetch = window.reallyFetch; }")
    await page.click(".message.trouble button")
    await answer_of(page)
    assert await page.locator(".message.trouble").count() == 0


async def test_while_it_is_looking_the_page_says_so(site, open_page):
    page = await open_page(site.url)
    await page.route("**/webhooks/**", lambda route: page.wait_for_timeout(300))
    await ask(page, "备案")
    assert "正在查文件" in await page.inner_text("#waiting")
    await page.unroute_all(behavior="ignoreErrors")


async def test_the_first_load_is_light(site, open_page):
    started = time.monotonic()
    page = await open_page(site.url)
    loaded = await page.evaluate(
        """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
           .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    assert 10_000 < loaded < 200_000
    assert time.monotonic() - started < 15


def test_the_scripted_answer_has_all_that_a_reply_can_show():
    assert all(asdict(ANSWER)[name] for name in ("text", "spoken", "sources", "buttons"))
