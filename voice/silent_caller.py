"""A caller who says nothing: how long we wait before each reminder, and when we say goodbye. A pure object.

First a gentle question, then one more with a way on, then a goodbye: a forgotten handset must not hold a line,
and an old person who looks for a paper must not be cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Silence(Enum):
    """What to do about a caller who has said nothing for a while."""

    ASK = "ask"
    OFFER = "offer"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class SilentTimes:
    """Seconds of silence, counted from the end of our own speech, before each step."""

    ask: float = 9.0
    offer: float = 12.0
    leave: float = 12.0
    take_your_time: float = 60.0
    """Before the first step, for whoever was told to take their time (to fetch a card)."""


class SilentCaller:
    """Counts one caller's silences; anything they say starts it anew."""

    def __init__(self, times: SilentTimes | None = None) -> None:
        times = times or SilentTimes()
        self._take_your_time = times.take_your_time
        self._has_time = False
        self._steps = ((times.ask, Silence.ASK), (times.offer, Silence.OFFER), (times.leave, Silence.LEAVE))
        self._step = 0

    @property
    def seconds(self) -> float:
        """How long to wait before the next step."""
        return self._take_your_time if self._has_time else self._steps[self._step][0]

    def run_out(self) -> Silence:
        """The wait is over: what now? The last step repeats."""
        self._has_time = False
        step = self._steps[self._step][1]
        self._step = min(self._step + 1, len(self._steps) - 1)
        return step

    def heard(self) -> None:
        self._step = 0
        self._has_time = False

    def give_time(self) -> None:
        """They were told to take their time."""
        self._has_time = True
