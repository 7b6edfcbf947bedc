"""Turns over a real Asterisk: a whole call object, with engines that need no model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import numpy as np
import pytest

import voice.call
from base.messages import Reply
from connectors.phone.asterisk import Asterisk
from connectors.phone.connector import PhoneConnector
from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import SipCaller
from tests.phone.conftest import MAINTENANCE, TakeCalls, ari_of
from tests.phone.recording import VOICED_RMS
from tests.phone.sounds import babble, likeness
from tests.voice.fakes import FakePrompts
from voice.call import Call, Engines
from voice.line import Line
from voice.recogniser import Transcript
from voice.silent_caller import SilentCaller, SilentTimes

pytestmark = pytest.mark.phone

ANSWER_SECONDS = 1.0


class Loudness:
    """A speech detector for babble, which no model takes for speech."""

    def hear(self, window: bytes) -> float:
        return float(np.sqrt(np.mean(np.frombuffer(window, dtype="<i2").astype(np.float64) ** 2)) >= VOICED_RMS)


class Counting:
    """Recognises every utterance as how long it is, in whole seconds."""

    name = "counting"

    def utterance(self, asked: str = "") -> CountingUtterance:
        return CountingUtterance()

    async def aclose(self) -> None: ...


class CountingUtterance:
    def __init__(self) -> None:
        self._bytes = 0

    def feed(self, pcm: bytes) -> None:
        self._bytes += len(pcm)

    async def transcript(self) -> Transcript:
        return Transcript(f"我说了{max(1, round(self._bytes / 32000))}秒")

    def close(self) -> None: ...


class Babbling:
    """A voice that speaks each sentence as a second of babble."""

    def sentences(self, text: str) -> list[str]:
        return [piece + "。" for piece in text.split("。") if piece]

    async def audio(self, sentence: str, pace: float) -> bytes:
        return babble(ANSWER_SECONDS, seed=len(sentence))


class Noting:
    """A dialogue that notes what it is asked, and answers in one sentence unless told otherwise."""

    def __init__(self, answer: str = "好的。") -> None:
        self.asked: list[str] = []
        self._answer = answer

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        self.asked.append(text)
        return [Reply(self._answer)]

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        return []

    async def is_open(self, conversation_id: str) -> bool:
        return False

    async def take_back(self, conversation_id: str) -> None: ...


def hotline(dialogue: Noting) -> Engines:
    return Engines(Counting(), str, Loudness, None, Babbling(), FakePrompts(), 1.0)


async def test_a_caller_who_puts_us_on_hold_misses_no_word_and_is_not_hung_up_on(
    take_calls: TakeCalls, phone: SipCaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice.call, "SilentCaller", lambda: SilentCaller(SilentTimes(0.5, 0.5, 0.5)))
    dialogue = Noting("一。一二。一二三。一二三四。")

    async def talk(line: Line) -> None:
        await Call(line, dialogue, hotline(dialogue)).run()

    await take_calls(talk)
    await phone.dial()
    await phone.hears(0.9)
    await phone.say(babble(1.0, seed=31))
    await phone.hears(1.5)
    await phone.hold()
    held_at = time.monotonic()
    await phone.listen(4.0)
    assert phone.heard.since(held_at).voiced_seconds() == 0
    await phone.hold(on=False)
    await phone.hears(0.5)
    await until(lambda: phone.heard.since(held_at).voiced_seconds() > 3.8)
    await phone.listen(0.5)
    heard = phone.heard.since(held_at).without_gaps()
    assert min(likeness(heard, babble(ANSWER_SECONDS, seed=seconds)) for seconds in (4, 5)) > 0.9


@pytest.mark.parametrize("phone_kind", [{"is_mute": True}, {"comfort_noise": True}, {}])
async def test_who_falls_silent_in_any_way_is_answered(
    take_calls: TakeCalls, asterisk: Asterisk, phone_kind: dict[str, bool]
) -> None:
    dialogue = Noting()

    async def talk(line: Line) -> None:
        await Call(line, dialogue, hotline(dialogue)).run()

    await take_calls(talk)
    async with SipCaller(asterisk.config.sip_port, **phone_kind) as phone:  # type: ignore[arg-type]
        await phone.dial()
        await phone.hears(0.9)
        await phone.listen(0.5)
        spoken = await phone.say(babble(1.0, seed=31))
        async with asyncio.timeout(GUARD_SECONDS):
            while phone.heard.voice_after(spoken.last_voiced_at) is None:
                await phone.listen(0.05)
    assert len(dialogue.asked) == 1


async def test_a_stopping_service_says_so_to_who_is_in_a_talk(asterisk: Asterisk, phone: SipCaller) -> None:
    """The talk itself hung up first, so that nobody was left to be told."""

    async def talk(line: Line) -> None:
        await Call(line, Noting(), hotline(Noting())).run()

    ari = ari_of(asterisk)
    connector = PhoneConnector(ari, talk, 5)
    running = asyncio.create_task(connector.run())
    await until(lambda: connector.is_connected)
    await phone.dial()
    await phone.hears(0.9)
    await phone.listen(1.0)
    stopped_at = time.monotonic()
    running.cancel()
    await asyncio.wait([running])
    await phone.is_hung_up()
    assert likeness(phone.heard.since(stopped_at).without_gaps(), MAINTENANCE) > 0.9
    await ari.aclose()


async def test_lost_packets_in_mid_word_end_no_turn(take_calls: TakeCalls, asterisk: Asterisk) -> None:
    dialogue = Noting()

    async def talk(line: Line) -> None:
        await Call(line, dialogue, hotline(dialogue)).run()

    await take_calls(talk)
    async with SipCaller(asterisk.config.sip_port, is_mute=True, loses=9) as phone:
        await phone.dial()
        await phone.hears(0.9)
        await phone.listen(0.5)
        await phone.say(babble(3.0, seed=32))
        await until(lambda: bool(dialogue.asked))
        await phone.listen(0.5)
    assert len(dialogue.asked) == 1
