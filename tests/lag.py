"""How long one step holds the event loop, or a place in the default thread pool, in processor time of its thread.

    with Lag() as lag:
        lag.of = "GET /console/faq"
        await browser.open("/faq")
    assert lag.longest() …

Processor time and not the clock: another program that takes the machine for a second changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Executor
from types import TracebackType
from typing import Any, Self


class Lag:
    """`of` names what is going on, "" when that does not count (what a browser does); `loop` and `pool`: name → seconds
    of its longest step there."""

    def __init__(self) -> None:
        self.of = ""
        self.loop: dict[str, float] = defaultdict(float)
        self.pool: dict[str, float] = defaultdict(float)

    def over(self, seconds: float) -> list[str]:
        """What took longer, with how long and where."""
        rows = [("event loop", *row) for row in self.loop.items()] + [
            ("default pool", *row) for row in self.pool.items()
        ]
        return [f"{name}: {took * 1000:.0f} ms in the {where}" for where, name, took in rows if took > seconds]

    def __enter__(self) -> Self:
        self._run = asyncio.Handle._run
        self._in_executor = asyncio.BaseEventLoop.run_in_executor
        lag = self

        def run(handle: asyncio.Handle) -> None:
            began = time.thread_time()
            lag._run(handle)
            if lag.of:
                lag.loop[lag.of] = max(lag.loop[lag.of], time.thread_time() - began)

        def run_in_executor(
            loop: asyncio.BaseEventLoop, executor: Executor | None, work: Callable[..., Any], *args: Any
        ) -> Any:
            name = lag.of

            def measured(*args: Any) -> Any:
                began = time.thread_time()
                try:
                    return work(*args)
                finally:
                    lag.pool[name] = max(lag.pool[name], time.thread_time() - began)

            return lag._in_executor(loop, executor, work if executor else measured, *args)

        asyncio.Handle._run = run  # type: ignore[method-assign]
        asyncio.BaseEventLoop.run_in_executor = run_in_executor  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.Handle._run = self._run  # type: ignore[method-assign]
        asyncio.BaseEventLoop.run_in_executor = self._in_executor  # type: ignore[method-assign]
