"""Is somebody's life in danger: the signs of it, and what only sounds like them."""

from __future__ import annotations

from language.danger.signs import (
    asked_beside,
    danger_in,
    hint_of_danger,
    may_tell_of_harm,
    message_of,
    signs_in,
    why_not,
)
from language.danger.unmeant import is_merely_angry, is_only_of_a_thing

__all__ = [
    "asked_beside",
    "danger_in",
    "hint_of_danger",
    "is_merely_angry",
    "is_only_of_a_thing",
    "may_tell_of_harm",
    "message_of",
    "signs_in",
    "why_not",
]
