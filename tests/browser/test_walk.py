"""One walk through the whole running service: a policy goes in at the desk and comes out of the telephone's dialogue.

The Word file has several megabytes, as files with a scanned seal have; and somebody posts one of 200.
"""

from __future__ import annotations

import asyncio
import io
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import docx
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_console import CARD, QUESTION, approve, change_answer, roll_back, upload, write_faq
from tests.guard import GUARD_SECONDS
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.browser, pytest.mark.engine]

DOC_NO = "济医保发〔2026〕12号"


@pytest_asyncio.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    async with whole_service(tmp_path, phone=False) as running:
        yield running


async def test_a_policy_goes_in_and_is_answered_and_goes_again(
    whole: Whole, open_page: OpenPage, tmp_path: Path
) -> None:
    editor = await logged_in(whole, open_page, "bianji")
    reviewer = await logged_in(whole, open_page, "shenhe")
    path = word_file_with_a_picture(tmp_path, CARD)
    assert path.stat().st_size > 3_000_000

    await upload(editor, path)
    await expect(editor.get_by_text("完整性检查：原文的每个字都在")).to_be_visible()
    await editor.get_by_role("button", name="保存并提交审核").click()
    await expect(editor.get_by_text("等另一位同事审核")).to_be_visible()
    await approve(reviewer, "石榴红卡的通知")
    await write_faq(editor)
    await approve(reviewer, QUESTION)
    reply = await told(whole, "凭身份证到镇街医保服务站领")
    assert [source["doc_no"] for source in reply["sources"]] == [DOC_NO]
    assert "按济宁市2026年的文件" in reply["spoken"], "what a caller hears"

    await change_answer(editor, "带上身份证，到镇街医保服务站，当天就能领石榴红卡。")
    await approve(reviewer, QUESTION)
    await told(whole, "当天就能领")
    await roll_back(editor)
    await approve(reviewer, QUESTION)
    await told(whole, "凭身份证到镇街医保服务站领")

    await a_huge_file_is_refused(whole, editor)
    await progress_is_told_to_a_page_without_scripts(whole, open_page)


async def a_huge_file_is_refused(whole: Whole, editor: Page) -> None:
    """200 MB, sent as a browser would: a sentence comes back, and nothing like 200 MB is held."""
    token = await csrf(editor, whole)
    cookies = {cookie["name"]: cookie["value"] for cookie in await editor.context.cookies()}
    before = held_bytes(whole.pid)
    async with aiohttp.ClientSession(cookies=cookies) as http:
        form = aiohttp.MultipartWriter("form-data")
        form.append(token).set_content_disposition("form-data", name="csrf")
        part = form.append(megabytes(200), {"Content-Type": "application/pdf"})
        part.set_content_disposition("form-data", name="file", filename="大文件.pdf")
        said = ""
        try:
            async with http.post(f"{whole.url}/console/documents/upload", data=form, headers=origin(whole)) as response:
                said = await response.text()
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            pass  # the service answered and closed while the file was still coming
    assert not said or "20 MB" in said
    assert held_bytes(whole.pid) - before < 120_000_000
    assert (await told(whole, "凭身份证到镇街医保服务站领"))["text"]
    assert await refusals(whole) == 1


async def progress_is_told_to_a_page_without_scripts(whole: Whole, open_page: OpenPage) -> None:
    """The big button, the ID number, the code from the short message: as forms, in large print."""
    page = await open_page(f"{whole.url}/?view=elder", PHONE, javascript=False)
    await page.click(".ask:has-text('查进度')")
    await expect(page.locator("#newest")).to_contain_text("请输入您的身份证号")
    for typed in ("370899198509239053", "135790"):  # demo/data/demo_people.yaml
        await page.fill("#question", typed)
        await page.click("#send")
    await expect(page.locator("#newest")).to_contain_text("核对好了")
    await expect(page.locator("#log")).to_contain_text("2026年11月10日提交，办理中")


def held_bytes(pid: int) -> int:
    """Memory of a process, as Linux tells it."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) * 1024


async def csrf(page: Page, whole: Whole) -> str:
    await page.goto(f"{whole.url}/console/documents/upload")
    return await page.locator("form[enctype] input[name=csrf]").first.input_value()


def origin(whole: Whole) -> dict[str, str]:
    return {"Origin": whole.url}


async def megabytes(count: int) -> AsyncIterator[bytes]:
    yield b"%PDF-1.7\n"
    for _ in range(count):
        yield os.urandom(1 << 20)


async def refusals(whole: Whole) -> int:
    """How many refused uploads the audit log knows."""

    def count() -> int:
        with closing(sqlite3.connect(whole.var_dir / "yibao.db")) as database:
            return int(database.execute("SELECT count(*) FROM audit_entry WHERE what = 'upload_refused'").fetchone()[0])

    return await asyncio.to_thread(count)


async def told(whole: Whole, words: str) -> dict[str, Any]:
    """What the chat endpoint says once a change is answered; bench/publish_latency.py measures how soon that is."""
    async with asyncio.timeout(GUARD_SECONDS), aiohttp.ClientSession() as http:
        for number in count():
            body = {"sender": f"walk-{words}-{number}", "message": QUESTION}
            async with http.post(f"{whole.url}/webhooks/rest/webhook", json=body) as response:
                said: dict[str, Any] = (await response.json())[0]
            if words in said["text"] + said.get("spoken", ""):
                return said
            await asyncio.sleep(0.25)
    raise AssertionError


async def logged_in(whole: Whole, open_page: OpenPage, username: str) -> Page:
    lines = (whole.var_dir / "demo_staff.txt").read_text().splitlines()
    password = next(line.split()[1] for line in lines if line.split()[0] == username)
    page = await open_page(f"{whole.url}/console/login", DESKTOP)
    await page.get_by_label("账号").fill(username)
    await page.get_by_label("密码").fill(password)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("您好")).to_be_visible()
    return page


def word_file_with_a_picture(folder: Path, paragraphs: tuple[str, ...]) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    picture = io.BytesIO()
    Image.frombytes("RGB", (1200, 1000), os.urandom(3 * 1200 * 1000)).save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    path = folder / "通知.docx"
    document.save(str(path))
    return path
