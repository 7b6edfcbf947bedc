"""Dates as documents print them: 2026年3月5日, 二〇二六年三月五日 (all official ones before mid-2012), 2026-03-05."""

from __future__ import annotations

import re
from datetime import date

_ZEROS = "〇○零◯ＯO0"
_CN_YEAR = rf"[一二三四五六七八九{_ZEROS}]{{4}}"
_CN_NUMBER = r"[元一二三四五六七八九十廿卅]{1,3}"
_YEAR = r"(?:19|20)\d{2}"
WRITTEN = rf"(?:{_YEAR}\s*年\s*\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|{_CN_YEAR}年{_CN_NUMBER}月{_CN_NUMBER}日)"
"""A pattern without groups: a date in a signature. Digits are narrow: see `narrow`."""
_DIGITS = re.compile(rf"({_YEAR})\s*(?:年|[-/.－．])\s*(\d{{1,2}})\s*(?:月|[-/.－．])\s*(\d{{1,2}})(?!\d)")
_CHINESE = re.compile(rf"({_CN_YEAR})年({_CN_NUMBER})月({_CN_NUMBER})日")
_ONES = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def narrow(text: str) -> str:
    """Full-width digits as ASCII ones; the text keeps its length."""
    return text.translate(_WIDE)


def find(text: str) -> date | None:
    """The first date in a text; None when there is none, or no such day."""
    text = narrow(text)
    digits, chinese = _DIGITS.search(text), _CHINESE.search(text)
    if digits and not (chinese and chinese.start() < digits.start()):
        numbers = [int(group) for group in digits.groups()]
    elif chinese:
        year = "".join(_ONES.get(character, "0") for character in chinese.group(1))
        numbers = [int(year), _value(chinese.group(2)), _value(chinese.group(3))]
    else:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def _value(number: str) -> int:
    """十二 -> 12, 三十一 -> 31, 廿五 -> 25, 元 (月) -> 1."""
    number = number.replace("廿", "二十").replace("卅", "三十").replace("元", "一").replace("十十", "十")
    tens, mark, ones = number.rpartition("十")
    if not mark:
        return int(_ONES[number[-1]])
    return (int(_ONES[tens]) if tens else 1) * 10 + (int(_ONES[ones]) if ones else 0)
