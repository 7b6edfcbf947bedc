"""The page as a person meets it: typed questions, large print, keyboard only, no JavaScript, a lost network."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.async_api import expect

from base.messages import Button, Link, Reply
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


async def test_each_tab_is_a_conversation_of_its_own(site, open_page):
    for _ in range(2):
        page = await open_page(site.url)
        await ask(page, "备案")
        await answer_of(page)
    first, second = (conversation_id for conversation_id, *_ in site.dialogue.asked)
    assert first != second


async def test_the_conversation_is_there_again_after_looking_elsewhere(site, open_page):
    """A phone that fetched a code from another app, or looked at a guide, loads the page anew."""
    page = await open_page(site.url, PHONE)
    await ask(page, "我的身份证是370811195506150023")
    await answer_of(page)
    await page.fill("#question", "那要几天")
    await page.click("nav.pages >> text=提问")
    assert "承诺一下就能备案" in await answer_of(page)
    assert "370****0023" in await page.inner_text(".message.citizen"), "as it is kept: without the number"
    assert await page.input_value("#question") == "那要几天", "what she was writing, too"
    await expect(page.locator(".message.assistant").last).to_be_in_viewport()
    await page.click(".message .choice:has-text('怎么备案')")
    await page.wait_for_selector(".message.assistant .sources >> nth=1")
    assert [text for _, text, *_ in site.dialogue.asked][1] == "异地就医怎么备案"
    assert len({conversation_id for conversation_id, *_ in site.dialogue.asked}) == 1
    await page.reload()
    await page.wait_for_selector(".message.assistant .sources >> nth=1")
    assert await page.locator(".message.citizen").count() == 2


async def test_a_conversation_can_be_cleared_but_not_by_mistake(site, open_page):
    page = await open_page(site.url, PHONE)
    assert await page.locator("#anew").is_hidden()
    await ask(page, "备案")
    await answer_of(page)
    await page.click("#anew")
    assert "再按一次" in await page.inner_text("#anew")
    await ask(page, "备案")
    await page.wait_for_selector(".message.assistant .sources >> nth=1")
    await expect(page.locator("#anew")).to_have_text("清除对话，重新开始")
    await page.click("#anew")
    await page.click("#anew")
    await expect(page.locator(".message.citizen")).to_have_count(0)
    await ask(page, "备案")
    await answer_of(page)
    assert len({conversation_id for conversation_id, *_ in site.dialogue.asked}) == 2


async def test_a_question_whose_answer_got_lost_is_answered_and_not_asked_twice(site, open_page):
    page = await open_page(site.url, PHONE)
    await page.evaluate(
        """() => { window.reallyFetch = fetch;
                   window.fetch = async (...all) => { await window.reallyFetch(...all); throw new TypeError(); }; }"""
    )
    await ask(page, "查办理进度")
    await page.wait_for_selector(".message.trouble")
    await page.reload()
    await expect(page.locator(".message.trouble")).to_contain_text("还没有收到回答")
    await expect(page.locator(".message.trouble")).to_be_in_viewport()
    await page.click(".message.trouble button")
    await answer_of(page)
    assert [text for _, text, *_ in site.dialogue.asked] == ["查办理进度"]
    await page.reload()
    await answer_of(page)
    assert await page.locator(".message.trouble").count() == 0


async def test_send_pressed_twice_sends_once(site, open_page):
    page = await open_page(site.url, PHONE)
    await page.fill("#question", "备案")
    await page.dblclick("#send")
    await answer_of(page)
    await page.wait_for_timeout(200)
    assert len(site.dialogue.asked) == 1


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
    await ask(page, "备案")
    await answer_of(page)
    await page.click("text=长辈版")
    assert await page.get_attribute("text=长辈版", "aria-current") == "true"
    assert await page.locator(".message.citizen").count() == 1, "the conversation is still there"
    await page.reload()
    assert (await page.evaluate(MEASURE))["body_px"] == 26
    await page.click("text=高对比")
    await page.reload()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    await page.click("text=标准")
    await page.reload()
    assert (await page.evaluate(MEASURE))["body_px"] == 19


@pytest.mark.parametrize("size", [PHONE, DESKTOP, (320, 568)])
@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
async def test_everything_can_be_read_and_hit(site, open_page, size, view):
    page = await open_page(site.url, size, before=f"localStorage.setItem('view', {json.dumps(view)})")
    is_large = view != "normal"
    await ask(page, "备案")
    await answer_of(page)
    await page.evaluate(
        """document.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
           document.getElementById("call-state").textContent = "正在听，请说话";"""
    )
    measured = await page.evaluate(MEASURE)
    assert measured["smallest_text_px"] >= (26 if is_large else 18)
    assert measured["largest_text_px"] <= 30
    assert measured["lowest_contrast"]["ratio"] >= 4.5, measured["lowest_contrast"]
    assert measured["smallest_target"]["px"] >= (60 if is_large else 44), measured["smallest_target"]
    assert round(measured["smallest_line_height"], 3) >= 1.4
    assert measured["overflow_px"] == 0


async def test_without_javascript_it_says_what_it_is_and_whom_to_call(site, open_page):
    page = await open_page(site.url, PHONE, javascript=False)
    seen = await page.inner_text("body")
    assert "济宁市医疗保障局" in seen
    assert "可以打字提问，不能在网页里说话" in seen
    assert await page.locator("a[href='tel:12393']:visible").count() == 2
    assert await page.locator("#call:visible").count() == 0


async def test_without_javascript_questions_are_answered_all_the_same(site, open_page):
    page = await open_page(site.url, PHONE, javascript=False)
    await page.fill("#question", "俺在北京跟着闺女住")
    await page.click("#send")
    assert "承诺一下就能备案" in await page.inner_text("#log")
    await page.click(".message .choice:has-text('怎么备案')")
    assert [text for _, text, *_ in site.dialogue.asked] == ["俺在北京跟着闺女住", "异地就医怎么备案"]
    assert len({conversation_id for conversation_id, *_ in site.dialogue.asked}) == 1


async def test_without_javascript_the_answer_is_in_view_and_still_there_on_the_way_back(site, open_page):
    page = await open_page(site.url, PHONE, javascript=False)
    await page.fill("#question", "俺在北京跟着闺女住")
    await page.click("#send")
    await expect(page.locator("#newest")).to_be_in_viewport()
    await page.click("nav.pages >> text=提问")
    await page.go_back()
    assert "承诺一下就能备案" in await page.inner_text("#log"), "and no question whether to send the form again"
    assert len(site.dialogue.asked) == 1


async def test_a_lost_network_is_said_and_can_be_tried_again(site, open_page):
    page = await open_page(site.url)
    # Answering here, not cutting the line: a refused connection would be noted in the console, and rightly so.
    await page.evaluate("() => { window.reallyFetch = fetch; window.fetch = () => Promise.reject(new TypeError()); }")
    await ask(page, "备案")
    await page.wait_for_selector(".message.trouble")
    assert "看看手机有没有网" in await page.inner_text(".message.trouble")
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
    page = await open_page(site.url)
    loaded = await page.evaluate(
        """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
           .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    assert 10_000 < loaded < 200_000


