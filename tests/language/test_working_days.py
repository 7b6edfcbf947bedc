from datetime import date

import pytest

from language.calendar.working_days import add_working_days, caveat, days_fixed_by_law, is_working_day, remaining


def test_a_weekend_does_not_count() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_the_national_holiday_does_not_count_but_its_exchanged_saturday_does() -> None:
    assert not is_working_day(date(2025, 10, 1))
    assert is_working_day(date(2025, 10, 11))


def test_a_year_not_yet_announced_falls_back_to_weekends_and_the_days_of_the_law() -> None:
    assert add_working_days(date(2030, 11, 1), 1) == date(2030, 11, 4)
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert add_working_days(date(2026, 12, 28), 5) == date(2027, 1, 5)
    assert add_working_days(date(2026, 12, 30), 15) == date(2027, 1, 21)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 1, 1),
        date(2027, 2, 5),
        date(2027, 2, 8),
        date(2027, 4, 5),
        date(2027, 6, 9),
        date(2027, 9, 15),
        date(2027, 10, 1),
        date(2028, 5, 1),
    ],
)
def test_the_days_the_law_fixes_are_no_working_days_before_anything_is_announced(day: date) -> None:
    assert not is_working_day(day)


def test_the_days_of_the_law_are_those_of_the_announced_years() -> None:
    """In every announced year since the law of 2025 they were free: the calendar is the judge."""
    for year in (2025, 2026):
        assert not any(map(is_working_day, days_fixed_by_law(year)))
        assert len(days_fixed_by_law(year)) >= 12


def test_a_promise_in_a_year_not_announced_says_that_it_may_move() -> None:
    assert caveat(date(2026, 12, 31)) == ""
    assert "放假安排" in caveat(date(2027, 1, 5))


@pytest.mark.parametrize(
    ("today", "due_on", "words"),
    [
        (date(2026, 11, 20), date(2026, 11, 24), "还剩2个工作日"),
        (date(2026, 11, 24), date(2026, 11, 24), "今天到期"),
        (date(2026, 11, 25), date(2026, 11, 24), "已超期1个工作日"),
        (date(2026, 11, 28), date(2026, 11, 27), "已超期"),
        (date(2026, 11, 28), date(2026, 11, 29), "马上到期"),
        (date(2026, 9, 30), date(2026, 10, 8), "还剩1个工作日"),
    ],
)
def test_how_far_a_deadline_is(today: date, due_on: date, words: str) -> None:
    assert remaining(today, due_on).words == words
