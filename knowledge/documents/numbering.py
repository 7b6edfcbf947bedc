"""The numbers official documents print before their parts, and how they nest.

第一章  >  第一节  >  一、 or 第一条  >  （一）  >  1、 or 1.  >  （1）  >  ①
1总则  >  1.1编制目的  >  1.1.1适用范围             in 预案 and 规程, which are numbered as standards are (GB/T 1.1)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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


_DECIMAL = re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){0,4})[.．、]?\s*(?=[\u4e00-\u9fff（(《“])")
_DECIMAL_RANKS = (Rank.CHAPTER, Rank.BRACKETED, Rank.ARABIC, Rank.DETAIL, Rank.DETAIL)
_LEAST_DECIMALS = 3
"""Paragraphs with a number of two parts; fewer may be amounts (1.5倍) at the beginning of a line."""
_LONGEST_CHAPTER = 30


def labels(texts: Sequence[str]) -> list[Label | None]:
    """The numbers that these paragraphs begin with, in order; 1总则, 1.1 and 1.1.1 only where they count on."""
    plain = [label(text) for text in texts]
    found = [_DECIMAL.match(text) for text in texts]
    numbers = [tuple(int(one) for one in re.split("[.．]", match.group(1))) if match else () for match in found]
    deep = [number for number in numbers if len(number) > 1]
    if len(deep) < _LEAST_DECIMALS or not any((*one[:-1], 2) in deep for one in deep if one[-1] == 1):
        return plain
    out = list(plain)
    open_ = 0
    for at, (number, match) in enumerate(zip(numbers, found, strict=True)):
        if match is None:
            continue
        below = next((one for one in numbers[at + 1 :] if one), ())
        chapter = len(number) == 1 and number[0] == open_ + 1 and len(texts[at]) <= _LONGEST_CHAPTER
        chapter = chapter and (below[:2] == (number[0], 1) or below == (number[0] + 1,) or not below)
        if chapter or (len(number) > 1 and number[0] in (open_, open_ + 1)):
            open_ = number[0]
            out[at] = Label(match.group().rstrip(), _DECIMAL_RANKS[len(number) - 1], number[-1])
    return out


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
