"""How fast one client may ask: a token bucket per client that first slows a client down, then refuses it.

A person never notices; a script that asks one thing after another is slowed to the rate; a flood of requests at
once is refused as soon as the queue it would have to stand in gets too long.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`per_second` messages in the long run, `burst` at once; nobody is made to wait longer than `patience_seconds`."""

    per_second: float = 20.0
    burst: int = 40
    patience_seconds: float = 2.0


class TooFast(Exception):
    """The client must come back after `retry_seconds`."""

    def __init__(self, retry_seconds: float) -> None:
        super().__init__("too fast")
        self.retry_seconds = retry_seconds


class RateLimiter:
    """Buckets of at most `max_clients` clients; the one unused longest is forgotten first. Time is passed in."""

    def __init__(self, limit: RateLimit, max_clients: int = 10_000) -> None:
        self._limit = limit
        self._max_clients = max_clients
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def reserve(self, client: str, now: float) -> float:
        """Take a place for one message at time `now` (monotonic seconds): seconds to wait before it may go on.

        Kept per client is one number, the time at which its bucket will be full again. Raises TooFast, and then
        takes no place.
        """
        full_at = max(self._full_at.get(client, now), now) + 1 / self._limit.per_second
        wait_seconds = max(0.0, full_at - now - self._limit.burst / self._limit.per_second)
        if wait_seconds > self._limit.patience_seconds:
            raise TooFast(wait_seconds)
        self._full_at[client] = full_at
        self._full_at.move_to_end(client)
        if len(self._full_at) > self._max_clients:
            self._full_at.popitem(last=False)
        return wait_seconds
