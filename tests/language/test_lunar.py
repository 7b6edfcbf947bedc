"""Lunar days and the days of the common calendar they fall on."""

from __future__ import annotations

from datetime import date

import pytest

from language.calendar.lunar import LunarDay, _years, lunar_day, month_away, to_solar


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("农历三月十五", LunarDay(3, 15)),
        ("腊月二十三", LunarDay(12, 23)),
        ("腊月廿三", LunarDay(12, 23)),
        ("闰六月初一", LunarDay(6, 1, is_leap=True)),
        ("正月十五", LunarDay(1, 15)),
        ("冬月初十", LunarDay(11, 10)),
        ("农历1950年3月15", LunarDay(3, 15)),
        ("中秋那天", LunarDay(8, 15)),
        ("下月初八", None),
        ("农历三月", None),
    ],
)
def test_month_and_day(text: str, when: LunarDay | None) -> None:
    assert lunar_day(text) == when


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下个月初八", date(2026, 12, 16)),
        ("下月初八走", date(2026, 12, 16)),
        ("上个月初六", date(2026, 10, 15)),
        ("这个月初一", date(2026, 11, 9)),
        ("下个月农历十五", date(2026, 12, 23)),
        ("下个月十五", None),
        ("下个月8号", None),
        ("初八", None),
    ],
)
def test_a_day_of_the_next_lunar_month(text: str, day: date | None) -> None:
    assert month_away(text, date(2026, 11, 29)) == day


def test_the_month_after_a_leap_month_and_over_the_new_year() -> None:
    assert month_away("下个月初一", date(2025, 7, 1)) == to_solar(2025, LunarDay(6, 1, is_leap=True))
    assert month_away("下个月初一", date(2027, 1, 20)) == to_solar(2027, LunarDay(1, 1))


@pytest.mark.parametrize(
    ("year", "when", "day"),
    [
        (1949, LunarDay(8, 10), date(1949, 10, 1)),
        (2000, LunarDay(1, 1), date(2000, 2, 5)),
        (2024, LunarDay(8, 15), date(2024, 9, 17)),
        (2025, LunarDay(6, 1, is_leap=True), date(2025, 7, 25)),
        (2025, LunarDay(7, 1), date(2025, 8, 23)),
        (2024, LunarDay(12, 30), date(2025, 1, 28)),
        (2025, LunarDay(5, 1, is_leap=True), None),
        (1899, LunarDay(1, 1), None),
        (2025, LunarDay(1, 31), None),
    ],
)
def test_the_common_day(year: int, when: LunarDay, day: date | None) -> None:
    assert to_solar(year, when) == day


def test_every_year_ends_where_the_next_begins() -> None:
    years = _years()
    for number, year in years.items():
        assert len(year.lengths) == (13 if year.leap else 12)
        if number + 1 in years:
            assert year.first.toordinal() + sum(year.lengths) == years[number + 1].first.toordinal(), number
