"""The hotline as its callers meet it: the whole service, a real Asterisk, synthetic callers, and what they heard read.

Callers speak with Kokoro's other voices; what they hear is recognised and read, never just measured.
"""

from __future__ import annotations

import asyncio
import difflib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

from tests.phone.caller import SipCaller
from tests.whole import Whole
from voice.audio import seconds
from voice.kokoro import Kokoro
from voice.whisper import WhisperRecogniser

pytestmark = [pytest.mark.phone, pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "俺在北京跟着闺女住，看病用不用先备案？"
_AGAIN = ("没听清", "没听明白")
QUIET_SECONDS = 5.0
"""A sentence made live on a busy machine may keep the caller waiting this long between two others."""
GREETING_QUIET_SECONDS = 2.0
LONGEST_SECONDS = 90.0
UNANSWERED_SECONDS = 20.0
"""The same while what they said is still being recognised and thought about."""


class Caller:
    """A person on the phone: says things, and afterwards knows what they heard."""

    def __init__(self, hotline: Whole, phone: SipCaller, voice: Kokoro, ear: WhisperRecogniser) -> None:
        self._hotline, self._phone, self._voice, self._ear = hotline, phone, voice, ear

    async def asks(self, text: str) -> str:
        """Say it, listen to the answer to its end, and read it; asked to say it again, they do, once."""
        audio = await self._voice.speak(text)
        heard = await self._answer(audio)
        return await self._answer(audio) if any(mentions(heard, again) for again in _AGAIN) else heard

    async def _answer(self, audio: bytes) -> str:
        turns = self._turns()
        spoken = await self._phone.say(audio)
        return await self.hears(since=spoken.last_voiced_at, is_answered=lambda: self._turns() > turns)

    def _turns(self) -> int:
        """How many the service has logged as answered."""
        return self._hotline.log.count('"event": "turn"')

    async def keys(self, digits: str) -> str:
        """Press them, listen to the answer to its end, and read it."""
        pressed = await self._phone.press(digits)
        return await self.hears(since=pressed[-1])

    async def is_greeted(self) -> str:
        """The greeting, read. It is recorded, so that nothing has to be waited for between its sentences."""
        return await self.hears(self._phone.answered_at, quiet_seconds=GREETING_QUIET_SECONDS)

    async def hears(
        self, since: float, is_answered: Callable[[], bool] = lambda: True, quiet_seconds: float = QUIET_SECONDS
    ) -> str:
        """Listen until the voice is silent, then read what it said."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not self._phone.far_end_left.is_set():
                quiet = time.monotonic() - max(self._phone.heard.last_voice() or 0.0, since + 2.0)
                if quiet >= UNANSWERED_SECONDS or (quiet >= quiet_seconds and is_answered()):
                    break
                await asyncio.sleep(0.05)
        pcm = self._phone.heard.since(since).pcm()
        assert seconds(pcm) > 0.5, "silence on the line"
        utterance = self._ear.utterance()
        utterance.feed(pcm)
        return (await utterance.transcript()).text


def mentions(heard: str, fact: str) -> bool:
    """Whether the fact's sounds are in what was heard: recognition writes other characters for them, and now and then
    mishears a consonant ("习医保治" for 济医保字), so letters of pinyin are compared. Other facts stay below 0.7."""
    said, wanted = ("".join(lazy_pinyin(text)) for text in (heard, fact))
    likeness = (
        difflib.SequenceMatcher(None, said[start : start + len(wanted)], wanted, autojunk=False).ratio()
        for start in range(max(1, len(said) - len(wanted) + 1))
    )
    return max(likeness, default=0.0) >= 0.8


async def test_a_call_from_hello_to_goodbye(hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser) -> None:
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        greeting = await caller.is_greeted()
        assert mentions(greeting, "医保热线"), greeting
        greeted_at = phone.heard.voice_after(phone.answered_at)
        assert greeted_at is not None
        first = await caller.asks(QUESTION)
        assert mentions(first, "备案长期有效"), first
        assert "2023年" in first or mentions(first, "二零二三年"), f"from which year is it? {first}"
        second = await caller.asks("医保跨省转移接续，要多少个工作日？")
        assert "15个工作日" in second or mentions(second, "十五个工作日"), second
        source = await caller.asks("这是哪个文件说的？")
        assert mentions(source, "济医保字") or "25号" in source, source
        await caller.asks("没有了，再见。")
        await phone.is_hung_up()


async def test_an_emergency_comes_before_anything_else(hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser) -> None:
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        heard = await Caller(hotline, phone, grandma, ear).asks("我胸口疼得厉害，喘不上气来！")
        assert mentions(heard, "请立即拨打"), heard


async def test_nobody_knows_is_said_and_a_person_offered(
    hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser
) -> None:
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        await caller.is_greeted()
        heard = await caller.asks("在三级医院住院，能报销百分之多少？")
        assert mentions(heard, "转人工"), heard


async def test_hanging_up_in_mid_word_leaves_the_line_free(
    hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser
) -> None:
    question = await grandma.speak(QUESTION)
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        saying = asyncio.create_task(phone.say(question))
        await asyncio.sleep(1.0)
        phone.hang_up()
        saying.cancel()
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        greeting = await Caller(hotline, phone, grandma, ear).is_greeted()
        assert mentions(greeting, "医保热线"), greeting


async def test_a_crashed_engine_is_heard_as_a_sentence_and_comes_back(
    hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser
) -> None:
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        await caller.is_greeted()
        os.kill(_rasa_of(hotline), signal.SIGKILL)
        heard = await caller.asks(QUESTION)
        assert mentions(heard, "系统正在恢复"), heard
        await hotline.until_ok()
        heard = await caller.asks(QUESTION)
        assert mentions(heard, "备案长期有效"), heard


async def test_nothing_a_caller_said_is_in_any_log(hotline: Whole) -> None:
    logs = list((hotline.var_dir / "log").iterdir())
    assert logs
    for file in logs:
        content = file.read_text(errors="replace")
        assert not any(words in content for words in ("闺女", "备案", "13800000000", "胸口")), file.name


def _rasa_of(hotline: Whole) -> int:
    """The process id of the service's Rasa: a child of the service that runs it."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_text()
            except OSError:
                continue
            if parent == hotline.pid and "rasa" in command:
                return int(entry.name)
    raise AssertionError("the service runs no Rasa")
