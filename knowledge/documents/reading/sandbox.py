"""Runs the reading process and trusts nothing it says: time, size and shape of its answer are checked."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

from knowledge.documents.reading.block import Reading
from knowledge.documents.refusals import BY_CODE, BrokenFile, Busy, TooHard, TooLarge
from service.settings import ROOT

TIMEOUT_SECONDS = 90.0
"""Wall clock, for a machine busy with calls; the process ends itself after 60 s of processor time."""
MOST_CHARACTERS = 500_000
MOST_BLOCKS = 20_000
"""Lines, paragraphs and table rows. What reads them runs beside calls, so there may not be seconds of it."""
_MOST_ANSWER_BYTES = 30 * 2**20
_AT_ONCE = 1
"""Files read at the same time: a reading process may take a core and 1.2 GB, and calls come first."""

_MOST_WAITING = 8
"""Files that may wait for their turn; each is held in memory."""

_turn = asyncio.Semaphore(_AT_ONCE)
_present: set[object] = set()


async def read(data: bytes, kind: str) -> Reading:
    """Read a file of a kind (docx, pdf, txt, html). Raises a Refused."""
    if len(_present) >= _AT_ONCE + _MOST_WAITING:
        raise Busy
    ticket = object()
    _present.add(ticket)
    try:
        async with _turn:
            answer = await _run(data, kind)
    finally:
        _present.discard(ticket)
    return await asyncio.to_thread(_understand, answer)


async def _run(data: bytes, kind: str) -> bytes:
    """Start the reading process and see it end, whatever happens."""
    process = await asyncio.create_subprocess_exec(
        *("nice", sys.executable, "-m", "knowledge.documents.reading.worker", kind),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},  # none of our secrets
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer = await _exchange(process, data)
    except TimeoutError as error:
        raise TooHard("time") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise TooHard(f"the reading process ended with {process.returncode}")
    return answer


async def _exchange(process: Process, data: bytes) -> bytes:
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
        if len(answer) > _MOST_ANSWER_BYTES:
            raise TooLarge("answer")
    await process.wait()
    return bytes(answer)


def _understand(answer: bytes) -> Reading:
    try:
        data = json.loads(answer)
        if "refused" in data:
            raise BY_CODE.get(data["refused"], BrokenFile)()
        reading = Reading.from_json(data)
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenFile("answer of the reading process") from error
    if len(reading.blocks) > MOST_BLOCKS:
        raise TooLarge("blocks")
    if sum(len(block.text) + sum(map(len, block.cells)) for block in reading.blocks) > MOST_CHARACTERS:
        raise TooLarge("characters")
    return reading
