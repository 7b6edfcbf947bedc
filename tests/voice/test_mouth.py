"""What is heard of our voice, and what a caller who speaks now answers to."""

from __future__ import annotations

import asyncio

import pytest

import voice.mouth
from tests.voice.fakes import FakeLine, FakeVoice
from voice.mouth import Mouth

ONE_MOMENT = "请稍等，我查一下。"
ASKS = "您问的是这个吗？。"


async def test_a_first_piece_that_is_long_in_the_making_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.mouth, "SLOW_SECONDS", 0.01)
    line, speech = FakeLine(), FakeVoice(slow=["记下的是糖尿病。"])
    mouth = Mouth(line, speech)
    await mouth.say(["记下的是糖尿病。对吗。"], 1.0, meanwhile=ONE_MOMENT)
    await line.hears("请稍等")
    assert mouth.first_audio_at > 0
    speech.free.set()
    await mouth.wait()
    assert line.played == [ONE_MOMENT, "记下的是糖尿病。", "对吗。"]
    assert mouth.asked == "记下的是糖尿病。对吗。"


async def test_what_is_at_hand_is_not_announced() -> None:
    line = FakeLine()
    mouth = Mouth(line, FakeVoice())
    await mouth.say(["备案长期有效。"], 1.0, meanwhile=ONE_MOMENT)
    await mouth.wait()
    assert line.played == ["备案长期有效。"]


async def test_an_interrupted_announcement_leaves_nothing_in_the_making(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.mouth, "SLOW_SECONDS", 0.01)
    line, before = FakeLine(), asyncio.all_tasks()
    mouth = Mouth(line, FakeVoice(slow=["记下了。"]))
    await mouth.say(["记下了。"], 1.0, meanwhile=ONE_MOMENT)
    await line.hears("请稍等")
    await mouth.stop()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_who_speaks_over_our_first_sound_goes_on_and_answers_nothing_of_it() -> None:
    line = FakeLine()
    mouth = Mouth(line, FakeVoice())
    await mouth.say(["请直接说。"], 1.0)
    await mouth.wait()
    line.hold_playout.clear()
    await mouth.say(["您问的是这个吗？。"], 1.0)
    assert mouth.asked == "请直接说。"
    await mouth.wait_first_audio()
    assert mouth.asked == "请直接说。"
    mouth.interrupt()
    assert mouth.asked == "请直接说。"


async def test_what_was_heard_to_the_end_or_long_enough_is_what_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    line = FakeLine()
    mouth = Mouth(line, FakeVoice())
    await mouth.say(["请直接说。"], 1.0)
    await mouth.wait()
    await mouth.say([ASKS], 1.0)
    await mouth.wait()
    assert mouth.asked == ASKS
    monkeypatch.setattr(voice.mouth, "GOES_ON_SECONDS", 0.0)
    line.hold_playout.clear()
    await mouth.say(["是哪种病。"], 1.0)
    await mouth.wait_first_audio()
    assert mouth.asked == "是哪种病。"
    await mouth.stop()
