"""Listening to one caller: line audio in → what was said, which keys were pressed, whether they interrupted.

    line ── frames, gaps ──► speech detector ──► endpointing ──► recogniser ──► term correction ──► Said
      └──── digits ─────────────────────────────────────────────────────────────────────────────► Pressed

`Ears.run` is the call's reader task: it only feeds and decides, and hands anything slow (the turn model, decoding)
to tasks it owns. It ends when the call ends.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from statistics import fmean
from typing import Protocol

from base.errors import ServiceError
from voice.audio import RATE_HZ, SILENT_FRAME, seconds
from voice.barge_in import BargeIn
from voice.closed_answers import WHICH_PLACE, may_be_place, meant, place_said
from voice.end_of_turn import Waits, is_settled, wait
from voice.endpointing import Endpointer, Moment
from voice.expected import Expected, expected, is_final
from voice.line import Digit, Heard, Hold, Line
from voice.missing_frames import GapWatch
from voice.recogniser import Recogniser, Utterance

WINDOW_BYTES = 512 * 2
"""The speech detector's window: 512 samples, 32 ms."""
_WINDOW_SECONDS = 512 / RATE_HZ
_LEAD_WINDOWS = 12
"""Audio kept from before a turn is noticed (0.38 s), so that its first syllable is not lost."""
_TURN_MODEL_SECONDS = 8
_SHORTEST_HUM, _LONGEST_HUM, _HUM_PROBABILITY = 0.12, 0.7, 0.9
"""Seconds of an "嗯" behind its first 0.12, and how certain the detector is of it; a cough or a knock is less."""
_SHORTEST_SECONDS = 0.2
"""Of less nothing can be recognised."""
_KEYS_PAUSE_SECONDS = 2.5
"""A row of keys without # ends after this pause: between two keys an old hand takes up to two seconds."""
_MAX_KEYS = 32


class SpeechDetector(Protocol):
    """Per-call voice activity: 512 samples of PCM → speech probability. Under 1 ms."""

    def hear(self, window: bytes) -> float: ...


class TurnModel(Protocol):
    """Shared by all calls: up to 8 s of PCM ending at a pause → probability that the sentence is complete."""

    async def complete(self, pcm: bytes) -> float: ...


@dataclass(frozen=True, slots=True)
class Sounds:
    """The audio of a turn so far, and how much of it was voice."""

    pcm: bytes
    voiced_seconds: float


@dataclass(frozen=True, slots=True)
class Understood:
    """What was said so far, corrected, possibly nothing; `others`: what may have been said instead, best first."""

    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """The caller finished a turn.

    `text` may be empty (noise, music, a cough). `ended_at` is the clock (`time.monotonic`) at their last speech;
    `wait_seconds` how long we then waited to be sure; `recognition_seconds` what decoding added after that.
    """

    text: str
    ended_at: float
    wait_seconds: float
    recognition_seconds: float
    began_at: float = 0.0
    """The clock at their first speech."""

    is_settled: bool = True
    """Nobody is expected to go on: the wait was long, or the answer is whole. Else only what can be taken back may be
    done at once."""

    others: tuple[str, ...] = ()
    """What may have been said instead, best first, where the recogniser was in doubt."""

    failed: str = ""
    """The code of the error if recognition failed; `text` is then empty."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A row of keys, # not included."""

    keys: str
    ended_at: float


Turn = Said | Pressed


