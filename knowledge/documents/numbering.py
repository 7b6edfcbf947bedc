"""The numbers official documents print before their parts, and how they nest.

第一章  >  第一节  >  一、 or 第一条  >  （一）  >  1、 or 1.  >  （1）  >  ①
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_CN = "一二三四五六七八九十百零〇"
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}


class Rank(IntEnum):
    """How deep a number stands. From `DETAIL` on it only divides the text of a clause."""

    CHAPTER = 1
    SECTION = 2
    CHINESE = 3
    ARTICLE = 4
    BRACKETED = 5
    ARABIC = 6
    DETAIL = 7
    CIRCLED = 8


@dataclass(frozen=True, slots=True)
class Label:
    """A number as printed (`text`, exact), its place in the order, and its value."""

    text: str
    rank: Rank
    ordinal: int


_PATTERNS = (
    (Rank.CHAPTER, re.compile(rf"第([{_CN}\d]+)[章编]")),
    (Rank.SECTION, re.compile(rf"第([{_CN}\d]+)节")),
    (Rank.ARTICLE, re.compile(rf"第([{_CN}\d]+)条")),
    (Rank.CHINESE, re.compile(rf"([{_CN}]+)、")),
    (Rank.BRACKETED, re.compile(rf"[（(]([{_CN}]+)[）)]")),
    (Rank.ARABIC, re.compile(r"(\d{1,2})[、.．](?!\d)")),
    (Rank.DETAIL, re.compile(r"[（(](\d{1,2})[）)]")),
    (Rank.CIRCLED, re.compile(r"([①-⑳])")),
)


def label(text: str) -> Label | None:
    """The number a paragraph begins with."""
    for rank, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            return Label(match.group(), rank, value(match.group(1)))
    return None


def value(number: str) -> int:
    """十二 -> 12, 12 -> 12, ③ -> 3. Below one thousand."""
    if number.isdecimal():
        return int(number)
    if "①" <= number[0] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    hundreds, tens, ones = 0, 0, 0
    for character in number:
        if character == "百":
            hundreds, ones = ones or 1, 0
        elif character == "十":
            tens, ones = ones or 1, 0
        else:
            ones = _DIGITS[character]
    return hundreds * 100 + tens * 10 + ones
