"""Has the caller finished? A pure object: time enters as "this stretch lasted n seconds", no clock is read.

    speech  ████████████████      ██████████
    silence                 ......          ..............
                        ^started  ^paused ^resumed    ^paused      ^finished
                                  decoding begins; the turn model is asked

How long the silence must be is for others to judge (`voice.end_of_turn`), once in each pause: decoding and the turn
model start at `paused`, so the shortest wait costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Moment(Enum):
    """What just happened to the caller's turn."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class EndpointingTimes:
    """All in seconds. Chinese listeners find 0.75 s between turns best and 1.85 s the limit."""

    onset: float = 0.12
    """Speech this long makes a turn; less is a click or a breath."""

    pause: float = 0.06
    """Silence after which decoding begins and the turn model is asked: two windows of the detector. Asked later the
    model takes the silence itself for an end."""

    unjudged: float = 1.60
    """Silence that ends a turn on which nothing was judged, because a machine was too busy."""

    longest: float = 25.0
    """A turn is cut here; a recogniser's window is 30 s."""


class Endpointer:
    """Feeds on speech probabilities, tells the moments of one turn after another."""

    def __init__(self, times: EndpointingTimes | None = None, speech_threshold: float = 0.5) -> None:
        self.times = times or EndpointingTimes()
        self._threshold = speech_threshold
        self.reset()

    def reset(self) -> None:
        """Forget the turn under way; the next speech starts a new one."""
        self.in_turn = False
        self._speech = 0.0
        self._silence = 0.0
        self._length = 0.0
        self._wait: float | None = None

    @property
    def silence_seconds(self) -> float:
        """Length of the silence that is running, 0.0 while the caller speaks."""
        return self._silence

    def judge(self, wait: float) -> Moment | None:
        """The silence in seconds that ends the turn, if the pause that is running goes on; FINISHED if it was so long
        already."""
        if not self.in_turn or not self._silence:
            return None
        self._wait = wait
        return self._finish() if self._silence >= wait else None

    def hear(self, seconds: float, speech_probability: float) -> Moment | None:
        """One stretch of audio → the moment it brings, if any. A finished turn resets the object."""
        is_speech = speech_probability >= self._threshold
        if not self.in_turn:
            return self._wait_for_onset(seconds, is_speech)
        self._length += seconds
        return self._hear_speech() if is_speech else self._hear_silence(seconds)

    def _wait_for_onset(self, seconds: float, is_speech: bool) -> Moment | None:
        # Leaky: one quiet window inside a word must not start the count anew.
        self._speech = self._speech + seconds if is_speech else max(0.0, self._speech - seconds)
        if self._speech < self.times.onset:
            return None
        self.in_turn = True
        self._length = self._speech
        return Moment.STARTED

    def _hear_speech(self) -> Moment | None:
        was_paused = self._silence >= self.times.pause
        self._silence = 0.0
        self._wait = None
        if self._length >= self.times.longest:
            return self._finish()
        return Moment.RESUMED if was_paused else None

    def _hear_silence(self, seconds: float) -> Moment | None:
        before, self._silence = self._silence, self._silence + seconds
        if self._silence >= (self.times.unjudged if self._wait is None else self._wait):
            return self._finish()
        return Moment.PAUSED if before < self.times.pause <= self._silence else None

    def _finish(self) -> Moment:
        self.reset()
        return Moment.FINISHED
