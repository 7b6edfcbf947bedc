"""A question that was put right in one breath."""

from __future__ import annotations

import pytest

from knowledge.answering.asked.put_right import put_right


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("居民医保，不对，职工医保，断缴了咋补", "职工医保，断缴了咋补"),
        ("门诊能报多少，居民的，啊不是，是职工的", "门诊能报多少，职工的"),
        ("居民医保住院能报多少，不对，是职工医保", "职工医保住院能报多少"),
        ("济南，不对，济宁的，门诊慢特病咋报", "济宁的，门诊慢特病咋报"),
        ("邹城，啊不，曲阜的窗口电话", "曲阜的窗口电话"),
        ("俺不是居民的，俺是职工，门诊报多少", "职工，门诊报多少"),
        ("职工，说错了，是居民医保，孩子咋参保", "居民医保，孩子咋参保"),
    ],
)
def test_what_was_taken_back_is_not_asked(asked: str, meant: str) -> None:
    assert put_right(asked) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "居民医保和职工医保有什么区别",
        "居民医保能不能改成职工医保",
        "从职工医保转成居民医保要啥手续",
        "职工医保交错了，居民医保能退吗",
        "职工医保不是停了吗，居民医保咋交",
        "居民医保交的对不对，职工医保呢",
        "济宁不是济南，报销比例一样吗",
        "在济南住院，济宁的医保能不能报",
    ],
)
def test_two_that_are_both_asked_about_stay(asked: str) -> None:
    assert put_right(asked) == asked
