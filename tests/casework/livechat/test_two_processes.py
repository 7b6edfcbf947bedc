"""Two processes on one database, SQLite and a real PostgreSQL: one desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from base.database import Database
from base.personal_data import Vault
from casework.livechat.book import State
from casework.livechat.watch import PATIENCE
from casework.livechat.wording import say
from casework.tickets.changes import StepRefused
from staff.accounts import StaffAccounts
from tests.casework.bureau import SUN, ZHOU, Bureau
from tests.casework.livechat.conftest import OPENID, WEB, Floor
from tests.guard import GUARD_SECONDS

KNOWN_SECONDS = 0.35


@pytest.fixture
async def floors(url: str) -> AsyncIterator[tuple[Floor, Floor]]:
    databases = Database(url), Database(url)
    accounts = StaffAccounts(databases[0], hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    for member in (SUN, ZHOU):
        await accounts.add(member.username, member.name, member.role, "correct-horse-7", by="test")
    first, second = (
        Floor(Bureau(one, Vault("ab" * 32), now=datetime(2026, 11, 25, 2, 0, tzinfo=UTC))) for one in databases
    )
    for floor in (first, second):
        await floor.start()
    yield first, second
    for floor in (first, second):
        await floor.stop()
        await floor.bureau.database.aclose()


async def test_taken_over_in_one_the_other_is_silent_and_news_cross_over(floors: tuple[Floor, Floor]) -> None:
    first, second = floors
    assert await first.ask("医保怎么交") == ["答：医保怎么交"]
    line = await first.line()
    waiting = asyncio.create_task(first.news.next(WEB, 0, seconds=2 * GUARD_SECONDS))
    await second.steps.take(line.id, SUN)
    assert [turn.reply.text for turn in await asyncio.wait_for(waiting, GUARD_SECONDS)] == [say("taken").text]
    await asyncio.sleep(KNOWN_SECONDS)
    assert await first.ask("在吗") == []
    assert ("citizen", "在吗") in await second.turns()
    await second.steps.give_back(line.id, SUN)
    assert await first.ask("在吗") == ["答：在吗"], "at once, whatever is remembered"


async def test_of_two_who_take_over_in_two_processes_one_gets_it(floors: tuple[Floor, Floor]) -> None:
    first, second = floors
    await first.ask("医保怎么交")
    line = await first.line()
    results = await asyncio.gather(
        first.steps.take(line.id, SUN), second.steps.take(line.id, ZHOU), return_exceptions=True
    )
    assert sorted(type(result) for result in results if result) == [StepRefused]
    assert len(await first.fetched()) == 1


async def test_both_begin_a_conversation_at_once(floors: tuple[Floor, Floor]) -> None:
    first, second = floors
    await asyncio.gather(*(floor.ask("医保怎么交") for floor in floors))
    await first.written()
    assert len(await second.turns()) == 4


async def test_nobody_came_is_told_once(floors: tuple[Floor, Floor]) -> None:
    first, second = floors
    await first.presence.switch("zuoxi", is_on=True)
    await first.ask("转人工", OPENID, "wechat")
    assert (await first.line(OPENID)).state is State.WAITING
    for floor in floors:
        floor.bureau.now += PATIENCE + timedelta(seconds=1)
    await asyncio.gather(first.watch.round(), second.watch.round())
    assert len(first.pushed + second.pushed) == 2, "the sentence and the form's question"
    assert (await second.line(OPENID)).state is State.BOT
    await first.watch.forget()
