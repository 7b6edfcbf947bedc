"""A message sent again is not asked again: not after a restart, not by the other process, not when one was killed."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.messages import Button, Reply, Source
from base.personal_data import Vault
from base.settings import ROOT
from connectors.web.chat import once_shared
from connectors.web.chat.models import Asked
from connectors.web.chat.once import Once
from connectors.web.chat.once_shared import INTERRUPTED, LEASE, AskedOnce
from tests.connectors.web.scripted import ANSWER, ScriptedDialogue, running
from tests.guard import GUARD_SECONDS, until
from tests.tables import make_tables

VAULT = Vault("ab" * 32)
ID = "370899195003159028"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 26, 2, 0, tzinfo=UTC).replace(tzinfo=None)

    def __call__(self) -> datetime:
        return self.now


class Turn:
    """Asks the dialogue, when a test lets it; counts."""

    def __init__(self, *replies: Reply) -> None:
        self.asked, self.go, self.fails = 0, asyncio.Event(), False
        self.replies = list(replies or (ANSWER,))

    async def __call__(self) -> list[Reply]:
        self.asked += 1
        await self.go.wait()
        if self.fails:
            raise RuntimeError
        return self.replies


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.aclose()


class BusyDatabase(Database):
    """Nobody gets in before it is `free`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.free = asyncio.Event()
        self.free.set()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        await self.free.wait()
        async with super().session() as session:
            yield session


@asynccontextmanager
async def process(url: str, now: Callable[[], datetime]) -> AsyncIterator[AskedOnce]:
    """From its start to its ordered end."""
    async with opened(url) as database:
        once = AskedOnce(database, VAULT, now)
        yield once
        await once.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def two(url: str, clock: Clock) -> AsyncIterator[tuple[AskedOnce, AskedOnce]]:
    """Two processes' worth of it on one database."""
    async with process(url, clock) as one, process(url, clock) as other:
        yield one, other


async def until_asked(turn: Turn) -> None:
    async with asyncio.timeout(GUARD_SECONDS):
        while not turn.asked:
            await asyncio.sleep(0.01)


async def test_the_other_process_waits_and_gets_the_same_answer(two: tuple[AskedOnce, AskedOnce]) -> None:
    whole = Reply(
        "要备案。",
        "要先备案。",
        (Source("济医保字〔2023〕25号", "第七条", "通知", "d", "c", ("一。", "二。")),),
        (Button("怎么备案？", "怎么备案"),),
        end=True,
        pace=0.9,
        transfer=True,
    )
    turn = Turn(whole)
    first = asyncio.create_task(two[0].run("a", turn))
    await until_asked(turn)
    second = asyncio.create_task(two[1].run("a", turn))
    await asyncio.sleep(0.3)
    assert not second.done()
    turn.go.set()
    assert await asyncio.gather(first, second) == [[whole], [whole]]
    assert turn.asked == 1
    await two[1].run("b", turn)
    assert turn.asked == 2


async def test_at_the_same_moment_one_asks(two: tuple[AskedOnce, AskedOnce]) -> None:
    turn = Turn()
    turn.go.set()
    answers = await asyncio.gather(*(one.run("a", turn) for one in two))
    assert answers == [[ANSWER], [ANSWER]]
    assert turn.asked == 1


async def test_after_a_restart_it_is_answered_as_before_and_sealed(url: str, clock: Clock) -> None:
    turn = Turn(Reply("您的验证码发出去了。"))
    turn.go.set()
    async with process(url, clock) as before:
        await before.run(f"web-1 7 {ID}", turn)
    async with opened(url) as database, database.session() as session:
        row = (await session.scalars(select(Asked))).one()
    assert ID not in row.key_hash
    assert "验证码".encode() not in (row.replies_sealed or b"")
    async with process(url, clock) as after:
        assert await after.run(f"web-1 7 {ID}", turn) == turn.replies
    assert turn.asked == 1


async def test_an_ordered_end_is_told_at_once_to_who_sends_it_again(url: str, clock: Clock) -> None:
    turn = Turn()
    async with opened(url) as database:
        once = Once(shared=AskedOnce(database, VAULT, clock))
        waiting = asyncio.create_task(once.run("a", turn))
        await until_asked(turn)
        await once.aclose()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    turn.go.set()  # were it asked again, it would be answered
    async with process(url, clock) as after:
        assert await after.run("a", turn) == [INTERRUPTED]
    assert turn.asked == 1


