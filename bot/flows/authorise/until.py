"""Until which day an authorisation holds, as people say it: "一年半", "到明年年底", "到明年六月". Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from language.calendar.dates import NotADate, parse_day, parse_month
from language.meant import versions
from language.numbers.numerals import arabic

_SPAN = re.compile(
    r"(?<![\d上下])(\d{1,3}|半)\s*(?:(?P<year>年)(?![底末]|\d+月)|个(?P<half>半)?(?P<month>月)|(?P<week>个?星期|个?礼拜|周)|(?P<day>天))(?P<more>半)?"
)
_ENDLESS = re.compile(r"一直|长期|永久|永远|一辈子|不限|到(?:我|俺)?老")
_YEAR_END = re.compile(r"(?:(?<!\d)(?P<year>\d{4}|\d{2})\s*年|(?P<word>今年|明年|后年))?的?(?:年底|年末|底|末)")
_YEAR_WORDS = {"今年": 0, "明年": 1, "后年": 2}
_SAME_DAY = re.compile(r"(明年|后年)的?(?:今天|今日|这天|这个时候|这时候|现在)")
_DAY = re.compile(r"月份?的?\s*\d{1,2}|\d{1,2}\s*[日号]|\d[-/.]\d|\d{8}")
_MONTH = re.compile(r"\d{1,2}\s*月|[这本下]个?月|月底|月末")
_YEAR_SAID = re.compile(r"\d{2,4}\s*[年\-/.]|[今明后]年|\d{8}")

_NEAR = 2
"""Characters between two parts of one span: "一年零三个月", "一年加三个月"."""
FOREVER = date(9999, 12, 31)
"""What has no end lasts longer than anybody may authorise."""


def last_day(text: str, today: date) -> date:
    """ "一年半", "三个月", "明年年底", "明年六月" (its last day), or a day.

    Of "一年，不对，半年" what counts last. Raises NotADate.
    """
    problem: NotADate | None = None
    for version in versions(text):
        try:
            return _last_day(version, today)
        except NotADate as error:
            problem = problem or error
    raise problem or NotADate(None)


def _last_day(text: str, today: date) -> date:
    plain = re.sub(r"\s", "", arabic(text))
    if _ENDLESS.search(text):
        return FOREVER
    if same := _SAME_DAY.search(plain):
        return _later(today, months=12 * _YEAR_WORDS[same[1]])
    if "月底" not in plain and "月末" not in plain and (end := _YEAR_END.search(plain)):
        return date(_year(end, today), 12, 31)
    if (spans := list(_SPAN.finditer(plain))) and not _DAY.search(plain):
        return _after(spans, today)
    if _MONTH.search(plain) and not _DAY.search(plain):
        return _month_end(_coming(_month(plain, today), plain, today))
    return _coming(parse_day(text, today), plain, today)


def _year(end: re.Match[str], today: date) -> int:
    if end["year"]:
        return int(end["year"]) if len(end["year"]) == 4 else 2000 + int(end["year"])
    return today.year + _YEAR_WORDS[end["word"] or "今年"]


def _after(spans: list[re.Match[str]], today: date) -> date:
    """ "一年零三个月": one after the other; half a month is fifteen days. What is said once more behind other words
    ("半年就够了，过半年我就好了") is not more of it."""
    together = [one for one, before in zip(spans[1:], spans, strict=False) if one.start() - before.end() <= _NEAR]
    spans = [spans[0], *together]
    months, days = 0, 0
    for span in spans:
        count = 0.5 if span[1] == "半" else int(span[1])
        if span["year"]:
            months += round(12 * (count + (0.5 if span["more"] else 0)))
        elif span["month"]:
            months += int(count)
            days += 15 if count == 0.5 or span["half"] else 0
        else:
            days += round(count * (7 if span["week"] else 1))
    return _later(today, months) + timedelta(days=days)


def _month(plain: str, today: date) -> date:
    if re.search(r"\d\s*月|[下]个?月", plain):
        return parse_month(plain.replace("后年", f"{today.year + 2}年"), today)
    return today.replace(day=1)


def _month_end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _coming(day: date, plain: str, today: date) -> date:
    """Without a year the next one is meant: an authorisation ends in the future."""
    if _YEAR_SAID.search(plain) or _month_end(day) >= today:
        return day
    return _later(day, months=12)


def _later(start: date, months: int) -> date:
    ahead = start.month - 1 + months
    year, month = start.year + ahead // 12, ahead % 12 + 1
    if year > date.max.year:
        raise NotADate(None)
    return date(year, month, min(start.day, monthrange(year, month)[1]))
