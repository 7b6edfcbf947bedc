"""The contract of a step: what it says when it is reached, and what it makes of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from base.messages import Reply
from bot.flows.small_words import Heard
from bot.flows.state import State

DONE = "done"
"""The stage after the last."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is said, and where it goes on. `to` is "" while the step waits for an answer."""

    replies: Sequence[Reply] = ()
    to: str = ""
    offer_person: bool = False
    """A plain "yes" afterwards means: give me a person."""
    refused: bool = False
    """It was an answer that cannot be kept; how to say it was told."""
    corrects: bool = False
    """An answer given before was changed."""
    offers: Sequence[str] = ()
    """What was just asked about, to choose from, while `to` asks its own question once more."""
    question: str = ""
    """What was asked in the same message, besides what was taken from it."""


class Step(Protocol):
    """One step of an errand; keeps nothing itself."""

    async def enter(self, conversation: str, state: State) -> Move:
        """Ask, or go on at once when nothing has to be asked. What waits is the last reply."""
        ...

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        """None: not an answer to what was asked."""
        ...
