"""The staff's pages in a real Chromium: two people, a Word file, a PDF, and what citizens are told then."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import docx
import pytest
from playwright.async_api import Page, expect

import staff.models  # noqa: F401  # tables
from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.connectors.console.knowledge.test_upload import NOTICE
from tests.connectors.console.office import PASSWORD, Office, office
from tests.guard import GUARD_SECONDS
from tests.knowledge.office import make_template, remembering_encoder

pytestmark = [pytest.mark.browser, pytest.mark.engine]

NARROW = (800, 1000)
QUESTION = "石榴红卡怎么领"
WORDINGS = "石榴红卡怎么领\n石榴红卡在哪里办\n俺想领石榴红卡\n石榴红卡要带啥\n怎么申请石榴红卡"
CARD = (
    "济宁市医疗保障局文件",
    "济医保发〔2026〕12号",
    "济宁市医疗保障局关于发放石榴红卡的通知",
    "各县（市、区）医疗保障局：",
    "为方便群众，现就有关事项通知如下：",
    "一、发放对象。年满七十周岁的参保人员，可以领取石榴红卡。",
    "二、领取方式。石榴红卡凭身份证到镇街医保服务站领取，5个工作日内办结。",
    "济宁市医疗保障局",
    "2026年11月20日",
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Office]:
    """The console with the assistant that citizens are answered by."""
    file = await make_template(tmp_path)
    database, encoder = Database(f"sqlite+aiosqlite:///{file}"), remembering_encoder()
    assistant = Assistant(database, encoder=encoder)
    await assistant.refresh()
    async with office(file, assistant) as opened:
        yield opened
    await assistant.aclose()
    await database.aclose()


async def test_a_word_file_becomes_an_answer_within_seconds_and_goes_again(
    desk: Office, open_page: OpenPage, tmp_path: Path
) -> None:
    editor = await logged_in(desk, open_page, "bianji")
    reviewer = await logged_in(desk, open_page, "shenhe")

    await upload(editor, word_file(tmp_path, CARD))
    await expect(editor.get_by_text("完整性检查：原文的每个字都在")).to_be_visible()
    await expect(editor.locator(".original mark.deadline").first).to_contain_text("5个工作日")
    await editor.get_by_label("标题", exact=True).fill("济宁市医疗保障局关于发放石榴红卡的通知（试行）")
    await editor.get_by_role("button", name="保存并提交审核").click()
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()
    await approve(reviewer, "（试行）")

    await write_faq(editor)
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()
    await approve(reviewer, "石榴红卡怎么领")
    answer = await answered(desk, "石榴红卡")
    assert "服务站" in answer.text
    assert answer.sources[0].doc_no == "济医保发〔2026〕12号"

    await try_out(editor)
    await expect(editor.locator(".quote").first).to_contain_text("济医保发〔2026〕12号")

    await change_answer(editor, "带上身份证，到镇街医保服务站，当天就能领石榴红卡。")
    await approve(reviewer, "石榴红卡怎么领")
    await spoken(desk, "当天就能领")
    await editor.get_by_role("link", name="试答").click()
    await editor.get_by_role("button", name="全部再试一遍").click()
    await expect(editor.get_by_text("这 1 个测试问题的答复变了")).to_be_visible()

    await roll_back(editor)
    await approve(reviewer, "石榴红卡怎么领")
    await spoken(desk, "凭身份证到镇街医保服务站领")


async def test_a_pdf_is_corrected_with_the_buttons_beside_its_clauses(
    desk: Office, open_page: OpenPage, tmp_path: Path
) -> None:
    editor = await logged_in(desk, open_page, "bianji", NARROW)
    await upload(editor, await pdf_file(open_page, tmp_path, NOTICE))
    clauses = editor.locator("li.clause")
    before = await clauses.count()
    await clauses.nth(1).get_by_role("button", name="并入上一条").click()
    await expect(clauses).to_have_count(before - 1)
    box = clauses.first.locator("textarea")
    await box.evaluate("box => box.setSelectionRange(10, 10)")
    await clauses.first.get_by_role("button", name="在光标处分成两条").click()
    await expect(clauses).to_have_count(before)
    await clauses.last.get_by_label("正文").fill("打错了的字")
    await editor.get_by_role("button", name="再检查一遍").click()
    await expect(editor.get_by_text("原文有、条款里没有")).to_be_visible()
    await expect(editor.locator(".original mark.lost").first).to_be_visible()
    await editor.get_by_role("button", name="只保存草稿").click()
    await expect(editor.get_by_text("请勾选确认")).to_be_visible()
    await editor.get_by_text("我已对照原文核对").click()
    await editor.get_by_role("button", name="只保存草稿").click()
    await expect(editor.get_by_text("文件和条款已存为草稿")).to_be_visible()


async def test_a_file_that_is_none_is_refused_beside_the_field(
    desk: Office, open_page: OpenPage, tmp_path: Path
) -> None:
    editor = await logged_in(desk, open_page, "bianji")
    path = tmp_path / "通知.txt"
    path.write_bytes(b" ")
    await editor.get_by_role("link", name="文件", exact=True).first.click()
    await editor.get_by_role("link", name="上传文件").click()
    await editor.get_by_label("政策文件").set_input_files(path)
    await editor.get_by_role("button", name="上传并识别").click()
    await expect(editor.get_by_text("文件里没有文字")).to_be_visible()


async def test_the_search_box_narrows_the_list_while_typing(desk: Office, open_page: OpenPage) -> None:
    editor = await logged_in(desk, open_page, "bianji")
    await editor.get_by_role("link", name="问答", exact=True).first.click()
    await editor.get_by_label("查找").press_sequentially("小程序 备案")
    await expect(editor.get_by_role("link", name="异地就医备案在手机上哪里办")).to_be_visible()
    assert await editor.get_by_role("row").count() < 20


async def test_what_is_being_typed_outlives_the_session(desk: Office, open_page: OpenPage) -> None:
    """A search for a clause after half an hour led to the login page, and everything typed was gone."""
    editor = await logged_in(desk, open_page, "bianji", expected="401")
    await editor.get_by_role("link", name="问答", exact=True).first.click()
    await editor.get_by_role("link", name="新建问答").click()
    await editor.get_by_label("问题", exact=True).fill("备案问一问")
    await editor.get_by_label("群众的各种问法").fill("备案问一问")
    await editor.get_by_label("电话里怎么说").fill("要备案。")
    await quote(editor, "申请办理异地就医备案手续")
    await desk.accounts.set_password("bianji", PASSWORD, by="test")  # ends the session
    told = asyncio.get_running_loop().create_future()
    editor.once("dialog", lambda dialog: (told.set_result(dialog.message), asyncio.ensure_future(dialog.accept())))
    await editor.get_by_label("找条款").press_sequentially("转诊")
    assert "登录已过期" in await asyncio.wait_for(told, 10)
    await expect(editor.get_by_label("问题", exact=True)).to_have_value("备案问一问")

    second = await editor.context.new_page()
    await log_in(desk, second, "bianji")
    await second.close()
    await editor.get_by_role("button", name="只保存草稿").click()
    await expect(editor.get_by_text("刚才填写的内容还在")).to_be_visible()
    await editor.get_by_role("button", name="接着保存").click()
    await expect(editor.get_by_text("已保存为草稿")).to_be_visible()
    await expect(editor.get_by_role("heading", name="备案问一问")).to_be_visible()


async def test_two_quick_clicks_save_once(desk: Office, open_page: OpenPage) -> None:
    editor = await logged_in(desk, open_page, "bianji")
    await editor.get_by_role("link", name="同义词", exact=True).first.click()
    await editor.get_by_role("link", name="新建同义词").click()
    await editor.get_by_label("统一说法").fill("银龄卡")
    await editor.get_by_label("群众的说法").fill("老年卡片")
    await editor.get_by_role("button", name="保存并提交审核").dblclick()
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()
    await editor.get_by_role("link", name="同义词", exact=True).first.click()
    await editor.get_by_label("查找").fill("银龄卡")
    await expect(editor.get_by_text("共 1 条")).to_be_visible()


async def test_a_guide_stands_on_a_clause_that_was_looked_for(desk: Office, open_page: OpenPage) -> None:
    editor = await logged_in(desk, open_page, "bianji")
    await editor.goto(str(desk.server.make_url("/console/guides/site-complaint/edit")))
    await editor.get_by_role("button", name="填写服务对象").click()
    row = editor.locator("#service_target-rows li.source")
    await row.get_by_label("内容").fill("参保群众")
    await row.get_by_label("适用地区").select_option(label="邹城市")
    await row.get_by_label("找条款").press_sequentially("规范投诉处理")
    await row.get_by_role("button", name="用这条").first.click()
    await expect(row.get_by_text("zoucheng-zb-2021-39.std-11：")).to_be_visible()
    await editor.get_by_role("button", name="保存并提交审核").click()
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()


async def test_lists_can_be_read_on_a_phone(desk: Office, open_page: OpenPage) -> None:
    """Titles stood in a column of two characters."""
    editor = await logged_in(desk, open_page, "bianji", PHONE)
    for path in ("/documents", "/clauses", "/faq", "/guides", "/facts", "/synonyms", "/hit-test"):
        await editor.goto(str(desk.server.make_url("/console" + path)))
        assert not await editor.evaluate("document.documentElement.scrollWidth > innerWidth + 1"), path
        if await (titles := editor.locator("tbody td a")).count():
            box = await titles.first.bounding_box()
            assert box
            assert box["height"] < PHONE[1] / 5, path


async def logged_in(
    desk: Office, open_page: OpenPage, username: str, size: tuple[int, int] = DESKTOP, expected: str = ""
) -> Page:
    page = await open_page("about:blank", size, expected=expected)
    await log_in(desk, page, username)
    return page


async def log_in(desk: Office, page: Page, username: str) -> None:
    await page.goto(str(desk.server.make_url("/console/login")))
    await page.get_by_label("账号").fill(username)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("您好")).to_be_visible()


async def upload(page: Page, path: Path) -> None:
    await page.get_by_role("link", name="文件", exact=True).first.click()
    await page.get_by_role("link", name="上传文件").click()
    await page.get_by_label("政策文件").set_input_files(path)
    await page.get_by_role("button", name="上传并识别").click()
    await expect(page.get_by_role("heading", name="核对识别结果")).to_be_visible()


async def write_faq(page: Page) -> None:
    await page.get_by_role("link", name="问答", exact=True).first.click()
    await page.get_by_role("link", name="新建问答").click()
    await page.get_by_label("问题", exact=True).fill(QUESTION)
    await page.get_by_label("群众的各种问法").fill(WORDINGS)
    await page.get_by_label("电话里怎么说").fill("石榴红卡凭身份证到镇街医保服务站领。")
    await quote(page, "石榴红卡凭身份证")
    await page.get_by_role("button", name="保存并提交审核").click()


async def quote(page: Page, words: str) -> None:
    await page.get_by_label("找条款").press_sequentially(words)
    await page.get_by_role("button", name="引用这句").last.click()
    await expect(page.get_by_label("引用的原文")).to_be_visible()


async def change_answer(page: Page, spoken: str) -> None:
    await open_faq(page)
    await page.get_by_role("link", name="修改", exact=True).click()
    await page.get_by_label("电话里怎么说").fill(spoken)
    await page.get_by_role("button", name="保存并提交审核").click()
    await expect(page.get_by_text("等另一位同事审核")).to_be_visible()


async def roll_back(page: Page) -> None:
    await open_faq(page)
    await page.get_by_role("link", name="历史和恢复").click()
    await page.get_by_role("button", name="恢复到这一版").last.click()
    await page.get_by_role("button", name="提交审核").click()
    await expect(page.get_by_text("等另一位同事审核")).to_be_visible()


async def open_faq(page: Page) -> None:
    await page.get_by_role("link", name="问答", exact=True).first.click()
    await page.get_by_role("link", name=QUESTION).click()


async def approve(page: Page, title: str) -> None:
    await page.get_by_role("link", name="审核", exact=True).first.click()
    await page.locator("table").get_by_role("link", name=title).click()
    await page.get_by_role("button", name="同意并发布").click()
    await expect(page.get_by_text("已通过并发布")).to_be_visible()


async def try_out(page: Page) -> None:
    await page.get_by_role("link", name="试答").click()
    await page.get_by_label("群众可能怎么问").fill(QUESTION)
    await page.get_by_role("button", name="试一试").click()
    await expect(page.get_by_role("heading", name="现在会这样答")).to_be_visible()


async def answered(desk: Office, words: str) -> Answer:
    """What a citizen is told once a change is answered; bench/publish_latency.py measures how soon that is."""
    assert isinstance(desk.assistant, Assistant)
    async with asyncio.timeout(GUARD_SECONDS):
        while True:
            reply = await desk.assistant.ask(QUESTION, place=None, on=date.today())
            if isinstance(reply, Answer) and words in reply.text + reply.spoken:
                return reply
            await asyncio.sleep(0.25)


async def spoken(desk: Office, words: str) -> None:
    assert words in (await answered(desk, words)).spoken


def word_file(folder: Path, paragraphs: tuple[str, ...]) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out, path = io.BytesIO(), folder / "通知.docx"
    document.save(out)
    path.write_bytes(out.getvalue())
    return path


async def pdf_file(open_page: OpenPage, folder: Path, paragraphs: tuple[str, ...]) -> Path:
    """Printed by Chromium, as an office prints a page."""
    page = await open_page("about:blank")
    await page.set_content("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    path = folder / "通知.pdf"
    await page.pdf(path=path, format="A4")
    return path
