"""Deadlines and amounts in a clause, with their places, so that staff see at a glance what must be right.

"（完成时限：2021年1月底前）"        -> 2021年1月底前, by 2021-01-31
"压缩为15个工作日"                  -> 15个工作日, no day
"面积不少于40平方米"                -> amount 40平方米
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from knowledge.documents.document import Amount, Deadline

_CN = "一二三四五六七八九十两百"
_DAY = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|末|初|[上中下]旬)?|\d{4}年(?:底|末)?(?!\d)"
_DEADLINE = re.compile(
    rf"(?P<from>(?:{_DAY})[—–\-~～至到]+)?(?P<day>{_DAY})(?:之前|以前|前|起|止)?"
    rf"|每(?:年|季度|月|周)\d{{1,2}}[日号]之?前?"
    rf"|(?:\d+|[{_CN}]+)(?:个工作日|工作日|个自然日|个月|小时|分钟|周|日|天|年)(?:之内|以内|内)"
    rf"|(?:\d+|[{_CN}]+)个?(?:工作日|自然日)"
    r"|按[\u4e00-\u9fff]{2,12}时间(?:执行|完成)"
)
_UNITS = (
    "万元|亿元|元|个百分点|%|％|‰|平方米|公里|周岁|岁|个月|分钟|小时|"
    "万人|人|名|种|项|次|倍|家|道|张|份|件|例|天|日|年|个|条|级"
)
_AMOUNT = re.compile(
    rf"(?<![\d.A-Za-z])(?!\d{{4}}年)\d[\d,]*(?:\.\d+)?(?:[—–\-~～至]\d+(?:\.\d+)?)?(?P<unit>{_UNITS})"
    rf"|[{_CN}]+(?P<cn_unit>万元|元|种|次|项|倍|个月|周岁|个工作日|成)"
)
_DAY_PARTS = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
_TENTHS = {"初": 10, "上旬": 10, "中旬": 20}


def deadlines(text: str, year: int | None) -> tuple[Deadline, ...]:
    """All time limits of a text. `year` is assumed where a date names none (the year of issue)."""
    return tuple(
        Deadline(m.start(), m.end(), m.group(), _last_day(m.group("day"), _year(m, year))) for m in _limits(text)
    )


def amounts(text: str) -> tuple[Amount, ...]:
    """All numbers with units that are not part of a time limit or of a document number."""
    rest = _DEADLINE.sub(lambda match: " " * len(match.group()), text)
    return tuple(
        Amount(m.start(), m.end(), m.group(), m.group("unit") or m.group("cn_unit")) for m in _AMOUNT.finditer(rest)
    )


def _limits(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _DEADLINE.finditer(text) if not _is_year(match))


def _is_year(match: re.Match[str]) -> bool:
    """A bare year ("2021年") is a mention, not a limit."""
    return re.fullmatch(r"\d{4}年", match.group()) is not None


def _year(limit: re.Match[str], issued: int | None) -> int | None:
    """What year its last day is in where that names none: the year of the first day, "2027年3月1日至12月31日", or the
    one after it where the range goes over New Year."""
    first, last = _DAY_PARTS.match(limit.group("from") or ""), _DAY_PARTS.match(limit.group("day") or "")
    if not first or not last or not first[1]:
        return issued
    over = first[2] and last[2] and int(last[2]) < int(first[2])
    return int(first[1]) + bool(over)


def _last_day(day: str | None, assumed_year: int | None) -> date | None:
    if not day:
        return None
    match = _DAY_PARTS.match(day)
    year, month, number = match.groups() if match else (None, None, None)
    in_year = int(year) if year else assumed_year
    if in_year is None:
        return None
    in_month = int(month) if month else 12
    try:
        last = calendar.monthrange(in_year, in_month)[1]
        tenth = next((days for word, days in _TENTHS.items() if day.endswith(word)), last)
        return date(in_year, in_month, int(number) if number else tenth)
    except ValueError:  # 13月, 31 June: printed so, but no day
        return None
