"""A gap in the caller's audio is silence: who watches the clock while no frames come.

A phone that suppresses silence, a mute key, a throttled browser tab send nothing (or comfort noise, which a PBX does
not pass on) while their owner is silent; what waits for silence in the audio would then wait for ever. A late packet is
no gap: only after `GAP_SECONDS` is the time credited, and then all of it, so a turn ends no later than with frames.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

GAP_SECONDS = 0.1
"""Longer than the jitter of an ordinary line and than four lost packets in a row, shorter than any pause that decides
something (`voice.endpointing`)."""
_MOST_AT_ONCE = 2 * GAP_SECONDS
"""A stall of our own is not the caller's silence: what they said meanwhile may still be in a socket."""
_CLOCK_STEP = 0.001


class GapWatch:
    """Of one line: `heard` for every frame; while `run`, `missing` is called with the seconds nobody filled."""

    def __init__(self, missing: Callable[[float], None], now: Callable[[], float] = time.monotonic) -> None:
        self._missing, self._now = missing, now
        self._until = now()

    def heard(self) -> None:
        """A frame came: until now there is audio."""
        self._until = self._now()

    def look(self) -> float:
        """Credit a gap if there is one; returns the seconds after which to look again."""
        gap = self._now() - self._until
        if gap < GAP_SECONDS - _CLOCK_STEP:
            return GAP_SECONDS - gap
        self._until += gap
        self._missing(min(gap, _MOST_AT_ONCE))
        return GAP_SECONDS

    async def run(self) -> None:
        """Watch until cancelled."""
        wait = GAP_SECONDS
        while True:
            await asyncio.sleep(wait)
            wait = self.look()
