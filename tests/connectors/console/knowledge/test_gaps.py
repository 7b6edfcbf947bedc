"""Which gaps a document fills: on the review page, and afterwards on the page of the knowledge's fitness."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.authoring import gaps
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind
from tests.connectors.console.knowledge.test_items import fields_of
from tests.connectors.console.knowledge.test_upload import as_docx, keep, upload
from tests.connectors.console.office import Browser, Office, office
from tests.guard import GUARD_SECONDS
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import copied

LOST_CARDS = (
    "济宁市医疗保障局文件",
    "济医保字〔2026〕52号",
    "济宁市医疗保障局关于社会保障卡丢失补办和就医有关事项的通知",
    "各县（市、区）医疗保障局：",
    "为方便群众，现就有关事项通知如下：",
    "一、补办。参保人员社会保障卡丢失的，凭身份证到合作银行网点补办，补办社会保障卡3个工作日内办结，不收工本费。",
    "二、就医。社会保障卡丢失期间，参保人员可凭医保电子凭证或者身份证就医购药并直接结算。",
    "济宁市医疗保障局",
    "2026年11月20日",
)
GAP = "gap-card-loss"


@pytest.fixture
async def desk(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """With the assistant that citizens are answered by."""
    file = copied(seeded_file, tmp_path / "console.db")
    database = Database(f"sqlite+aiosqlite:///{file}")
    assistant = Assistant(database, encoder=PairEncoder())
    await assistant.refresh()
    async with office(file, assistant) as opened:
        yield opened
    await assistant.aclose()
    await database.aclose()


async def on_review(desk: Office, reviewer: Browser) -> str:
    """The notice, uploaded and submitted; the address of its review."""
    async with desk.logged_in("bianji") as editor:
        await upload(editor, "通知.docx", as_docx(LOST_CARDS))
        await keep(editor, fields_of(editor.page), "submit")
    await reviewer.open("/review")
    return re.findall(r'href="/console(/review/\d+)">济宁市医疗保障局关于社会保障卡', reviewer.page)[0]


async def is_on_air(desk: Office) -> bool:
    return (await Editing(desk.database).open(Kind.FAQ, GAP)).published is not None


async def test_the_review_shows_which_gaps_go_and_one_click_takes_them_back(desk: Office) -> None:
    async with desk.logged_in("shenhe") as reviewer, desk.logged_in("zhuguan") as supervisor:
        link = await on_review(desk, reviewer)
        await reviewer.open(link)
        assert f"{link}/gaps" in reviewer.page
        token = reviewer.token
        await reviewer.open(link + "/gaps")
        assert f'value="{GAP}">' in reviewer.page  # not ticked: a person looks at the sentence first
        assert "补办社会保障卡3个工作日内办结" in reviewer.text or "就医购药并直接结算" in reviewer.text
        reviewer.token = token
        await reviewer.send(link + "/approve", {"gap": GAP})
        assert "“没有写”也撤下了" in reviewer.text
        assert not await is_on_air(desk)
        await supervisor.open(f"/audit?which=faq/{GAP}")
        assert "撤下" in supervisor.text
        assert "李审核" in supervisor.text


async def test_the_review_says_that_it_still_looks_and_asks_again(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "_PATIENCE_SECONDS", 0.01)
    async with desk.logged_in("shenhe") as reviewer:
        piece = await on_review(desk, reviewer) + "/gaps"
        await reviewer.open(piece)
        assert "正在核对" in reviewer.text
        assert f'hx-get="/console{piece}"' in reviewer.page
        async with asyncio.timeout(GUARD_SECONDS):
            while "正在核对" in await reviewer.open(piece):
                pass
        assert f'value="{GAP}">' in reviewer.page


async def test_what_was_not_taken_back_waits_on_the_page_of_fitness(desk: Office) -> None:
    async with desk.logged_in("shenhe") as reviewer, desk.logged_in("bianji") as editor:
        link = await on_review(desk, reviewer)
        await reviewer.open(link)
        await reviewer.send(link + "/approve", {})
        assert await is_on_air(desk)
        assert isinstance(desk.assistant, Assistant)
        await desk.assistant.refresh()
        await editor.open("/health")
        assert "正在逐条核对" in editor.text
        async with asyncio.timeout(GUARD_SECONDS):
            while "正在逐条核对" in await editor.open("/health"):
                await asyncio.sleep(0.1)
        assert f"/console/faq/{GAP}" in editor.page
        assert 'name="gap"' not in editor.page, "an editor takes nothing down"
        await editor.send("/health/take-back", {"gap": GAP}, expect=403)
        await reviewer.open("/health")
        await reviewer.send("/health/take-back", {"gap": GAP})
        assert "打勾的已经撤下" in reviewer.text
        assert not await is_on_air(desk)
