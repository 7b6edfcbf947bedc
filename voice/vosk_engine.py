"""Recognition with Vosk: streaming, so that when the caller stops only the last words are left to decode."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import vosk

from base.errors import EngineUnavailable
from voice import audio
from voice.correction import simplified
from voice.recogniser import Transcript

DECODE_TIMEOUT_SECONDS = 10.0
_STEP_BYTES = audio.RATE_HZ * 2 // 5
"""Audio is decoded 0.2 s at a time: cheaper than frame by frame, and no later."""


class VoskRecogniser:
    """A `Recogniser`. Build it in a thread: a large model takes tens of seconds to load."""

    def __init__(self, model_dir: Path, threads: int = 2) -> None:
        vosk.SetLogLevel(-1)
        try:
            self.model = vosk.Model(str(model_dir))
        except Exception as error:  # vosk raises bare Exception
            raise EngineUnavailable("the Vosk model cannot be loaded", code="recogniser_model") from error
        self.name = f"vosk {model_dir.name.removeprefix('vosk-')}"
        self.threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="vosk")

    def utterance(self, asked: str = "") -> VoskUtterance:
        return VoskUtterance(self)

    async def aclose(self) -> None:
        await asyncio.to_thread(self.threads.shutdown, cancel_futures=True)


class VoskUtterance:
    """One `Utterance`. What is fed is decoded in the engine's threads while the caller goes on speaking.

    Asking for the transcript ends Vosk's sentence; if more is fed the next one begins, and the texts are joined.
    """

    def __init__(self, engine: VoskRecogniser) -> None:
        self._engine = engine
        self._decoder = vosk.KaldiRecognizer(engine.model, audio.RATE_HZ)
        self._decoder.SetWords(True)
        self._waiting = bytearray()
        self._step: asyncio.Future[None] | None = None
        self._open = False
        self._finished: list[Transcript] = []
        self._closed = False

    def feed(self, pcm: bytes) -> None:
        self._waiting += pcm
        self._open = True
        if len(self._waiting) >= _STEP_BYTES and (self._step is None or self._step.done()):
            self._begin_step(end=False)

    async def transcript(self) -> Transcript:
        try:
            async with asyncio.timeout(DECODE_TIMEOUT_SECONDS):
                while self._open:
                    if self._step is not None:
                        await asyncio.shield(self._step)
                    self._open = False
                    await asyncio.shield(self._begin_step(end=True))
        except TimeoutError as error:
            raise EngineUnavailable("Vosk took too long", code="recogniser_timeout") from error
        return _joined(self._finished)

    def close(self) -> None:
        self._closed = True
        self._waiting.clear()

    def _begin_step(self, end: bool) -> asyncio.Future[None]:
        """Decode what waits, in a thread. One step at a time: the decoder is not thread-safe."""
        pcm = bytes(self._waiting)
        self._waiting.clear()
        self._step = asyncio.get_running_loop().run_in_executor(self._engine.threads, self._decode, pcm, end)
        return self._step

    def _decode(self, pcm: bytes, end: bool) -> None:
        if self._closed:
            return
        try:
            for start in range(0, len(pcm), _STEP_BYTES):
                if self._decoder.AcceptWaveform(pcm[start : start + _STEP_BYTES]):
                    self._finished.append(_transcript(self._decoder.Result()))
            if end:
                self._finished.append(_transcript(self._decoder.FinalResult()))
        except Exception as error:  # vosk raises bare Exception
            raise EngineUnavailable("Vosk failed", code="recogniser_failed") from error


def _transcript(result: str) -> Transcript:
    """Vosk's JSON → text, and the mean confidence of its words."""
    heard = json.loads(result)
    words = heard.get("result", [])
    confidence = sum(word["conf"] for word in words) / len(words) if words else None
    return Transcript(heard.get("text", ""), confidence)


def _joined(parts: list[Transcript]) -> Transcript:
    """The sentences of one utterance; without the spaces Vosk puts between Chinese words."""
    spoken = [part for part in parts if part.text]
    known = [part.confidence for part in spoken if part.confidence is not None]
    text = re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", " ".join(part.text for part in spoken))
    return Transcript(simplified(text), min(known) if known else None)
