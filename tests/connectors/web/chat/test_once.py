"""What is sent again is not asked again."""

from __future__ import annotations

import asyncio

import pytest

from connectors.web.chat.once import Once


class Asker:
    """Counts; a test lets it answer."""

    def __init__(self) -> None:
        self.asked, self.go, self.fails = 0, asyncio.Event(), False

    async def __call__(self) -> int:
        self.asked += 1
        await self.go.wait()
        if self.fails:
            raise RuntimeError
        return self.asked


async def test_the_second_gets_the_first_answer_even_while_it_is_being_made():
    once, ask = Once[int](), Asker()
    first = asyncio.create_task(once.run("a", ask))
    second = asyncio.create_task(once.run("a", ask))
    await asyncio.sleep(0)
    ask.go.set()
    assert await asyncio.gather(first, second) == [1, 1]
    assert await once.run("a", ask) == 1
    assert await once.run("b", ask) == 2
    assert await once.run("", ask) == 3
    assert await once.run("", ask) == 4, "no key"


async def test_who_stops_waiting_does_not_stop_the_asking():
    once, ask = Once[int](), Asker()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await once.run("a", ask)
    ask.go.set()
    assert await once.run("a", ask) == 1


async def test_a_failure_is_asked_again():
    once, ask = Once[int](), Asker()
    ask.go.set()
    ask.fails = True
    with pytest.raises(RuntimeError):
        await once.run("a", ask)
    ask.fails = False
    assert await once.run("a", ask) == 2


async def test_answers_are_forgotten():
    once, ask = Once[int](kept_seconds=0.01, most=2), Asker()
    ask.go.set()
    assert await once.run("a", ask) == 1
    await asyncio.sleep(0.05)
    assert await once.run("a", ask) == 2
    for key in "bcd":
        await once.run(key, ask)
    assert await once.run("b", ask) == 6


async def test_closing_ends_what_is_asked():
    once, ask = Once[int](), Asker()
    waiting = asyncio.create_task(once.run("a", ask))
    await asyncio.sleep(0)
    await once.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
