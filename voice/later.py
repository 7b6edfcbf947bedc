"""Engines that are loaded after the service answers: a call may begin before they are there, and waits only where it
needs one. Each does what the engine does whose name it has.

    recogniser = LaterRecogniser("whisper", lambda: WhisperRecogniser(folder))
    await recogniser.engine.get()        # there from now on

What is said while the recogniser is being loaded is kept and heard as soon as it is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from base.errors import EngineUnavailable
from voice.recogniser import Recogniser, Transcript, Utterance
from voice.synthesiser import Synthesiser
from voice.vad import SmartTurn

Made = TypeVar("Made")


class Later(Generic[Made]):
    """Made once, in a thread, when somebody first asks for it."""

    def __init__(self, make: Callable[[], Made]) -> None:
        """`make` blocks."""
        self._make = make
        self._making: asyncio.Task[Made] | None = None
        self.made: Made | None = None

    async def get(self) -> Made:
        """Raises EngineUnavailable, always again, when it cannot be made."""
        if self.made is None:
            if self._making is None:
                self._making = asyncio.create_task(asyncio.to_thread(self._make), name="load an engine")
            try:
                self.made = await asyncio.shield(self._making)
            except Exception as error:  # libraries raise anything
                raise EngineUnavailable("an engine cannot be loaded", code="not_loaded") from error
        return self.made


class LaterRecogniser:
    """A `Recogniser`. Until it is loaded its name is that of its kind."""

    def __init__(self, kind: str, make: Callable[[], Recogniser]) -> None:
        self._kind, self.engine = kind, Later(make)

    @property
    def name(self) -> str:
        return self.engine.made.name if self.engine.made else self._kind

    def utterance(self, asked: str = "") -> Utterance:
        return self.engine.made.utterance(asked) if self.engine.made else LaterUtterance(self.engine, asked)

    async def aclose(self) -> None:
        if self.engine.made:
            await self.engine.made.aclose()


class LaterUtterance:
    """An `Utterance` that began before there was a recogniser."""

    def __init__(self, engine: Later[Recogniser], asked: str) -> None:
        self._engine, self._asked = engine, asked
        self._fed = bytearray()
        self._own: Utterance | None = None
        self._is_closed = False

    def feed(self, pcm: bytes) -> None:
        if self._own is None:
            self._fed += pcm
        else:
            self._own.feed(pcm)

    async def transcript(self) -> Transcript:
        engine = await self._engine.get()
        if self._is_closed:
            return Transcript("")
        if self._own is None:
            self._own = engine.utterance(self._asked)
            self._own.feed(bytes(self._fed))
            self._fed.clear()
        return await self._own.transcript()

    def close(self) -> None:
        self._is_closed = True
        self._fed.clear()
        if self._own is not None:
            self._own.close()


class LaterSynthesiser:
    """A `Synthesiser`."""

    def __init__(self, name: str, make: Callable[[], Synthesiser]) -> None:
        self.name, self.engine = name, Later(make)

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        return await (await self.engine.get()).speak(text, pace)

    async def aclose(self) -> None:
        if self.engine.made:
            await self.engine.made.aclose()


class LaterTurns:
    """A `voice.ears.TurnModel`."""

    def __init__(self, make: Callable[[], SmartTurn]) -> None:
        self.engine = Later(make)

    async def complete(self, pcm: bytes) -> float:
        return await (await self.engine.get()).complete(pcm)

    async def aclose(self) -> None:
        if self.engine.made:
            await self.engine.made.aclose()
