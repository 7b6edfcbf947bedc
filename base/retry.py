"""Trying again within one call what may go better in a moment. What must outlive this process is owed (`base.owed`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

Result = TypeVar("Result")
Fault = TypeVar("Fault", bound=Exception)


async def retried(
    ask: Callable[[], Awaitable[Result]], on: type[Fault], pause: Callable[[int, Fault], float | None]
) -> Result:
    """What `ask` comes to. After the n-th failure of kind `on` it is asked again `pause(n, failure)` seconds later; at
    None, and for every other error, the failure is raised."""
    for failed in count(1):
        try:
            return await ask()
        except on as fault:
            seconds = pause(failed, fault)
            if seconds is None:
                raise
        await asyncio.sleep(seconds)
    raise AssertionError
