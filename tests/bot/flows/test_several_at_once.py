"""Two things in one breath: two numbers, two look-ups, what went in and what went out."""

from __future__ import annotations

import pytest

from bot.flows.goals import query_kind, wishes
from bot.flows.identify.whose_number import both_numbers
from casework.filings.items import load
from tests.casework.office import CODE, Office, people


def number(who: str) -> str:
    return str(people()[who]["id_number"])


@pytest.mark.parametrize(
    "words",
    [
        "我身份证{own}，我妈身份证{theirs}",
        "俺妈的号{theirs}，我的号{own}",
        "我的身份证号是{own} 我母亲的是{theirs}",
    ],
)
def test_whose_each_of_two_numbers_is(words: str) -> None:
    own, theirs = number("son"), number("mother")
    assert both_numbers(words.format(own=own, theirs=theirs))[:2] == (own, theirs)


def test_one_number_is_not_two() -> None:
    assert both_numbers(f"我妈身份证{number('mother')}") == ("", "", "")


async def test_two_numbers_in_one_sentence_are_both_taken(office: Office) -> None:
    son = office.caller()
    await son.wants("query_mine", "给俺妈查余额")
    heard = await son.says(f"我身份证{number('son')}，我妈身份证{number('mother')}")
    assert "验证码已经发到您" in heard
    heard = await son.says(CODE)
    assert "身份证号" not in heard, "theirs is not asked for again"
    assert await office.messages("mother"), "who is asked for their consent"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("余额和今年交了多少", 2),
        ("结算记录看看，还有卡里余额", 2),
        ("查查参保状态、余额", 2),
        ("查查余额", 1),
        ("缴费和报销的比例是多少", 1),
    ],
)
def test_look_ups_named_side_by_side(words: str, count: int) -> None:
    assert len(wishes(words, load())) == (count if count > 1 else 0)


async def test_both_look_ups_are_told(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "卡里余额和今年交了多少")
    heard = await elder.proves("elder")
    assert "余额是" in heard
    assert "缴费" in heard


@pytest.mark.parametrize("words", ["俺卡里头今年用了多少，收了多少", "卡里出了几回钱"])
async def test_what_went_in_and_out_is_more_than_the_balance(office: Office, words: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", words)
    heard = await elder.proves("elder")
    assert "余额是" in heard
    assert "结算" in heard
    assert "查不到" in heard, "and what cannot be told is said"


def test_how_many_times_money_went_out_is_of_the_account() -> None:
    assert query_kind("出了几回钱") == "balance"
