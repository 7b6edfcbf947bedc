"""Whose ID number is given: "俺娘的身份证3708…" where their own was asked for. Pure."""

from __future__ import annotations

import re

from bot.flows.identify.relatives import CJK, KIN, NAME, OWNER, SURNAMES
from language.id_number import find

_NUMBER = r"(?:身份证|证件|证|身份|号)(?:件|码|号码?)*"
_DIGITS = r"(?:[0-9]|[零〇一二三四五六七八九幺]{3})"
_THEY = r"[他她](?!们)"
_RELATIVE = rf"(?:{OWNER})?(?:{NAME})?[大小二三四五老亲表堂]?(?:{KIN}|{_THEY})(?:[{SURNAMES}]{CJK}{{1,2}})?"
_NAMED = rf"{_RELATIVE}(?:姓名|名字)?(?:就?叫|是)[{SURNAMES}]{CJK}{{1,2}}[，,。 ]+(?:{_NUMBER})?(?:是|[:：])*{_DIGITS}"
_FOLLOWS_DIGITS = rf"{_RELATIVE}(?:的(?:这个|那个)?(?:{_NUMBER})?|这?个?{_NUMBER})(?:是|就是|[:：，, 。])*{_DIGITS}"
_NAMES_IT = (
    rf"(?:是|报的|给的|说的|念的|输的|发的|那|(?<=[0-9Xx]))的?{_RELATIVE}的(?:{_NUMBER})?"
    r"(?:[啊呀哩了吧，,。:： ]|[0-9]|$)"
)
_THEIRS = re.compile(rf"{_FOLLOWS_DIGITS}|{_NAMED}|{_NAMES_IT}|{_RELATIVE}的?{_NUMBER}(?:[，,。 ]|$)")
_MINE = re.compile(
    rf"(?:我|俺)(?:自己|自个儿?|本人)?的?(?:这个)?{_NUMBER}|(?:我|俺|自己|本人)(?:自己)?的(?:[，,。:： 是]|[0-9]|$)"
)
_NOT_THEIRS = re.compile(rf"不是(?:{OWNER})?(?:{KIN}|[他她])的?")


_WHOLE = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9Xx])")


def both_numbers(text: str) -> tuple[str, str, str]:
    """Their own number, a relative's, and who that is: "我身份证3708…，俺妈的3708…"; empty where it is not so."""
    words = re.sub(r"(?<![0-9])\s|\s(?![0-9])", "", text)
    numbers, own = [one.upper() for one in _WHOLE.findall(words)], find(text)
    theirs = next((one for one in numbers if one != own), "")
    if len(set(numbers)) != 2 or own not in numbers:
        return "", "", ""
    before = words.upper().split(theirs)[0].rpartition(own)[2]
    who = re.findall(rf"{KIN}|{_THEY}", before)
    return (own, theirs, who[-1]) if who else ("", "", "")


_USES_OWN = re.compile(rf"用(?:我|俺)(?:自己|本人)?的|(?:我|俺)是(?:{OWNER})?(?:[他她]|老人|病人)(?:家)?的?(?:{KIN})")


def is_own_number(text: str) -> bool:
    """ "用我的身份证行不3708…", "我是她闺女，3708…": it is the number of who speaks."""
    words = re.sub(r"\s", "", text)
    return bool(_USES_OWN.search(words) or _MINE.search(_THEIRS.sub("", words))) and not owner_of_number(text)


def owner_of_number(text: str) -> str:
    """Whose number it is, as they call them: 娘; "" where it is their own, or nothing is said of it: "儿子给念的"."""
    words = _NOT_THEIRS.sub("", re.sub(r"\s", "", text))
    found = _THEIRS.search(words)
    if found is None or _MINE.search(_THEIRS.sub("", words)):
        return ""
    named = re.findall(rf"{KIN}|{_THEY}", found[0])
    return named[0] if named else ""
