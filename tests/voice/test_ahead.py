"""What is prepared for the end of a sentence: for these words only, one at a time, thrown away when they go on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

import voice.ahead
from base.messages import Reply
from tests.guard import until
from tests.voice.fakes import FakeVoice
from voice.ahead import Ahead
from voice.ears import Understood

ANSWER = [Reply("备案长期有效。不用年年办。")]


class Foretelling:
    """A dialogue that can be held up; counts what it is asked, and what of it was given up."""

    def __init__(self, replies: list[Reply]) -> None:
        self._replies, self.free = replies, asyncio.Event()
        self.free.set()
        self.asked: list[str] = []
        self.given_up = 0

    async def __call__(self, text: str, others: Sequence[str]) -> list[Reply]:
        self.asked.append(text)
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return self._replies


def ahead(dialogue: Foretelling) -> Ahead:
    return Ahead(dialogue, FakeVoice(), lambda: 1.0)


async def test_replies_and_the_first_piece_are_there_for_the_words_they_were_made_for() -> None:
    dialogue = Foretelling(ANSWER)
    one = ahead(dialogue)
    one.begin(Understood("备案管多久"), 0.3)
    prepared = await one.take("备案管多久")
    assert prepared
    assert prepared.replies == ANSWER
    assert (await prepared.first).decode() == "备案长期有效。"
    assert await one.take("备案管多久") is None, "once"


async def test_other_words_get_nothing() -> None:
    one = ahead(Foretelling(ANSWER))
    one.begin(Understood("备案管多久"), 0.3)
    assert await one.take("备案管多久啊") is None
    await one.aclose()


async def test_what_is_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.ahead, "LATE_SECONDS", 0.01)
    dialogue = Foretelling(ANSWER)
    dialogue.free.clear()
    one = ahead(dialogue)
    one.begin(Understood("备案管多久"), 0.3)
    assert await one.take("备案管多久") is None
    await until(lambda: dialogue.given_up == 1)


async def test_who_goes_on_is_answered_nothing_of_it_and_one_peek_is_under_way_at_most() -> None:
    dialogue = Foretelling(ANSWER)
    dialogue.free.clear()
    one = ahead(dialogue)
    one.begin(Understood("我妈在北京"), 0.3)
    await until(lambda: dialogue.asked == ["我妈在北京"])
    one.begin(Understood("我妈在北京住院"), 0.3)
    await until(lambda: dialogue.given_up == 1)
    one.drop()
    await asyncio.sleep(0)
    assert await one.take("我妈在北京住院") is None
    await one.aclose()


async def test_a_long_wait_is_not_prepared_for_at_its_beginning() -> None:
    dialogue = Foretelling(ANSWER)
    one = ahead(dialogue)
    one.begin(Understood("我妈在北京住院"), 60.0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert dialogue.asked == []
    await one.aclose()


async def test_what_is_more_than_words_waits_for_its_turn() -> None:
    for reply in (Reply("再见。", end=True), Reply("转。", transfer=True), Reply("慢。", pace=0.8)):
        one = ahead(Foretelling([reply]))
        one.begin(Understood("好"), 0.3)
        assert await one.take("好") is None


async def test_a_peek_that_breaks_is_no_answer() -> None:
    async def breaks(text: str, others: Sequence[str]) -> list[Reply]:
        raise RuntimeError

    one = Ahead(breaks, FakeVoice(), lambda: 1.0)
    one.begin(Understood("好"), 0.3)
    assert await one.take("好") is None
