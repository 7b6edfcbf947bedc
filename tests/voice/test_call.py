"""Calls, told as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest

import voice.call
import voice.ears
import voice.halves
from base.clock import HERE
from base.messages import Command, Reply
from base.staff_texts import STAFF_TEXTS, Dated, StaffText
from tests.guard import GUARD_SECONDS, until
from tests.voice.fakes import FakeDialogue, FakeLine, FakeRecogniser, engines
from voice.call import Call
from voice.silent_caller import SilentCaller, SilentTimes
from voice.turn_log import Stages

ANSWER = Reply("备案长期有效。不用年年办。依据是二十五号文件。")
BYE = Reply("再见。", end=True)


@asynccontextmanager
async def call(
    line: FakeLine,
    says: list[str],
    answers: Mapping[str, list[Reply]] | None = None,
    recogniser: FakeRecogniser | None = None,
    on_turn: Callable[[Stages], None] = lambda _stages: None,
) -> AsyncIterator[FakeDialogue]:
    """A running call; afterwards nothing of it may be left. `recogniser`: in place of one that hears what `says`."""
    recogniser = recogniser or FakeRecogniser(says)
    dialogue = FakeDialogue(answers or {})
    before = asyncio.all_tasks()
    running = asyncio.create_task(Call(line, dialogue, engines(recogniser), on_turn).run())
    await line.hears("greeting")
    try:
        yield dialogue
    finally:
        await line.leave()
        async with asyncio.timeout(GUARD_SECONDS):
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


async def test_a_line_that_sends_nothing_after_the_question_is_answered_like_any_other() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}):
        await line.say(silence=0.0)
        await line.hears("备案长期有效")


async def test_the_recogniser_knows_what_was_asked() -> None:
    line, recogniser = FakeLine(), FakeRecogniser(["备案", "提交"])
    asked = Reply("我给您念一遍，您听着，这一句很长很长很长，长得记不住了。请您核对。都对，就说提交。")
    running = asyncio.create_task(Call(line, FakeDialogue({"备案": [asked]}), engines(recogniser)).run())
    await line.hears("greeting")
    await line.say()
    await line.hears("就说提交")
    await line.say()
    await line.hears("不知道")
    await line.leave()
    await running
    assert recogniser.told == ["〈greeting〉。", "请您核对。都对，就说提交。"]


async def test_speaking_over_the_voice_stops_it_and_is_answered() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久", "转人工"], {"备案管多久": [ANSWER], "转人工": [Reply("好的。")]}) as dialogue:
        await line.say(silence=0.3)
        line.hold_playout.clear()
        await line.silence(1.7)
        await line.hears("备案长期有效")
        await line.say()
        await line.is_heard()
        line.hold_playout.set()
        await line.hears("好的")
    assert line.flushes >= 1
    assert dialogue.asked == ["备案管多久", "转人工"]
    assert "不用年年办。" not in line.played


TRANSFER = Reply("正在为您转人工。", transfer=True)


async def test_whoever_wants_a_person_is_given_to_one_that_is_free() -> None:
    line = FakeLine()
    line.agents = True
    async with call(line, ["找个人"], {"找个人": [TRANSFER]}):
        await line.say()
        await line.hears("正在为您转人工")
        await until(lambda: line.handed_over)


async def test_with_nobody_free_a_call_back_is_offered_instead() -> None:
    line = FakeLine()
    answers = {"找个人": [TRANSFER], "转人工": [Reply("请说您的号码。")]}
    async with call(line, ["找个人"], answers) as dialogue:
        await line.say()
        await line.hears("号码")
    assert dialogue.asked == ["找个人", "转人工"]
    assert "正在为您转人工。" not in line.played
    assert line.played[-2:] == ["〈no_agent〉。", "请说您的号码。"]
    assert not line.handed_over


@pytest.mark.parametrize(("hour", "why"), [(10, "no_agent"), (23, "nobody_works")])
async def test_when_people_work_is_told_and_at_night_that_nobody_does(
    monkeypatch: pytest.MonkeyPatch, hour: int, why: str
) -> None:
    monkeypatch.setattr(voice.call, "utc_now", lambda: datetime(2026, 12, 2, hour, tzinfo=HERE))
    STAFF_TEXTS.use({StaffText.HOURS: Dated("周一至周五 8:30-17:00。")})
    line = FakeLine()
    async with call(line, ["找个人"], {"找个人": [TRANSFER], "转人工": [Reply("请说您的号码。")]}):
        await line.say()
        await line.hears("号码")
    STAFF_TEXTS.use({})
    assert line.played[-3:] == [f"〈{why}〉。", "〈hours周一至周五 8:30-17:00〉。", "请说您的号码。"]


async def test_whom_no_agent_took_is_offered_a_call_back() -> None:
    line = FakeLine()
    line.returned = True
    dialogue = FakeDialogue({"转人工": [Reply("请说您的号码。")]})
    running = asyncio.create_task(Call(line, dialogue, engines(FakeRecogniser([]))).run())
    await line.hears("号码")
    await line.leave()
    await running
    assert line.played == ["〈no_agent〉。", "请说您的号码。"]


async def test_a_hum_over_the_voice_does_not_cost_the_rest_of_the_answer() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久", "嗯"], {"备案管多久": [ANSWER]}) as dialogue:
        line.hold_playout.clear()
        await line.say()
        await line.hears("备案长期有效")
        await line.say(0.4)
        await line.is_heard()
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
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}) as dialogue:
        dialogue.free.clear()
        await line.say()
        await line.hears("one_moment")
        dialogue.free.set()
        await line.hears("备案长期有效")


async def test_a_slow_recogniser_is_announced_and_a_slow_answer_behind_it_not_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voice.call, "THINKING_SECONDS", 0.01)
    line, recogniser = FakeLine(), FakeRecogniser(["备案管多久"])
    async with call(line, [], {"备案管多久": [ANSWER]}, recogniser) as dialogue:
        recogniser.free.clear()
        dialogue.free.clear()
        await line.say()
        await line.hears("one_moment")
        await asyncio.sleep(0.05)
        recogniser.free.set()
        await asyncio.sleep(0.05)
        dialogue.free.set()
        await line.hears("备案长期有效")
    played = line.played[: line.played.index("备案长期有效。")]
    assert played.count("〈one_moment〉。") == 1


async def test_who_was_asked_to_wait_hears_that_nothing_was_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "THINKING_SECONDS", 0.01)
    line, recogniser = FakeLine(), FakeRecogniser([""])
    async with call(line, [], None, recogniser):
        recogniser.free.clear()
        await line.say()
        await until(lambda: "〈greeting〉。" in line.played)
        line.hold_playout.clear()
        await line.hears("one_moment")
        recogniser.free.set()
        await line.hears("not_heard")
        line.hold_playout.set()


async def test_a_caller_who_goes_on_while_we_think_is_heard_out() -> None:
    line = FakeLine()
    both = "俺在北京住，看病咋备案"
    async with call(line, ["俺在北京住", "看病咋备案"], {both: [ANSWER]}) as dialogue:
        dialogue.free.clear()
        await line.say()
        await until(lambda: dialogue.asked == ["俺在北京住"])
        await line.say(silence=0.0)
        await line.is_heard()
        dialogue.free.set()
        await asyncio.sleep(0.3)  # time enough to say the answer, if it were not too early for it
        await line.silence(1.5)
        await line.hears("备案长期有效")
    assert dialogue.asked == ["俺在北京住", both]
    assert dialogue.taken_back == ["俺在北京住"]
    assert "不知道。" not in line.played


async def test_how_each_turn_went_is_told() -> None:
    line, turns = FakeLine(), list[Stages]()
    async with call(line, ["我妈在北京住着院", "要不要备案"], on_turn=turns.append):
        await line.say()
        await line.hears("不知道")
        await line.say()
        await until(lambda: len(turns) == 2)
    assert [turn.is_joined for turn in turns] == [False, True]
    assert all(turn.total >= turn.wait > 0 for turn in turns)


async def test_whoever_goes_on_over_our_first_sound_is_answered_once_and_whole() -> None:
    line = FakeLine()
    both = "我妈在北京住着院，要不要备案"
    async with call(line, ["我妈在北京住着院", "要不要备案"], {both: [ANSWER]}) as dialogue:
        await line.say(silence=1.0)
        await line.is_heard()
        line.hold_playout.clear()
        await line.silence(1.0)
        await line.hears("不知道")
        await line.say()
        await line.is_heard()
        line.hold_playout.set()
        await line.hears("依据是二十五号文件")
    assert dialogue.asked == ["我妈在北京住着院", both]
    assert dialogue.taken_back == ["我妈在北京住着院"]


async def test_what_was_foretold_is_said_before_the_turn_is_taken() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}) as dialogue:
        dialogue.foretold["备案管多久"] = [ANSWER]
        dialogue.free.clear()
        await line.say()
        await line.hears("依据是二十五号文件")
        dialogue.free.set()
        await line.is_heard()
    assert dialogue.asked == ["备案管多久"]
    assert line.played.count("备案长期有效。") == 1


async def test_a_turn_that_comes_out_otherwise_than_foretold_has_the_last_word() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}) as dialogue:
        dialogue.foretold["备案管多久"] = [Reply("管一年。")]
        await line.say()
        await line.hears("依据是二十五号文件")


async def test_nothing_foretold_for_half_a_sentence_is_said() -> None:
    line = FakeLine()
    async with call(line, ["我妈在北京"], {"我妈在北京": [ANSWER]}) as dialogue:
        dialogue.foretold["我妈在北京"] = [Reply("北京。")]
        await line.say(silence=0.2)
        await until(lambda: dialogue.peeked == ["我妈在北京"])
        await line.say(silence=0.0)
        await line.is_heard()
        assert line.played == ["〈greeting〉。"]


async def test_a_wish_that_stands_alone_is_no_second_half() -> None:
    line = FakeLine()
    async with call(line, ["我妈在北京住着院", "转人工"], {"转人工": [Reply("请留电话。")]}) as dialogue:
        await line.say(silence=1.0)
        await line.is_heard()
        line.hold_playout.clear()
        await line.silence(1.0)
        await line.hears("不知道")
        await line.say()
        await line.is_heard()
        line.hold_playout.set()
        await line.hears("请留电话")
    assert dialogue.asked == ["我妈在北京住着院", "转人工"]
    assert dialogue.taken_back == []


async def test_what_cannot_be_taken_back_is_done_only_when_they_have_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.halves, "GOES_ON_SECONDS", -60.0)  # no time passes here between two turns
    line = FakeLine()
    both = "去协和医院怎么办，不对，去人民医院"
    async with call(
        line, ["我要办备案", "去协和医院怎么办", "不对，去人民医院"], {both: [Reply("记下了。")]}
    ) as dialogue:
        dialogue.open = True
        await line.say()
        await line.hears("不知道")
        await line.say(silence=0.7)
        await line.is_heard()
        await line.say()
        await line.hears("记下了")
    assert dialogue.asked == ["我要办备案", both]
    assert dialogue.taken_back == []


async def test_where_nothing_is_open_nobody_waits_for_more() -> None:
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}):
        await line.say(silence=0.5)
        await line.hears("备案长期有效")


async def test_a_silent_caller_is_asked_offered_help_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "SilentCaller", lambda: SilentCaller(SilentTimes(0.02, 0.02, 0.02)))
    line = FakeLine()
    async with call(line, []):
        await line.hears("goodbye")
    assert line.played == ["〈greeting〉。", "〈still_there〉。", "〈silence_offer〉。", "〈goodbye〉。"]


async def test_on_hold_nothing_is_said_and_nobody_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "SilentCaller", lambda: SilentCaller(SilentTimes(0.1, 0.1, 0.1)))
    line = FakeLine()
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}):
        line.hold_playout.clear()
        await line.say()
        await line.hears("备案长期有效")
        await line.hold()
        await line.say(silence=0.0)  # music on hold
        await line.is_heard()
        await asyncio.sleep(0.5)
        line.hold_playout.set()
        await asyncio.sleep(0.5)
        assert line.played[-1] == "备案长期有效。"
        await line.hold(on=False)
        await line.hears("依据是二十五号文件")
    assert line.played.count("备案长期有效。") == 2, "the broken sentence is said again from its beginning"


async def test_on_hold_in_a_silence_the_patience_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "SilentCaller", lambda: SilentCaller(SilentTimes(0.1, 0.1, 0.1)))
    line = FakeLine()
    async with call(line, []):
        await line.hold()
        await asyncio.sleep(0.5)
        assert line.played == ["〈greeting〉。"]
        await line.hold(on=False)
        await line.hears("goodbye")


async def test_who_never_comes_back_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "LONGEST_HOLD_SECONDS", 0.05)
    line = FakeLine()
    async with call(line, []):
        await line.hold()
        await until(lambda: line.hung_up)


async def test_who_was_told_to_take_their_time_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice.call, "SilentCaller", lambda: SilentCaller(SilentTimes(0.05, 0.05, 0.05, 0.5)))
    line = FakeLine()
    async with call(line, ["我找找"], {"我找找": [Reply("不着急。", takes_time=True)]}):
        await until(lambda: line.played == ["〈greeting〉。"])
        await line.say(0.5)
        await line.hears("不着急")
        await asyncio.sleep(0.3)
        assert line.played[-1] == "不着急。"
        await line.hears("goodbye")


async def test_noise_without_end_is_told_offered_a_person_and_let_go() -> None:
    line = FakeLine()
    async with call(line, [""] * 9) as dialogue:
        for _ in range(9):
            await line.say()
        await until(lambda: line.hung_up)
    prompts = [said for said in line.played if said != "〈greeting〉。"]
    assert prompts == ["〈not_heard〉。"] * 5 + ["〈too_noisy〉。"] + ["〈not_heard〉。"] * 2 + ["〈noisy_goodbye〉。"]
    assert dialogue.asked == []


async def test_who_speaks_into_every_answer_and_hears_none_is_let_go() -> None:
    line = FakeLine()
    async with call(line, ["电视里的话"] * 12) as dialogue:
        line.hold_playout.clear()
        for _ in range(12):
            if line.hung_up:
                break
            before = len(line.played)
            await line.say(silence=1.5)
            await until(lambda before=before: len(line.played) > before or line.hung_up)  # type: ignore[misc]
            if line.played[-1] == "〈noisy_goodbye〉。":
                line.hold_playout.set()
                await until(lambda: line.hung_up)
    assert "〈too_noisy〉。" in line.played
    assert line.played[-1] == "〈noisy_goodbye〉。"
    assert len(dialogue.asked) <= 8


async def test_one_word_understood_begins_the_count_anew() -> None:
    line = FakeLine()
    async with call(line, ["", "", "", "", "", "备案管多久", *[""] * 5], {"备案管多久": [ANSWER]}):
        for _ in range(5):
            await line.say()
        await line.say()
        await line.hears("依据")
        for _ in range(5):
            await line.say()
        await until(lambda: line.played.count("〈not_heard〉。") == 10)
    assert "〈too_noisy〉。" not in line.played


async def test_the_longest_call_ends_with_a_goodbye() -> None:
    line = FakeLine()
    parts = replace(engines(FakeRecogniser([])), longest_seconds=voice.call.GOODBYE_SECONDS + 0.1)
    await asyncio.wait_for(Call(line, FakeDialogue({}), parts).run(), GUARD_SECONDS)
    assert line.played == ["〈greeting〉。", "〈time_up〉。"]
    assert line.hung_up


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
    async with call(line, ["备案管多久"], {"备案管多久": [ANSWER]}) as dialogue:
        if moment == "thinking":
            dialogue.free.clear()
        if moment == "speaking":
            await line.say(silence=0.0)
        elif moment != "greeting":
            await line.say()
        if moment == "thinking":
            await until(lambda: dialogue.asked == ["备案管多久"])
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


class Undecided:
    """A turn model that never thinks a sentence complete."""

    async def complete(self, pcm: bytes) -> float:
        return 0.1


@pytest.mark.parametrize(("text", "is_answered"), [("今年还得再备不", True), ("我妈在南京住着院", False)])
async def test_words_that_end_a_question_end_the_turn_where_the_sound_leaves_it_open(
    text: str, is_answered: bool
) -> None:
    line, dialogue = FakeLine(), FakeDialogue({})
    parts = replace(engines(FakeRecogniser([text])), turn_model=Undecided())
    running = asyncio.create_task(Call(line, dialogue, parts).run())
    await line.hears("greeting")
    await line.say(silence=0.8)
    await line.is_heard()
    await asyncio.sleep(0.1)
    if is_answered:
        await until(lambda: bool(dialogue.asked))
    assert (dialogue.asked == [text]) is is_answered
    await line.leave()
    await running


async def test_a_key_is_a_command_and_no_words_to_be_understood() -> None:
    line = FakeLine()
    async with call(line, [], {Command.PERSON: [Reply("请留电话。")]}) as dialogue:
        await line.press("0#")
        await line.hears("请留电话")
    assert [type(text) for text in dialogue.asked] == [Command]
