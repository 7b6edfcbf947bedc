from datetime import date

from casework.working_days import add_working_days, is_working_day


def test_a_weekend_does_not_count() -> None:
    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_the_national_holiday_does_not_count_but_its_exchanged_saturday_does() -> None:
    assert not is_working_day(date(2025, 10, 1))
    assert is_working_day(date(2025, 10, 11))


def test_a_year_not_yet_announced_falls_back_to_weekends() -> None:
    assert add_working_days(date(2030, 11, 1), 1) == date(2030, 11, 4)
