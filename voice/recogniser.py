"""The contract of a speech recogniser, and nothing else. Engines: `voice.whisper`, `voice.vosk_engine`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was recognised: `text` in simplified characters, possibly empty; `confidence` 0..1, None if unknown."""

    text: str
    confidence: float | None = None
    others: tuple[str, ...] = ()
    """What may have been said instead, best first, where the engine is in doubt and knows."""


class Utterance(Protocol):
    """One utterance being recognised. Used from the event loop; heavy work happens in the engine's own thread."""

    def feed(self, pcm: bytes) -> None:
        """Add audio (format of `voice.audio`, any length). Never blocks."""

    async def transcript(self) -> Transcript:
        """Recognise everything fed so far.

        May be called while the caller might still go on (decoding starts during the end-of-turn silence); if
        they do, feed on and call again. Cancelling the call drops its work. Raises EngineUnavailable.
        """

    def close(self) -> None:
        """Free what the utterance holds. Safe to call twice."""


class Recogniser(Protocol):
    """An engine. One for the whole service; utterances of several calls run at once."""

    @property
    def name(self) -> str:
        """Engine and model, for the start screen, README and metrics: "faster-whisper base"."""

    def utterance(self, asked: str = "") -> Utterance:
        """Begin one. `asked`: what was said to the caller last; an answer is likely to use its words. It only helps to
        hear them: nothing is taken for said because it was asked."""

    async def aclose(self) -> None: ...