class Ears:
    """Listens to one line. `turns` holds what the caller said, oldest first."""

    def __init__(
        self,
        line: Line,
        detector: SpeechDetector,
        recogniser: Recogniser,
        correct: Callable[[str], str],
        turn_model: TurnModel | None,
        waits: Waits,
        *,
        we_speak: Callable[[], bool],
        asked: Callable[[], str],
        on_interrupt: Callable[[], None],
        on_hold: Callable[[bool], None] = lambda _on: None,
        on_pause: Callable[[Understood, float], None] = lambda _understood, _wait: None,
        on_going_on: Callable[[], None] = lambda: None,
    ) -> None:
        """`we_speak` tells whether our own voice is on the line, `asked` what it said last; `on_interrupt` is called
        when the caller speaks or presses a key against it, `on_hold` when they put us on hold or take us back,
        `on_pause` when they may have finished: with what will then have been said, and the silence in seconds that
        ends the turn; `on_going_on` when they had not. All must return at once. What comes from a line on hold (music)
        is taken for silence."""
        self.turns: asyncio.Queue[Turn] = asyncio.Queue(maxsize=16)
        self.in_turn = asyncio.Event()
        """Set while the caller is in the middle of a turn."""
        self.understanding = asyncio.Event()
        """Set while they have finished one and it is not known yet what was said."""
        self._recognising = 0

        self._line, self._detector, self._recogniser, self._correct = line, detector, recogniser, correct
        self._turn_model, self._waits = turn_model, waits
        self._we_speak, self._asked, self._on_interrupt, self._on_hold = we_speak, asked, on_interrupt, on_hold
        self._on_pause, self._on_going_on = on_pause, on_going_on
        self._is_held = False
        self._endpointer = Endpointer()
        self._barge_in = BargeIn()
        self._pending = bytearray()
        self._lead: deque[bytes] = deque(maxlen=_LEAD_WINDOWS)
        self._spoken = bytearray()
        self._voiced: list[float] = []
        self._utterance: Utterance | None = None
        self._decoding: asyncio.Task[Understood] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._began_at = self._last_speech = 0.0
        self._question = self._keys = ""
        self._keys_timer: asyncio.TimerHandle | None = None

    @property
    def caller_is_speaking(self) -> bool:
        return self.in_turn.is_set()

    async def run(self) -> None:
        """Listen until the call ends. Leaves no task, timer or utterance behind."""
        gaps = GapWatch(lambda missing: self._hear(bytes(2 * round(missing * RATE_HZ))))
        watching = asyncio.create_task(gaps.run(), name=f"gaps {self._line.id}")
        try:
            async for event in self._line.events():
                if isinstance(event, Digit):
                    self._press(event.key)
                elif isinstance(event, Heard):
                    gaps.heard()
                    self._hear(SILENT_FRAME if self._is_held else event.pcm)
                elif isinstance(event, Hold):
                    self._is_held = event.on
                    self._on_hold(event.on)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._close()

    # --- speech -----------------------------------------------------------------------------------------------

    def _hear(self, pcm: bytes) -> None:
        self._pending += pcm
        while len(self._pending) >= WINDOW_BYTES:
            window = bytes(self._pending[:WINDOW_BYTES])
            del self._pending[:WINDOW_BYTES]
            self._hear_window(window)

    def _hear_window(self, window: bytes) -> None:
        probability = self._detector.hear(window)
        self._notice_interruption(probability)
        moment = self._endpointer.hear(_WINDOW_SECONDS, probability)
        if moment is Moment.STARTED:
            self._begin()
        if self._utterance is None:
            self._lead.append(window)
            return
        if self._endpointer.silence_seconds == 0.0 and moment is not Moment.FINISHED:
            self._last_speech = time.monotonic()
        self._utterance.feed(window)
        self._spoken += window
        if self._endpointer.silence_seconds == 0.0 and moment is None:
            self._voiced.append(probability)
        if moment is Moment.PAUSED:
            self._decode_early()
        elif moment is Moment.RESUMED:
            self._drop_early_decoding()
        elif moment is Moment.FINISHED:
            self._finish()

    def _notice_interruption(self, probability: float) -> None:
        if not self._we_speak():
            self._barge_in.reset()
        elif self._barge_in.hear(_WINDOW_SECONDS, probability):
            self._barge_in.reset()
            self._on_interrupt()

    def _begin(self) -> None:
        self.in_turn.set()
        self._began_at = time.monotonic() - self._endpointer.times.onset
        self._question = self._asked()
        self._utterance = self._recogniser.utterance(self._question)
        lead = b"".join(self._lead)
        self._lead.clear()
        self._utterance.feed(lead)
        self._spoken = bytearray(lead)
        self._voiced = []

    def _decode_early(self) -> None:
        if self._utterance is None:
            return
        understanding = self._understand(self._utterance, self._question, self._sounds())
        self._decoding = asyncio.create_task(understanding, name=f"decode {self._line.id}")
        self._own(self._judge_turn(self._decoding, bytes(self._spoken[-_TURN_MODEL_SECONDS * RATE_HZ * 2 :])))

    def _sounds(self) -> Sounds:
        return Sounds(bytes(self._spoken), len(self._voiced) * _WINDOW_SECONDS)

    async def _understand(self, utterance: Utterance, asked: str, sounds: Sounds) -> Understood:
        """What was said so far. Raises ServiceError."""
        transcript = await utterance.transcript()
        others = tuple(map(self._correct, transcript.others))
        text = meant(self._correct(transcript.text), others, asked)
        if may_be_place(text, transcript.confidence, sounds.voiced_seconds, asked):
            text = await self._place(sounds.pcm) or text
        return Understood(text, others)

    async def _place(self, pcm: bytes) -> str:
        """The place that is heard in it by a recogniser that listens for one; "" where none is. Raises ServiceError."""
        utterance = self._recogniser.utterance(WHICH_PLACE)
        try:
            utterance.feed(pcm)
            transcript = await utterance.transcript()
        finally:
            utterance.close()
        return place_said([self._correct(text) for text in (transcript.text, *transcript.others)])

    async def _judge_turn(self, decoding: asyncio.Task[Understood], pcm: bytes) -> None:
        """By the sound and by the words, once in this pause; nothing can be answered before both are there."""
        verdict = await self._turn_model.complete(pcm) if self._turn_model else 0.0
        await asyncio.wait({decoding})
        if decoding is not self._decoding:
            return  # the caller has gone on meanwhile
        understood = _result_of(decoding)
        if understood is None:
            seconds = self._waits.open
        else:
            seconds = wait(self._waits, verdict, understood.text, self._question)
            self._on_pause(understood, max(seconds - self._endpointer.silence_seconds, 0.0))
        if self._endpointer.judge(seconds):
            self._finish()

    def _drop_early_decoding(self) -> None:
        if self._decoding is not None:
            self._decoding.cancel()
            self._decoding = None
            self._on_going_on()

    def _finish(self) -> None:
        self.in_turn.clear()
        utterance, decoding = self._utterance, self._decoding
        self._utterance = self._decoding = None
        if utterance is not None:
            self._own(self._recognise(utterance, decoding, self._sounds(), self._began_at, self._last_speech))

    async def _recognise(
        self,
        utterance: Utterance,
        decoding: asyncio.Task[Understood] | None,
        sounds: Sounds,
        began_at: float,
        ended_at: float,
    ) -> None:
        decided_at, asked = time.monotonic(), self._question
        self._recognising += 1
        self.understanding.set()
        text, failed = "", ""
        others: tuple[str, ...] = ()
        hummed = self._hummed(asked)
        try:
            if seconds(sounds.pcm) >= _SHORTEST_SECONDS:
                understood = await (decoding or self._understand(utterance, asked, sounds))
                text, others = understood.text or hummed, understood.others
        except ServiceError as error:
            failed = error.code
        finally:
            self._recognising -= 1
            if not self._recognising:
                self.understanding.clear()
            utterance.close()
        waited, decoded = decided_at - ended_at, time.monotonic() - decided_at
        settled = is_settled(self._waits, waited, text, asked)
        await self.turns.put(Said(text, ended_at, waited, decoded, began_at, settled, others, failed))

    def _hummed(self, asked: str) -> str:
        """An "嗯" is hardly ever recognised: a short sound that is certainly a voice agrees where yes or no is asked,
        unless something is handed in with it."""
        if expected(asked) is not Expected.YES_NO or is_final(asked):
            return ""
        surely_voice = self._voiced and fmean(self._voiced) >= _HUM_PROBABILITY
        is_short = _SHORTEST_HUM <= len(self._voiced) * _WINDOW_SECONDS <= _LONGEST_HUM
        return "嗯" if surely_voice and is_short else ""

    # --- keys -------------------------------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        if self._we_speak():
            self._on_interrupt()
        if self._keys_timer is not None:
            self._keys_timer.cancel()
        if key != "#":
            self._keys = (self._keys + key)[:_MAX_KEYS]
        if key == "#":
            self._finish_keys()
        else:
            self._keys_timer = asyncio.get_running_loop().call_later(_KEYS_PAUSE_SECONDS, self._finish_keys)

    def _finish_keys(self) -> None:
        keys, self._keys = self._keys, ""
        if keys and not self.turns.full():
            self.turns.put_nowait(Pressed(keys, time.monotonic()))

    # --- ownership --------------------------------------------------------------------------------------------

    def _own(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self) -> None:
        if self._keys_timer is not None:
            self._keys_timer.cancel()
        self._drop_early_decoding()
        if self._utterance is not None:
            self._utterance.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _result_of(decoding: asyncio.Task[Understood]) -> Understood | None:
    """What was understood so far, None when that failed."""
    failed = decoding.cancelled() or decoding.exception() is not None
    return None if failed else decoding.result()
