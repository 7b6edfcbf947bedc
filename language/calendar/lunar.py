"""Lunar dates, by which old people know their birthday: a lunar month and day in words ("腊月二十三") are read, and
converted to the day of the common calendar in a given year. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from base import yaml_files
from language.numbers.numerals import arabic

_FILE = Path(__file__).resolve().parents[1] / "data" / "lunar.yaml"
_NAMED_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_FEASTS = {
    "除夕": (12, 30),
    "年三十": (12, 30),
    "大年夜": (12, 30),
    "正月初一": (1, 1),
    "春节": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "中秋": (8, 15),
    "团圆节": (8, 15),
    "团元节": (8, 15),  # as numerals are folded
    "八月十五": (8, 15),
    "重阳": (9, 9),
    "腊八": (12, 8),
    "七夕": (7, 7),
    "中元": (7, 15),
    "龙抬头": (2, 2),
}
_NEW_YEAR = re.compile(r"年初(?P<day>[一二三四五六七八九十])")
_ABOUT_FEAST = re.compile(rf"(?:{'|'.join(_FEASTS)})节?那?.{{0,2}}(?:[前后](?!晌)|期间|那几天|放假|假期|左右)")
_MONTH = re.compile(r"(?P<leap>闰)?的?(?:(?P<named>[正冬腊])|(?P<number>1[0-2]|[1-9]))月")
_DAY = re.compile(r"月份?的?(?:初|廿)?(?P<number>[0-9]{1,2})")
LUNAR = re.compile(
    r"初[一二三四五六七八九十]|年三十|大年夜|腊[月八]|正月|冬月|闰.{1,2}月|[农阴旧]历|除夕|大年(?!纪)|春节|过年|中秋|团[圆元]节|端午"
    r"|元宵|重阳|七夕|中元|龙抬头"
)
"""What shows that a day is named by the lunar calendar."""


@dataclass(frozen=True, slots=True)
class LunarDay:
    month: int
    day: int
    is_leap: bool = False
    """In the month that is put in after the one of this number."""


@dataclass(frozen=True, slots=True)
class _Year:
    first: date
    lengths: Sequence[int]
    leap: int


def lunar_day(text: str) -> LunarDay | None:
    """Month and day, as they are said: "腊月二十三", "闰六月初一", "中秋"; None when one of them is missing."""
    if new_year := _NEW_YEAR.search(text):
        return LunarDay(1, int(arabic(new_year["day"])))
    if feast := next((feast for feast in _FEASTS if feast in text), None):
        return LunarDay(*_FEASTS[feast])
    plain = arabic(text.replace("初", ""))
    month, day = _MONTH.search(plain), _DAY.search(plain)
    if month is None or day is None:
        return None
    number = _NAMED_MONTHS[month["named"]] if month["named"] else int(month["number"])
    return LunarDay(number, int(day["number"]), is_leap=bool(month["leap"]))


def is_about_feast(text: str) -> bool:
    """中秋前一天, 端午放假: about then."""
    return bool(_ABOUT_FEAST.search(text))


def to_solar(year: int, when: LunarDay) -> date | None:
    """The day of the common calendar; None when that year had no such day, or it is not in the table. The last day of
    the year, 大年三十, is the 29th in some years."""
    known = _years().get(year)
    if known is None or (when.is_leap and known.leap != when.month):
        return None
    before = when.month - 1 + (1 if known.leap and (when.month > known.leap or when.is_leap) else 0)
    length = known.lengths[before]
    day = length if (when.month, when.day) == (12, 30) else when.day
    if not 1 <= day <= length:
        return None
    return known.first + timedelta(days=sum(known.lengths[:before]) + day - 1)


_AWAY = re.compile(
    r"(?P<which>上上|大上|下下|[上下这本])个?月(?:份)?(?:的)?(?:[农阴旧]历)?(?:的)?(?:初(?P<early>[一二三四五六七八九十])|(?P<late>十五|廿[一二三四五六七八九]))"
)
_MONTHS_AWAY = {"上上": -2, "大上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}


def month_away(text: str, today: date) -> date | None:
    """ "下个月初八": a day that only the lunar calendar names so, in its month before or after that of today."""
    found = _AWAY.search(text)
    if found is None or (found["late"] and not re.search("[农阴旧]历|廿", text)):
        return None
    starts = [start for year in range(today.year - 1, today.year + 2) for start in _starts(year)]
    now = max(index for index, start in enumerate(starts) if start <= today)
    at = now + _MONTHS_AWAY[found["which"]]
    day = int(arabic((found["early"] or found["late"]).replace("廿", "二十")))
    when = starts[at] + timedelta(days=day - 1)
    return when if when < starts[at + 1] else None


def _starts(year: int) -> list[date]:
    """The first day of each month of a lunar year."""
    known = _years()[year]
    return [known.first + timedelta(days=sum(known.lengths[:before])) for before in range(len(known.lengths))]


@cache
def _years() -> dict[int, _Year]:
    raw = yaml_files.read(_FILE)
    return {
        year: _Year(first, [29 + int(long) for long in lengths], leap) for year, (first, lengths, leap) in raw.items()
    }
