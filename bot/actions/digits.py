"""Telephone numbers as people say or key them, and how we say them back. Pure."""

from __future__ import annotations

import re

from base.personal_data import is_phone
from language.numbers.numerals import AS_DIGITS, AS_SAID

MOBILE_DIGITS = 11
_DIGITS_IN_GROUPS = re.compile(r"\d(?:[\s,，.。、\-—的]*\d)*")
_MEASURED = re.compile(r"\d\s*(?:年|月|元|块|条|点|个|岁|天|种|次|%)")
_PARTIAL_AT_LEAST, _WHOLE_AT_LEAST, _AT_MOST = 3, 7, 13


def digits_said(text: str) -> str:
    """The digits of a message that is about a number: "幺三九 零零零零" → "1390000". Empty if it is about other things.

    Digits said in groups are joined; a sentence that merely contains a year or an amount is no number.
    """
    numerals = text.translate(AS_DIGITS)
    groups = _DIGITS_IN_GROUPS.findall(numerals)
    longest = max((re.sub(r"\D", "", group) for group in groups), key=len, default="")
    if _WHOLE_AT_LEAST <= len(longest) <= _AT_MOST:
        return longest.removeprefix("86") if len(longest) == _AT_MOST else longest
    words = re.sub(r"[\d\s,，.。、\-—]", "", numerals)
    is_part = _PARTIAL_AT_LEAST <= len(longest) < _WHOLE_AT_LEAST and len(words) <= 8
    return longest if is_part and not _MEASURED.search(numerals) else ""


_SAID_AS_NUMBER = re.compile(r"电话|手机|号码|打[我俺这给]|联系|回[我俺]?电|拨|留[个下]?号")
_BEGINS_NUMBER = re.compile(r"(?:86)?1[3-9]\d*|0[1-9]\d+")
_OTHER_NUMBER = re.compile(
    r"〔|\[20|号文|车牌|邮编|血[压糖]|验证码|查询码|GD|鲁[A-Z]|编码|代码|多少|什么|啥|[吗么？?]", re.IGNORECASE
)
_TICKET = re.compile(r"GD\s*20\d{6}\s*-?\s*\d{3,}", re.IGNORECASE)


def is_number_to_call(text: str) -> bool:
    """Whether a message gives a telephone number, or the beginning of one, to somebody who did not ask for it."""
    digits = digits_said(text)
    if not digits or _OTHER_NUMBER.search(text):
        return False
    whole_landline = 7 <= len(digits) <= 8
    return bool(_SAID_AS_NUMBER.search(text) or _BEGINS_NUMBER.fullmatch(digits)) or whole_landline


def names_ticket(text: str) -> bool:
    return bool(_TICKET.search(text))


def says_more_than_digits(text: str) -> bool:
    return len(re.sub(r"[\d\s,，.。、\-—]", "", text.translate(AS_DIGITS))) > 1


def read_digits(text: str) -> str:
    """Digit by digit, in groups with a pause between: "GD20261122-001" → "G D，二零二六，幺幺二二，零零幺"."""
    groups: list[str] = []
    for run in re.findall(r"\d+|[A-Za-z]+", text):
        step = 4 if run.isdigit() and len(run) > 4 else len(run)
        groups += [run[i : i + step] for i in range(0, len(run), step)]
    return "，".join(" ".join(g) if g.isalpha() else g.translate(AS_SAID) for g in groups)


def masked_spoken(phone: str) -> str:
    """ "19900000001" → "幺九九开头，尾号零零零幺"; a shorter number by its last four digits."""
    tail = f"尾号{phone[-4:].translate(AS_SAID)}"
    return f"{phone[:3].translate(AS_SAID)}开头，{tail}" if len(phone) == 11 else tail


def is_whole(number: str) -> bool:
    """Seven digits that begin with 1 are not a landline but the first half of a mobile number."""
    return is_phone(number) and (len(number) == MOBILE_DIGITS or not number.startswith("1"))
