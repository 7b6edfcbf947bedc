"""The citizen's ID number (GB 11643): what was typed, keyed or heard → the number, or a sentence how to go on. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from service.errors import BadInput

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_SEPARATORS = re.compile(r"[\s\-‐-―·,，.。]")


class IdRefused(BadInput):
    """The number cannot be right; the sentence says how to go on. Never holds the number."""

    code = "id_refused"
    citizen_text = "身份证号应当是18位，请您核对后再说一遍；不方便的话，可以说“转人工”。"


def check(text: str, today: date) -> str:
    """The 18 characters, X in upper case. Raises IdRefused. On the keypad * stands for X."""
    number = _folded(text)
    if re.fullmatch(r"[0-9]{15}", number):
        raise IdRefused(
            code="id_15", citizen_text="这是15位的老号码，已经停用。请报新身份证上的18位号码，或者说“转人工”。"
        )
    if not _EIGHTEEN.fullmatch(number):
        raise IdRefused(code="id_shape")
    if not _born(number, today):
        raise IdRefused(code="id_birth", citizen_text="号码里的出生日期不对。请照着身份证再报一遍，或者说“转人工”。")
    if check_character(number) != number[-1]:
        raise IdRefused(code="id_check", citizen_text="这个号码有一位不对。请照着身份证再报一遍，或者说“转人工”。")
    return number


def check_character(number: str) -> str:
    """The 18th character that belongs to the first 17 digits."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def mask_id(number: str) -> str:
    """370899********9028: what may be shown."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}"


def spoken_id(number: str) -> str:
    """What may be said: the last four only."""
    return f"尾号{'，'.join(number[-4:])}"


def mask_name(name: str) -> str:
    """张桂兰 → 张**."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper().replace("*", "X").replace("×", "X").rstrip("#")
    return _SEPARATORS.sub("", folded)


def _born(number: str, today: date) -> bool:
    try:
        return date(1900, 1, 1) <= date(int(number[6:10]), int(number[10:12]), int(number[12:14])) <= today
    except ValueError:
        return False
