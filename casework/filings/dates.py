"""Dates as people say them → a day or a month; or a sentence how to say it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import cn2an

from casework.filings.lunar import LUNAR, lunar_day, to_solar

_SOLAR = re.compile(r"^.*(?:公历|阳历|新历)(?:的|是|就是)*(?=.{0,8}?[0-9一二三四五六七八九十].{0,2}[年月日号\-/.])")
"""After these words the day is given once more, so that we understand it."""
_BESIDES = re.compile(r"(?:公历|阳历|新历)(?:的|是)?(?:我|俺)?(?:不|忘|记不|说不).*$")
"""The other calendar is named only to say that it is not known."""
_FEASTS = {"元旦": (1, 1), "国庆": (10, 1), "劳动节": (5, 1), "儿童节": (6, 1), "建军节": (8, 1), "建党节": (7, 1)}
_WEEKDAY = re.compile(r"(上上个?|上个?|下下个?|下个?|这个?|本)(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS_AGO = re.compile(r"(?<!\d)(\d{1,3})\s*(天|日|周|个?星期|个?礼拜)(?:之|以)?前")
_RELATIVE = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨儿": -1,
    "夜来": -1,
    "今天": 0,
    "今儿": 0,
    "今日": 0,
    "现在": 0,
    "明天": 1,
    "大后天": 3,
    "后天": 2,
}
"""夜来: yesterday, in Shandong."""
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "明年": 1}
_MONTHS = {"上上个?月": -2, "上个?月": -1, "这个?月|本月|当月": 0, "下个?月": 1}
_WRITTEN = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d|\s*月)")
_SHORT = re.compile(r"(?<![\d/.\-])(\d{1,2})\s*[-/.]\s*(\d{1,2})(?![\d/.\-])")
_KEYED = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*年")
_YEAR_CUT = re.compile(r"(?<!\d)\d\s*年(?!前|多|级|以)")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*月")
_DAY = re.compile(r"月份?的?\s*(\d{1,2})\s*[日号]?|(?<!\d)(\d{1,2})\s*[日号]")


_SAY_SOLAR = (
    "请说公历的日子，比如六月三日。只知道农历的，把年月日一起说，比如一九五零年三月十五，农历的；也可以说“转人工”。"
)


class NotADate(ValueError):
    """`args[0]`: the sentence that says how to go on; None when the words are not about a date at all."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was said of a date; None for what was not."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def parse_day(text: str, today: date, before: date | None = None) -> date:
    """A day. What was left out is taken from `before`, the answer being corrected, or from this year.

    Raises NotADate.
    """
    if named_by_moon(text):
        return _lunar(_plain(text), today)
    text = _plain(text)
    if (relative := _relative(text, today)) is not None:
        return today + timedelta(days=relative)
    parts = _parts(text, today)
    if parts.month is None and not (parts.day is not None and before):
        raise NotADate("哪年没说月份。请连月份和日子一起说，比如六月三日。" if parts.year else None)
    day = parts.day or (before.day if before else None)
    if day is None:
        raise NotADate("只听到了月份。请把几号也说上，比如六月三日。")
    month = parts.month or (before.month if before else today.month)
    return _make(parts.year or (before.year if before else _likely_year(month, day, today)), month, day)


def named_by_moon(text: str) -> bool:
    """By the lunar calendar, and not by the common one as well."""
    return bool(LUNAR.search(_plain(text)))


def _plain(text: str) -> str:
    return _BESIDES.sub("", _SOLAR.sub("", text))


def _lunar(text: str, today: date) -> date:
    """Only with its year: nothing says of a lunar month whether this year's or last year's is meant."""
    when, year = lunar_day(text), _said_year(cn2an.transform(text, "cn2an"), today)
    if when is None:
        raise NotADate(_SAY_SOLAR)
    if year is None:
        raise NotADate("农历的也行，请把哪年一起说上，比如一九五零年三月十五，农历的。说不准，可以说“转人工”。")
    if (day := to_solar(year, when)) is None:
        raise NotADate("那一年的农历没有这一天。请把年月日再说一遍，或者说“转人工”。")
    return day


def parse_month(text: str, today: date, before: date | None = None) -> date:
    """A month, as its first day. Raises NotADate."""
    parts = _parts(text, today)
    if parts.month is None:
        raise NotADate("请把哪年哪月都说上，比如二零二五年九月。" if parts.year else None)
    year = parts.year or (before.year if before else _likely_year(parts.month, 1, today))
    return _make(year, parts.month, 1)


def _parts(text: str, today: date) -> Parts:
    if LUNAR.search(text):
        raise NotADate(_SAY_SOLAR)
    plain = cn2an.transform(text, "cn2an")
    if _YEAR_CUT.search(plain):
        raise NotADate("没听清是哪年。请把年月日再说一遍，比如二零二六年六月三日。")
    if match := _WRITTEN.search(plain) or _KEYED.search(plain):
        return Parts(*(int(group) for group in match.groups()))
    if match := _SHORT.search(plain):
        return Parts(_said_year(plain, today), int(match[1]), int(match[2]))
    if feast := next((day for name, day in _FEASTS.items() if name in text), None):
        return Parts(_said_year(plain, today), *feast)
    month = _number(_MONTH.search(plain))
    year = _said_year(plain, today)
    for words, shift in _MONTHS.items():
        if re.search(words, text):
            ahead = today.month - 1 + shift
            year, month = today.year + ahead // 12, ahead % 12 + 1
            break
    return Parts(year, month, _number(_DAY.search(plain)))


def _relative(text: str, today: date) -> int | None:
    """Days from today: "昨天", "上周五", "三天前"."""
    if weekday := _WEEKDAY.search(text):
        monday = 7 * _WEEKS[weekday[1].removesuffix("个")] - today.weekday()
        return monday + min("一二三四五六日天".index(weekday[2]), 6)
    if ago := _DAYS_AGO.search(cn2an.transform(text.replace("两", "二"), "cn2an")):
        return -int(ago[1]) * (1 if ago[2] in "天日" else 7)
    return next((days for word, days in _RELATIVE.items() if word in text), None)


def _said_year(plain: str, today: date) -> int | None:
    if match := _YEAR.search(plain):
        year = int(match[1])
        return year if year > 99 else 2000 + year if year <= today.year - 2000 + 1 else 1900 + year
    return next((today.year + shift for word, shift in _YEARS.items() if word in plain), None)


def _likely_year(month: int, day: int, today: date) -> int:
    """Of a month without a year: this year's, or last year's when this year's lies more than half a year ahead."""
    return today.year - 1 if (month, day) > (today.month, today.day) and month - today.month > 6 else today.year


def _number(match: re.Match[str] | None) -> int | None:
    return None if match is None else int(next(group for group in match.groups() if group))


def _make(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADate("没有这一天。请再说一遍，比如二零二六年六月三日。") from error
