"""ID numbers inside sentences, and whom a sentence is about."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.goals import acts_for_somebody, query_kind
from bot.flows.identify.proof import take_id
from bot.flows.small_words import Heard
from bot.flows.state import State
from language.id_number import find as id_number_in

NUMBER = "370899195003159028"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NUMBER, NUMBER),
        (f"我的身份证是{NUMBER} 电话19900000001", NUMBER),
        (f"身份证{NUMBER} 19900000001", NUMBER),
        ("37089919751120906*", "37089919751120906X"),
        ("三七零八九九 一九五零零三一五 九零二八", NUMBER),
        ("三七零八九九一九七五一一二零九零六叉", "37089919751120906X"),
        ("３７０８９９１９５００３１５９０２８", NUMBER),
        ("19900000001", ""),
        ("13579013579013579013579", ""),
        ("异地就医备案", ""),
    ],
)
def test_a_number_of_eighteen_is_found_whatever_is_around_it(text: str, number: str) -> None:
    assert id_number_in(text) == number


@pytest.mark.parametrize("said", ["艾克斯", "爱克斯", "叉", "是个叉", "查", "X", "ex", "最后是艾克斯"])
def test_the_letter_that_is_left_of_a_number_is_taken(said: str) -> None:
    state = State("query", "phone", partial="37089919751120906")
    moved = take_id(state, Heard(said, "inform", "phone", is_spoken=True), date(2026, 11, 20), again="ask_id_again")
    assert moved is not None
    assert (moved.to, state.id_number) == ("taken", "37089919751120906X")


def test_to_act_for_somebody_is_not_to_authorise_somebody() -> None:
    assert all(map(acts_for_somebody, ("我要给我妈办事", "我替俺娘办事 怎么先授权", "帮老人申请")))
    assert not any(map(acts_for_somebody, ("授权给俺闺女", "给俺闺女开个授权", "让闺女帮我办", "委托给我儿子办")))


def test_what_a_call_back_came_to_is_progress_and_money_is_not() -> None:
    assert query_kind("我登记的那个啥时候给我回电") == "progress"
    assert query_kind("我上次报的那个钱打过来没") == "settlements"
