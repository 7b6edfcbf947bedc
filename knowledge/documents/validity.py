"""From when to when a document says that it holds.

"本办法自2026年12月1日起施行，有效期至2031年11月30日。"   -> 2026-12-01, 2031-11-30
"自发布之日起施行，有效期五年。"                          -> the day of issue, and five years less a day later
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.documents import printed_dates

_DAY = r"(?P<day>[^，。；,;（）()]{0,4}\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)"
_BEGINS = re.compile(rf"自\s*{_DAY}\s*(?:零时)?起?[，,]?(?:正式)?(?:施行|实施|执行|生效|起效)")
_BEGINS_WHEN_ISSUED = re.compile(r"自(?:印发|发布|公布|下发|发文)之日起(?:正式)?(?:施行|实施|执行|生效)")
_ENDS = re.compile(rf"有效期(?:限)?\s*(?:至|到|截止至|截至|截止到|自[^，。；]{{4,24}}至)\s*{_DAY}\s*(?:止)?")
_YEARS = re.compile(r"有效期(?:限)?(?:为|是)?\s*(?P<years>[1-9一二三四五六七八九十]|10)\s*年")
_NUMBERS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))


@dataclass(frozen=True, slots=True)
class Validity:
    """None where the text says nothing; `words` are those that it was read from."""

    begins: date | None = None
    ends: date | None = None
    words: str = ""


def validity(text: str, issued: date | None) -> Validity:
    """Of the document itself: the last place that says so, for a document may tell of others before."""
    plain = printed_dates.narrow(text)
    begun, when_issued = _last(_BEGINS, plain), _last(_BEGINS_WHEN_ISSUED, plain)
    begins = printed_dates.find(begun["day"]) if begun else issued if when_issued else None
    found = begun or when_issued
    until, years = _last(_ENDS, plain), _last(_YEARS, plain)
    ends = printed_dates.find(until["day"]) if until else None
    if ends is None and years and begins:
        ends = _after(begins, int(_NUMBERS.get(years["years"]) or years["years"]))
    if begins and ends and ends < begins:
        return Validity()
    words = "，".join(part[0] for part in (found, until or (years if ends else None)) if part)
    return Validity(begins, ends, words)


def looks_like_navigation(title: str) -> bool:
    """A title that is a web page's menu: short words in a row, a bar, the words of switches."""
    switches = re.search(r"无障碍|长者模式|繁體|繁体|登录|首页|设为|收藏本站|今天是|网站地图|返回顶部", title)
    return bool(switches) or len(re.findall(r"[|｜>»›]", title)) >= 2


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007  # the last one
        pass
    return found


def _after(day: date, years: int) -> date:
    """The last day of so many years."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)
