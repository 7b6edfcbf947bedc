"""What actions tell whoever keeps count: which question got which answer, and who was handed over."""

from __future__ import annotations

from typing import Protocol

from bot.actions.protocol import Turn
from knowledge.answering.replies import Answer, Declined, Unclear


class Notes(Protocol):
    """Neither call may wait or raise: nobody's answer is late for the sake of statistics."""

    def asked(self, turn: Turn, result: Answer | Declined | Unclear) -> None: ...

    def handed_over(self, turn: Turn) -> None: ...


class NoNotes:
    """Nobody keeps count."""

    def asked(self, turn: Turn, result: Answer | Declined | Unclear) -> None:
        """Not kept."""

    def handed_over(self, turn: Turn) -> None:
        """Not kept."""
