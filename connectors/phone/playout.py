"""What the caller hears, and when: our side of Asterisk's audio queue.

    play ──► remainder (< 1 frame) ──► Asterisk's queue, kept under 15 s ──► caller
                                            ▲
                         silence, whenever we have nothing to say

Asterisk plays what is queued on its own clock, so a stall of ours is not heard. Three things it leaves to us:

- It drops audio beyond 20 s without a word, so we send no more than 15 s ahead of what was played.
- Every `play` ends with a mark; Asterisk's answer tells when it was heard.
- With an empty queue it sends the caller nothing at all: phones and recorders then lose time, and some networks
  drop the call. So we queue silence, a second at a time, and take it back (FLUSH_MEDIA) the moment there is
  something to say. Against the other cures: one message a second instead of fifty, no gap when our event loop
  stalls, no extra ARI request before each sentence, and no recording of citizens, which a mixing bridge needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

from connectors.phone.media import MESSAGE_BYTES, MediaSocket
from voice.audio import FRAME_BYTES, SILENT_FRAME, seconds

log = structlog.get_logger()

AHEAD_SECONDS = 15.0
"""We stop sending when this much is queued; Asterisk warns at 18 s and drops at 20 s."""

_WARNED_AHEAD_SECONDS = 18.0
_FLUSH_SECONDS = 1.0
_ON_THE_WAY_SECONDS = 0.1
"""What Asterisk has sent is still in the phone's own buffer: a hang-up now would cut the last syllable."""

_IDLE_SECONDS = 0.06
"""For so long we may just be between two pieces of live audio, and queue no more than a little silence."""

_SILENCE = SILENT_FRAME * 50
_SHORT_SILENCE = SILENT_FRAME * 5
"""Goes at once behind what ends: Asterisk's resampler holds the last 15 ms back until something follows."""

_SILENCE_AHEAD_SECONDS = 0.5


