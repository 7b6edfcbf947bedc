"""The citizen's ID number (GB 11643): what was typed, keyed or heard → the number, or a sentence how to go on. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from base.errors import BadInput
from language.meant import versions
from language.numbers.digit_runs import runs, with_other_tail

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_WRITTEN = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx*×](?![0-9Xx])")
_AND_A_PHONE = re.compile(r"([0-9]{17}[0-9X])(?:1[3-9][0-9]{9})?|1[3-9][0-9]{9}([0-9]{17}[0-9X])")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
"""A foreigner's permanent residence card issued before 2023; later ones have 18 digits."""


class IdRefused(BadInput):
    """The number cannot be right; the sentence says how to go on. Never holds the number."""

    code = "id_refused"
    citizen_text = "身份证号应当是18位，请您核对后再说一遍；不方便的话，可以说“转人工”。"


def check(text: str, today: date) -> str:
    """The 18 characters, X in upper case, of whatever sentence they stand in. Raises IdRefused. On the keypad * stands
    for X."""
    number = find(text)
    if not number:
        number = max(runs(text), key=len, default="")
        if _OLD_FOREIGN.search(re.sub(r"[\s\-]", "", text.upper())):
            raise IdRefused(
                code="id_foreign_old",
                citizen_text="这是旧的外国人永久居留身份证号，这里认不出。有新证的，请报18位号码；没有的，请说“转人工”。",
            )
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


def mask_name(name: str) -> str:
    """张桂兰 → 张**."""
    return name[:1] + "*" * max(len(name) - 1, 1)


_TICKET = re.compile(r"GD\s*[0-9]{8}\s*[-—－]?\s*[0-9]{4}(?![0-9])", re.IGNORECASE)
"""A ticket's number: with a code of six digits behind it, it has eighteen."""


def find(text: str) -> str:
    """The 18 characters in a sentence, typed, keyed or called out, the last correction counted; "" when there are none,
    or several. Whether they can be right is for `check`."""
    said = list(versions(_TICKET.sub(" ", text).rstrip("#")))
    whole = ""
    for version in said:
        found = _eighteens(version)
        if len(found) > 1:
            return _own(version, found)
        if found:
            whole = found[0]
            break
    shorter = said[: said.index(version)] if whole else []
    for correction in reversed(shorter):
        if not runs(correction):
            continue
        whole = with_other_tail(whole, correction, text)
    return whole


def _own(text: str, numbers: list[str]) -> str:
    """Of several the one that is called one's own: "我妈3708…，我3708…"; "" where that is not one."""
    own = [
        one
        for one in numbers
        if re.search(
            rf"(?:^|[，,。；; ])(?:我|俺|本人|自己)(?:自己|本人)?的?(?:身份证|证件)?号?码?是?[:：]?{one}", text
        )
    ]
    return own[0] if len(own) == 1 else ""


def _eighteens(text: str) -> list[str]:
    if written := _WRITTEN.findall(unicodedata.normalize("NFKC", text)):
        return list(dict.fromkeys(re.sub("[x*×]", "X", number) for number in written))
    found = runs(text)
    whole = [match[1] or match[2] for run in found if (match := _AND_A_PHONE.fullmatch(run))]
    joined = "".join(run for run in found if len(run) > 1 or run == "X")
    return list(dict.fromkeys(whole)) or ([joined] if _EIGHTEEN.fullmatch(joined) else [])


def _born(number: str, today: date) -> bool:
    try:
        return date(1900, 1, 1) <= date(int(number[6:10]), int(number[10:12]), int(number[12:14])) <= today
    except ValueError:
        return False
