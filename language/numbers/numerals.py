"""Numbers in Chinese: "1万2", "三千二", "壹仟贰佰" → their value; digits as they are said. Pure.

The Rasa engine reads the tables, too (Python 3.10).
"""

from __future__ import annotations

import re
from fractions import Fraction

AS_DIGITS = str.maketrans("零〇○洞幺吆一二两三四五六七拐八九", "00001112234567789")
"""洞, 幺 and 拐 are how numbers are called out."""
AS_SAID = str.maketrans("0123456789X", "零幺二三四五六七八九叉")
"""Digit by digit: 1 is 幺 on a telephone."""

_FOLDED = str.maketrans(
    "〇○壹弌贰貳弍叁參弎肆伍陆陸柒捌玖拾佰陌仟阡萬億兩圆圓俩仨",
    "零零一一二二二三三三四五六六七八九十百百千千万亿两元元两三",
)
"""大写, as receipts and cheques print it (中国人民银行《支付结算办法》附一)."""
_DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_TOKEN = re.compile(r"\d+|[零一二两三四五六七八九十百千万亿]")
_DECIMAL = re.compile(r"(?P<whole>[^点.]*)[点.](?P<digits>[\d零一二两三四五六七八九]+)(?P<unit>[十百千万亿]*)")
_LONGEST = 30
RUN = r"[\d零一二两三四五六七八九十百千万亿]+(?:[点.][\d零一二三四五六七八九]+[百千万亿]*)?"
"""A number, in whatever numerals; of folded text."""


class NotANumber(ValueError):
    """Not one number."""


class AboutSoMany(NotANumber):
    """三四百, 百十, 千把: so many, more or less."""


def fold(text: str) -> str:
    """One character for each numeral: 叁佰圆 → 三百元; 廿三 → 二十三."""
    return text.translate(_FOLDED).replace("廿", "二十").replace("卅", "三十")


def number(run: str) -> Fraction:
    """The value of one number, exact. Raises AboutSoMany or NotANumber; nothing else."""
    run = fold(run)
    if not run or len(run) > _LONGEST:
        raise NotANumber
    decimal = _DECIMAL.fullmatch(run)
    if decimal is None:
        return Fraction(_whole(run))
    whole = _whole(decimal["whole"])
    digits = decimal["digits"].translate(AS_DIGITS)
    value = Fraction(whole) + Fraction(int(digits), 10 ** len(digits))
    for unit in decimal["unit"]:
        value *= _SMALL.get(unit) or _BIG[unit]
    return value


def said(value: int) -> str:
    """A whole number in words: 12 → 十二, 110 → 一百一十, 20005 → 二万零五. Not negative, under 10¹⁶."""
    words = _said(value)
    return words[1:] if words.startswith("一十") else words or "零"


def _said(value: int) -> str:
    """0 is ""; 12 is 一十二, as inside a longer number."""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        if value >= size:
            many, rest = divmod(value, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return f"{_said(many)}{unit}{gap}{_said(rest)}"
    return "零一二三四五六七八九"[value] if value else ""


def arabic(text: str) -> str:
    """A text with every plain number in 0-9: 二零二六年十一月三号 → 2026年11月3号; 零五年 → 05年. What means "about"
    (两三天) stays as it is."""
    return re.sub(r"[\d零一二两三四五六七八九十百千万]+", _in_digits, fold(text))


def _in_digits(match: re.Match[str]) -> str:
    run = match[0]
    if run.isascii():
        return run
    if _one_by_one(run) and len(run) != 2 or run.startswith("零") and _one_by_one(run):
        return run.translate(AS_DIGITS)
    try:
        return str(number(run))
    except NotANumber:
        # 二零 is a year; 两三 stays "about".
        return run.translate(AS_DIGITS) if _one_by_one(run) and "零" in run else run


def _one_by_one(run: str) -> bool:
    return not re.search(r"[十百千万亿点.]", run)


def _whole(run: str) -> int:
    tokens = _TOKEN.findall(run)
    if not tokens or "".join(tokens) != run:
        raise NotANumber
    if _one_by_one(run):
        return _digits(tokens)
    total = section = 0
    value: str | None = None  # the digits that wait for their unit
    last, after_zero, began = 0, False, False
    for token in tokens:
        if token in _SMALL:
            unit = _SMALL[token]
            if last and last <= unit and last < 10_000:
                raise AboutSoMany if not value else NotANumber
            if value is None and (unit != 10 or (last and last < 100)):
                raise AboutSoMany
            section += (1 if value is None else _digits([value])) * unit
            value, last, after_zero = None, unit, False
        elif token in _BIG:
            section += _digits([value]) if value else 0
            if not section:
                raise AboutSoMany
            if began and _BIG[token] == 10_000 and total and total % 100_000_000:
                raise NotANumber
            total = (total + section) * _BIG[token] if token == "亿" else total + section * _BIG[token]
            section, value, last, after_zero, began = 0, None, _BIG[token], False, True
        elif token == "零":
            if value is not None:
                raise NotANumber
            after_zero = True
        elif value is not None:
            raise AboutSoMany if not (value + token).isascii() else NotANumber
        else:
            value = token
    return total + section + (_rest(value, last, after_zero) if value else 0)


def _rest(value: str, last: int, after_zero: bool) -> int:
    """What follows the last unit: 三千二 is 3200, 三千零二 3002, 2万3500 is 23500."""
    rest = _digits([value])
    if after_zero or last == 10:
        if rest >= last:
            raise NotANumber
        return rest
    if len(value) == 1:
        return rest * last // 10
    if len(value) != len(str(last)) - 1:
        raise NotANumber
    return rest


def _digits(tokens: list[str]) -> int:
    """One digit, or several in a row as they stand on paper: 三八六五. 三四 is about so many."""
    if len(tokens) == 1 and tokens[0].isascii():
        return int(tokens[0])
    said = "".join(tokens)
    if len(tokens) == 2 and "零" not in said:
        raise AboutSoMany
    if len(tokens) > 2 and "两" in said:
        raise NotANumber
    return int("".join(str(_DIGITS[token]) if token in _DIGITS else token for token in tokens))
