"""What was meant by a short answer to a question that has few answers: a place by its sound, a number by its length and
check digit, a yes or no by its sound. Pure. Only where such a question is open, only in short answers; a place or a
number is read back by whoever asks, and a yes or no that hands something in is never decided here.

After "which place?" the nearest name by sound was right 89 % of the time, where what the recogniser wrote was 14 %; but
31 % of ordinary sentences come as near to some name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from language.aloud.sounds import closest, toneless
from language.places import cities, names_in, read_city
from language.stance import says_no, says_yes
from voice.barge_in import is_backchannel
from voice.expected import WHOLE_NUMBERS, Expected, expected, is_final
from voice.hints import PLACES, TRADE

_SHORT_ANSWER = 8
"""Characters. Longer, something else may be said."""
_BUDGET = 0.3
"""Mean difference a syllable (`language.aloud.sounds`): right ones came with 0 to 0.5, others within 0.25 in 9 %."""
_AROUND = re.compile(r"^(?:那?个?|就?是|在|去|到|俺?我?们?在?|嗯|呃|哦|啊)+|[的了吧啊呀呢。，,！!？? ]+$")
_SHORT_YES_NO = 4
"""Characters of a yes or no that was written in others: 是嘞 as 十雷, 不中 as 不重."""
_YES_SAID = ("对", "对的", "对对", "是", "是的", "是嘞", "是哩", "中", "中嘞", "行", "行嘞", "好", "好的", "没错")
_NO_SAID = ("不对", "不是", "不中", "不行", "不要", "不用", "没有", "错了")
_NEARLY_WHOLE = 2
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643: weights of the first seventeen digits, and the check characters of their sum modulo eleven."""
_CHECKS = "10X98765432"


def meant(text: str, others: Sequence[str], asked: str) -> str:
    """`text` as corrected, the other hypotheses, and the end of what we asked → what was most likely said."""
    kind = expected(asked)
    if kind is Expected.PLACE:
        return _place(text, others)
    if kind is Expected.YES_NO:
        return text if is_final(asked) else _yes_no(text, others)
    return _number(text, others, asked) if kind is Expected.DIGITS else text


def _place(text: str, others: Sequence[str]) -> str:
    """The name it sounds like; what names a place already, and what is no short answer, stays."""
    for said in (text, *others):
        short = _AROUND.sub("", said)
        if not 2 <= len(short) <= _SHORT_ANSWER:
            continue
        if read_city(short):
            return said
    short = _AROUND.sub("", text)
    if not 2 <= len(short) <= _SHORT_ANSWER:
        return text
    return (
        closest(short, _near(), _BUDGET, whole=True)
        or closest(short, PLACES, _BUDGET)
        or closest(short, _names(), _BUDGET, whole=True)
        or text
    )


WHICH_PLACE = "您说的是哪个城市？"
"""What a recogniser is told that listens for a place where none was asked for."""
_LONGEST_NAME_SECONDS = 1.3
_SURELY_HEARD = 0.85
"""The confidence from which the words themselves are believed."""
_CHARACTERS_OF_A_NAME = 5
_NAME_BUDGET = 0.25
"""Listened to for a place, twelve short words that are none (知道了, 材料, 没听清), by three voices, came no nearer."""
_MEANS_SOMETHING = re.compile(r"再[说讲念]|听|人工|慢[点些]|快[点些]|谢|再见|[啥咋吗怎]|什么|多少|继续|还有|一遍")


def may_be_place(text: str, confidence: float | None, seconds: float, asked: str) -> bool:
    """So few and unsure sounds, and nothing asked, that a place said by itself may be behind them: "济南" after an
    answer asks the same of Jinan. Written without the question, hardly one such name was right."""
    if expected(asked) is not Expected.ANYTHING or not 0.0 < seconds <= _LONGEST_NAME_SECONDS:
        return False
    if confidence is None or confidence >= _SURELY_HEARD or len(_AROUND.sub("", text)) > _CHARACTERS_OF_A_NAME:
        return False
    is_known = says_yes(text) or says_no(text) or (text and is_backchannel(text)) or _MEANS_SOMETHING.search(text)
    return not is_known and not any(word in text for word in TRADE) and not read_city(text)


def place_said(heard: Sequence[str]) -> str:
    """The place that one of these is by its sound, all of it; "" where none is. Likeliest first."""
    for said in heard:
        short = _AROUND.sub("", said)
        if name := closest(short, _near(), _NAME_BUDGET, whole=True) if len(short) > 1 else None:
            return name
    return ""


@cache
def _near() -> tuple[str, ...]:
    return (*PLACES, *(place[:-1] for place in PLACES if len(place) > 2))


def _yes_no(text: str, others: Sequence[str]) -> str:
    """What says yes or no already stays, and so does whatever may be both: else a yes or no of another hypothesis, else
    the one it sounds like in all but the tones."""
    if not _is_short(text) or says_yes(text) or says_no(text):
        return text
    said = [one for one in others if _is_short(one) and (says_yes(one) or says_no(one))]
    if not said:
        said = [word for word in (*_YES_SAID, *_NO_SAID) if toneless(word) == toneless(text)]
    return said[0] if len({says_no(one) for one in said}) == 1 else text


def _is_short(text: str) -> bool:
    return 0 < sum(character.isalnum() for character in text) <= _SHORT_YES_NO


@cache
def _names() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*PLACES, *names_in("山东省"), *cities())))


def _number(text: str, others: Sequence[str], asked: str) -> str:
    """A loop is cut where the number is whole; of the hypotheses of an ID number the one that can be one is taken."""
    lengths = sorted(length for name, lengths in WHOLE_NUMBERS.items() if name in asked for length in lengths)
    if not lengths or not (digits := _only_digits(text)):
        return text
    longest = lengths[-1]
    cut = [found[:longest] for found in (digits, *filter(None, map(_only_digits, others))) if len(found) >= longest]
    if longest == len(_WEIGHTS) + 1:
        return next(filter(is_id_number, cut), cut[0] if len(digits) > longest else text)
    return cut[0] if len(digits) > longest else text


def is_doubtful_number(text: str, asked: str) -> bool:
    """Heard nearly whole, and it can be none: one of a double digit is easily lost, another hypothesis may have it."""
    longest = len(_WEIGHTS) + 1
    if expected(asked) is not Expected.DIGITS or "身份证" not in asked or is_id_number(digits := _only_digits(text)):
        return False
    return longest - _NEARLY_WHOLE <= len(digits) <= longest + _NEARLY_WHOLE


def _only_digits(text: str) -> str:
    """The digits of what is nothing but digits and marks between them; "" for anything else."""
    bare = re.sub(r"[\s，,、。.\-—]", "", text).translate(_DIGITS).upper().replace("叉", "X")
    return bare if re.fullmatch(r"[0-9]+X?[0-9X]*", bare) else ""


def is_id_number(number: str) -> bool:
    """Whether the check character of eighteen fits the others."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17]
