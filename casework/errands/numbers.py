"""An ID number inside a sentence, whatever else the sentence is about. Pure."""

from __future__ import annotations

import re
import unicodedata

from casework.errands.words import digits
from language.numerals import AS_DIGITS

_WRITTEN = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx*](?![0-9])")
_SAID = re.compile(r"(?<![0-9])[0-9]{17}(?:[0-9Xx*]|叉|星)(?![0-9])")
_PAUSES = re.compile(r"[\s,，.。、\-—]")


def id_number_in(text: str) -> str:
    """The 18 characters, typed, keyed or said digit by digit; "" when there are none. Their correctness is not looked
    at: `casework.id_number` does that."""
    text = unicodedata.normalize("NFKC", text)
    found = _WRITTEN.search(text) or _SAID.search(_PAUSES.sub("", text.translate(AS_DIGITS)))
    return digits(found[0]) if found else ""
