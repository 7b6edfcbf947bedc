"""Replies that answer nothing that was asked: they look for it, put it off, did not understand, want something else.

Decided by what was learnt of their kind (bot/components/learnt.py). Pure.
"""

from __future__ import annotations

from base.messages import Reply
from bot.flows import starting
from bot.flows.goals import INTENTS, asks_about_rules, goal, same_errand
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.wording import say
from bot.understood import Guesses
from casework.filings.items import Items
from language.following import asks_supposing

_CLEARLY = 0.6
"""How likely it must be that they leave."""


def replies(state: State, heard: Heard, items: Items) -> list[Reply]:
    """What is said to who has to look, to ask somebody, or did not understand, and the open question; [] to others."""
    if heard.seems("wait"):
        return [say("take_your_time"), *state.asking]
    if heard.seems("dontknow"):
        return [say("not_at_hand"), *state.asking]
    if heard.seems("repeat"):
        plainer = starting.explained(items, state)
        return [plainer] if plainer else [say("once_more"), *state.asking]
    return []


def drops(heard: Heard) -> bool:
    return heard.seems("cancel", _CLEARLY)


def leaves(heard: Heard) -> bool:
    """For now or for good."""
    return drops(heard) or heard.seems("later", _CLEARLY)


def wants_else(state: State, heard: Heard, guesses: Guesses, items: Items) -> bool:
    """Another errand, and one that is named: a guess of the engine's alone leaves nothing that is open."""
    if heard.intent not in INTENTS or asks_about_rules(heard.text) or asks_supposing(heard.text):
        return False
    wanted = goal(heard.intent, heard.text, heard.channel, items)
    if heard.seems("other"):
        wanted = goal(heard.intent, heard.text, heard.channel, items, guesses.matter(heard.intent, heard.text))
    is_named = wanted.kind not in ("query", "file") or wanted.what or wanted.offered
    is_reply = heard.kind.name and not heard.seems("other", 0.0) and not (wanted.what or wanted.offered)
    return bool(is_named) and not is_reply and not same_errand(state, wanted)
