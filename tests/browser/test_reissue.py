"""A policy is issued anew: the new Word file goes into the document that is there, and the chat says the new text.

The whole running service, two people in two browsers, and a citizen who asks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_console import CARD, QUESTION, approve, open_faq, roll_back, upload, word_file, write_faq
from tests.browser.test_walk import logged_in, told
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.browser, pytest.mark.engine]

TITLE = "石榴红卡的通知"
OLD = "凭身份证到镇街医保服务站领取，5个工作日内办结"
NEW = "凭身份证或社保卡到镇街医保服务站领取，当日办结"
AMENDED = (
    *CARD[:1],
    "济医保发〔2026〕19号",
    *CARD[2:6],
    "二、发放标准。每张卡每年存入体检补助200元。",
    f"三、领取方式。石榴红卡{NEW}。",
    *CARD[7:],
)


@pytest_asyncio.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole_service(tmp_path, phone=False) as running:
        yield running


async def test_a_new_version_is_compared_published_answered_and_taken_back(
    whole: Whole, open_page: OpenPage, tmp_path: Path
) -> None:
    editor = await logged_in(whole, open_page, "bianji")
    reviewer = await logged_in(whole, open_page, "shenhe")
    await upload(editor, word_file(tmp_path, CARD))
    await editor.get_by_role("button", name="保存并提交审核").click()
    await approve(reviewer, TITLE)
    await write_faq(editor)
    await approve(reviewer, QUESTION)
    await told(whole, OLD)

    await upload_new_version(editor, word_file(tmp_path, AMENDED))
    await is_compared(editor)
    await editor.get_by_role("button", name="保存并提交审核").click()
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()
    await told(whole, OLD)
    await quote_instead(editor, f"石榴红卡{NEW}。")
    await agree(reviewer, TITLE, "已记下您的同意")
    await agree(reviewer, QUESTION, "已通过并发布")
    reply = await told(whole, NEW)
    assert [source["doc_no"] for source in reply["sources"]] == ["济医保发〔2026〕19号"]

    await take_back(editor)
    await roll_back(editor)
    await agree(reviewer, TITLE, "已记下您的同意")
    await agree(reviewer, QUESTION, "已通过并发布")
    reply = await told(whole, OLD)
    assert [source["doc_no"] for source in reply["sources"]] == ["济医保发〔2026〕12号"]


async def upload_new_version(page: Page, path: Path) -> None:
    await open_document(page)
    await page.get_by_role("link", name="上传新版本").click()
    await page.get_by_label("政策文件").set_input_files(path)
    await page.get_by_role("button", name="上传并识别").click()
    await expect(page.get_by_role("heading", name="核对新版本")).to_be_visible()


async def is_compared(page: Page) -> None:
    """Clause by clause, with the FAQ that will lose its words, on a wide screen and on a narrow one."""
    await expect(page.get_by_role("heading", name="改了 1 条，新增 1 条")).to_be_visible()
    changed = page.locator("[data-state=changed]")
    await expect(changed.locator("del", has_text="5")).to_be_visible()
    await expect(changed.locator("ins", has_text="当日")).to_be_visible()
    await expect(page.locator("[data-state=new]")).to_contain_text("体检补助200元")
    affected = page.get_by_role("region", name="受影响的问答")
    await expect(affected.get_by_role("link", name=QUESTION)).to_be_visible()
    await expect(page.get_by_label("文号")).to_have_value("济医保发〔2026〕19号")
    await expect(page.get_by_text("现在：济医保发〔2026〕12号")).to_be_visible()
    size = page.viewport_size
    assert size
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    await page.set_viewport_size(size)


async def quote_instead(page: Page, words: str) -> None:
    await open_faq(page)
    await page.get_by_role("link", name="修改", exact=True).click()
    await page.get_by_label("引用的原文").fill(words)
    await page.get_by_role("button", name="保存并提交审核").click()
    await expect(page.get_by_text("等另一位同事审核")).to_be_visible()


async def agree(page: Page, title: str, told: str) -> None:
    await page.get_by_role("link", name="审核", exact=True).first.click()
    await page.locator("table").get_by_role("link", name=title).click()
    await page.get_by_role("button", name="同意并发布").click()
    await expect(page.get_by_text(told)).to_be_visible()


async def take_back(page: Page) -> None:
    await open_document(page)
    await page.get_by_role("link", name="历史和恢复").click()
    await page.get_by_role("button", name="恢复到这一版").last.click()
    await page.get_by_role("button", name="提交审核").click()
    await expect(page.get_by_text("等另一位同事审核")).to_be_visible()


async def open_document(page: Page) -> None:
    await page.get_by_role("link", name="文件", exact=True).first.click()
    await page.get_by_role("link", name=TITLE).click()
