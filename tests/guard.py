"""The one number behind every wait for something that should come at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

GUARD_SECONDS = 30.0
"""A guard only ends a test that hangs. It is long, since on a busy machine everything is late; it measures nothing."""


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something becomes true; a TimeoutError says that it did not."""
    async with asyncio.timeout(GUARD_SECONDS):
        while not is_so():
            await asyncio.sleep(0.01)
