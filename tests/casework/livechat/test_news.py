"""A page that waits for what staff write."""

from __future__ import annotations

import asyncio

import pytest

from casework.livechat.news import News, TooManyWait
from tests.casework.bureau import SUN
from tests.casework.livechat.conftest import WEB, Floor
from tests.guard import GUARD_SECONDS


async def test_news_arrive_while_the_page_waits_and_each_once(floor: Floor) -> None:
    await floor.ask("医保怎么交")
    waiting = asyncio.create_task(floor.news.next(WEB, 0, seconds=2 * GUARD_SECONDS))
    await floor.steps.take((await floor.line()).id, SUN)
    [greeting] = await asyncio.wait_for(waiting, GUARD_SECONDS)
    assert greeting.who == "agent"
    assert await floor.news.next(WEB, greeting.id, seconds=0.05) == []


async def test_asking_again_ends_the_first_and_places_are_counted(floor: Floor) -> None:
    first = asyncio.create_task(floor.news.next(WEB, 0, seconds=2 * GUARD_SECONDS))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(floor.news.next(WEB, 0, seconds=2 * GUARD_SECONDS))
    assert await asyncio.wait_for(first, GUARD_SECONDS) == []
    floor.news.end()
    assert await asyncio.wait_for(second, GUARD_SECONDS) == []
    with pytest.raises(TooManyWait):
        await News(floor.bureau.database, floor.book, most_waiters=0).next(WEB, 0)


async def test_a_page_that_cannot_wait_can_ask_whether_a_person_is_expected(floor: Floor) -> None:
    assert not await floor.news.is_expected(WEB)
    await floor.ask("医保怎么交")
    assert not await floor.news.is_expected(WEB)
    await floor.steps.take((await floor.line()).id, SUN)
    assert await floor.news.is_expected(WEB)
    await floor.steps.give_back((await floor.line()).id, SUN)
    assert not await floor.news.is_expected(WEB)


def test_only_the_pages_own_conversations_have_news() -> None:
    assert News.is_for(WEB)
    assert not News.is_for("web-short")
    assert not News.is_for("wechat-oTestAaaaaaaaaaaaaaaaaaaaaa1")
    assert not News.is_for("rest-" + "0a" * 16)
