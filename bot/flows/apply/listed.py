"""An answer that holds several things, and what is put to them or taken away: "再加个冠心病", "糖尿病不要了". Pure."""

from __future__ import annotations

import re

from casework.filings.items import Field
from language.diseases import read_disease, without_repeats
from language.unclear import Unclear

LISTS = ("disease",)
"""Kinds whose answer is a list."""
_BETWEEN = "、"
_CLAUSES = re.compile(r"[，,。；;！!？? ]+")
_TAKEN_AWAY = re.compile(
    r"(?:去掉|去了|删掉?|删了|划掉|抹掉|撤掉|拿掉|取消|不要了?|不办了?|不报了?|不申请了?|不用了?|不算了?|别要了?|别写了?|没有得?|没得)"
)
_ADDS = re.compile(
    r"(?:病种)?(?:我|俺|他|她|老人|家里)?(?:还|再|也|另外|外加|加上|添上|补上|加|添|补|漏|少|忘|写|报|填)+"
    r"(?:给)?(?:我|俺)?(?:想|要|得|应该)?"
    r"(?:有|得|写|报|加|添|补|说|算|办|上|了|着|过|一[个种样]|个|种)*|(?:也|都)(?:要|有|得|算|办|报|加|写)(?:上|了|进去)*|算上|加上|加进去|添上|补上"
)
_REPLACES = re.compile(
    r"(?:不是|把|将|病?种?)?(?P<old>[^，,。；;是]{2,12}?)"
    r"(?:[，, ]*(?:应该|而|得|就)?是|换成|改成|改为|写成|写错了?[，, ]*是)(?P<new>[^，,。；;]{2,20})"
)


def changed(field: Field, value: str, words: str) -> str | None:
    """The list as it is now; None where the words change nothing of it. "" where nothing is left."""
    if field.kind not in LISTS:
        return None
    before = value.split(_BETWEEN)
    now = list(before)
    for clause in _CLAUSES.split(words):
        _apply(now, clause)
    if now == before and (match := _REPLACES.search(words)):
        old, new = _of(now, match["old"]), _named(match["new"])
        if old and new and not (len(old) == len(now) and match["old"].strip().startswith("病")):
            now = [one for one in now if one not in old] + new
    now = list(without_repeats(list(dict.fromkeys(now))))
    return None if now == before else _BETWEEN.join(now)


def _apply(now: list[str], clause: str) -> None:
    taken = _TAKEN_AWAY.search(clause)
    if taken and (gone := _of(now, clause)):
        now[:] = [one for one in now if one not in gone]
        return
    if taken or not _ADDS.search(clause):
        return
    now += [one for one in _named(_ADDS.sub("，", clause)) if one not in now]


def _of(now: list[str], words: str) -> list[str]:
    """Those of the list that the words name: 2型糖尿病 by 糖尿病 as well."""
    return [one for one in now if one in words or any(part in one for part in _named(_TAKEN_AWAY.sub("，", words)))]


def _named(words: str) -> list[str]:
    """Hospitals and doctors for a disease name none."""
    words = re.sub(r"[^，,。；; ]*(?:医院|卫生院|[专门]科|大夫|医生)", "", words)
    try:
        found = read_disease(words) if words.strip(" ，,") else None
    except Unclear:
        return []
    return found.split(_BETWEEN) if found else []
