"""Chinese working days: weekends, public holidays and the Saturdays and Sundays worked in exchange for them.

The calendar (package chinesecalendar) knows the years the State Council has announced; for later ones weekends
alone count, which can only make a promised day earlier than the law would.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add_working_days(start: date, count: int) -> date:
    """The `count`th working day after `start`; `start` itself does not count."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
