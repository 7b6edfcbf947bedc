"""Work beside the event loop: done, refused when too much waits, and not left half-done when its process dies."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from base import aside
from base.aside import Busy, NotDone
from base.errors import BadInput


def where() -> tuple[int, int]:
    """The process, and how nice it is."""
    return os.getpid(), os.nice(0)


def refuse() -> None:
    raise BadInput("no", citizen_text="这样不行。")


def die() -> None:
    os._exit(3)


def chatter() -> str:
    print("noise")  # noqa: T201  # what a library might do
    return "answer"


async def test_it_runs_in_a_process_of_its_own_that_gives_way_to_calls() -> None:
    process, niceness = await aside.apart(where)
    assert process != os.getpid()
    assert niceness > os.nice(0)
    assert await aside.apart(chatter) == "answer"


async def test_a_refusal_comes_back_in_its_own_words() -> None:
    with pytest.raises(BadInput) as refused:
        await aside.apart(refuse)
    assert refused.value.citizen_text == "这样不行。"


async def test_who_dies_at_work_is_told_of() -> None:
    with pytest.raises(NotDone):
        await aside.apart(die)


async def test_who_comes_when_too_many_wait_is_told_so() -> None:
    gate = threading.Event()
    waiting = [asyncio.create_task(aside.think(gate.wait)) for _ in range(40)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await aside.think(gate.wait)
    gate.set()
    await asyncio.gather(*waiting)
    assert await aside.think(len, "once more") == 9
