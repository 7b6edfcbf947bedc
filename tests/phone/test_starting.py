"""Whoever calls in the seconds in which the service starts: models are still loaded, the engine is not there yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from language.aloud.spoken import sentences, spoken
from tests.guard import GUARD_SECONDS
from tests.phone.caller import SipCaller
from tests.phone.sounds import likeness
from tests.whole import Whole, whole_service
from voice.audio import RATE_HZ
from voice.kokoro import Kokoro
from voice.prompts import Prompts

pytestmark = [pytest.mark.phone, pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

_SOON_SECONDS = 1.5
_LONGEST_SILENCE_SECONDS = 8.0
"""From the end of what a caller said to the next thing they hear, with two programs starting on the same machine."""


async def test_a_caller_in_the_first_seconds_is_greeted_and_never_left_in_silence(
    tmp_path: Path, grandma: Kokoro
) -> None:
    question = await grandma.speak("俺在北京跟着闺女住，看病用不用先备案？")
    async with whole_service(tmp_path, phone=True, rtp_port=26000, waits=False) as whole:
        await _said(whole, "phone_connected")
        async with SipCaller(whole.sip_port) as caller:
            await caller.dial()
            assert await _not_ready(whole) == {"dialogue", "speech"}, "too late to test anything"
            await caller.hears(1.0)
            first = caller.heard.voice_after(caller.answered_at)
            assert first is not None
            assert first - caller.answered_at < _SOON_SECONDS
            spoken_at = (await caller.say(question)).last_voiced_at
            await _hears_something_after(caller, spoken_at)
            assert not caller.far_end_left.is_set()
            assert likeness(caller.heard.without_gaps(), _beginning_of("greeting")) > 0.9
        await whole.until_ok()


async def _said(whole: Whole, event: str) -> None:
    """Wait until it is in the log."""
    async with asyncio.timeout(GUARD_SECONDS + 60):
        while not (whole.var_dir / "log" / "service.log").exists() or f'"event": "{event}"' not in whole.log:
            await asyncio.sleep(0.02)


async def _not_ready(whole: Whole) -> set[str]:
    async with aiohttp.ClientSession() as http, http.get(whole.url + "/healthz") as response:
        return {name for name, is_ready in (await response.json())["checks"].items() if not is_ready}


async def _hears_something_after(caller: SipCaller, at: float) -> None:
    async with asyncio.timeout(_LONGEST_SILENCE_SECONDS + GUARD_SECONDS):
        while (voice := caller.heard.voice_after(at)) is None:
            await asyncio.sleep(0.05)
    assert voice - at < _LONGEST_SILENCE_SECONDS


def _beginning_of(key: str) -> bytes:
    prompts = Prompts.load()
    return prompts.recorded()[sentences(spoken(prompts.text(key)))[0]][: 2 * int(0.8 * RATE_HZ)]
