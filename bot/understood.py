"""What the engine learnt to make of a message, beside its intent (bot/components/learnt.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Guess:
    """`confidence` from 0 to 1."""

    name: str
    confidence: float

    def is_likely(self, name: str, least: float = 0.5) -> bool:
        return self.name == name and self.confidence >= least


NO_GUESS = Guess("", 0.0)


@dataclass(frozen=True, slots=True)
class Guesses:
    """About `text` and no other: an action that asks on with other words has none."""

    text: str = ""
    matters: Mapping[str, Guess] = field(default_factory=dict)
    """By intent: which errand, or which of their own data, is likeliest meant."""
    reply: Guess = NO_GUESS
    """What kind of reply to a question it would be: value, question, later ..."""
    danger: Guess = NO_GUESS
    """Of which kind, and how likely it is any (bot/emergency.py)."""

    def matter(self, intent: str, text: str) -> Guess:
        return self.matters.get(intent, NO_GUESS) if text == self.text else NO_GUESS

    def reply_to(self, text: str) -> Guess:
        return self.reply if text == self.text else NO_GUESS


NO_GUESSES = Guesses()


def guesses_from_json(text: str, latest: Mapping[str, Any]) -> Guesses:
    """Of Rasa's latest message. Raises KeyError, TypeError or ValueError where it is not what the engine writes."""
    if not latest.get("matters") and not latest.get("reply"):
        return NO_GUESSES
    matters = {intent: _guess(one) for intent, one in (latest.get("matters") or {}).items()}
    reply, danger = (_guess(latest[key]) if latest.get(key) else NO_GUESS for key in ("reply", "danger"))
    return Guesses(text, matters, reply, danger)


def _guess(one: Mapping[str, Any]) -> Guess:
    return Guess(str(one["name"]), float(one["confidence"]))
