"""Programs the service starts and owns: Rasa, Asterisk. Started, watched, started again when they die, stopped with us.

A child dies with the service even when the service is killed: the kernel sends it SIGTERM then (setpriv).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client import Counter

from service.watching.rotating import RotatingFile

log = structlog.get_logger()

RESTARTS = Counter("yibao_child_restarts_total", "Programs started again, after they ended or hung", ("child", "why"))

_STOP_SECONDS = 8.0
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
_HEALTHY_SECONDS = 60.0
_LAST_WORDS_SECONDS = 1.0
_CHUNK_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code, None where it did not even start."""

    code: int | None
    why: str = "ended"


async def keep_running(name: str, run: Callable[[], Awaitable[Ended]]) -> None:
    """`run` a program to its end, again and again, after pauses that grow while it ends soon."""
    wait = _FIRST_WAIT_SECONDS
    while True:
        began = time.monotonic()
        ended = await run()
        log.error("child_ended", child=name, code=ended.code)
        RESTARTS.labels(name, ended.why).inc()
        wait = _FIRST_WAIT_SECONDS if time.monotonic() - began > _HEALTHY_SECONDS else wait
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


class Child:
    """One program kept running. Its output goes to `log_file`, begun anew at each start of the service, rotated."""

    def __init__(self, name: str, argv: Sequence[str], environment: Mapping[str, str], log_file: Path) -> None:
        self.name = name
        self.restarts = 0
        self._hung = False
        guard = [setpriv, "--pdeathsig", "TERM", "--"] if (setpriv := shutil.which("setpriv")) else []
        self._argv = [*guard, *argv]
        self._environment = {**os.environ, **environment}
        self._log_file = log_file
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Of the one that runs, or ran last."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        self._output = await asyncio.to_thread(RotatingFile, self._log_file)
        self._watch = asyncio.create_task(keep_running(self.name, self._run_once), name=f"watch {self.name}")

    async def stop(self) -> None:
        """SIGTERM to its whole group, SIGKILL after 8 s. Safe to call twice."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await self._process.wait()

    def kill_hung(self) -> None:
        """It does not answer any more: SIGKILL to its whole group, and it is started again."""
        log.error("child_hangs", child=self.name)
        self._hung = True
        self._signal(signal.SIGKILL)

    async def _run_once(self) -> Ended:
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        log.info("child_started", child=self.name, pid=self._process.pid)
        assert self._process.stdout is not None
        writing = asyncio.create_task(self._write(self._process.stdout), name=f"output of {self.name}")
        try:
            await self._process.wait()
            await asyncio.wait({writing}, timeout=_LAST_WORDS_SECONDS)  # a child of the child may hold the pipe
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        self.restarts += 1
        why, self._hung = "hung" if self._hung else "ended", False
        return Ended(self._process.returncode, why)

    async def _write(self, output: asyncio.StreamReader) -> None:
        """A full disk costs the lines, never the program: nobody reading would stop it."""
        while chunk := await output.read(_CHUNK_BYTES):
            try:
                await asyncio.to_thread(self._output.write, chunk)
            except OSError as error:
                log.error("child_output_lost", child=self.name, code=error.errno)

    def _signal(self, which: signal.Signals) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, which)
            except ProcessLookupError:
                return