_KILLED = """
import asyncio, sys
from base.personal_data import Vault
from connectors.web.chat.once_shared import AskedOnce
from base.database import Database

async def turn():
    print("asked", flush=True)
    await asyncio.sleep(600)

asyncio.run(AskedOnce(Database(sys.argv[1]), Vault("ab" * 32)).run("a", turn))
"""


async def test_a_process_killed_in_the_middle_leaves_a_sentence_and_no_second_turn(url: str) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _KILLED, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert await asyncio.wait_for(child.stdout.readline(), GUARD_SECONDS) == b"asked\n"
    child.kill()
    await child.wait()
    turn = Turn()
    turn.go.set()
    later = datetime.now(UTC).replace(tzinfo=None) + LEASE
    async with process(url, lambda: later) as after:
        assert await after.run("a", turn) == [INTERRUPTED]
        assert turn.asked == 0
        assert "请再发一次" in INTERRUPTED.text
        assert await after.run("another", turn) == [ANSWER]


async def test_who_waits_for_a_dead_process_waits_as_long_as_its_lease(
    two: tuple[AskedOnce, AskedOnce], clock: Clock
) -> None:
    turn = Turn()
    first = asyncio.create_task(two[0].run("a", turn))
    await until_asked(turn)
    second = asyncio.create_task(two[1].run("a", turn))
    await asyncio.sleep(0.3)
    assert not second.done()
    clock.now += LEASE
    assert await asyncio.wait_for(second, GUARD_SECONDS) == [INTERRUPTED]
    turn.go.set()
    await first


async def test_a_failure_is_asked_again_by_whoever_waits(two: tuple[AskedOnce, AskedOnce]) -> None:
    turn, again = Turn(), Turn()
    first = asyncio.create_task(two[0].run("a", turn))
    await until_asked(turn)
    second = asyncio.create_task(two[1].run("a", again))
    turn.fails = True
    turn.go.set()
    again.go.set()
    with pytest.raises(RuntimeError):
        await first
    assert await asyncio.wait_for(second, GUARD_SECONDS) == [ANSWER]
    assert again.asked == 1


async def test_answers_are_forgotten_and_never_too_many(
    two: tuple[AskedOnce, AskedOnce], url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Turn()
    turn.go.set()
    await two[0].run("a", turn)
    await two[0].aclose()
    clock.now += timedelta(minutes=9)
    await two[1].run("a", turn)
    assert turn.asked == 1
    clock.now += timedelta(minutes=1)
    await two[1].run("a", turn)
    assert turn.asked == 2
    monkeypatch.setattr(once_shared, "_CLEAN_SECONDS", -1.0)
    monkeypatch.setattr(once_shared, "MOST", 3)
    for key in "bcdefg":
        clock.now += timedelta(seconds=1)
        await two[0].run(key, turn)
    async with opened(url) as database, database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Asked)) == 4, "three, and the newest"


async def test_without_a_database_the_chat_goes_on_in_its_process(tmp_path: Path) -> None:
    turn, before = Turn(), set(threading.enumerate())
    turn.go.set()
    async with opened(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such.db'}") as database:
        once = Once(shared=AskedOnce(database, VAULT))
        assert await once.run("a", turn) == [ANSWER]
        assert await once.run("a", turn) == [ANSWER]
        assert turn.asked == 1
        await once.aclose()
    # aiosqlite's thread of a file that cannot be opened ends by itself, telling a loop that the next test has not
    await until(lambda: not any("_connection_worker" in one.name for one in {*threading.enumerate()} - before))


async def test_a_database_that_is_busy_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once_shared, "_DATABASE_SECONDS", 0.2)
    turn = Turn()
    turn.go.set()
    database = BusyDatabase(f"sqlite+aiosqlite:///{tmp_path / 'busy.db'}")
    await make_tables(database)
    database.free.clear()
    once = AskedOnce(database, VAULT)
    async with asyncio.timeout(GUARD_SECONDS):
        assert await once.run("a", turn) == [ANSWER]
    database.free.set()
    await once.aclose()
    await database.aclose()


async def test_an_id_number_sent_again_to_the_other_process_is_not_taken_for_the_code(url: str) -> None:
    dialogue = ScriptedDialogue(Reply("验证码发到您手机上了，请输入6位验证码。"))
    message = {"sender": "web-1", "message": ID, "metadata": {"message_id": "m-7"}}
    async with opened(url) as one, opened(url) as other:
        for database in (one, other):
            async with running(dialogue, asked=AskedOnce(database, VAULT)) as (client, _):
                answer = await client.post("/webhooks/rest/webhook", json=message)
                assert "验证码发到您手机上了" in (await answer.json())[0]["text"]
    assert len(dialogue.asked) == 1
