"""Models that are loaded while somebody is on the line already."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

import voice.call
from base.errors import EngineUnavailable
from base.messages import Reply
from tests.guard import GUARD_SECONDS, until
from tests.voice.fakes import FakeDialogue, FakeLine, FakeRecogniser, engines
from voice.audio import FRAME_BYTES
from voice.call import Call
from voice.later import Later, LaterRecogniser, LaterSynthesiser

Made = TypeVar("Made")


class Slow:
    """What takes until it is `let` be made; counts how often it was begun."""

    def __init__(self) -> None:
        self._gate = threading.Event()
        self.begun = 0

    def making(self, made: Made) -> Callable[[], Made]:
        def make() -> Made:
            self.begun += 1
            assert self._gate.wait(GUARD_SECONDS)
            return made

        return make

    def let(self) -> None:
        self._gate.set()


def _speech(number: int) -> bytes:
    return (1000 + number).to_bytes(2, "little") * (FRAME_BYTES // 2)


async def test_who_calls_before_the_models_is_greeted_asked_for_patience_and_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voice.call, "THINKING_SECONDS", 0.05)
    slow, recogniser, line = Slow(), FakeRecogniser(["备案管多久"]), FakeLine()
    later = LaterRecogniser("whisper", slow.making(recogniser))
    dialogue = FakeDialogue({"备案管多久": [Reply("备案长期有效。")]})
    running = asyncio.create_task(Call(line, dialogue, engines(later)).run())
    await line.hears("greeting")
    await line.say()
    await line.hears("one_moment")
    assert dialogue.asked == []
    slow.let()
    await line.hears("长期有效")
    assert line.played.index("备案长期有效。") > line.played.index("〈one_moment〉。")
    await line.leave()
    await asyncio.wait_for(running, GUARD_SECONDS)
    assert recogniser.open == 0


async def test_what_was_said_meanwhile_is_heard_in_its_order_and_loaded_only_once() -> None:
    slow, recogniser = Slow(), FakeRecogniser(["医保", "备案"])
    later = LaterRecogniser("whisper", slow.making(recogniser))
    first, second = later.utterance("要办什么？"), later.utterance()
    first.feed(_speech(1))
    second.feed(_speech(1))
    hearing = [asyncio.create_task(one.transcript()) for one in (first, second)]
    await until(lambda: slow.begun > 0)
    second.feed(_speech(2))
    assert later.name == "whisper"
    slow.let()
    assert [(await one).text for one in hearing] == ["医保", "备案"]
    assert recogniser.told == ["要办什么？", ""]
    assert slow.begun == 1
    assert later.name == "fake"
    first.feed(_speech(2))
    assert (await first.transcript()).text == "备案", "they went on"
    for one in (first, second):
        one.close()
        one.close()
    assert recogniser.open == 0
    assert not hasattr(later.utterance(), "_fed"), "from now on the engine's own"


async def test_who_hung_up_meanwhile_leaves_nothing_behind() -> None:
    slow, recogniser = Slow(), FakeRecogniser(["医保"])
    later = LaterRecogniser("whisper", slow.making(recogniser))
    given_up, closed = later.utterance(), later.utterance()
    hearing = [asyncio.create_task(one.transcript()) for one in (given_up, closed)]
    await until(lambda: slow.begun > 0)
    hearing[0].cancel()
    given_up.close()
    closed.close()
    slow.let()
    assert (await hearing[1]).text == ""
    assert recogniser.open == 0
    assert later.engine.made is recogniser, "the one who hung up did not stop the loading"


async def test_what_cannot_be_loaded_is_told_to_everybody_and_not_tried_for_ever() -> None:
    tried = []

    def broken() -> FakeRecogniser:
        tried.append(time.monotonic())
        raise RuntimeError("model.bin is spoilt")

    later = Later(broken)
    for _ in range(2):
        with pytest.raises(EngineUnavailable) as raised:
            await later.get()
        assert "spoilt" in str(raised.value.__cause__)
    assert len(tried) == 1


async def test_a_voice_speaks_as_soon_as_it_is_there() -> None:
    class Voice:
        name = "kokoro zf_xiaoxiao"

        async def speak(self, text: str, pace: float = 1.0) -> bytes:
            return f"{text} {pace}".encode()

        async def aclose(self) -> None:
            closed.append(self.name)

    slow, closed = Slow(), list[str]()
    later = LaterSynthesiser("kokoro zf_xiaoxiao", slow.making(Voice()))
    await later.aclose()
    speaking = asyncio.create_task(later.speak("请讲", 0.9))
    await until(lambda: slow.begun > 0)
    assert not speaking.done()
    slow.let()
    assert await speaking == "请讲 0.9".encode()
    await later.aclose()
    assert closed == [later.name]
