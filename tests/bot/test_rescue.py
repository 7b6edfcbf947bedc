"""An engine that loses its way: the citizen hears one plain sentence, and the conversation goes on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from base.errors import EngineUnavailable
from base.messages import Reply
from base.tenant import TENANT
from bot.rescue import TROUBLE, Rescue, Trouble
from bot.sayings import say

AGAIN, ANSWER = say("utter_taken_up_again"), Reply("答。")


class Lost:
    """Silent, or running away, until it has begun anew often enough."""

    def __init__(self, wrong: list[Reply] | str, *, until: int = 1) -> None:
        self._wrong, self._until = wrong, until
        self.heard: list[str] = []
        self.anew: list[bool] = []

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.heard.append(text)
        if len(self.anew) >= self._until:
            return [ANSWER]
        if isinstance(self._wrong, str):
            raise EngineUnavailable(code=self._wrong)
        return self._wrong

    async def begin_anew(self, sender: str, *, keep: bool) -> None:
        self.anew.append(keep)


def counted(kind: Trouble) -> float:
    return float(TROUBLE.labels(kind)._value.get())


@pytest.mark.parametrize("wrong", [[], "dialogue_turn_failed"])
async def test_the_second_silence_begins_the_conversation_anew_and_asks_again(wrong: list[Reply] | str) -> None:
    engine = Lost(wrong)
    rescue = Rescue(engine)
    assert await rescue.reply("c", "好的", "web", {}) == [say("utter_trouble")]
    assert engine.anew == []
    assert await rescue.reply("c", "备案管几年", "web", {}) == [AGAIN, ANSWER]
    assert engine.anew == [True], "what was open is open still"
    assert await rescue.reply("c", "好的", "web", {}) == [ANSWER]


async def test_where_keeping_what_was_open_does_not_help_nothing_is_kept() -> None:
    engine = Lost([], until=2)
    rescue = Rescue(engine)
    await rescue.reply("c", "好的", "web", {})
    assert await rescue.reply("c", "好的", "web", {}) == [AGAIN, ANSWER]
    assert engine.anew == [True, False]


async def test_who_asks_for_a_person_gets_one_at_that_very_moment() -> None:
    for wrong in ([], [Reply("文件没有写")] * 9, "dialogue_runaway"):
        assert await Rescue(Lost(wrong)).reply("c", "转人工", "web", {}) == [AGAIN, ANSWER]


async def test_one_silence_between_answers_is_no_second_one() -> None:
    engine = Lost([])
    rescue = Rescue(engine)
    await rescue.reply("c", "好的", "web", {})
    engine._until = 0
    await rescue.reply("c", "备案", "web", {})
    engine._until = 9
    assert await rescue.reply("c", "好的", "web", {}) == [say("utter_trouble")]
    assert engine.anew == []


@pytest.mark.parametrize("wrong", [[Reply("后面的"), *[Reply("文件没有写")] * 9], "dialogue_runaway"])
async def test_a_turn_that_ran_away_is_one_sentence_and_not_asked_again(wrong: list[Reply] | str) -> None:
    engine, before = Lost(wrong), counted(Trouble.RUNAWAY)
    assert await Rescue(engine).reply("c", "好的", "web", {}) == [say("utter_say_it_again")]
    assert (engine.heard, engine.anew) == (["好的"], [True])
    assert counted(Trouble.RUNAWAY) == before + 1


async def test_many_different_replies_are_no_runaway() -> None:
    replies = [Reply(text) for text in ("答一", "答二", "接着办。", "什么颜色？")]
    assert await Rescue(Lost(replies, until=9)).reply("c", "两个问题", "web", {}) == replies


async def test_an_engine_that_is_down_is_a_sentence_and_a_person_where_the_line_has_one() -> None:
    engine = Lost("dialogue_unreachable", until=9)
    rescue = Rescue(engine)
    assert await rescue.reply("c", "备案", "phone", {"can_transfer": True}) == [say("utter_engine_down")]
    assert await rescue.reply("c", "转人工", "web", {}) == [say("utter_engine_down")]
    assert await rescue.reply("c", "转人工", "phone", {"can_transfer": True}) == [say("utter_transfer")]
    assert engine.anew == []


async def test_an_engine_that_stays_silent_is_still_a_sentence() -> None:
    rescue = Rescue(Lost([], until=99))
    assert [await rescue.reply("c", "好的", "web", {}) for _ in range(3)] == [[say("utter_trouble")]] * 3


@pytest.mark.parametrize(
    ("text", "number"), [("老有人在后头跟着俺，手里有刀", "110"), ("俺活着也没啥滋味了，没意思", "12356")]
)
async def test_while_the_engine_is_down_a_hint_of_danger_is_enough(text: str, number: str) -> None:
    first, *others = await Rescue(Lost("dialogue_unreachable", until=9)).reply("c", text, "web", {})
    assert number in first.to_dial
    assert others == [say("utter_engine_down")]


def test_an_engine_that_is_down_leaves_a_way_on() -> None:
    assert TENANT.hotline in say("utter_engine_down").text
    assert "转人工" in say("utter_engine_down").text
