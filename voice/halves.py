"""One sentence in two halves: a caller paused, was answered, and goes on. Pure.

    我妈在北京住着院 ……(answered)…… 要不要备案          → asked once more, as one sentence, and answered once

No wait is long enough for every pause, so a cut-in must cost nothing: what was asked of the dialogue too early is taken
back there, and the halves are asked together. Only what changes nothing is asked early (`voice.call`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from language.person_wanted import wants_person
from voice.barge_in import is_backchannel

GOES_ON_SECONDS = 1.5
"""Whoever speaks within this time of our first sound had not finished; later they interrupt."""
_STANDS_ALONE = re.compile(
    r"再[说讲念]一?[遍次]|没听[清见懂]|[说讲]?慢[点些]|快[点些]|大声|再见|拜拜|挂了|等一下$|等等$"
)


@dataclass(frozen=True, slots=True)
class _Answered:
    text: str
    sounded_at: float


class Halves:
    """What of one caller's sentence is known already."""

    def __init__(self) -> None:
        self._unasked = ""
        self._answered: _Answered | None = None

    @property
    def waiting(self) -> bool:
        """A first half is kept that was not asked, or was taken back."""
        return bool(self._unasked)

    def keep(self, text: str) -> None:
        """They go on speaking: `text` is asked with what follows."""
        self._unasked, self._answered = text, None

    def answered(self, text: str, sounded_at: float) -> None:
        """The answer to `text` began to sound, and what was asked can be taken back."""
        self._unasked, self._answered = "", _Answered(text, sounded_at)

    def forget(self) -> None:
        """Nothing can be joined any more."""
        self._unasked, self._answered = "", None

    def join(self, text: str, began_at: float | None) -> tuple[str, bool]:
        """What is to be asked now that `text` was said, and whether what was asked before is to be taken back first.

        `began_at`: the clock at its first sound; None for keys, which are no half of anything.
        """
        first, answered = self._unasked, self._answered
        self.forget()
        if began_at is None:
            return text, False
        if first:
            return (first if is_backchannel(text) else f"{first}，{text}"), False
        if answered is None or began_at - answered.sounded_at > GOES_ON_SECONDS:
            return text, False
        if not text or is_backchannel(text) or wants_person(text) or _STANDS_ALONE.search(text):
            return text, False
        return f"{answered.text}，{text}", True
