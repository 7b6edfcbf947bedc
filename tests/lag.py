"""How long one step holds the event loop, or a place in the default thread pool, in processor time of its thread.

    with Lag() as lag:
        lag.of = "GET /console/faq"
        await browser.open("/faq")
    assert lag.longest() …

Processor time and not the clock: another program that takes the machine for a second changes nothing. A full round of
the garbage collector is taken off: it looks through what all requests before it made, and falls to any of them.
"""

from __future__ import annotations

import asyncio
import gc
import threading
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
        self._rounds = threading.local()

    def over(self, seconds: float) -> list[str]:
        """What took longer, with how long and where."""
        rows = [("event loop", *row) for row in self.loop.items()] + [
            ("default pool", *row) for row in self.pool.items()
        ]
        return [f"{name}: {took * 1000:.0f} ms in the {where}" for where, name, took in rows if took > seconds]

    def _own_time(self) -> float:
        """Of this thread, without full rounds of the collector."""
        return time.thread_time() - getattr(self._rounds, "seconds", 0.0)

    def _note_round(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] < 2:
            return
        if phase == "start":
            self._rounds.began = time.thread_time()
        else:
            self._rounds.seconds = getattr(self._rounds, "seconds", 0.0) + time.thread_time() - self._rounds.began

    def __enter__(self) -> Self:
        self._run = asyncio.Handle._run
        self._in_executor = asyncio.BaseEventLoop.run_in_executor
        lag = self
        gc.callbacks.append(self._note_round)

        def run(handle: asyncio.Handle) -> None:
            began = lag._own_time()
            lag._run(handle)
            if lag.of:
                lag.loop[lag.of] = max(lag.loop[lag.of], lag._own_time() - began)

        def run_in_executor(
            loop: asyncio.BaseEventLoop, executor: Executor | None, work: Callable[..., Any], *args: Any
        ) -> Any:
            name = lag.of

            def measured(*args: Any) -> Any:
                began = lag._own_time()
                try:
                    return work(*args)
                finally:
                    lag.pool[name] = max(lag.pool[name], lag._own_time() - began)

            return lag._in_executor(loop, executor, work if executor else measured, *args)

        asyncio.Handle._run = run  # type: ignore[method-assign]
        asyncio.BaseEventLoop.run_in_executor = run_in_executor  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        gc.callbacks.remove(self._note_round)
        asyncio.Handle._run = self._run  # type: ignore[method-assign]
        asyncio.BaseEventLoop.run_in_executor = self._in_executor  # type: ignore[method-assign]
