"""Chinese working days: weekends, public holidays and the Saturdays and Sundays worked in exchange for them.

The calendar (package chinesecalendar) knows the years the State Council has announced. In later ones the days count as
free that the law itself fixes (全国年节及纪念日放假办法, 国务院令第795号, from 2025): 元旦, 除夕 to 初三, 清明,
1-2 May, 端午, 中秋, 1-3 October. What the announcement will move, bridge days and worked weekends, is not
known before: whoever promises a day adds the `caveat`. What staff arrange (`arrange`) counts before all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

import chinese_calendar
import structlog

from language.calendar.lunar import LunarDay, to_solar

log = structlog.get_logger()

CAVEAT = "，以放假安排为准"
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_LUNAR = (LunarDay(1, 1), LunarDay(1, 2), LunarDay(1, 3), LunarDay(5, 5), LunarDay(8, 15))


_arranged: dict[date, bool] = {}


def arrange(days: Mapping[date, bool]) -> None:
    """What the office itself has arranged counts before every calendar: day → whether people work on it."""
    _arranged.clear()
    _arranged.update(days)
    is_working_day.cache_clear()
    remaining.cache_clear()


@lru_cache(maxsize=2_000)  # the calendar takes 15 µs a day, and a list of late tickets asks for thousands
def is_working_day(day: date) -> bool:
    if day in _arranged:
        return _arranged[day]
    if is_announced(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in days_fixed_by_law(day.year)


@cache
def is_announced(year: int) -> bool:
    """Whether the calendar has the State Council's arrangement for that year; said to the log once when not."""
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        log.warning("holidays_unknown", year=year, package="chinesecalendar")
        return False
    return True


@cache
def days_fixed_by_law(year: int) -> frozenset[date]:
    """The public holidays that need no announcement; of the lunar ones those that the table of moons holds."""
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {found for when in _LUNAR if (found := to_solar(year, when))}
    if new_year := to_solar(year, LunarDay(1, 1)):
        days.add(new_year - timedelta(days=1))
    if 2000 <= year < 2100:
        days.add(_tomb_sweeping(year))
    return frozenset(days)


def _tomb_sweeping(year: int) -> date:
    """清明, the solar term, 2000-2099: the usual approximation (寿星通式), right for every year of the century."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def caveat(until: date) -> str:
    """What is added to a promised day of a year whose arrangement is not announced yet: it may move the day."""
    return "" if is_announced(until.year) else CAVEAT


def unknown_year(today: date) -> int | None:
    """A year without its calendar that the limits counted from today reach: for whoever keeps the programs."""
    soon = (today + timedelta(days=31)).year
    return None if is_announced(soon) else soon


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
