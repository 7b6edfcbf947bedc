"""What a citizen said, as far as it is kept.

While the assistant answers, nobody needs to know who is asking: numbers, names and addresses are taken out. Whoever
speaks with a person tells them a name or a telephone number to be called back on: those stay, for this person to read.
ID numbers, card numbers and one-time codes are taken out always.
"""

from __future__ import annotations

import re

from base.personal_data import is_phone
from language.masking import NUMBER, hide_codes, mask

_DIGIT = "0-9０-９零〇一二三四五六七八九幺"
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_TICKET = r"GD\d{8}-\d{4,8}"
_NUMBER = re.compile(rf"{_TICKET}|(?:[{_DIGIT}][\s\-—－.]?){{5,}}[{_DIGIT}Xx](?![年月日元])")
_VALUES = str.maketrans("０１２３４５６７８９零〇一二三四五六七八九幺", "0123456789001234567891")


def kept(text: str, *, with_person: bool) -> str:
    """`text` without what must not be kept. Pure, never raises."""
    return _NUMBER.sub(_unless_phone, hide_codes(text)) if with_person else mask(text)


def without_ids(text: str) -> str:
    """What we say ourselves, codes included: other numbers in it are those of tickets and offices."""
    return hide_codes(_ID_NUMBER.sub(NUMBER, text))


def _unless_phone(match: re.Match[str]) -> str:
    if match[0].startswith("GD"):
        return match[0]
    digits = re.sub(r"\D", "", match[0].translate(_VALUES))
    return match[0] if is_phone(digits) and not match[0].upper().endswith("X") else NUMBER
