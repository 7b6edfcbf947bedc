"""The contract of a synthesiser, and nothing else. Engines: `voice.kokoro`, `voice.pyttsx3_engine`; `voice.speaker`
puts the recorded prompts and the store of what was synthesised before in front of them."""

from __future__ import annotations

from typing import Protocol


class Synthesiser(Protocol):
    """A voice with its model loaded. Deterministic: the same text, voice and pace give the same audio."""

    name: str
    """Engine and voice, as kept with stored audio: "kokoro zf_xiaoxiao"."""

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """`text` (one sentence, in spoken form already: `language.aloud.spoken`) → PCM in the format of `voice.audio`.

        `pace` 1.0 is normal, 0.8 slower. Runs in the engine's own thread. Raises EngineUnavailable.
        """

    async def aclose(self) -> None: ...
