"""Opens a file that a stranger sent in a process of its own: it may die, loop or grow, and nothing else does.

    PICTURES = Sandbox("casework.filings.file_type", timeout_seconds=30, most_answer_bytes=1000, most_waiting=8)
    answer = await PICTURES.run(content, "argument")       # raises SandboxFailed

The module confines itself (`base.confined`), reads the file on stdin, answers on stdout and ends. One process of a
sandbox runs at a time, at low priority: calls come first.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


class Failure(StrEnum):
    """Why there is no answer."""

    BUSY = "busy"
    """Too many files wait; the only one worth trying again."""
    TIME = "time"
    DIED = "died"
    """Out of memory or processor time, or a fault of the parser."""
    ANSWER = "answer"
    """It would not stop answering."""


class SandboxFailed(Exception):
    """The file was not read."""

    def __init__(self, why: Failure) -> None:
        super().__init__(why.value)
        self.why = why


class Sandbox:
    """`module` is run as `python -m module arguments`; `timeout_seconds` by the wall clock of a busy machine."""

    def __init__(self, module: str, *, timeout_seconds: float, most_answer_bytes: int, most_waiting: int) -> None:
        self.module, self.timeout_seconds = module, timeout_seconds
        self._most_answer_bytes, self._most_present = most_answer_bytes, most_waiting + 1
        self._present = 0

    async def run(self, data: bytes, *arguments: str) -> bytes:
        """What the process said before it ended well. Raises SandboxFailed. Files that wait are held in memory."""
        if self._present >= self._most_present:
            raise SandboxFailed(Failure.BUSY)
        if not self._present:
            self._turn = asyncio.Semaphore(1)  # nobody waits: it belongs to the loop that runs now
        self._present += 1
        try:
            async with self._turn:
                return await self._run(data, arguments)
        finally:
            self._present -= 1

    async def _run(self, data: bytes, arguments: tuple[str, ...]) -> bytes:
        """Start the process and see it end, whatever happens."""
        process = await asyncio.create_subprocess_exec(
            *("nice", sys.executable, "-m", self.module, *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},  # none of our secrets
        )
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer = await self._exchange(process, data)
        except TimeoutError as error:
            raise SandboxFailed(Failure.TIME) from error
        finally:
            if process.returncode is None:
                await _kill(process)
        if process.returncode != 0:
            raise SandboxFailed(Failure.DIED)
        return answer

    async def _exchange(self, process: Process, data: bytes) -> bytes:
        """Give the file, take the answer, up to its longest permitted size."""
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError, ConnectionResetError):  # it died while we wrote: its exit says so
            process.stdin.write(data)
            await process.stdin.drain()
            process.stdin.close()
        answer = bytearray()
        while chunk := await process.stdout.read(2**16):
            answer += chunk
            if len(answer) > self._most_answer_bytes:
                raise SandboxFailed(Failure.ANSWER)
        await process.wait()
        return bytes(answer)


async def _kill(process: Process) -> None:
    """End it and see it ended. What it still said is read first: asyncio (3.11) calls a process ended when its pipes
    are, and a full one that nobody reads never is; the next file would wait for ever."""
    assert process.stdout is not None
    process.kill()
    while await process.stdout.read(2**16):
        pass
    await process.wait()
