"""What people tell of a filing while something else is asked of them: who they are, a code, a consent. Pure.

The words are kept in the errand's state, not the values: what they mean depends on the kind of filing, which may be
named later. They are read anew each time, so that a correction counts like one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from base.messages import Reply
from bot.flows.apply import listed
from bot.flows.apply.details import day_at, phone_at, told, told_alone, told_of_referral
from bot.flows.small_words import Heard, sounds_like_question
from bot.flows.state import State
from bot.flows.wording import say
from casework.filings.fields import said, shown
from casework.filings.items import Field, Item, Items
from language.meant import TAKES_BACK
from language.places import read_city

STAGES = frozenset(("what_item", "id", "confirm_id", "code", "whose", "principal_id", "principal_code"))
"""Stages before the first question of a filing."""
OF_IDENTITY = STAGES - {"what_item", "whose", "confirm_id"}
"""Those in which a number is awaited."""
_CLAUSES = re.compile(r"[，,。！!；;？?]")
_ID_NUMBER = re.compile(r"[0-9]{15,17}[0-9Xx*×]?")
_ANY_DIGITS = re.compile(r"[0-9Xx零〇一二三四五六七八九幺]{3,}")
_ANEW = re.compile(r"不对|不是|错了|改[成为]|应该是|换成")
_BRIEF = 12
"""Characters: "上海" takes the place of what was said before, a long story does not."""
_A_MONTH = re.compile(r"(?:[0-9一二三四五六七八九十]{1,3}月份?|上个?月|这个?月)(?!底|前)")


def tells(text: str, *, in_number: bool) -> str:
    """What of a message may tell something: no clause that asks, no ID number. `in_number`: an ID number or code is
    being said in parts, so that digits are of that."""
    text = _ID_NUMBER.sub("", unicodedata.normalize("NFKC", text))
    if in_number:
        text = _ANY_DIGITS.sub("", text)
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    return "，".join(clause for clause in clauses if not sounds_like_question(clause))


def without_values(text: str) -> str:
    """The message without telephone numbers and days, for a step that waits for an ID number or a code."""
    for found in (phone_at, day_at):
        for start, end in reversed(found(text)):
            text = f"{text[:start]} {text[end:]}"
    return text


def gathered(item: Item, words: Iterable[str], today: date) -> dict[str, str]:
    """Field id → value, of all that was told. What was told first stays, unless it is said anew in few words or put
    right."""
    found: dict[str, str] = {}
    for one in words:
        takes_back = TAKES_BACK.search(_CORRECTS.sub("", one))
        is_anew = len(one) <= _BRIEF or bool(_ANEW.search(one) or takes_back)
        first = [] if takes_back else told_alone(item, found, _first_clause(one), today)
        first = [value for value in first if value[0].kind in _IN_A_CLAUSE]
        also = told_of_referral(item, found, one, today)
        for field in item.fields:
            if field.id in found and (now := listed.changed(field, found[field.id], one)):
                found[field.id], is_anew = now, False  # "还有冠心病": put to what was told before
        for field, value in (*told(item, {}, one, today), *told_alone(item, found, one, today), *first, *also):
            if is_anew or field.id not in found:
                found[field.id] = value
    return found


_IN_A_CLAUSE = ("city", "city_away", "hospital")
_CORRECTS = re.compile(r"^(?:哎?呀?|哦|噢)?(?:(?:不对|错了|说错了|弄错了)[，, ]*|不是[，, ]+)")


def _first_clause(words: str) -> str:
    """是昆山 of "不对，是昆山，离上海近老说上海": what is told, before what is told of it."""
    return _CLAUSES.split(_CORRECTS.sub("", words))[0]


def of_state(state: State, items: Items, today: date) -> dict[str, tuple[Field, str]]:
    """What `state` holds of the filing; of several kinds that were offered, what all of them would ask for."""
    if state.kind != "file":
        return {}
    words = [state.said, *state.heard]
    if state.what:
        return _with_fields(items.items[state.what], gathered(items.items[state.what], words, today))
    every = [_with_fields(items.items[one], gathered(items.items[one], words, today)) for one in state.offered]
    return {name: one for name, one in every[0].items() if all(name in other for other in every)} if every else {}


def acknowledged(state: State, items: Items, today: date) -> list[Reply]:
    """One clause for what was not acknowledged yet; notes in `state` that it is now."""
    if state.stage not in STAGES:
        return []
    found = of_state(state, items, today)
    fresh = [one for name, one in found.items() if state.told.get(name) != one[1]]
    state.told = {name: value for name, (_, value) in found.items()}
    return [noted_early(fresh)] if fresh else []


_TELLS = re.compile(r"^(?:我|俺|他|她|咱|大夫|医生|医院|材料|病历|孩子|老人)|了(?:$|[，,。；;])|着(?:呢)?$")
_SHORTEST_STORY = 6
"""Characters."""


def only_tells(state: State, heard: Heard) -> bool:
    """A statement about their matter while something else is asked: "大夫给开了转诊单子了"; no question, no wish."""
    if state.kind != "file" or state.stage not in STAGES or heard.asks:
        return False
    if day_at(heard.text) or phone_at(heard.text):
        return True
    if len(heard.bare) < _SHORTEST_STORY:
        return False
    return heard.intent in _GUESSES and bool(_TELLS.search(heard.bare)) and not heard.wants_away


_GUESSES = frozenset(("ask_policy", "nlu_fallback", "out_of_scope", "state_place", "medical_advice"))
"""What the engine makes of such a statement."""


def told_again(state: State, items: Items, words: str, today: date) -> list[Reply]:
    """What was said once more, as it is noted: "去北京，大后天一早的高铁" where 北京 was told before."""
    if state.stage not in STAGES or not state.what:
        return []
    found = _with_fields(items.items[state.what], gathered(items.items[state.what], [words], today))
    same = [one for name, one in found.items() if state.told.get(name) == one[1]]
    return [noted_early(same)] if same else []


def noted_early(found: Sequence[tuple[Field, str]]) -> Reply:
    """ "北京市、2026年6月3日记下了。" """
    written = "、".join(shown(field, value) for field, value in found)
    heard = "，".join(said(field, value) for field, value in found)
    return Reply(say("noted_early", answers=written).text, say("noted_early", answers=heard).to_say)


def names_a_month_only(state: State, items: Items, words: str, today: date) -> bool:
    """ "从今年九月开始的": the day is still to be asked for, but it was heard."""
    item = items.items.get(state.what)
    if item is None or day_at(words) or not _A_MONTH.search(words):
        return False
    return any(field.kind == "date" and field.id not in of_state(state, items, today) for field in item.asked({}))


def names_a_province_only(state: State, items: Items, words: str, today: date) -> str:
    """ "内蒙", where a city will be asked for: the province that was heard. "" when there is nothing of the kind."""
    read = read_city(words, asked=False)
    fields = [field for one in (state.what, *state.offered) if one in items.items for field in items.items[one].fields]
    if read.city or not read.province or not any(field.kind in ("city", "city_away") for field in fields):
        return ""
    return read.province


def _with_fields(item: Item, values: Mapping[str, str]) -> dict[str, tuple[Field, str]]:
    return {field.id: (field, values[field.id]) for field in item.fields if field.id in values}
