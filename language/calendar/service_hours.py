"""When people work here, as staff wrote it (`StaffText.HOURS`): how it is said everywhere, and whether it is now.

    shown()              "周一至周五 8:30-12:00，13:30-17:00；周六 9:00-11:00"; "" where nobody wrote any
    nobody_works(now)    only where the text leaves no doubt of it; a day off (`working_days`) counts as one

A line names days and spans of the clock. What cannot be read as days may be any day, what cannot be read as a span any
time: a caller must not be told that nobody works while somebody does.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from base.clock import here
from base.staff_texts import STAFF_TEXTS, StaffText
from language.calendar.working_days import is_working_day

_WEEK = {day: at for at, day in enumerate("一二三四五六日")} | {"天": 6}
_NAMES = "[一二三四五六日天]"
_DAY = "(?:周|星期|礼拜)"
_TO = r"\s*(?:至|到|[-—–~])+\s*"
_CLOSED = re.compile(rf"(?:(?:法定|国家)?节假日|周末|双休日|{_DAY}[六日天]|[和及、])+\s*(?:除外|休息|不上班|放假)")
_HALF = "上午|早上|中午|下午|晚上"
_TOKEN = re.compile(
    rf"(?P<working>工作日)|(?P<weekend>周末|双休日)|(?P<all>每天|天天|每日|全年|全周)"
    rf"|{_DAY}(?P<first>{_NAMES}+)(?:{_TO}{_DAY}?(?P<last>{_NAMES}))?"
    rf"|(?P<half>{_HALF})?\s*(?P<from>\d{{1,2}}:\d{{2}}){_TO}(?:{_HALF})?\s*(?P<to>\d{{1,2}}:\d{{2}})"
)
_NOON, _DAY_END = 12 * 60, 24 * 60
_WORKING, _ALL = "working", frozenset(range(7))


def shown(on: date | None = None) -> str:
    """On one line, without a full stop; of today, if no day is given."""
    lines = [line.strip().rstrip("。；;") for line in STAFF_TEXTS.text(StaffText.HOURS, on).splitlines()]
    return "；".join(filter(None, lines))


def nobody_works(now: datetime) -> bool:
    """Whether it is certain that nobody works at that time."""
    at = here(now)
    lines = [line for line in STAFF_TEXTS.text(StaffText.HOURS, at.date()).splitlines() if line.strip()]
    return bool(lines) and not any(_may_work(line, at) for line in lines)


def _may_work(line: str, at: datetime) -> bool:
    minute, has_span = 60 * at.hour + at.minute, False
    days: set[int | str] = set()
    after_span = False
    for found in _TOKEN.finditer(_CLOSED.sub("", unicodedata.normalize("NFKC", line))):
        if not found["from"]:
            days = _days(found) if after_span else days | _days(found)
            after_span = False
            continue
        after_span = has_span = True
        begin, end = _span(found)
        if begin <= minute < end and _is_one_of(days, at.date()):
            return True
    return not has_span


def _days(found: re.Match[str]) -> set[int | str]:
    if found["working"]:
        return {_WORKING}
    if found["weekend"]:
        return {5, 6}
    if found["all"]:
        return set(_ALL)
    named = [_WEEK[day] for day in found["first"]]
    if not found["last"]:
        return set(named)
    last = _WEEK[found["last"]]
    until = last if last >= named[-1] else last + 7
    return {*named, *(day % 7 for day in range(named[-1], until + 1))}


def _span(found: re.Match[str]) -> tuple[int, int]:
    """From and until which minute of the day."""
    begin, end = (_minute(found[key]) for key in ("from", "to"))
    if found["half"] in ("下午", "晚上") and begin < _NOON:
        begin += _NOON
    if end <= begin:
        end += _NOON if end + _NOON > begin else _DAY_END
    return begin, end


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)


def _is_one_of(days: set[int | str], day: date) -> bool:
    """A working day in exchange for a holiday may be meant by 周一至周五; a holiday is meant by none but 每天."""
    if not days or days >= _ALL:
        return True
    if is_working_day(day):
        return _WORKING in days or day.weekday() in days or (day.weekday() > 4 and bool(days & {0, 1, 2, 3, 4}))
    return day.weekday() in days and day.weekday() > 4
