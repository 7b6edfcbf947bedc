"""Two processes on one PostgreSQL are not in one conversation together; and nobody waits for ever."""

from __future__ import annotations

import asyncio
import sys

import pytest
from structlog.testing import capture_logs

from base.exclusive import Exclusive
from tests import postgres
from tests.guard import GUARD_SECONDS

HOLDS = """
import asyncio, sys
from base.exclusive import Exclusive

async def main():
    async with Exclusive(sys.argv[1]).of("conversation web-1"):
        print("in", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def database(postgres_server: str) -> str:
    return postgres.create(postgres_server, "exclusive")


async def test_one_after_the_other_across_processes(database: str) -> None:
    here, there, order = Exclusive(database), Exclusive(database), []
    inside = asyncio.Event()

    async def first() -> None:
        async with here.of("conversation web-1"):
            order.append("first begins")
            inside.set()
            await asyncio.sleep(0.3)
            order.append("first ends")

    async def second() -> None:
        await inside.wait()
        async with there.of("conversation web-2"):
            order.append("another goes on meanwhile")
        async with there.of("conversation web-1"):
            order.append("second begins")

    async with asyncio.timeout(GUARD_SECONDS):
        await asyncio.gather(first(), second())
    assert order == ["first begins", "another goes on meanwhile", "first ends", "second begins"]
    for one in (here, there):
        await one.aclose()


async def test_a_process_that_is_killed_keeps_nobody_waiting(database: str) -> None:
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS, database, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert other.stdout
    assert await other.stdout.readline() == b"in\n"
    here = Exclusive(database, waits_seconds=GUARD_SECONDS)
    waits = asyncio.create_task(_pass(here))
    await asyncio.sleep(0.3)
    assert not waits.done()
    other.kill()
    with capture_logs() as logs:
        async with asyncio.timeout(GUARD_SECONDS):
            await waits
    assert logs == []
    await other.wait()
    await here.aclose()


async def test_who_waits_too_long_goes_on_and_leaves_no_lock_behind(database: str) -> None:
    here, there = Exclusive(database), Exclusive(database, waits_seconds=0.2)
    async with here.of("conversation web-1"):
        with capture_logs() as logs:
            await _pass(there)
        assert [one["event"] for one in logs] == ["not_exclusive"]
        cancelled = asyncio.create_task(_pass(Exclusive(database)))
        await asyncio.sleep(0.2)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
    with capture_logs() as logs:
        await _pass(here)
        await _pass(there)
    assert logs == []
    for one in (here, there):
        await one.aclose()


@pytest.mark.parametrize(
    ("url", "said"), [("sqlite+aiosqlite:///x.db", []), ("postgresql+asyncpg://a@127.0.0.1:9/b", ["not_exclusive"])]
)
async def test_without_a_postgresql_the_turn_goes_on(url: str, said: list[str]) -> None:
    with capture_logs() as logs:
        await _pass(Exclusive(url))
    assert [one["event"] for one in logs] == said


async def _pass(exclusive: Exclusive) -> None:
    async with exclusive.of("conversation web-1"):
        pass
