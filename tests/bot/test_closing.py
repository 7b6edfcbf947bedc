"""After an answer: who only says that they heard it is not told that nobody can answer that."""

from __future__ import annotations

import pytest

from base.messages import Reply
from bot.actions.closing import closing, is_closed, no_more, not_alike, only_heard
from bot.actions.protocol import Outcome, Saying, Turn
from bot.actions.talk import repeat
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
    offers = []
    for _ in range(4):
        outcome = not_alike(turn("嗯", *said), Outcome((Saying(name),)))
        [reply] = outcome.replies
        said.append(say(reply.name).text if isinstance(reply, Saying) else reply.text)
        offers.append(outcome.slots.get("offer"))
    assert said[1] == say(name).text
    assert said[2] not in (said[1], said[3])
    assert said[3] == say("utter_rather_a_person").text
    assert offers == [None, None, "person", None], "a yes then means a person, and that once"


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


def talk(*said: str, offer: str | None = None) -> Turn:
    """`said`: the whole talk, the citizen's and ours by turns, the citizen's first and last."""
    transcript = tuple(("assistant" if at % 2 else "citizen", text) for at, text in enumerate(said))
    before = (Reply(said[-2]),) if len(said) > 1 else ()
    return Turn(said[-1], "deny", "web", transcript=transcript, said_before=before, slots={"offer": offer})


def texts(outcome: Outcome | None) -> list[str]:
    assert outcome is not None
    return [say(reply.name).text if isinstance(reply, Saying) else reply.text for reply in outcome.replies]


@pytest.mark.parametrize("said", ["utter_anything_else", "utter_what_to_ask", "utter_still_here", "utter_no_more"])
@pytest.mark.parametrize("no", ["不用", "不用了", "没有了", "不用了谢谢"])
def test_a_no_is_taken(said: str, no: str) -> None:
    ended = no_more(talk("你好", say(said).text, no))
    assert texts(ended) == [say("utter_nothing_more").text]
    assert ended is not None
    assert ended.slots["offer"] is None


def test_a_no_again_and_again_gets_no_offer_and_no_sentence_twice_running() -> None:
    said = ["你好", say("utter_rather_a_person").text, "不用"]
    for _ in range(4):
        [reply] = texts(no_more(talk(*said, offer="person")))
        assert reply != said[-2]
        assert "工作人员" not in reply
        said += [reply, "不用了"]


def test_a_no_to_something_else_is_not_the_end() -> None:
    assert no_more(talk("备案管几年", "备案管6个月。要我现在给您办吗？", "不用")) is None
    assert no_more(talk("备案管几年", say("utter_anything_else").text, "不用备案行不行")) is None


def test_a_person_is_offered_once_in_a_row() -> None:
    said = ["好的", say("utter_what_to_ask").text]
    for _ in range(8):
        outcome = not_alike(talk(*said, "好的"), Outcome((Saying("utter_what_to_ask"),)))
        [reply] = texts(outcome)
        assert reply != said[-1]
        said += ["好的", reply]
    assert said.count(say("utter_rather_a_person").text) == 1


@pytest.mark.parametrize("asked", ["没了吗", "然后呢"])
def test_that_this_was_all_is_said_to_who_asks_for_more(asked: str) -> None:
    said = ["好的", say("utter_what_to_ask").text, "好的", say("utter_rather_a_person").text, asked]
    assert texts(not_alike(talk(*said), Outcome((Saying("utter_no_more"),)))) == [say("utter_no_more").text]


async def test_what_is_said_again_is_what_was_told() -> None:
    told = "备案管6个月。\n（依据：济医保字〔2023〕25号 第8条，2023年）"
    said = ["备案管几年", told, "好的", say("utter_anything_else").text, "好", say("utter_rather_a_person").text]
    [again] = (await repeat(talk(*said, "再说一遍"))).replies
    assert isinstance(again, Reply)
    assert again.text == told
    assert again.to_say == "备案管6个月。"


@pytest.mark.parametrize("name", ["utter_thanks", "utter_anything_else", "utter_still_here", "utter_nothing_more"])
def test_a_nod_to_thanks_or_a_closing_is_no_yes_to_a_person(name: str) -> None:
    assert is_closed(talk("明白", say(name).text, "好的", offer="person"))
    assert not is_closed(talk("有人吗", "这个文件没有写，要不要转人工？", "好的", offer="person"))


def test_nods_do_not_bring_a_person() -> None:
    assert only_heard(talk("好的", say("utter_rather_a_person").text, "好的", offer="person"))
