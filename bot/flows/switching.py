"""The wrong kind was chosen: "我不是转诊，是长期住在那边" goes on with the other one, and keeps what still holds."""

from __future__ import annotations

import re
from datetime import date

from bot.flows.apply.details import told
from bot.flows.small_words import Heard
from casework.filings.filing import Draft
from casework.filings.items import Field, Item, Items
from language.places import cities

_DENIED = re.compile(r"(?:不是|不办|不要)(?:办)?([^，,。是]*)")
_CHOSE_WRONG = re.compile(r"(?:选|办|弄|搞)(?:错|岔)|换成|改办|换一[种个]")
_BRIEF = 9
"""Characters of what is the case instead: "不对，是长期住的" corrects the kind, "不对，是在北京住" the place."""
_SHORT = 14
_NAMES_A_KIND = re.compile(r"长期|常年|定居|转诊|转院|急诊|抢救|津贴|医疗费|产检|产前")
"""With one of these, "不对，我是长期在济南住" corrects the kind, whatever place it tells besides."""
_CARRIES = ("city", "city_away")
"""Kinds that mean the same in every item of a group, whatever they are called."""


def meant_instead(items: Items, item: Item, heard: Heard) -> Item | None:
    """The other item of the group that is wanted; None when the words only correct an answer."""
    others = [one for one in items.items.values() if one.group == item.group and one.id != item.id]
    if not item.group or not _denies(item, heard):
        return None
    wanted = _DENIED.sub("", heard.text)
    return next((one for one in others if one.words.search(wanted) or one.short in wanted), None)


def _denies(item: Item, heard: Heard) -> bool:
    """Their words say that this kind is the wrong one."""
    if any(item.words.search(denied) for denied in _DENIED.findall(heard.text)) or _CHOSE_WRONG.search(heard.text):
        return True
    words = heard.correction
    is_kind = _NAMES_A_KIND.search(words) or not any(place in words for place in cities())
    return heard.corrects and len(words) <= _BRIEF and bool(is_kind)


def carried(old: Draft, new: Draft, words: str, today: date) -> list[tuple[Field, str]]:
    """The answers that hold for the other item too, and are not in it yet. What `words`, those that changed the kind,
    tell anew counts instead: "不对，我是长期在济南住"."""
    answered = [field for field in old.item.fields if field.id in old.answers]
    anew = {field.id: value for field, value in told(new.item, new.answers, _DENIED.sub("", words), today)}
    found = []
    for field in new.item.fields:
        same = next((one for one in answered if _means_the_same(one, field)), None)
        value = anew.get(field.id) or (old.answers[same.id] if same else None)
        if value and field.id not in new.answers:
            found.append((field, value))
    return found


def _means_the_same(one: Field, other: Field) -> bool:
    return one.kind == other.kind and (one.label == other.label or one.kind in _CARRIES)


def kind_named(items: Items, item: Item, heard: Heard) -> Item | None:
    """The kind of its group that few words name, while something else is asked: "长期居住的"; the same one when it is
    only said again. None when they name none."""
    if not item.group or heard.asks or len(heard.bare) > _SHORT or not _NAMES_A_KIND.search(heard.text):
        return None
    if other := meant_instead(items, item, heard):
        return other
    named = [one for one in items.items.values() if one.group == item.group and one.words.search(heard.text)]
    return named[0] if len(named) == 1 else None
