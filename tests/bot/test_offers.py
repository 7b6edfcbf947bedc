"""What is said to an offer in place of a yes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.offers import taken_up
from bot.actions.protocol import Turn

OFFERED = {"offer": "errand", "offered_words": "我妈手机丢了怎么给她办备案", "offered_intent": "file_item"}


def turn(text: str, slots: dict[str, Any] = OFFERED, **more: Any) -> Turn:
    return Turn(text, "out_of_scope", "web", slots=slots, **more)


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
