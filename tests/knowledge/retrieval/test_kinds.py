"""Which kind of amount is asked for, and which a sentence holds."""

from __future__ import annotations

import pytest

from knowledge.retrieval.kinds import Money, money_asked, moneys, other_money

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
