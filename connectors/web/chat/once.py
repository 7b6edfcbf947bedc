"""A message that is sent again is answered again, not asked again.

An answer gets lost on a bad line, a button is pressed twice, a page is loaded anew: the second message bears the same
key. It gets the answer of the first, also while that is still being made; otherwise the ID number that was sent again
would be taken for the code that was asked for next. Kept in this process, for a while; with `shared` it holds across
processes and restarts, too (`connectors.web.chat.once_shared`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

Answer = TypeVar("Answer")


class Shared(Protocol[Answer]):
    """What every process of the service sees."""

    async def run(self, key: str, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer of whichever process asked first."""
        ...

    async def aclose(self) -> None: ...


class Once(Generic[Answer]):
    """Used from the event loop. The longest unused of more than `most` answers goes first."""

    def __init__(self, kept_seconds: float = 600.0, most: int = 2000, shared: Shared[Answer] | None = None) -> None:
        self._kept_seconds, self._most, self._shared = kept_seconds, most, shared
        self._asked: OrderedDict[str, asyncio.Task[Answer]] = OrderedDict()

    async def run(self, key: str, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer; "" is no key. Who stops waiting does not stop the asking. A failure is not kept."""
        if not key:
            return await ask()
        task = self._asked.get(key)
        if task is None:
            asking = self._shared.run(key, ask) if self._shared else ask()
            task = self._asked[key] = asyncio.create_task(asking, name="asked once")
            task.add_done_callback(lambda done: self._done(key, done))
            self._forget_oldest()
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """What is still being asked ends."""
        tasks = list(self._asked.values())
        self._asked.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._shared:
            await self._shared.aclose()

    def _done(self, key: str, task: asyncio.Task[Answer]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._forget(key, task)
        else:
            asyncio.get_running_loop().call_later(self._kept_seconds, self._forget, key, task)

    def _forget(self, key: str, task: asyncio.Task[Answer]) -> None:
        if self._asked.get(key) is task:
            del self._asked[key]

    def _forget_oldest(self) -> None:
        while len(self._asked) > self._most:
            key = next((key for key, task in self._asked.items() if task.done()), None)
            if key is None:
                return
            del self._asked[key]
