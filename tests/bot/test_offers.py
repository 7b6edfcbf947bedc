"""What is said to an offer in place of a yes."""

from __future__ import annotations

from typing import Any

import pytest

from base.messages import Button, Reply
from bot.actions.going_on import DO_IT
from bot.actions.offers import offered, offered_item, taken_up
from bot.actions.protocol import Outcome, Turn
from bot.flows.wished import Wish

OFFERED = {"offer": "errand", "offered_words": "我妈手机丢了怎么给她办备案", "offered_intent": "file_item"}


def turn(text: str, slots: dict[str, Any] = OFFERED, intent: str = "out_of_scope", **more: Any) -> Turn:
    return Turn(text, intent, "web", slots=slots, **more)


@pytest.mark.parametrize("said", ["她就在我旁边", "给俺娘办的", "俺娘就在俺跟前坐着呢"])
def test_more_of_it_is_a_yes(said: str) -> None:
    taken = taken_up(turn(said))
    assert taken is not None
    assert taken.text == f"我妈手机丢了怎么给她办备案，{said}"
    assert taken.intent == "file_item"


def test_a_place_is_more_of_it() -> None:
    assert taken_up(turn("在苏州", places=("苏州",))) is not None


@pytest.mark.parametrize("said", ["不用了", "不是我妈的", "俺娘还用去窗口吗", "今天天气好", "哦"])
def test_what_is_no_yes(said: str) -> None:
    assert taken_up(turn(said)) is None


def test_without_an_offer_there_is_nothing_to_take_up() -> None:
    assert taken_up(turn("她就在我旁边", {})) is None
    assert taken_up(turn("她就在我旁边", {**OFFERED, "offer": "more"})) is None
    assert taken_up(turn("她就在我旁边", form="ticket_form")) is None


CHRONIC = Wish("file_item", "门诊慢特病资格认定")


@pytest.mark.parametrize("said", ["俺娘走不动了，能不能不去窗口就把慢病的证办下来", "慢病证咋办", "上哪申请慢特病"])
def test_an_answer_leads_on_to_the_thing_itself(said: str) -> None:
    told = Outcome((Reply("到定点医院就能办。"),), {"topic": "t", "offer": "more"})
    outcome = offered(turn(said, {}, "ask_policy"), CHRONIC, told)
    assert outcome.slots["offer"] == "errand"
    assert outcome.slots["offered_words"] == said
    assert outcome.replies[0] == told.replies[0]


@pytest.mark.parametrize("is_spoken", [True, False])
def test_who_listens_sees_no_button_and_is_asked(is_spoken: bool) -> None:
    button = (Button(DO_IT, "门诊慢特病资格认定"),)
    told = Outcome((Reply("到定点医院就能办。", buttons=button),), {"topic": "t", "offer": "more"})
    wants = turn("俺要办门诊慢特病", {}, "ask_policy", is_spoken=is_spoken)
    assert (offered(wants, CHRONIC, told).slots["offer"] == "errand") is is_spoken


@pytest.mark.parametrize("said", ["慢病办下来要多久", "慢病能报多少", "办公时间几点"])
def test_who_asks_something_else_is_offered_nothing(said: str) -> None:
    told = Outcome((Reply("三个月。"),), {"topic": "t"})
    assert offered(turn(said, {}, "ask_policy"), CHRONIC, told) == told


def test_what_the_answer_offers_is_not_offered_twice() -> None:
    told = Outcome((Reply("到医院办。", buttons=(Button(DO_IT, "我要办慢特病"),)),), {"topic": "t"})
    assert offered(turn("慢病证咋办", {}, "ask_policy"), CHRONIC, told) == told


def test_who_gives_their_number_to_an_answer_that_offers_an_item_wants_it() -> None:
    told = Reply("到医院办。", buttons=(Button("还有呢", "还有呢"), Button(DO_IT, "我要办慢特病")))
    assert offered_item(turn("370899194807029048", {}, "prove_identity", said_before=(told,))) == "我要办慢特病"
    assert offered_item(turn("370899194807029048", {}, "prove_identity", said_before=(Reply("您好。"),))) == ""
