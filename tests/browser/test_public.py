"""Every public page in every print: what a checker finds, what can be measured, and what a person does there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, expect

import staff.models  # noqa: F401  # tables
from base.messages import Button, Reply, Source
from knowledge.public.points import NewPoint, ServicePoints
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.connectors.web.reading import Reader, reader
from tests.connectors.web.scripted import Written
from tests.guard import GUARD_SECONDS
from tests.knowledge.office import copied, seeded

pytestmark = pytest.mark.browser

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
CLAUSE, DOCUMENT = "jining-yb-2023-25.m08", "jining-yb-2023-25"
QUOTE = "备案有效期内可在就医地多次就诊并享受跨省异地就医直接结算服务。"
CITED = Reply(
    f"{QUOTE}\n（依据：济医保字〔2023〕25号 第8条，2023年）",
    spoken="备案长期有效。有效期内能多次就诊。",
    sources=(Source("济医保字〔2023〕25号", "第8条", "关于优化医疗保障服务的通知", DOCUMENT, CLAUSE, (QUOTE,)),),
)
# Counts the frames that the microphone has given the page.
FRAMES = """(() => {
  window.frames_heard = 0;
  const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    ...own,
    set(listener) {
      own.set.call(this, (event) => { window.frames_heard += "frame" in event.data; listener(event); });
    },
  });
})();"""
PAGES = (
    *("/", "/guides", "/guides?q=没有的", "/guides/enroll-resident", "/guides/nothing", "/documents"),
    *("/nothing", "/speech/nothing"),
    *(f"/documents/{DOCUMENT}?clause={CLAUSE}&mark={QUOTE}", "/documents/jining-ybzx-2021-1", "/points"),
)


@dataclass
class Open:
    """The site, and its address."""

    site: Reader
    url: str


@pytest.fixture(scope="module")
def template() -> Path:
    return seeded()


@pytest.fixture
async def public(template: Path, tmp_path: Path) -> AsyncIterator[Open]:
    async with reader(copied(template, tmp_path / "public.db")) as site:
        site.dialogue.replies = [CITED]
        yield Open(site, f"http://127.0.0.1:{site.client.port}")


async def findings(page: Page) -> list[tuple[str, str]]:
    """What axe-core holds against the page as it is now."""
    found: dict[str, Any] = await Axe().run(page)
    return [(one["id"], node["html"][:120]) for one in found["violations"] for node in one["nodes"]]


async def ask(page: Page, text: str) -> None:
    await page.fill("#question", text)
    await page.press("#question", "Enter")
    await page.wait_for_selector(".message.assistant .sources")


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_every_page_passes_axe_and_can_be_read_and_hit(
    public: Open, open_page: OpenPage, view: str, size: tuple[int, int]
) -> None:
    await ServicePoints(public.site.database).add(
        NewPoint("太平镇医保服务站", "邹城市", "太平镇", "0537-5551234", "周一到周五"), who="bianji"
    )
    page = await open_page(f"{public.url}/?view={view}", size, expected="status of 404")
    is_large = view != "normal"
    for path in PAGES:
        await page.goto(public.url + path)
        if path == "/":
            await ask(page, "备案")
        assert await findings(page) == [], path
        measured = await page.evaluate(MEASURE)
        assert measured["smallest_text_px"] >= (26 if is_large else 18), (path, measured)
        assert measured["largest_text_px"] <= 30, (path, measured)
        assert measured["lowest_contrast"]["ratio"] >= 4.5, (path, measured)
        assert measured["smallest_target"]["px"] >= (60 if is_large else 44), (path, measured)
        assert round(measured["smallest_line_height"], 3) >= 1.4, (path, measured)
        assert measured["overflow_px"] == 0, (path, measured)
        loaded = await page.evaluate(
            """performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
               .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
        )
        assert loaded < 200_000, path


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
async def test_trouble_a_person_and_a_call_pass_too(public: Open, open_page: OpenPage, view: str) -> None:
    """What is not on the page at first: a refused microphone, the keypad, what staff wrote, a lost answer."""
    public.site.staff.said = [
        Written(3, Reply("请评价：https://yibao.example/rating/GD1-ab", buttons=(Button("好", "好"),)))
    ]
    page = await open_page(f"{public.url}/?view={view}", (360, 640))
    await ask(page, "备案")
    await page.wait_for_selector(".message.person")
    await page.click("#call")
    await page.wait_for_selector(".message.trouble")
    await page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    await page.fill("#question", "备案")
    await page.click("#send")
    await expect(page.get_by_role("button", name="再试一次")).to_be_visible()
    await page.evaluate("document.querySelectorAll('#call-panel, #keypad').forEach((part) => { part.hidden = false; })")
    assert await findings(page) == []
    measured = await page.evaluate(MEASURE)
    assert measured["lowest_contrast"]["ratio"] >= 4.5, measured
    assert measured["smallest_target"]["px"] >= (44 if view == "normal" else 60), measured
    assert measured["overflow_px"] == 0, measured


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
async def test_what_to_press_first_is_in_view_on_a_small_phone(public: Open, open_page: OpenPage, view: str) -> None:
    page = await open_page(f"{public.url}/?view={view}", (360, 640))
    button = await page.locator("#call").bounding_box()
    composer = await page.locator("#composer").bounding_box()
    assert button
    assert composer
    assert button["y"] + button["height"] <= composer["y"], "and nothing lies over it"


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_the_greeting_the_box_and_what_can_be_done_are_in_the_first_view(
    public: Open, open_page: OpenPage, view: str, size: tuple[int, int]
) -> None:
    page = await open_page(f"{public.url}/?view={view}", size)
    composer = await page.locator("#composer").bounding_box()
    assert composer
    assert composer["y"] + composer["height"] <= size[1]
    for what in (page.get_by_text("您好，我是").locator("visible=true").first, page.locator(".ask strong").first):
        box = await what.bounding_box()
        assert box
        lies_under = size == PHONE  # on a desktop the box stands beside it
        assert box["y"] + box["height"] <= (composer["y"] if lies_under else size[1])


FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const box = at.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const ring = getComputedStyle(at);
  return {
    what: at.id || at.textContent.trim().slice(0, 20),
    isSeen: !!seen && (at.contains(seen) || seen.contains(at)),
    hasRing: ring.outlineStyle === "solid" && parseFloat(ring.outlineWidth) >= 3,
  };
}"""


@pytest.mark.parametrize("path", ["/", "/guides", "/guides/enroll-resident", "/points", f"/documents/{DOCUMENT}"])
async def test_with_the_keyboard_one_always_sees_where_one_is(public: Open, open_page: OpenPage, path: str) -> None:
    """On the smallest screen with the largest print: nothing that lies above the page hides what has the focus."""
    page = await open_page(f"{public.url}{path}?view=elder", (360, 640))
    if path == "/":
        await ask(page, "备案")
        await page.reload()
        await page.wait_for_selector(".message.assistant .sources")
    stops = []
    for _ in range(60):
        await page.keyboard.press("Tab")
        at = await page.evaluate(FOCUSED)
        if at is None:
            break
        stops.append(at["what"])
        assert at["isSeen"], stops
        assert at["hasRing"], stops
    assert len(stops) > 8


async def test_twice_as_large_nothing_is_lost(public: Open, open_page: OpenPage) -> None:
    """Zoom of 200 % on a phone with large print: half the pixels in either direction."""
    page = await open_page(f"{public.url}/?view=elder", (180, 320), expected="status of 404")
    for path in PAGES:
        await page.goto(public.url + path)
        assert (await page.evaluate(MEASURE))["overflow_px"] == 0, path


async def test_a_guide_is_printed_without_what_is_to_be_pressed(public: Open, open_page: OpenPage) -> None:
    page = await open_page(f"{public.url}/guides/enroll-resident?view=contrast", DESKTOP)
    await page.emulate_media(media="print")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    for shown, what in ((False, ".views"), (False, "nav.pages"), (False, ".listen"), (True, "h1"), (True, ".origin")):
        await expect(page.locator(what).first).to_be_visible(visible=shown)
    await expect(page.get_by_text("打电话 12393")).to_be_visible()


async def test_an_answer_leads_to_the_sentence_it_stands_on(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE)
    await ask(page, "备案")
    async with page.context.expect_page() as opening:
        await page.click(".sources a")
    document = await opening.value
    await document.wait_for_load_state()
    assert await document.inner_text("mark") == QUOTE
    await expect(document.locator("mark")).to_be_in_viewport()
    await expect(document.locator(".clause.opened")).to_be_focused()
    assert await page.locator(".message.citizen").count() == 1, "the conversation stays where it was"


@pytest.mark.parametrize("path", PAGES[1:])
async def test_what_is_read_needs_no_javascript(public: Open, open_page: OpenPage, path: str) -> None:
    page = await open_page(public.url + path, PHONE, javascript=False, expected="status of 404")
    if "mark=" in path:
        await expect(page.locator("mark")).to_have_text(QUOTE)
    assert await page.locator("main").inner_text() != ""
    await page.click("text=长辈版")
    await expect(page.locator("html")).to_have_class("elder")
    await page.click("nav.pages >> text=办事指南")
    await expect(page.locator("html")).to_have_class("elder")


async def test_an_answer_is_read_aloud_and_stopped(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE)
    await ask(page, "备案")
    button = page.locator(".message .listen")
    await button.click()
    await expect(button).to_have_text("停")
    await expect(button).to_have_text("念给我听")
    assert public.site.voice.said == ["备案长期有效。", "有效期内能多次就诊。"]
    await button.click()
    await expect(button).to_have_text("停")
    await button.click()
    await expect(button).to_have_text("念给我听")


async def test_a_voice_that_fails_is_said_on_the_button(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE)
    await ask(page, "备案")
    public.site.voice.is_broken = True
    # Answering here: the browser would note the refusal in the console, and rightly so.
    await page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    await page.click(".message .listen")
    await expect(page.locator(".message .listen")).to_have_text("现在念不出声，请看屏幕")


async def test_a_question_can_be_spoken_into_the_box(public: Open, open_page: OpenPage, spoken_wav: Path) -> None:
    page = await open_page(public.url, PHONE, microphone=spoken_wav, before=FRAMES)
    await page.click("#dictate")
    await expect(page.locator("#waiting")).to_contain_text("正在听，请说话")
    heard = await page.evaluate("window.frames_heard")
    async with asyncio.timeout(GUARD_SECONDS):
        while await page.evaluate("window.frames_heard") < heard + 30:
            await asyncio.sleep(0.05)
    await page.click("#dictate:has-text('说完了')")
    await expect(page.locator("#question")).to_have_value("俺在北京看病，用不用备案")
    assert public.site.recogniser.fed > 16_000
    assert public.site.dialogue.asked == [], "it is looked at before it is sent"
    await expect(page.locator("#question")).to_be_focused()


async def test_a_refused_microphone_is_said(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE)
    await page.click("#dictate")
    await expect(page.locator(".message.trouble")).to_contain_text("麦克风")
    await expect(page.locator("#dictate")).to_have_text("语音")


async def test_big_buttons_ask_in_the_conversation(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE)
    await page.click(".ask:has-text('查进度')")
    await page.wait_for_selector(".sources")
    await page.click(".ask:has-text('投诉建议')")
    await page.wait_for_selector(".sources >> nth=1")
    assert [text for _, text, *_ in public.site.dialogue.asked] == ["查办理进度", "我要投诉"]
    assert page.url.rstrip("/") == public.url


async def test_a_guide_leads_into_the_conversation(public: Open, open_page: OpenPage) -> None:
    page = await open_page(f"{public.url}/guides/enroll-resident", PHONE)
    await page.click("text=问这件事怎么办")
    await expect(page.locator(".message.assistant").last).to_contain_text(QUOTE)
    await page.go_back()
    await page.click("text=请工作人员帮办")
    await expect(page.locator(".message.assistant .sources")).to_have_count(2)
    assert [text for _, text, *_ in public.site.dialogue.asked] == ["城乡居民参保登记怎么办理", "转人工"]
    conversations = {conversation for conversation, *_ in public.site.dialogue.asked}
    assert len(conversations) == 1, "it is one conversation"
    await page.reload()
    await expect(page.locator(".message.assistant .sources")).to_have_count(2)
    assert len(public.site.dialogue.asked) == 2


async def test_without_javascript_send_pressed_twice_sends_once(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE, javascript=False)
    await page.fill("#question", "备案")
    await page.dblclick("#send")
    await page.wait_for_selector("#newest")
    await page.wait_for_timeout(500)
    assert len(public.site.dialogue.asked) == 1
    assert await page.locator(".message.assistant .sources").count() == 1


async def test_a_conversation_that_began_without_scripts_goes_on_with_them(public: Open, open_page: OpenPage) -> None:
    """On a slow line she presses before the scripts are there."""
    page = await open_page(public.url, PHONE)
    await page.locator("#question").evaluate("box => { box.value = '备案'; box.form.submit(); }")
    await expect(page.locator("#newest")).to_contain_text(QUOTE)
    await ask(page, "那要几天")
    await page.goto(public.url)
    await expect(page.locator(".message.assistant .sources")).to_have_count(2)
    assert [text for _, text, *_ in public.site.dialogue.asked] == ["备案", "那要几天"]
    assert len({conversation for conversation, *_ in public.site.dialogue.asked}) == 1


async def test_a_long_text_pasted_into_the_form_is_refused_in_words(public: Open, open_page: OpenPage) -> None:
    page = await open_page(public.url, PHONE, javascript=False, expected="status of 413")
    await page.locator("#question").evaluate("box => { box.maxLength = 2e6; box.value = '备'.repeat(350000); }")
    async with page.expect_navigation():
        await page.click("#send")
    assert "请用一两句话说说您想问的" in await page.inner_text("#newest")