def test_the_scripted_answer_has_all_that_a_reply_can_show():
    assert all(asdict(ANSWER)[name] for name in ("text", "spoken", "sources", "buttons"))


async def test_each_danger_has_its_own_number_to_press(site, open_page):
    site.dialogue.replies = [Reply("请马上拨打110！有人受伤，拨打120！", emergency=True, dial=("110", "120"))]
    page = await open_page(site.url, (360, 640))
    await ask(page, "有人抢劫")
    for number in ("110", "120"):
        await expect(page.get_by_role("link", name=f"拨打 {number}")).to_have_attribute("href", f"tel:{number}")
    await page.reload()
    await expect(page.locator(".dial")).to_have_count(2)


UPLOAD = "https://yibao.example/upload/Zz9-_x1234567890"


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
async def test_in_danger_120_is_one_press_away(site, open_page, view):
    site.dialogue.replies = [Reply("请立即拨打120！身边不要离开人，听120的医生指挥。", emergency=True)]
    page = await open_page(f"{site.url}?view={view}", (360, 640))
    await ask(page, "老头子晕倒了")
    dial = page.get_by_role("link", name="拨打 120")
    await expect(dial).to_have_attribute("href", "tel:120")
    await expect(dial).to_be_in_viewport(ratio=1)
    box, log = await dial.bounding_box(), await page.locator(".message.assistant .text").last.bounding_box()
    assert box["width"] >= log["width"] - 2, "as wide as the message"
    assert box["height"] >= 60
    colour = await dial.evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(173, 33, 24)"
    await page.reload()
    await expect(page.get_by_role("link", name="拨打 120")).to_have_count(1)


async def test_the_link_of_a_receipt_is_a_button_now_and_after_a_reload(site, open_page):
    site.dialogue.replies = [
        Reply(f"登记好了。材料照片请在这里交：{UPLOAD}（两周内有效）。", links=(Link("交材料照片", UPLOAD),))
    ]
    page = await open_page(site.url, PHONE)
    await ask(page, "同意")
    for _ in range(2):
        button = page.get_by_role("link", name="交材料照片")
        await expect(button).to_have_attribute("href", UPLOAD)
        assert (await button.bounding_box())["height"] >= 48
        assert UPLOAD not in await page.inner_text(".message.assistant:last-of-type")
        await page.reload()


async def test_the_print_that_was_chosen_last_holds_on_the_way_back(site, open_page):
    """The address that had chosen 长辈版 won over the choice made after it."""
    page = await open_page(f"{site.url}?view=elder", PHONE)
    await page.click("[data-view=normal]")
    await page.click("text=您的信息怎么用")
    await expect(page.locator("h1")).to_have_text("您的信息怎么用")
    await page.go_back()
    await expect(page.locator("html")).to_have_class("normal script")
    await expect(page.locator("[data-view=normal]")).to_have_attribute("aria-current", "true")
