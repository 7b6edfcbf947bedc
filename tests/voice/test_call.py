"""Calls, told as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

import voice.call
import voice.ears
from service.messages import Reply
from tests.voice.fakes import FakeDialogue, FakeLine, FakeRecogniser, engines
from voice.call import Call
from voice.patience import Patience, PatienceTimes

ANSWER = Reply("备案长期有效。不用年年办。依据是二十五号文件。")
BYE = Reply("再见。", end=True)


@asynccontextmanager
async def call(
    line: FakeLine, says: list[str], answers: Mapping[str, list[Reply]] | None = None, seconds: float = 0.0
) -> AsyncIterator[FakeDialogue]:
    """A running call; afterwards nothing of it may be left."""
    recogniser = FakeRecogniser(says)
    dialogue = FakeDialogue(answers or {}, seconds)
    before = asyncio.all_tasks()
    running = asyncio.create_task(Call(line, dialogue, engines(recogniser)).run())
    await line.hears("greeting")
    try:
        yield dialogue
    finally:
        await line.leave()
        async with asyncio.timeout(3):
            await running
        await asyncio.sleep(0)
        assert asyncio.all_tasks() - before == set()
        assert recogniser.open == 0
        assert line.hung_up


async def test_a_question_is_answered_and_a_goodbye_closes_the_line() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久", "再见"], {"备案管多久": [ANSWER], "再见": [BYE]}):
        await line.say()
        await line.hears("依据")
        await line.say()
        await line.hears("再见")
    assert line.played[-1] == "再见。"
    assert ("caller", "备案管多久") in line.captions


async def test_speaking_over_the_voice_stops_it_and_is_answered() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久", "转人工"], {"备案管多久": [ANSWER], "转人工": [Reply("好的。")]}) as dialogue:
        await line.say()
        line.hold_playout.clear()
        await line.hears("备案长期有效")
        line.hold_playout.clear()
        await line.say()
        line.hold_playout.set()
        await line.hears("好的")
    assert line.flushes >= 1
    assert dialogue.asked == ["备案管多久", "转人工"]
    assert "不用年年办。" not in line.played


async def test_a_hum_over_the_voice_does_not_cost_the_rest_of_the_answer() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久", "嗯"], {"备案管多久": [ANSWER]}) as dialogue:
        line.hold_playout.clear()
        await line.say()
        await line.hears("备案长期有效")
        await line.say(0.4)
        line.hold_playout.set()
        await line.hears("依据是二十五号文件")
    assert dialogue.asked == ["备案管多久"]
    assert line.played.count("备案长期有效。") == 2, "the interrupted sentence is said again from its beginning"


async def test_noise_after_our_voice_is_asked_about() -> None:
    line = FakeLine()
    async with call(line, [""]) as dialogue:
        await line.say()
        await line.hears("not_heard")
    assert dialogue.asked == []


async def test_a_recogniser_that_fails_is_heard_not_hidden() -> None:
    line = FakeLine()
    async with call(line, ["!", "备案管多久"], {"备案管多久": [ANSWER]}):
        await line.say()
        await line.hears("trouble")
        await line.say()
        await line.hears("备案长期有效")


async def test_a_slow_answer_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "THINKING_SECONDS", 0.01)
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}, seconds=0.1):
        await line.say()
        await line.hears("one_moment")
        await line.hears("备案长期有效")


async def test_a_caller_who_goes_on_while_we_think_is_heard_out() -> None:
    line = FakeLine()
    both = "俺在北京住，看病咋备案"
    async with call(line, ["俺在北京住", "看病咋备案"], {both: [ANSWER]}, seconds=0.6) as dialogue:
        await line.say()
        await line.say(silence=0.0)
        await asyncio.sleep(0.9)
        await line.silence(1.5)
        await line.hears("备案长期有效")
    assert dialogue.asked == ["俺在北京住", both]
    assert "不知道。" not in line.played


async def test_a_silent_caller_is_asked_offered_help_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "Patience", lambda: Patience(PatienceTimes(0.02, 0.02, 0.02)))
    line = FakeLine()
    async with call(line, []):
        await line.hears("goodbye")
    assert line.played == ["〈greeting〉。", "〈still_there〉。", "〈silence_offer〉。", "〈goodbye〉。"]


async def test_keys_are_a_message_and_zero_asks_for_a_person() -> None:
    line = FakeLine()
    async with call(line, [], {"转人工": [Reply("请留电话。")], "19900000003": [Reply("记下了。")]}) as dialogue:
        await line.press("0#")
        await line.hears("请留电话")
        await line.press("19900000003#")
        await line.hears("记下了")
    assert dialogue.asked == ["转人工", "19900000003"]


async def test_keys_without_a_hash_end_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.ears, "_KEYS_PAUSE_SECONDS", 0.02)
    line = FakeLine()
    async with call(line, [], {"12": [Reply("十二。")]}):
        await line.press("12")
        await line.hears("十二")


@pytest.mark.parametrize("moment", ["greeting", "speaking", "thinking", "answering"])
async def test_hanging_up_at_any_moment_leaves_nothing(moment: str) -> None:
    line = FakeLine()
    line.hold_playout.clear()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}, seconds=0.05 if moment == "thinking" else 0.0):
        if moment == "speaking":
            await line.say(silence=0.0)
        elif moment != "greeting":
            await line.say()
        if moment == "answering":
            await line.hears("备案长期有效")


async def test_a_fault_of_ours_is_said_before_the_line_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    line = FakeLine()
    async with call(line, ["备案管多久"]) as dialogue:
        monkeypatch.setattr(dialogue, "reply", lambda *_: asyncio.sleep(0, result=None))
        await line.say()
        await line.hears("broken")


async def test_slower_please(monkeypatch: pytest.MonkeyPatch) -> None:
    line = FakeLine()
    paces: list[float] = []

    async def audio(self: object, sentence: str, pace: float) -> bytes:
        paces.append(round(pace, 2))
        return sentence.encode()

    monkeypatch.setattr("tests.voice.fakes.FakeVoice.audio", audio)
    async with call(line, ["说慢点"], {"说慢点": [Reply("好，我说慢些。", pace=0.8)]}):
        await line.say()
        await line.hears("慢些")
    assert paces == [1.0, 0.8]
