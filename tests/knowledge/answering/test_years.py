"""A year asks for that year's rules; a year in the caller's own story, or in a document's name, does not."""

from __future__ import annotations

import pytest

from knowledge.answering.years import YearInQuestion, year_in


@pytest.mark.parametrize(
    ("question", "year", "rest"),
    [
        ("2020年异地就医政策是啥", 2020, "异地就医政策是啥"),
        ("2021年的", 2021, ""),
        ("异地备案2021年的时候怎么办", 2021, "异地备案怎么办"),
        ("二零二〇年度居民医保交多少", 2020, "居民医保交多少"),
        ("那二〇二一年呢", 2021, "那呢"),
    ],
)
def test_the_year_of_the_rules(question: str, year: int, rest: str) -> None:
    assert year_in(question) == YearInQuestion(year, rest)


@pytest.mark.parametrize(
    "question",
    [
        "我2020年办的慢病证还能用吗",
        "2019年住院的发票还能报吗",
        "2021年那个通知现在还执行吗",
        "2021年的文件现在还算数吗",
        "从2020年起断交了咋办",
        "2022年3月住的院",
        "2020年退休的交不交医保",
        "异地备案怎么办",
        "一年能报多少",
        "12393年",
    ],
)
def test_a_year_that_asks_for_no_rules(question: str) -> None:
    assert year_in(question) is None
