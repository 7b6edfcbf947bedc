"""The line without a PBX: a phone dials it, with the call object of every other line behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from connectors.phone.direct import DirectSip
from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import CallRejected, SipCaller
from tests.phone.sounds import babble, likeness
from tests.phone.test_conversation import ANSWER_SECONDS, Noting, hotline
from voice.call import Call
from voice.line import Digit, Line

OnCall = Callable[[Line], Awaitable[None]]


@asynccontextmanager
async def answering(on_call: OnCall, max_calls: int = 4) -> AsyncIterator[DirectSip]:
    """A line on a port of its own; afterwards nothing of its calls may be left."""
    before = asyncio.all_tasks()
    sip = DirectSip(on_call, 0, max_calls)
    await sip.start()
    try:
        yield sip
        await until(lambda: sip.calls == 0)
    finally:
        await sip.aclose()
    await until(lambda: not {task for task in asyncio.all_tasks() - before if task.get_name().startswith("sip")})


def talking(dialogue: Noting) -> OnCall:
    async def talk(line: Line) -> None:
        await Call(line, dialogue, hotline(dialogue)).run()

    return talk


@pytest.mark.parametrize("codec", ["8 0", "0"])
async def test_a_caller_hears_the_greeting_asks_and_hears_the_answer(codec: str) -> None:
    dialogue = Noting("一二三四。")
    async with answering(talking(dialogue)) as sip, SipCaller(sip.port, offers=codec) as phone:
        await phone.dial("anything")
        if codec == "0":  # the caller of these tests speaks and understands µ-law only
            await phone.hears(0.9)
            await phone.listen(0.5)
            spoken = await phone.say(babble(1.0, seed=31))
            async with asyncio.timeout(GUARD_SECONDS):
                while (answered := phone.heard.voice_after(spoken.last_voiced_at)) is None:
                    await phone.listen(0.05)
            await phone.hears(1.9)
            assert likeness(phone.heard.since(answered - 0.1).pcm(), babble(ANSWER_SECONDS, seed=5)) > 0.9
            assert phone.heard.lost() == 0
        else:
            assert phone.codec == 8
    assert len(dialogue.asked) == (codec == "0")


async def test_keys_and_hold_arrive_and_a_hang_up_ends_the_call_on_both_sides() -> None:
    events: list[object] = []

    async def listen(line: Line) -> None:
        async for event in line.events():
            if isinstance(event, Digit):
                events.append(event)
            if event == Digit("#"):
                await line.hang_up()

    async with answering(listen) as sip:
        async with SipCaller(sip.port) as phone:
            await phone.dial()
            await phone.press("10*#")
            await phone.is_hung_up()
        assert events == [Digit(key) for key in "10*#"]
        async with SipCaller(sip.port) as phone:
            await phone.dial()
            await until(lambda: sip.calls == 1)
        await until(lambda: sip.calls == 0)


async def test_on_hold_nothing_is_sent_and_afterwards_it_is() -> None:
    async with answering(talking(Noting())) as sip, SipCaller(sip.port) as phone:
        await phone.dial()
        await phone.hears(0.2)
        await phone.hold()
        held_at = time.monotonic()
        await phone.listen(0.5)
        assert phone.heard.since(held_at).packets == []
        await phone.hold(on=False)
        await until(lambda: bool(phone.heard.since(held_at).packets))


async def test_what_cannot_be_answered_is_refused() -> None:
    async with answering(talking(Noting()), max_calls=1) as sip:
        async with SipCaller(sip.port, offers="18") as phone:
            with pytest.raises(CallRejected, match="488"):
                await phone.dial()
        async with SipCaller(sip.port) as first, SipCaller(sip.port) as second:
            await first.dial()
            with pytest.raises(CallRejected, match="486"):
                await second.dial()


async def test_closing_hangs_up_on_who_is_talking() -> None:
    sip = DirectSip(talking(Noting()), 0, 4)
    await sip.start()
    async with SipCaller(sip.port) as phone:
        await phone.dial()
        await phone.hears(0.2)
        await sip.aclose()
        await phone.is_hung_up()
    assert sip.calls == 0
