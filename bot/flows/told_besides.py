"""What a message tells of a filing besides answering the open question: "我在苏州打工，6月去的" while an ID number is
asked for. No I/O; a kind that is named is set in the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from base.messages import Reply
from bot.flows.apply import gathering
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.switching import kind_named
from bot.flows.wording import say
from casework.filings.items import Items

_ASKED = frozenset(("ask_policy", "ask_more", "ask_source", "medical_advice"))


@dataclass(frozen=True, slots=True)
class Tells:
    """`words`: what of a message tells something of the filing; `rest`: what the open question may be answered by."""

    words: str
    rest: str


def tells(state: State, heard: Heard) -> Tells:
    """What the message tells of a filing that has not begun, apart from what the open question is about."""
    if state.kind != "file" or state.stage not in gathering.STAGES:
        return Tells("", heard.text)
    words = gathering.tells(heard.text, in_number=bool(state.partial or state.mentioned_part))
    is_number = state.stage in gathering.OF_IDENTITY and not state.partial
    return Tells(words, gathering.without_values(heard.text).strip(" ，,。") if is_number else heard.text)


def acknowledged(state: State, heard: Heard, words: str, items: Items, today: date) -> list[Reply]:
    """What is said to a message that was no answer, but told something (`words`); nothing when it did not."""
    if not words or heard.wants_away or (heard.asks and heard.intent in _ASKED):
        return []
    item = items.items.get(state.what)
    if item and state.stage != "what_item" and (kind := kind_named(items, item, heard)):
        state.what, key = kind.id, "kind_noted" if kind is item else "switched"
        noted = Reply(say(key, name=kind.name).text, say(key, name=kind.spoken).to_say)
        return [noted, *gathering.acknowledged(state, items, today)]
    if told := gathering.acknowledged(state, items, today):
        return told
    if again := gathering.told_again(state, items, words, today):
        return again
    if place := gathering.names_a_province_only(state, items, words, today):
        return [say("place_later", place=place)]
    if gathering.names_a_month_only(state, items, words, today):
        return [say("day_later")]
    return []
