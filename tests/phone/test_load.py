"""Many calls at once, each sentence repeated to its caller: nothing is lost either way."""

from __future__ import annotations

import asyncio

import pytest

from connectors.phone.asterisk import Asterisk
from tests.phone.caller import SipCaller
from tests.phone.conftest import TakeCalls
from tests.phone.sounds import babble, likeness
from voice.audio import RATE_HZ
from voice.line import Heard, Line

pytestmark = pytest.mark.phone

CALLS = 20
SENTENCE_SECONDS = 3


async def repeat(line: Line) -> None:
    """Say every sentence again, from its first sound on."""
    held = bytearray()
    async for event in line.events():
        if isinstance(event, Heard) and (held or event.pcm.strip(b"\0")):
            held += event.pcm
        if len(held) >= 2 * RATE_HZ * (SENTENCE_SECONDS + 1):
            await line.play(bytes(held))
            held.clear()


async def test_twenty_calls_at_once_lose_nothing(take_calls: TakeCalls, asterisk: Asterisk) -> None:
    await take_calls(repeat, max_calls=CALLS)

    async def talk(number: int) -> tuple[float, int]:
        sentence = await asyncio.to_thread(babble, SENTENCE_SECONDS, seed=200 + number)
        async with SipCaller(asterisk.config.sip_port, number=f"138{number:08d}") as phone:
            await phone.dial()
            await phone.put_through()
            await phone.say(sentence)
            await phone.hears(SENTENCE_SECONDS - 0.1)
            await phone.listen(0.5)  # the rest, and the silence behind it
            heard = phone.heard.without_gaps()
            return await asyncio.to_thread(likeness, heard, sentence), phone.heard.lost()

    results = await asyncio.gather(*(talk(number) for number in range(CALLS)))
    assert min(likeness for likeness, _ in results) > 0.95
    assert sum(lost for _, lost in results) == 0
