"""How fast one client may ask: a token bucket per client that first slows a client down, then refuses it.

A person never notices; a script that asks one thing after another is slowed to the rate; a flood of requests at
once is refused as soon as the queue it would have to stand in gets too long.

The numbers of every door stand here, together. Clients are told apart by address (`connectors.shared.addresses`), and
a hospital, an office or a mobile network has one address for many people: each number is for a full waiting room, of
whom everybody does something twice a minute, and still leaves most of two cores to all others.
docs/decisions/2026-11-28-limits.md
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from cachetools import LRUCache


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`per_second` messages in the long run, `burst` at once; nobody is made to wait longer than `patience_seconds`.
    `door`: the name under which all processes count together."""

    per_second: float = 20.0
    burst: int = 40
    patience_seconds: float = 2.0
    door: str = ""


CHAT = RateLimit(per_second=6.0, burst=120, patience_seconds=4.0, door="chat")
"""One address: 180 people who write every half minute. Two cores answer about twice as much."""
CHAT_AT_ONCE = 4
"""Turns of one address at the same time: as many as two cores work at. The rest of the engine's places (bot/engine.py)
stays for all others: sixty at once from one address made everybody wait six seconds, for an excuse."""
CONVERSATION = RateLimit(per_second=2.0, burst=30, patience_seconds=4.0, door="conversation")
"""One conversation: nobody types faster, and its turns wait for one another anyway."""
NEWS = RateLimit(per_second=12.0, burst=300, patience_seconds=3.0, door="news")
"""One address: 300 open pages, each of which asks again after 25 s."""
NEWS_OF_PAGE = RateLimit(per_second=2.0, burst=10, patience_seconds=1.0, door="news_of_page")
CALL = RateLimit(per_second=0.2, burst=12, patience_seconds=0.0, door="call")
"""One address, calls begun; how many go on at once is limited besides."""
TICKET = RateLimit(per_second=0.5, burst=40, patience_seconds=2.0, door="ticket")
"""One address: guessing at many tickets takes days, not minutes."""
DICTATION = RateLimit(per_second=1.0, burst=20, patience_seconds=2.0, door="dictation")
"""One address: a recogniser on two cores hears about two a second."""
SPEECH = RateLimit(per_second=8.0, burst=200, patience_seconds=3.0, door="speech")
"""One address: sentences, of which an answer has three or four."""
SPEECH_OF_TEXT = RateLimit(per_second=4.0, burst=40, patience_seconds=3.0, door="speech_of_text")
UPLOAD = RateLimit(per_second=0.5, burst=30, patience_seconds=2.0, door="upload")
"""One address: forms sent, each of up to five files."""
LOGIN = RateLimit(per_second=0.5, burst=40, patience_seconds=4.0, door="login")
"""One address: each costs a moment of a core and 64 MB; a whole office may come at eight o'clock."""


ROUNDING_SECONDS = 1e-6
"""The sums below are of floats: a first message must not be refused for the fifteenth digit of an up-time."""


class TooFast(Exception):
    """The client must come back after `retry_seconds`."""

    def __init__(self, retry_seconds: float) -> None:
        super().__init__("too fast")
        self.retry_seconds = retry_seconds


class Shared(Protocol):
    """See `connectors.web.chat.rate_shared`."""

    async def reserve(self, limit: RateLimit, client: str) -> float:
        """Seconds to wait. Raises TooFast."""
        ...


_shared: Shared | None = None


def share(buckets: Shared) -> None:
    """From now on this process counts together with the others."""
    global _shared
    _shared = buckets


class RateLimiter:
    """Buckets of at most `max_clients` clients; the one unused longest is forgotten first. Time is passed in."""

    def __init__(self, limit: RateLimit, max_clients: int = 10_000) -> None:
        self._limit = limit
        self._full_at: LRUCache[str, float] = LRUCache(max_clients)

    async def enter(self, client: str) -> None:
        """Wait for one's place. Raises TooFast. A flood is refused here, before other processes are asked."""
        wait_seconds = self.reserve(client, time.monotonic())
        if _shared is not None and self._limit.door:
            wait_seconds = max(wait_seconds, await _shared.reserve(self._limit, client))
        await asyncio.sleep(wait_seconds)

    def reserve(self, client: str, now: float) -> float:
        """Take a place for one message at time `now` (monotonic seconds): seconds to wait before it may go on.

        Kept per client is one number, the time at which its bucket will be full again. Raises TooFast, and then
        takes no place.
        """
        full_at = max(self._full_at.get(client, now), now) + 1 / self._limit.per_second
        wait_seconds = max(0.0, full_at - now - self._limit.burst / self._limit.per_second)
        if wait_seconds > self._limit.patience_seconds + ROUNDING_SECONDS:
            raise TooFast(wait_seconds)
        self._full_at[client] = full_at
        return wait_seconds


class Places:
    """At most `at_once` of one client at the same time; who comes later waits, first come first served, and nobody
    longer than `patience_seconds`."""

    def __init__(self, at_once: int, patience_seconds: float) -> None:
        self._at_once, self._patience_seconds = at_once, patience_seconds
        self._places: dict[str, asyncio.Semaphore] = {}
        self._here: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, client: str) -> AsyncIterator[None]:
        """A place, held until the end of the block. Raises TooFast."""
        places = self._places.setdefault(client, asyncio.Semaphore(self._at_once))
        self._here[client] += 1
        try:
            await self._wait(places)
            try:
                yield
            finally:
                places.release()
        finally:
            self._here[client] -= 1
            if not self._here[client]:
                del self._here[client], self._places[client]

    async def _wait(self, places: asyncio.Semaphore) -> None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                await places.acquire()
        except TimeoutError:
            raise TooFast(1.0) from None
