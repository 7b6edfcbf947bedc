"""Telephone numbers of the mainland in the one form we keep: a mobile number of 11 digits, a landline with its area
code and the 0 before it. Pure.

Trunks and people write them in many forms: IMS presents +86, many exchanges put a 0 before a mobile number from
elsewhere, international gateways 0086.
"""

from __future__ import annotations

import re

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
