"""What is said first where somebody's life is in danger, by the kind of danger."""

from __future__ import annotations

from base.messages import Reply
from bot.sayings import say

_OF_DANGER = {
    "fire": "utter_emergency_fire",
    "gas": "utter_emergency_fire",
    "self_harm": "utter_emergency_despair",
    "despair": "utter_emergency_despair",
    "violence": "utter_emergency_police",
    "police": "utter_emergency_police",
    "missing": "utter_emergency_missing",
}
"""Kinds of `language.danger`, and those that were learnt (`bot.components.learnt`)."""


def help_in(danger: str) -> Reply:
    """120 in any kind that is not named here."""
    return say(_OF_DANGER.get(danger, "utter_emergency"))
