"""Background work goes on whatever one round meets, and ends between rounds."""

from __future__ import annotations

import asyncio

from base.errors import ServiceError
from base.every import every


async def test_a_round_that_fails_does_not_end_the_work() -> None:
    rounds, enough = 0, asyncio.Event()

    async def job() -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            enough.set()
        raise [ServiceError("away"), ValueError("a fault of ours"), OSError()][rounds % 3]

    work = asyncio.create_task(every(0, job, "test"))
    await enough.wait()
    assert not work.done()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert work.cancelled()


async def test_the_round_that_was_begun_is_finished() -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.set()

    work = asyncio.create_task(every(3600, job, "test"))
    await begun.wait()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert done.is_set()
