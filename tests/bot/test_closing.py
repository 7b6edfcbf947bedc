"""After an answer: who only says that they heard it is not told that nobody can answer that."""

from __future__ import annotations

import pytest

from base.messages import Reply
from bot.actions.closing import closing, not_alike
from bot.actions.protocol import Outcome, Saying, Turn
from bot.sayings import say


def turn(text: str, *said: str, form: str = "") -> Turn:
    """`said`: what we said before, the last of it last."""
    transcript = tuple(pair for one in said for pair in (("citizen", "话"), ("assistant", one)))
    return Turn(text, "out_of_scope", "web", form=form, transcript=(*transcript, ("citizen", text)))


@pytest.mark.parametrize("text", ["知道了", "哦", "行，明白了"])
def test_a_kind_closing(text: str) -> None:
    assert closing(turn(text, "备案管6个月。")) == Outcome((Saying("utter_anything_else"),), {"offer": None})
    assert closing(turn("备案管几年", "备案管6个月。")) is None
    assert closing(turn(text, "请输入您的身份证号", form="errand_form")) is None


@pytest.mark.parametrize("name", ["utter_no_more", "utter_what_to_ask", "utter_anything_else", "utter_out_of_scope"])
def test_one_sentence_is_not_said_three_times(name: str) -> None:
    said: list[str] = ["备案管6个月。"]
    for _ in range(4):
        outcome = not_alike(turn("嗯", *said), Outcome((Saying(name),)))
        [reply] = outcome.replies
        said.append(say(reply.name).text if isinstance(reply, Saying) else reply.text)
    assert said[1] == say(name).text
    assert said[2] not in (said[1], said[3])
    assert said[3] == say("utter_rather_a_person").text
    assert outcome.slots["offer"] == "person", "a yes then means a person"


def test_an_answer_in_between_begins_anew() -> None:
    said = say("utter_what_to_ask").text
    outcome = Outcome((Saying("utter_what_to_ask"),))
    assert not_alike(turn("嗯", said, "备案管6个月。"), outcome) == outcome


@pytest.mark.parametrize("text", ["行，那我抽空上大厅去。", "那我去窗口问问", "回头俺上镇上办去"])
def test_who_will_go_there_is_seen_off(text: str) -> None:
    outcome = closing(turn(text, "备案管6个月。"))
    assert outcome is not None
    [reply] = outcome.replies
    assert isinstance(reply, Reply)
    assert "路上慢点" in reply.text


@pytest.mark.parametrize("text", ["去大厅要带啥", "那我去济南看病", "去窗口还是手机上办"])
def test_a_question_about_going_is_one(text: str) -> None:
    assert closing(turn(text, "备案管6个月。")) is None
