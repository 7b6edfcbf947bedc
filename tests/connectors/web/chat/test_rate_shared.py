"""What one client takes of a limit, it takes from every process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from base.database import Database
from base.personal_data import Vault
from connectors.web.chat import rate
from connectors.web.chat.rate import RateLimit, RateLimiter, TooFast
from connectors.web.chat.rate_shared import SharedBuckets

LIMIT = RateLimit(per_second=2, burst=3, patience_seconds=1.0, door="chat")
CALLS = RateLimit(per_second=2, burst=3, patience_seconds=1.0, door="call")


@pytest.fixture
async def now() -> list[float]:
    return [1_764_000_000.0]


@pytest.fixture
async def two(url: str, now: list[float]) -> AsyncIterator[tuple[SharedBuckets, SharedBuckets]]:
    """Those of two processes."""
    databases = Database(url), Database(url)
    first, second = (SharedBuckets(database, Vault("1" * 64), lambda: now[0]) for database in databases)
    yield first, second
    for database in databases:
        await database.aclose()


async def test_a_burst_is_one_burst_wherever_it_arrives(
    two: tuple[SharedBuckets, SharedBuckets], now: list[float]
) -> None:
    waits = [await two[number % 2].reserve(LIMIT, "a") for number in range(5)]
    assert waits == pytest.approx([0, 0, 0, 0.5, 1.0], abs=0.001)
    for process in two:
        with pytest.raises(TooFast):
            await process.reserve(LIMIT, "a")
    assert await two[0].reserve(LIMIT, "b") == 0, "another client"
    assert await two[1].reserve(CALLS, "a") == 0, "another door"
    now[0] += 0.5
    assert await two[1].reserve(LIMIT, "a") == pytest.approx(1.0, abs=0.001), "to be refused cost nothing"
    now[0] += 100
    assert await two[0].reserve(LIMIT, "a") == 0


async def test_of_many_at_the_same_moment_no_more_come_in_than_may(two: tuple[SharedBuckets, SharedBuckets]) -> None:
    came = await asyncio.gather(*(two[n % 2].reserve(LIMIT, "a") for n in range(20)), return_exceptions=True)
    assert sum(isinstance(one, float) for one in came) == 5


async def test_a_flood_is_refused_before_it_reaches_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        asked = 0

        async def reserve(self, limit: RateLimit, client: str) -> float:
            self.asked += 1
            return 0.0

    shared = Counting()
    monkeypatch.setattr(rate, "_shared", None)
    rate.share(shared)
    limiter = RateLimiter(RateLimit(per_second=0.001, burst=2, patience_seconds=0.0, door="chat"))
    for _ in range(2):
        await limiter.enter("a")
    for _ in range(10):
        with pytest.raises(TooFast):
            await limiter.enter("a")
    assert shared.asked == 2


async def test_a_database_that_fails_refuses_nobody(url: str) -> None:
    database = Database(url)
    async with database.session() as session:
        await session.execute(text("DROP TABLE web_bucket"))
    assert await SharedBuckets(database, Vault("1" * 64)).reserve(LIMIT, "a") == 0.0
    await database.aclose()