class Playout:
    """Used on the event loop. Nothing here raises because the call ended; `close` ends every wait."""

    def __init__(self, media: MediaSocket) -> None:
        self._media = media
        self._loop = asyncio.get_running_loop()
        self._one_at_a_time = asyncio.Lock()
        self._dropped = asyncio.Event()
        """Set when what is being played was flushed; a new one stands for what comes after."""

        self._remainder = b""
        self._ahead_until = 0.0
        self._last_mark = 0
        self._marks: dict[int, asyncio.Future[bool]] = {}
        """One for each `play` from its start until it was heard (True) or dropped; without any we are idle."""

        self._silence: asyncio.Task[None] | None = None
        self._is_silence_queued = False
        self._closed = False
        self._became_idle()

    async def play(self, pcm: bytes) -> None:
        """Queue audio of any length; returns when Asterisk has it, or it was flushed, or the call ended."""
        dropped = self._dropped
        async with self._one_at_a_time:
            if dropped.is_set():
                return
            mark = self._new_mark()
            try:
                await self._end_silence()
                await self._send_in_time(pcm, dropped)
            finally:  # cancelled half-way: what was sent still has an end
                if not dropped.is_set():
                    await self._media.mark(mark)

    async def wait_played(self) -> None:
        """Return when everything queued so far was played out, or flushed, or the call ended."""
        if self._remainder:
            async with self._one_at_a_time:
                await self._end_silence()
                await self._send_remainder()
        last = self._marks.get(self._last_mark)
        if last is None:
            return
        await asyncio.wait([last])
        if last.result():
            await _within(self._dropped.wait(), _ON_THE_WAY_SECONDS)

    async def flush(self) -> None:
        """Drop everything queued; returns when the line is silent."""
        self._dropped.set()
        if self._closed:
            return
        self._dropped = asyncio.Event()
        self._remainder = b""
        if not self._marks:
            return  # only silence is queued
        self._settle_marks(self._last_mark, was_heard=False)
        self._ahead_until = 0.0
        mark = self._new_mark()
        confirmed = self._marks[mark]
        await self._end_silence()
        await self._media.flush()
        await self._media.mark(mark)
        await self._queue_silence(_SHORT_SILENCE)
        if not await _within(asyncio.wait([confirmed]), _FLUSH_SECONDS):
            log.warning("flush_not_confirmed")

    def marked(self, number: int) -> None:
        """Asterisk played out everything before mark `number`."""
        self._settle_marks(number, was_heard=True)
        if not self._marks and not self._closed:
            self._ahead_until = 0.0
            self._became_idle()

    def queue_full(self) -> None:
        """Asterisk has more than we reckoned: trust it."""
        self._ahead_until = self._loop.time() + _WARNED_AHEAD_SECONDS

    def close(self) -> None:
        """The call ended: end every wait, send nothing more. Safe to call twice."""
        self._closed = True
        self._dropped.set()
        self._settle_marks(self._last_mark, was_heard=False)
        if self._silence:
            self._silence.cancel()

    async def _send_in_time(self, pcm: bytes, dropped: asyncio.Event) -> None:
        if dropped.is_set():
            return
        pcm = self._remainder + pcm
        whole = len(pcm) - len(pcm) % FRAME_BYTES
        self._remainder = pcm[whole:]
        for start in range(0, whole, MESSAGE_BYTES):
            too_far = self._ahead_until - self._loop.time() - AHEAD_SECONDS
            if too_far > 0:
                await _within(dropped.wait(), too_far)
            if dropped.is_set():
                return
            piece = pcm[start : min(whole, start + MESSAGE_BYTES)]
            self._ahead_until = max(self._ahead_until, self._loop.time()) + seconds(piece)
            await self._media.send(piece)

    async def _send_remainder(self) -> asyncio.Future[bool] | None:
        """Nothing will complete the last frame: fill it up and send it. Returns its mark, if there was one."""
        if not self._remainder:
            return None
        frame, self._remainder = self._remainder.ljust(FRAME_BYTES, b"\0"), b""
        mark = self._new_mark()
        future = self._marks[mark]
        await self._media.send(frame)
        await self._media.mark(mark)
        return future

    def _new_mark(self) -> int:
        self._last_mark += 1
        self._marks[self._last_mark] = self._loop.create_future()
        return self._last_mark

    def _settle_marks(self, number: int, was_heard: bool) -> None:
        for known in [known for known in self._marks if known <= number]:
            self._marks.pop(known).set_result(was_heard)

    def _became_idle(self) -> None:
        if self._silence is None:
            self._silence = asyncio.create_task(self._sound_silent(), name="phone silence")

    async def _sound_silent(self) -> None:
        if self._remainder:
            await asyncio.sleep(_IDLE_SECONDS)
            async with self._one_at_a_time:
                finished = await self._send_remainder()
            if finished:
                await asyncio.wait([finished])
        await self._queue_silence(_SHORT_SILENCE)
        await asyncio.sleep(_IDLE_SECONDS)
        next_at = self._loop.time() - _SILENCE_AHEAD_SECONDS
        while True:
            await self._queue_silence(_SILENCE)
            next_at += seconds(_SILENCE)
            await asyncio.sleep(next_at - self._loop.time())

    async def _queue_silence(self, silence: bytes) -> None:
        self._is_silence_queued = True
        await self._media.send(silence)

    async def _end_silence(self) -> None:
        """Take back the silence that is queued, so that what comes next is heard at once."""
        silence, self._silence = self._silence, None
        if silence:
            silence.cancel()
            await asyncio.wait([silence])
        if self._is_silence_queued:
            self._is_silence_queued = False
            self._settle_marks(self._last_mark - 1, was_heard=False)  # a flush just before: its mark goes as well
            await self._media.flush()


async def _within(awaitable: Awaitable[object], timeout_seconds: float) -> bool:
    """Wait for it, but not longer: did it come?"""
    try:
        await asyncio.wait_for(awaitable, timeout_seconds)
    except TimeoutError:
        return False
    return True
