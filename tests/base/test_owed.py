"""The one durable queue: handed over once, later if it must be, given up in the open; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from base.database import Database
from base.errors import ServiceError
from base.owed import FAILED, WAITING, Owed, OwedRow, Rules

RULES = Rules(pauses_seconds=(10, 60), most_tries=3)


class _Tables(DeclarativeBase):
    """Of this test alone."""


class Letter(OwedRow, _Tables):
    __tablename__ = "test_letter"
    to: Mapped[str] = mapped_column(String(20))
    trouble: Mapped[str] = mapped_column(String(32))


class Down(ServiceError):
    code = "down"


class Never(ServiceError):
    code = "never"
    retryable = False


class Killed(BaseException):
    """The process ends here."""


class Post:
    """Fails as told, then takes; `now` stands until a test moves it."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, datetime(2026, 11, 20, tzinfo=UTC)
        self.failures: list[ServiceError] = []
        self.taken: list[str] = []
        self.owed = self.queue()

    def queue(self) -> Owed[Letter]:
        """Another process's."""
        return Owed(self.database, Letter, "test", RULES, lambda at: {"state": "sent"}, now=lambda: self.now)

    async def owe(self, to: str = "a") -> None:
        async with self.database.session() as session:
            session.add(Letter(to=to, **self.owed.begin()))

    async def send(self, letter: Letter) -> None:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(letter.to)

    async def rows(self) -> list[Letter]:
        async with self.database.session() as session:
            return list(await session.scalars(select(Letter).order_by(Letter.id)))


@pytest.fixture
async def post(url: str) -> AsyncIterator[Post]:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(_Tables.metadata.create_all)
    yield Post(database)
    await database.aclose()


async def test_what_was_rolled_back_is_not_owed(post: Post) -> None:
    with suppress(RuntimeError):
        async with post.database.session() as session:
            session.add(Letter(to="a", **post.owed.begin()))
            raise RuntimeError
    assert await post.owed.deliver(post.send) == 0
    assert post.taken == []


async def test_two_processes_hand_over_once_and_in_order(post: Post) -> None:
    for to in "abc":
        await post.owe(to)
    done = await asyncio.gather(*(post.queue().deliver(post.send) for _ in range(2)))
    assert sum(done) == 3
    assert sorted(post.taken) == ["a", "b", "c"]


async def test_pauses_grow_and_it_is_given_up_after_the_last_try(post: Post) -> None:
    await post.owe()
    post.failures = [Down(), Down(), Down()]
    for pause in (10, 60):
        assert await post.owed.deliver(post.send) == 0
        post.now += timedelta(seconds=pause - 1)
        assert await post.owed.deliver(post.send) == 0
        assert (await post.rows())[0].state == WAITING
        post.now += timedelta(seconds=1)
    await post.owed.deliver(post.send)
    (row,) = await post.rows()
    assert (row.state, row.tries, row.trouble) == (FAILED, 3, "down")
    assert await post.owed.count() == {WAITING: 0, FAILED: 1}


async def test_a_success_forgets_the_trouble(post: Post) -> None:
    await post.owe()
    post.failures = [Down()]
    await post.owed.deliver(post.send)
    post.now += timedelta(seconds=10)
    assert await post.owed.deliver(post.send) == 1
    assert (await post.rows())[0].trouble == ""
    assert await post.owed.count() == {WAITING: 0, FAILED: 0}


async def test_what_will_never_be_taken_holds_nobody_up_and_is_told_in_the_same_unit_of_work(post: Post) -> None:
    await post.owe("a")
    await post.owe("b")
    post.failures = [Never()]
    told: list[tuple[str, str]] = []

    async def tell(_session: AsyncSession, row: Letter, error: ServiceError) -> None:
        told.append((row.to, error.code))
        if len(told) == 1:
            raise RuntimeError("the note could not be written")

    with pytest.raises(RuntimeError):
        await post.owed.deliver(post.send, failed=tell)
    assert (await post.rows())[0].state == WAITING, "given up only together with its note"
    post.now += timedelta(minutes=3)
    post.failures = [Never()]
    assert await post.owed.deliver(post.send, failed=tell) == 1
    assert [row.state for row in await post.rows()] == [FAILED, "sent"]
    assert told == [("a", "never"), ("a", "never")]


async def test_after_a_crash_another_takes_it_when_the_lease_is_over(post: Post) -> None:
    await post.owe()

    async def crash(_: Letter) -> None:
        raise Killed

    with pytest.raises(Killed):
        await post.owed.deliver(crash)
    assert await post.queue().deliver(post.send) == 0
    post.now += RULES.lease
    assert await post.queue().deliver(post.send) == 1


async def test_who_comes_late_undoes_nothing(post: Post) -> None:
    """The first is so slow that a second takes it over and succeeds; then the first fails."""
    await post.owe()

    async def slow(_: Letter) -> None:
        post.now += RULES.lease
        assert await post.queue().deliver(post.send) == 1
        raise Never

    assert await post.owed.deliver(slow) == 0
    assert (await post.rows())[0].state == "sent"


async def test_only_what_is_wanted_is_handed_over(post: Post) -> None:
    await post.owe("a")
    await post.owe("b")
    assert await post.owed.deliver(post.send, only=Letter.to == "b") == 1
    assert post.taken == ["b"]
