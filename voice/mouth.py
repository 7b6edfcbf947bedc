"""Speaking to one caller: text in, line audio out, sentence by sentence, until it is said or the caller interrupts.

While a sentence plays the next is being made, so live synthesis has a sentence's time ahead of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import Protocol

from voice.halves import GOES_ON_SECONDS
from voice.line import Line

SLOW_SECONDS = 1.0
"""A first piece that takes longer to make, on a busy machine, is announced: silence on a line is the worst error."""
ASKED_CHARACTERS = 40
"""How much of what we said a recogniser is told: the question itself, hardly more."""


class Voice(Protocol):
    """Where audio comes from: recorded prompts, stored sentences, live synthesis (`voice.speaker`)."""

    def sentences(self, text: str) -> list[str]:
        """Split a reply into the pieces that are spoken one by one."""

    async def audio(self, sentence: str, pace: float) -> bytes:
        """PCM of one piece. Never raises for a voice that fails: it falls back, at the last to a recorded apology."""


class Mouth:
    """Says one thing at a time on one line."""

    def __init__(self, line: Line, voice: Voice) -> None:
        self._line, self._voice = line, voice
        self._task: asyncio.Task[None] | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._unsaid: list[str] = []
        self._pace, self._to_the_end = 1.0, False
        self._said: list[str] = []
        self._said_before: list[str] = []
        self._first_audio = asyncio.Event()
        self._made: Awaitable[bytes] | None = None
        self._meanwhile = ""
        self.holds = 0
        """How often we were put on hold or taken back."""
        self._held, self._listened_to = asyncio.Event(), asyncio.Event()
        self._listened_to.set()
        self._began_at = self._silent_since = 0.0
        self.first_audio_at = 0.0
        """`time.monotonic()` when the first audio of the last thing said was queued on the line; 0.0 before."""
        self.synthesis_seconds = 0.0
        """How long the first audio of the last thing said took to make."""

    @property
    def is_speaking(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The sentences the caller has not heard to the end, the interrupted one first."""
        return tuple(self._unsaid)

    @property
    def was_unheard(self) -> bool:
        """What was said last was interrupted before its first sentence was heard."""
        return bool(self._said) and len(self._unsaid) == len(self._said) and not self.is_speaking

    @property
    def asked(self) -> str:
        """The end of what is being said or was said last, in whole sentences: what the caller answers to; of what was
        said before, while nobody can have listened to this."""
        kept: list[str] = []
        for piece in reversed(self._said_before if self._just_began else self._said):
            if kept and sum(map(len, kept)) + len(piece) > ASKED_CHARACTERS:
                break
            kept.insert(0, piece)
        return "".join(kept)

    @property
    def _just_began(self) -> bool:
        """So little of it sounded that who speaks now goes on with what they were saying."""
        if not self._unsaid or not self.first_audio_at:
            return bool(self._unsaid)
        return (self._silent_since or time.monotonic()) - self.first_audio_at < GOES_ON_SECONDS

    async def say(
        self,
        texts: Sequence[str],
        pace: float,
        *,
        to_the_end: bool = False,
        made: Awaitable[bytes] | None = None,
        meanwhile: str = "",
    ) -> None:
        """Begin to say `texts`; returns at once. What was being said is stopped. `to_the_end`: nothing interrupts.
        `made`: the audio of the first piece, if somebody makes it already. `meanwhile`: what is heard first, from a
        record, where that takes longer than `SLOW_SECONDS`."""
        await self.stop()
        self._made, self._meanwhile = made, meanwhile
        self._to_the_end = to_the_end
        if self._said and not self._just_began:
            self._said_before = self._said
        self._said = [piece for text in texts for piece in self._voice.sentences(text)]
        self._unsaid = list(self._said)
        self._pace = pace
        self._begin()

    async def wait_first_audio(self) -> None:
        """Return when the first audio is on the line, or nothing more is to be said."""
        if self.is_speaking:
            await self._first_audio.wait()

    async def wait(self) -> None:
        """Return when everything was heard, or speaking was stopped."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    def put_on_hold(self, on: bool) -> None:
        """Nobody listens now: fall silent, keep the rest; it is said, from the broken sentence on, when they are back
        (`on` false). What `say` is given meanwhile waits likewise."""
        if on is self._held.is_set():
            return
        self.holds += 1
        if not on:
            self._held.clear()
            self._listened_to.set()
        else:
            self._listened_to.clear()
            self._held.set()
            if self.is_speaking:
                self._fall_silent()
                self._begin()

    async def until_listened_to(self) -> None:
        """Return when nobody has us on hold."""
        await self._listened_to.wait()

    async def forgotten(self, longest_seconds: float) -> None:
        """Return when we were on hold for so long without a break."""
        while True:
            await self._held.wait()
            try:
                async with asyncio.timeout(longest_seconds):
                    await self._listened_to.wait()
            except TimeoutError:
                return

    def interrupt(self) -> None:
        """The caller speaks: fall silent at once; does not block. `unsaid` keeps what was not heard."""
        if not self._to_the_end:
            self._fall_silent()

    def _fall_silent(self) -> None:
        if self.is_speaking and self._task is not None:
            self._task.cancel()
            self._silent_since = time.monotonic()
            self._flushing = asyncio.create_task(self._line.flush(), name=f"flush {self._line.id}")

    async def stop(self) -> None:
        """Fall silent, and return when the line is."""
        self._fall_silent()
        for task in (self._task, self._flushing):
            if task is not None:
                await asyncio.wait({task})
        self._flushing = None

    def _begin(self) -> None:
        self._first_audio.clear()
        self.first_audio_at = self._silent_since = 0.0
        self._began_at = time.monotonic()
        self._task = asyncio.create_task(self._speak(list(self._unsaid), self._pace), name=f"speak {self._line.id}")

    async def _speak(self, pieces: list[str], pace: float) -> None:
        following: asyncio.Future[bytes] | None = None
        made, self._made = self._made, None
        meanwhile, self._meanwhile = self._meanwhile, ""
        try:
            await self._listened_to.wait()
            if self._flushing is not None:
                await asyncio.wait({self._flushing})
            for number, piece in enumerate(pieces):
                following = following or asyncio.ensure_future(made or self._voice.audio(piece, pace))
                made = None
                if number == 0 and meanwhile and not (await asyncio.wait({following}, timeout=SLOW_SECONDS))[0]:
                    await self._play(await self._voice.audio(meanwhile, pace))
                    await self._line.wait_played()
                audio = await following
                following = None
                await self._play(audio)
                if number + 1 < len(pieces):
                    following = asyncio.create_task(self._voice.audio(pieces[number + 1], pace))
                await self._line.wait_played()
                self._unsaid.pop(0)
        finally:
            if self._task is asyncio.current_task():  # after a hold another one speaks on
                self._first_audio.set()
            if following is not None:
                following.cancel()

    async def _play(self, audio: bytes) -> None:
        """On the line; of what is being said the first sound is noted."""
        if not self.first_audio_at:
            self.synthesis_seconds = time.monotonic() - self._began_at
        await self._line.play(audio)
        if not self.first_audio_at:
            self.first_audio_at = time.monotonic()
            self._first_audio.set()
