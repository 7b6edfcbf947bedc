"""What is said to an open question of a filing and is no answer to it: a question of theirs, or another wish. Pure."""

from __future__ import annotations

from bot.flows.apply.details import hospital_in
from bot.flows.goals import INTENTS, query_kind
from bot.flows.small_words import Heard
from casework.filings.items import Field
from language import stance

_FREE = ("text", "hospital", "disease", "name")
"""Kinds whose check takes many words."""
_SMALL_TALK = ("ask_more", "thanks", "goodbye", "greet")
_BRIEF, _BRIEF_CHOICE = 3, 6
"""Characters: so few ask nothing."""
_ASKING = ("ask_policy", "ask_more", "ask_source", "nlu_fallback", "medical_advice", "out_of_scope")


def is_question(heard: Heard, field: Field) -> bool:
    """A question in the middle is answered, not written down as somebody's hospital; "北京？" is none, and few words
    that name one of the choices are a choice ("没出院呢")."""
    brief = _BRIEF_CHOICE if field.kind == "choice" else _BRIEF
    return heard.asks and _may_ask(heard) and len(heard.bare) > brief


def is_aside(heard: Heard) -> bool:
    """A question that corrects nothing: "11月1号能办好吗"."""
    return heard.asks and _may_ask(heard) and len(heard.bare) > _BRIEF and not heard.names_a_mistake


def _may_ask(heard: Heard) -> bool:
    """What the engine takes it for leaves room for a question, or it was learnt to be one."""
    return heard.intent in _ASKING or heard.seems("question")


def is_about_else(heard: Heard) -> bool:
    """What cannot be kept anyway, and sounds like a question or is one to the engine ("认定要多长时间批下来")."""
    if heard.seems("value"):
        return False
    return _may_ask(heard) and len(heard.bare) > _BRIEF and (heard.asks or heard.intent == "ask_policy")


def names_hospital(field: Field, heard: Heard) -> bool:
    """A hospital in full is an answer whatever the engine makes of "济宁市第一人民医院给转的"."""
    return field.kind == "hospital" and bool(hospital_in(heard.text)) and not heard.wants_away


def says_nothing_of(field: Field, heard: Heard) -> bool:
    """A nod, a "不用了" or a "还有呢" where free words are asked for: none of them is anybody's hospital or name."""
    if field.kind not in _FREE or heard.digits:
        return False
    is_small = heard.only_nods or stance.says_yes(heard.bare) or stance.declines(heard.bare)
    return is_small or (heard.intent in _SMALL_TALK and len(heard.bare) <= _BRIEF_CHOICE)


def names_a_query(heard: Heard) -> bool:
    """ "查一下我的余额" where a hospital is asked for, though a short answer is likelier there."""
    return heard.intent == "query_mine" and query_kind(heard.text) is not None and not hospital_in(heard.text)


def wants_else(heard: Heard) -> bool:
    """Away, or something else done. The engine's guess about goodbyes is not asked: it makes one of "昨天"."""
    return heard.wants_away or (heard.intent in INTENTS and not heard.seems("value"))
