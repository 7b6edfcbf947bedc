"""What the call's mouth speaks with: recorded prompts, else sentences synthesised ahead, else live synthesis.

Live beats ahead-of-time: `prepare` makes one sentence at a time and gives way within milliseconds when a caller is
waiting. If an engine fails the next one speaks; if all fail the caller hears a recorded apology.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from base.errors import EngineUnavailable
from language.aloud import spoken
from voice import audio
from voice.speech_store import SpeechStore, key
from voice.synthesiser import Synthesiser

log = structlog.get_logger()
T = TypeVar("T")

PACE_STEP = 0.05
"""Paces are rounded to this, so that stored audio is found again."""
LIVE_KEPT_BYTES = 16_000_000
"""Live audio kept in memory, about 8 minutes: a caller who asks to hear it again, or another with the same question."""
LIVE_SECONDS = 5.0
"""A caller waits no longer for the first engine: another voice is better than silence."""
MAX_FAILURES = 3
REST_SECONDS = 60.0
"""An engine that failed so often in a row, on a machine that is too busy, is left in peace for a while."""
_PAUSE_SECONDS = {"。": 0.28, "！": 0.28, "？": 0.28, "；": 0.22, "，": 0.12, "、": 0.08, "：": 0.15}
_WAIT_SECONDS = 0.2


class Speaker:
    """A `voice.mouth.Voice`. Used from the event loop, by all calls at once.

    `engines` in order of preference, at least one. `recorded` maps sentences to PCM recorded at `recorded_pace`.
    """

    def __init__(
        self, engines: Sequence[Synthesiser], store: SpeechStore, recorded: Mapping[str, bytes], recorded_pace: float
    ) -> None:
        self._engines, self._store, self._recorded = engines, store, recorded
        self._recorded_pace = _rounded(recorded_pace)
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="speech-store")
        self._live = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._preparing: asyncio.Task[bytes] | None = None

    @property
    def name(self) -> str:
        """The engine that speaks first."""
        return self._engines[0].name

    def load(self) -> None:
        """Unpack every recording now. Blocking: about 0.1 s."""
        for _ in self._recorded.values():
            pass

    def sentences(self, text: str) -> list[str]:
        """A reply → what is said for it, in the pieces that are spoken one by one."""
        return spoken.sentences(spoken.spoken(text))

    async def audio(self, sentence: str, pace: float) -> bytes:
        """PCM of one piece of `sentences`, with the pause its last character asks for. Raises EngineUnavailable only
        if every engine fails and there is no recorded apology either."""
        pace = _rounded(pace)
        try:
            pcm = await self._found(sentence, pace) or await self._made_live(sentence, pace)
        except EngineUnavailable:
            if not self._recorded:
                raise
            return self._apology()
        return pcm + _pause(sentence)

    async def prepare(self, texts: Iterable[str], pace: float, busy: Callable[[], bool] = lambda: False) -> int:
        """Synthesise ahead what is published or fixed, while nobody waits for live speech and `busy` says no: first
        how every text begins, which is what callers wait for, then the rest.

        Returns how many sentences were made. Sentences already stored cost nothing.
        """
        texts = list(texts)
        waited_for = self.beginnings(texts)
        made = await self.prepare_pieces(waited_for, pace, busy)
        log.info("speech_beginnings_prepared", made=made, of=len(waited_for))
        every = dict.fromkeys(piece for text in texts for piece in self.sentences(text))
        return made + await self.prepare_pieces(every, pace, busy)

    def beginnings(self, texts: Iterable[str]) -> list[str]:
        """The first piece of each text, each once."""
        return list(dict.fromkeys(pieces[0] for text in texts if (pieces := self.sentences(text))))

    async def prepare_pieces(
        self, sentences: Iterable[str], pace: float, busy: Callable[[], bool] = lambda: False
    ) -> int:
        """`prepare` for pieces as `sentences` makes them, in this order; those that failed once more at the end."""
        made, failed = await self._prepare(sentences, pace, busy)
        again, _ = await self._prepare(failed, pace, busy)
        return made + again

    async def _prepare(self, sentences: Iterable[str], pace: float, busy: Callable[[], bool]) -> tuple[int, list[str]]:
        """How many were made, and those that failed."""
        pace, failed = _rounded(pace), list[str]()
        made = in_a_row = 0
        for sentence in sentences:
            if self._is_recorded(sentence, pace) or self._key(sentence, pace) in self._store:
                continue
            try:
                pcm = await self._made_ahead(sentence, pace, busy)
            except EngineUnavailable as error:
                log.warning("speech_not_prepared", code=error.code)
                failed.append(sentence)
                in_a_row += 1
                if in_a_row == MAX_FAILURES:
                    await asyncio.sleep(REST_SECONDS)
                    in_a_row = 0
                continue
            await self._on_disk(self._store.put, self._key(sentence, pace), pcm)
            made, in_a_row = made + 1, 0
        return made, failed

    async def made(self, piece: str, pace: float) -> bytes:
        """One piece by the first engine, kept nowhere. Raises EngineUnavailable."""
        return await self._engines[0].speak(piece, _rounded(pace))

    async def aclose(self) -> None:
        for engine in self._engines:
            await engine.aclose()
        await asyncio.to_thread(self._disk.shutdown, cancel_futures=True)

    # --- where audio comes from ---------------------------------------------------------------------------------

    async def _found(self, sentence: str, pace: float) -> bytes | None:
        if self._is_recorded(sentence, pace):
            return self._recorded[sentence]
        name = self._key(sentence, pace)
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        return await self._on_disk(self._store.get, name) if name in self._store else None

    async def _made_live(self, sentence: str, pace: float) -> bytes:
        self._live += 1
        if self._preparing is not None:
            self._preparing.cancel()
        try:
            for engine in self._engines:
                try:
                    async with asyncio.timeout(LIVE_SECONDS if engine is not self._engines[-1] else None):
                        pcm = await engine.speak(sentence, pace)
                except (EngineUnavailable, TimeoutError) as error:
                    log.warning("synthesiser_failed", engine=engine.name, code=getattr(error, "code", "too_slow"))
                else:
                    if engine is self._engines[0]:
                        self._keep(self._key(sentence, pace), pcm)
                    return pcm
        finally:
            self._live -= 1
        raise EngineUnavailable("no synthesiser works", code="no_synthesiser")

    async def _made_ahead(self, sentence: str, pace: float, busy: Callable[[], bool]) -> bytes:
        while True:
            while self._live or busy():  # noqa: ASYNC110 - `busy` belongs to others and tells nobody
                await asyncio.sleep(_WAIT_SECONDS)
            self._preparing = asyncio.create_task(self._engines[0].speak(sentence, pace), name="prepare speech")
            try:
                await asyncio.wait({self._preparing})
                if not self._preparing.cancelled():
                    return self._preparing.result()
            finally:
                self._preparing.cancel()
                self._preparing = None

    def _apology(self) -> bytes:
        apology = EngineUnavailable.citizen_text
        pieces = [self._recorded[piece] + _pause(piece) for piece in self.sentences(apology) if piece in self._recorded]
        return b"".join(pieces) or next(iter(self._recorded.values()))

    # --- keeping ------------------------------------------------------------------------------------------------

    def _keep(self, name: str, pcm: bytes) -> None:
        self._kept[name] = pcm
        while sum(map(len, self._kept.values())) > LIVE_KEPT_BYTES:
            self._kept.popitem(last=False)

    def _is_recorded(self, sentence: str, pace: float) -> bool:
        return sentence in self._recorded and abs(pace - self._recorded_pace) < PACE_STEP / 2

    def _key(self, sentence: str, pace: float) -> str:
        return key(sentence, self._engines[0].name, pace)

    async def _on_disk(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, *args)


def _rounded(pace: float) -> float:
    return round(round(pace / PACE_STEP) * PACE_STEP, 2)


def _pause(sentence: str) -> bytes:
    return bytes(2 * int(_PAUSE_SECONDS.get(sentence[-1:], 0.0) * audio.RATE_HZ))
