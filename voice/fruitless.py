"""Turns that lead nowhere: a television, another hotline's announcement, an answering machine that called back. Pure.

Who never stops talking would keep a line for two hours: each sentence, even an empty one, shows that somebody is there.
So turns in a row are counted that are empty, not understood, or spoken into our answer before its first sentence was
heard. First that is said, with key 0 as the way on; at last a goodbye.
"""

from __future__ import annotations

from enum import Enum


class Way(Enum):
    """What to do about one more turn that led nowhere."""

    GO_ON = "go on"
    OFFER = "offer"
    LEAVE = "leave"


OFFER_AFTER = 6
"""An impatient caller interrupts twice or three times; six times in a row nobody listens."""
LEAVE_AFTER = 9


class Fruitless:
    """Counts one caller's turns in a row that led nowhere."""

    def __init__(self) -> None:
        self._turns = 0

    def turn(self, *, led_somewhere: bool) -> Way:
        """One more turn, and what it led to."""
        if led_somewhere:
            self._turns = 0
            return Way.GO_ON
        self._turns += 1
        if self._turns >= LEAVE_AFTER:
            return Way.LEAVE
        return Way.OFFER if self._turns == OFFER_AFTER else Way.GO_ON
