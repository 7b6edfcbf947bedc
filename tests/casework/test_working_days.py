from datetime import date

import pytest

from casework.working_days import add_working_days, is_working_day, remaining


def test_a_weekend_does_not_count() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_the_national_holiday_does_not_count_but_its_exchanged_saturday_does() -> None:
    assert not is_working_day(date(2025, 10, 1))
    assert is_working_day(date(2025, 10, 11))


def test_a_year_not_yet_announced_falls_back_to_weekends() -> None:
    assert add_working_days(date(2030, 11, 1), 1) == date(2030, 11, 4)


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
