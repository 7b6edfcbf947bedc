"""Which kind of amount is asked for, which a sentence holds, and which sentences are about something else."""

from __future__ import annotations

import pytest

from knowledge.retrieval.kinds import (
    Money,
    is_abroad,
    money_asked,
    moneys,
    only_tells_where_to_look,
    opposed,
    other_money,
    sides,
    without_empty,
)

CEILING = "居民医保年度最高支付限额为18万元。"
PAID_IN = "成年居民个人缴费由200元提高为220元。"
DEDUCTIBLE = "一级医院住院起付标准为200元，二级医院为500元。"
SHARE = "起付标准以上的部分，基金支付比例为70%。"


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("居民医保一年交多少钱", CEILING, True),
        ("居民医保一年交多少钱", PAID_IN, False),
        ("居民医保一年交多少钱", DEDUCTIBLE, True),
        ("住院能报多少", SHARE, False),
        ("住院能报多少", PAID_IN, True),
        ("住院能报多少", CEILING, False),
        ("一年最多给报多少钱", SHARE, True),
        ("一年最多给报多少钱", CEILING, False),
        ("住院门槛费多少钱", SHARE, True),
        ("住院门槛费多少钱", DEDUCTIBLE, False),
        ("上交材料要几天", CEILING, False),
        ("居民医保在哪里交", CEILING, False),
    ],
)
def test_an_amount_of_another_kind_does_not_answer(question: str, sentence: str, other: bool) -> None:
    assert other_money(question, sentence) is other


def test_an_amount_has_the_kind_of_the_words_before_it_or_above() -> None:
    assert moneys("一级医院：200元", "住院起付标准") == {Money.DEDUCTIBLE}
    assert moneys("个人缴费220元，财政补助420元。") == {Money.PAYS_IN, Money.GETS}
    assert money_asked("怎么交") is None


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("在广东打工看病能报吗", "在国外和港澳台就医的费用不支付。", 1),
        ("香港能备案吗", "跨省异地就医前要备案。", 1),
        ("在香港看病能报吗", "在境外就医的费用不支付。", 0),
        ("在广东打工看病能报吗", "跨省异地就医前要备案。", 0),
    ],
)
def test_abroad_and_another_province_are_told_apart(question: str, sentence: str, other: int) -> None:
    assert opposed(sides(question), sides(sentence)) == other


@pytest.mark.parametrize(
    ("question", "sentence", "only"),
    [
        ("装假牙有补助吗", "参保群众可在网厅进行缴费记录等信息查询。", True),
        ("缴费记录在哪查", "参保群众可在网厅进行缴费记录等信息查询。", False),
        ("装假牙有补助吗", "种植牙的补助为300元，可在网厅查询。", False),
    ],
)
def test_where_to_look_does_not_answer_who_asks_for_something_else(question: str, sentence: str, only: bool) -> None:
    assert only_tells_where_to_look(question, sentence) is only


@pytest.mark.parametrize(("text", "abroad"), [("在香港看病", True), ("在广东打工", False), ("住院能报吗", None)])
def test_a_place_is_abroad_or_within_or_none(text: str, abroad: bool | None) -> None:
    assert is_abroad(text) is abroad


def test_what_only_tells_the_story_is_not_what_is_asked_about() -> None:
    assert "".join(without_empty("俺邻居说心里没底这阵子护理床位").split()) == "护理床位"
    assert "结婚证" in without_empty("麻烦您结婚证要不要")
