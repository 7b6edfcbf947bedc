"""Every call of the service, whichever line it came on: shared engines, a count, and a gauge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import Gauge

from voice.call import Call, Dialogue, Engines
from voice.line import Line

log = structlog.get_logger()

ACTIVE = Gauge("yibao_calls_active", "Calls going on now")


class Calls:
    """`take` is what connectors call for each line they answer."""

    def __init__(self, dialogue: Dialogue, engines: Engines, *ended: Callable[[str], Awaitable[None]]) -> None:
        """Each of `ended` is told the line's id when a call is over: whoever was proven in it is not any more."""
        self._dialogue, self._engines, self._ended = dialogue, engines, ended
        self.active = 0

    @property
    def busy(self) -> bool:
        """Whether anybody is on a line: work that can wait then waits."""
        return self.active > 0

    async def take(self, line: Line) -> None:
        """One call, from answer to hang-up."""
        self.active += 1
        ACTIVE.set(self.active)
        try:
            await Call(line, self._dialogue, self._engines).run()
        finally:
            self.active -= 1
            ACTIVE.set(self.active)
            await self._over(line.id)

    async def _over(self, line_id: str) -> None:
        for ended in self._ended:
            try:
                await ended(line_id)
            except Exception as error:  # the outer edge of a call; proof runs out by itself in half an hour
                log.error("call_end_not_noted", kind=type(error).__name__)
