"""Telephone numbers of the mainland in the one form we keep: a mobile number of 11 digits, a landline with its area
code and the 0 before it. Pure.

Trunks and people write them in many forms: IMS presents +86, many exchanges put a 0 before a mobile number from
elsewhere, international gateways 0086.
"""

from __future__ import annotations

import re

from language.meant import versions
from language.numbers.digit_runs import digit_text, runs, with_other_tail
from language.unclear import Unclear, Why

_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA_AND_NUMBER = re.compile(r"(?:10|2\d)\d{8}|(?![48]00)[3-9]\d{2}\d{7,8}")
"""A landline without the 0: two-figure areas have eight figures, others seven or eight. 400 and 800 are companies'."""
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$)|86(?=[1-9]\d{9,10}$)")
_NOT_DIALLED = re.compile(r"^(?:sips?|tel):|@.*$|;.*$|%23$|#$|[\s().-]", re.IGNORECASE)


def national(number: str) -> str | None:
    """`number` in the kept form; None for what cannot be called back from here: short codes, other countries, names.

    A landline without its area code is None, too: where a trunk or a person means it to be is not known.
    """
    digits = _NOT_DIALLED.sub("", number)
    abroad = digits.startswith(("+", "00"))
    bare, had_country = _COUNTRY.subn("", digits, count=1) if _COUNTRY.match(digits) else (digits, 0)
    if not bare.isascii() or not bare.isdigit() or (abroad and not had_country):
        return None
    without_zero = bare.removeprefix("0")
    if _MOBILE.fullmatch(without_zero):
        return without_zero
    if (bare.startswith("0") or had_country) and _AREA_AND_NUMBER.fullmatch(without_zero):
        return "0" + without_zero
    return None


_EXCHANGE = re.compile(r"^(?:0086|086|86|17951|12593)(?=0?1[3-9]\d{9}$)")
_TWO_OR_MORE = re.compile(r"(?:1[3-9]\d{9}){2,}")
_UNSURE = re.compile(r"(?:拿|记|说|吃)不(?:太|大)?[准清]|不(?:太|大)?确定|记不得|还是[0-9零一二三四五六七八九]+来着")
_LEAST = 5
"""Digits: fewer are no telephone number that somebody meant to give."""


def read_phone(text: str) -> str | None:
    """The number that a sentence gives, in the kept form; None when it gives none.

    Raises Unclear: SEVERAL (which?), INCOMPLETE (a landline without its area code), SHAPE (too many or too few digits,
    or letters among them).
    """
    said = list(versions(text))
    for version in said:
        found = _numbers(version)
        if version != said[-1] and not found:
            if runs(version) and (whole := _numbers(said[-1]) or _numbers(text[: text.rfind(version)])):
                other = national(with_other_tail(whole[0], version, text))
                if other is None:
                    raise Unclear(Why.SHAPE)
                return other
            continue
        if len(found) > 1 or (found and _UNSURE.search(text)):
            raise Unclear(Why.SEVERAL, tuple(found))
        if found:
            return found[0]
    _refuse(text)
    return None


def _numbers(text: str) -> list[str]:
    found: list[str] = []
    for run in runs(text.replace("+", "")):
        parts = re.findall(r"1[3-9]\d{9}", run) if _TWO_OR_MORE.fullmatch(run) else [_EXCHANGE.sub("", run)]
        found += filter(None, map(national, parts))
    return list(dict.fromkeys(found))


def _refuse(text: str) -> None:
    longest = max(runs(text), key=len, default="")
    if len(longest) < _LEAST:
        return
    if re.search(r"\d[A-WYZa-wyz]|[A-WYZa-wyz]\d", digit_text(text)):
        raise Unclear(Why.SHAPE)
    raise Unclear(Why.INCOMPLETE if len(longest) in (7, 8) and not longest.startswith(("1", "0")) else Why.SHAPE)
