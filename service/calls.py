"""Every call of the service, whichever line it came on: shared engines, a count, and a gauge."""

from __future__ import annotations

from prometheus_client import Gauge

from voice.call import Call, Dialogue, Engines
from voice.line import Line

ACTIVE = Gauge("yibao_calls_active", "Calls going on now")


class Calls:
    """`take` is what connectors call for each line they answer."""

    def __init__(self, dialogue: Dialogue, engines: Engines) -> None:
        self._dialogue, self._engines = dialogue, engines
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
