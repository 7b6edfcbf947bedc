"""What is for later, and what is asked in the same breath."""

from __future__ import annotations

import pytest

from language.putting_off import asks_while_dropping, asks_while_holding, puts_off
from language.stance import says_yes

HOLD = (
    "先别交",
    "等会儿再办",
    "我再想想",
    "先放一放",
    "回头再说吧，回头再办",
    "先不交了，俺跟闺女商量商量",
    "过两天再办",
    "改天吧",
    "慢着，先停一下",
    "别急着交",
    "等俺儿子回来再办",
    "暂时不办",
    "我还没想好",
    "晚点再说，晚点再弄",
    "先停一下",
)


@pytest.mark.parametrize("said", HOLD)
def test_not_now(said: str) -> None:
    assert puts_off(said)
    assert not says_yes(said)


@pytest.mark.parametrize("said", ["不用等了", "别等了快办吧", "等不及了", "不用考虑", "是不是要等很久"])
def test_no_putting_off(said: str) -> None:
    assert not puts_off(said)


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("不查了不查了，你就告诉我居民一年交多少钱", "居民一年交多少钱"),
        ("先不查了，参保交费到哪天截止", "参保交费到哪天截止"),
        ("算了不办了，门诊的票能报吗", "门诊的票能报吗"),
        ("不办了，就想问问高血压算不算慢特病", "高血压算不算慢特病"),
        ("改天再弄吧，对了你们几点下班", "对了你们几点下班"),
        ("取消吧，我问问报销的事", "报销的事"),
        ("拉倒不弄了。俺想打听下异地的事", "异地的事"),
        ("哎算了 别登记了 俺自己去问 镇上去哪问", "俺自己去问，镇上去哪问"),
        ("先不办了，行吗", ""),
        ("先不办了", ""),
        ("不办了会怎样", ""),
        ("俺妈说不办了，那咋弄", ""),
        ("不办了，转人工吧", ""),
        ("先别交，备了上海回济宁还给报不", ""),
        ("等会儿，我找找身份证", ""),
        ("不交了，明年还能补吗", ""),
        ("拉倒吧，问你也白问", ""),
    ],
)
def test_a_question_of_somebody_who_drops_what_was_begun(said: str, question: str) -> None:
    assert asks_while_dropping(said) == question


def test_a_question_of_somebody_who_only_holds_it_back() -> None:
    assert asks_while_holding("先别交，备了上海回济宁还给报不") == "备了上海回济宁还给报不"
    assert not asks_while_holding("先别交")
