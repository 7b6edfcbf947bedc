"""Steps of background work: begun is finished, within a time."""

from __future__ import annotations

import asyncio

import pytest

from base.tasks import finished


async def _cancelled_while(step, seconds):
    """`step` gets an event to set once it has begun; then whoever waits for it is cancelled."""
    begun = asyncio.Event()
    waiting = asyncio.create_task(finished(step(begun), seconds))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_step_ends_before_who_waited_for_it():
    told = []

    async def step(begun):
        begun.set()
        await asyncio.sleep(0.01)
        told.append("sent")

    await _cancelled_while(step, 30.0)
    assert told == ["sent"]


async def test_a_step_that_hangs_is_cut_off():
    told = []

    async def step(begun):
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cut off")
            raise

    await _cancelled_while(step, 0.01)
    assert told == ["cut off"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_its_result_and_its_failure_come_through():
    async def counts():
        return 3

    async def fails():
        raise OSError("gone")

    assert await finished(counts(), 1.0) == 3
    with pytest.raises(OSError, match="gone"):
        await finished(fails(), 1.0)
