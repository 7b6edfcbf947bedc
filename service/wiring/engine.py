"""The engine kept running, by the service or in a program of its own: `python -m service engine`.

A program of its own belongs to another user, without secrets of citizens and without network (deploy/systemd): it needs
two tokens and nothing else. Either way it is started again when it ends, and killed when it hangs: a loop that does not
turn takes every conversation with it, and nobody but the clock notices.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from base.settings import ROOT
from base.tasks import own
from bot import engine
from bot.engine import RasaClient
from service.watching.processes import Child
from service.watching.vitals import tell_systemd

log = structlog.get_logger()

RASA_VENV = ROOT / ".venv-rasa"
_LOOK_SECONDS = 5.0
HANGS_AFTER_SECONDS = 30.0
"""Without an answer to "are you there", once it was there. A turn takes 20 ms; a garbage collection under a second. One
question waits so long: many short ones each come too late while there is much to do, and busy is not hanging."""
_STARTS_WITHIN_SECONDS = 600.0
"""Half a minute on two cores that have nothing else to do; on a machine that has, killing it would only begin anew."""


class EngineSettings(BaseSettings):
    """What the engine needs; from the environment only: it has no business in the service's `.env`."""

    model_config = SettingsConfigDict(env_prefix="YIBAO_", extra="ignore", frozen=True)

    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr
    action_token: SecretStr
    actions_url: str = "http://127.0.0.1:8080/actions"
    redis_url: SecretStr = SecretStr("")
    engine_model: Path = Field(engine.MODEL)
    engine_log: Path = Field(ROOT / "var" / "log" / "rasa.log")


class Watchdog:
    """Kills what hangs. `ready` takes how many seconds it may wait for the answer, and never raises; `started` counts
    how often the program was started."""

    def __init__(
        self,
        ready: Callable[[float], Awaitable[bool]],
        started: Callable[[], int],
        kill: Callable[[], None],
        now: Callable[[], float] | None = None,
    ) -> None:
        self._ready, self._started, self._kill = ready, started, kill
        self._now = now or asyncio.get_running_loop().time
        self._start, self._until = started(), self._now() + _STARTS_WITHIN_SECONDS

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        if self._started() != self._start:  # it ended by itself and is loading its model again
            self._start, self._until = self._started(), self._now() + _STARTS_WITHIN_SECONDS
        if await self._ready(HANGS_AFTER_SECONDS):
            self._until = self._now() + HANGS_AFTER_SECONDS
        elif self._now() >= self._until:
            self._until = self._now() + _STARTS_WITHIN_SECONDS
            self._kill()


async def keep(stack: AsyncExitStack, child: Child, client: RasaClient) -> None:
    """Start it, watch it, stop it with `stack`."""
    stack.push_async_callback(child.stop)
    await child.start()
    own(stack, Watchdog(client.ready, lambda: child.restarts, child.kill_hung).run(), "watch the engine")


async def run(settings: EngineSettings) -> None:
    """Run the engine until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    port = urlsplit(settings.rasa_url).port or engine.PORT
    redis_url = settings.redis_url.get_secret_value()
    variables = engine.variables(
        settings.actions_url,
        settings.action_token.get_secret_value(),
        settings.rasa_token.get_secret_value(),
        redis_url,
    )
    command = engine.run_command(RASA_VENV, settings.engine_model, port, shared=bool(redis_url))
    child = Child("rasa", command, variables, settings.engine_log)
    client = RasaClient(settings.rasa_url, settings.rasa_token.get_secret_value())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.aclose)
        await keep(stack, child, client)
        tell_systemd("READY=1")
        await stop.wait()
