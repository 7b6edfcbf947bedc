"""Until when, as people say it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.authorise.until import FOREVER, last_day
from language.calendar.dates import NotADate

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("一年", "2027-11-20"),
        ("一年半", "2028-05-20"),
        ("两年", "2028-11-20"),
        ("两年半吧", "2029-05-20"),
        ("一年零三个月", "2028-02-20"),
        ("半年", "2027-05-20"),
        ("三个月", "2027-02-20"),
        ("18个月", "2028-05-20"),
        ("十八个月", "2028-05-20"),
        ("一个半月", "2027-01-04"),
        ("半个月", "2026-12-05"),
        ("两个星期", "2026-12-04"),
        ("十天", "2026-11-30"),
        ("到年底", "2026-12-31"),
        ("今年年底", "2026-12-31"),
        ("到明年年底", "2027-12-31"),
        ("明年底", "2027-12-31"),
        ("后年年底", "2028-12-31"),
        ("到2027年底", "2027-12-31"),
        ("二零二七年年底", "2027-12-31"),
        ("27年底", "2027-12-31"),
        ("到明年六月", "2027-06-30"),
        ("到后年六月", "2028-06-30"),
        ("到六月", "2027-06-30"),
        ("到2028年2月", "2028-02-29"),
        ("到月底", "2026-11-30"),
        ("到下个月底", "2026-12-31"),
        ("明年三月底", "2027-03-31"),
        ("明年六月三号", "2027-06-03"),
        ("6月3号", "2027-06-03"),
        ("到明年的今天", "2027-11-20"),
        ("今天", "2026-11-20"),
        ("到后天", "2026-11-22"),
        ("到下周五", "2026-11-27"),
        ("2027-06-03", "2027-06-03"),
        ("20270603", "2027-06-03"),
    ],
)
def test_the_last_day(text: str, until: str) -> None:
    assert last_day(text, TODAY).isoformat() == until


@pytest.mark.parametrize("text", ["到过年", "到腊月", "随便", "到明年", "到明年上半年"])
def test_what_is_no_day_is_asked_again(text: str) -> None:
    with pytest.raises(NotADate):
        last_day(text, TODAY)


def test_without_end_is_longer_than_allowed() -> None:
    assert last_day("长期吧", TODAY) == FOREVER


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("半年就够了，过半年我就好了", "2027-05-20"),
        ("两年吧，给两年", "2028-11-20"),
        ("一年，不对，半年", "2027-05-20"),
        ("不是一年，是两年", "2028-11-20"),
        ("廿天", "2026-12-10"),
    ],
)
def test_what_was_said_last_counts(text: str, until: str) -> None:
    assert last_day(text, TODAY).isoformat() == until


def test_about_so_many_months_is_no_last_day() -> None:
    with pytest.raises(NotADate):
        last_day("两三个月", TODAY)
