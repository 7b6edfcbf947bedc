"""Did the caller interrupt? A pure object, fed while the assistant speaks.

A cough or a breath must not stop the voice, a word must, within 300 ms: so speech has to fill most of a short
window. What was said decides afterwards whether it was a real interruption (`is_backchannel`).
"""

from __future__ import annotations

import re
from collections import deque

_BACKCHANNEL = re.compile(r"^[嗯哦噢喔啊呃诶唉哎好对是的行中知道了\s，。,.!！？?]{0,6}$")
_QUESTION_WORDS = re.compile(r"[吗么呢啥咋]")


class BargeIn:
    """True once speech filled `needed_seconds` of the last `window_seconds`."""

    def __init__(
        self, needed_seconds: float = 0.16, window_seconds: float = 0.26, speech_threshold: float = 0.6
    ) -> None:
        self._needed = needed_seconds
        self._window = window_seconds
        self._threshold = speech_threshold
        self._recent: deque[tuple[float, bool]] = deque()

    def reset(self) -> None:
        self._recent.clear()

    def hear(self, seconds: float, speech_probability: float) -> bool:
        """One stretch of audio → has the caller interrupted?"""
        self._recent.append((seconds, speech_probability >= self._threshold))
        while sum(length for length, _ in self._recent) > self._window + 1e-9:
            self._recent.popleft()
        return sum(length for length, is_speech in self._recent if is_speech) >= self._needed


def is_backchannel(text: str) -> bool:
    """Is this only "嗯", "好", "知道了": said along with the voice, not against it? Empty text counts too."""
    return bool(_BACKCHANNEL.match(text)) and not _QUESTION_WORDS.search(text)
