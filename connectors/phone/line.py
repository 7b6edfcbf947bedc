"""A call through Asterisk, as the `voice.line.Line` that the assistant talks to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from types import TracebackType
from typing import Literal, Self

import aiohttp
import structlog

from connectors.phone.media import Marked, MediaSocket, QueueFull
from connectors.phone.playout import Playout
from voice.line import Digit, Heard, Hold, LineEvent

log = structlog.get_logger()

HEARD_LIMIT = 250
"""Frames kept for a reader that is late: 5 s. The oldest go first, keys and holds stay."""


async def nobody() -> bool:
    """A line without a queue of agents behind it."""
    return False


class AsteriskLine:
    """One answered caller. Entered (`async with`) by the connector, which also says when the caller left."""

    channel = "phone"

    def __init__(
        self,
        line_id: str,
        caller: str | None,
        socket: aiohttp.ClientWebSocketResponse,
        hang_up: Callable[[], Awaitable[None]],
        person_is_free: Callable[[], Awaitable[bool]] = nobody,
        *,
        returned: bool = False,
    ) -> None:
        self.id = line_id
        self.caller = caller
        self.returned = returned
        self.onward = ""
        """The dialplan context that takes the caller over when the call object is done; empty: hang up."""

        self.dropped_frames = 0
        self._media = MediaSocket(socket)
        self._playout = Playout(self._media)
        self._hang_up, self._person_is_free = hang_up, person_is_free
        self._inbox: deque[LineEvent] = deque()
        self._arrived = asyncio.Event()
        self._ended = False
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read(), name=f"phone media {self.id}")
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.caller_left()
        await self._media.aclose()
        if self._reader:
            self._reader.cancel()
            await asyncio.wait([self._reader])
        if self.dropped_frames:
            log.warning("audio_dropped", call=self.id, frames=self.dropped_frames)

    async def events(self) -> AsyncIterator[LineEvent]:
        """What comes from the caller until the call ends; what was not read by then is of no use to anyone."""
        while not self._ended:
            if self._inbox:
                yield self._inbox.popleft()
            else:
                self._arrived.clear()
                await self._arrived.wait()

    async def play(self, pcm: bytes) -> None:
        await self._playout.play(pcm)

    async def wait_played(self) -> None:
        await self._playout.wait_played()

    async def flush(self) -> None:
        await self._playout.flush()

    def caption(self, who: Literal["caller", "assistant"], text: str, *, dial: Sequence[str] = ()) -> None:
        """A telephone has no screen."""

    async def hang_up(self) -> None:
        if not self._ended:
            self.caller_left()
            await self._hang_up()

    async def person_is_free(self) -> bool:
        return await self._person_is_free()

    async def hand_over(self) -> None:
        """End the call for us: the connector sends the caller to the agents' queue when `on_call` returns."""
        if not self._ended:
            self.onward = "agents"
            self.caller_left()

    def caller_left(self) -> None:
        """The call is over. Safe to call twice."""
        self._ended = True
        self._arrived.set()
        self._playout.close()

    def put_on_hold(self, on: bool) -> None:
        """The caller's phone put us on hold, or took us back."""
        self._take_in(Hold(on))

    async def _read(self) -> None:
        async for event in self._media.events():
            match event:
                case Heard() | Digit():
                    self._take_in(event)
                case Marked(number):
                    self._playout.marked(number)
                case QueueFull():
                    self._playout.queue_full()
        if not self._ended:
            log.error("media_lost", call=self.id)
            self.onward = "maintenance"
            self.caller_left()

    def _take_in(self, event: LineEvent) -> None:
        if len(self._inbox) >= HEARD_LIMIT:
            oldest = next((i for i, kept in enumerate(self._inbox) if isinstance(kept, Heard)), 0)
            del self._inbox[oldest]
            self.dropped_frames += 1
        self._inbox.append(event)
        self._arrived.set()
