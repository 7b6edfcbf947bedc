"""Chinese working days: weekends, public holidays and the Saturdays and Sundays worked in exchange for them.

The calendar (package chinesecalendar) knows the years the State Council has announced; for later ones weekends
alone count, which can only make a promised day earlier than the law would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar


@lru_cache(maxsize=2_000)  # the calendar takes 15 µs a day, and a list of late tickets asks for thousands
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


def working_days_between(after: date, until: date) -> int:
    """Working days later than `after`, up to and including `until`; 0 when `until` is not later."""
    return sum(is_working_day(after + timedelta(days=count)) for count in range(1, (until - after).days + 1))


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far a deadline is. `days`: working days still to come (today not counted) or, when overdue, gone since."""

    days: int
    overdue: bool
    is_today: bool

    @property
    def words(self) -> str:
        """还剩3个工作日, 今天到期, 已超期2个工作日. Never a negative number."""
        if self.is_today:
            return "今天到期"
        if self.overdue:
            return f"已超期{self.days}个工作日" if self.days else "已超期"
        return f"还剩{self.days}个工作日" if self.days else "马上到期"


@lru_cache(maxsize=1_000)
def remaining(today: date, due_on: date) -> Remaining:
    """On the day it is due a deadline is still kept."""
    overdue = due_on < today
    days = working_days_between(due_on, today) if overdue else working_days_between(today, due_on)
    return Remaining(days, overdue, due_on == today)
