"""Deadlines and amounts, and their places in the text."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents.marks import amounts, deadlines


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("（完成时限：2021年1月底前）", "2021年1月底前", date(2021, 1, 31)),
        ("于2021年1月12日前报省中心", "2021年1月12日前", date(2021, 1, 12)),
        ("2023年底前，加快推动", "2023年底前", date(2023, 12, 31)),
        ("将于1月底前对各地市", "1月底前", date(2021, 1, 31)),
        ("(2021年9月—2021年12月)", "2021年9月—2021年12月", date(2021, 12, 31)),
        ("2027年3月1日至12月31日缴费", "2027年3月1日至12月31日", date(2027, 12, 31)),
        ("2026年9月1日至2月28日缴费", "2026年9月1日至2月28日", date(2027, 2, 28)),
        ("9月1日至12月31日缴费", "9月1日至12月31日", date(2021, 12, 31)),
        ("由原来压缩为15个工作日。", "15个工作日", None),
        ("三个工作日内办结", "三个工作日内", None),
        ("要于每月15日前报送", "每月15日前", None),
        ("按国家医保局部署时间执行", "按国家医保局部署时间执行", None),
        ("2024年2月30日前", "2024年2月30日前", None),
    ],
)
def test_deadline(text: str, words: str, day: date | None) -> None:
    (limit,) = deadlines(text, 2021)
    assert (limit.text, limit.by) == (words, day)
    assert text[limit.start : limit.end] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("面积不少于40平方米", ["40平方米"]),
        ("长期处方量可放宽到3个月", ["3个月"]),
        ("起付标准为1,200元，支付比例70%", ["1,200元", "70%"]),
        ("配备1—2人", ["1—2人"]),
        ("高血压等5种门诊慢特病", ["5种"]),
        ("每年开展应急演练两次以上", ["两次"]),
        ("医保办发〔2023〕16号", []),
        ("2021年1月底前完成", []),
        ("电话0531-86198935", []),
    ],
)
def test_amounts(text: str, words: list[str]) -> None:
    found = amounts(text)
    assert [amount.text for amount in found] == words
    assert [text[amount.start : amount.end] for amount in found] == words


def test_a_bare_year_is_a_mention() -> None:
    assert deadlines("2021年工作要点", 2021) == ()


def test_many_dates_take_no_time() -> None:
    text = "2021年1月底前" * 20_000
    assert len(deadlines(text, None)) == 20_000
    assert amounts(text) == ()
