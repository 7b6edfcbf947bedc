"""Runs the reading process and trusts nothing it says: time, size and shape of its answer are checked."""

from __future__ import annotations

import json
from typing import Any

from base import aside
from base.sandbox import Failure, Sandbox, SandboxFailed
from knowledge.documents.reading.block import Reading
from knowledge.documents.refusals import BY_CODE, BrokenFile, Busy, Refused, TooHard, TooLarge

MOST_CHARACTERS = 500_000
MOST_BLOCKS = 20_000
"""Lines, paragraphs and table rows. What reads them runs beside calls, so there may not be seconds of it."""
READER = Sandbox(
    "knowledge.documents.reading.worker",
    timeout_seconds=90.0,  # the process ends itself after 60 s of processor time
    most_answer_bytes=30 * 2**20,
    most_waiting=8,
)
_REFUSED: dict[Failure, type[Refused]] = {Failure.BUSY: Busy, Failure.ANSWER: TooLarge}


def refusal(failed: SandboxFailed) -> Refused:
    """What staff are told when a process gave no answer."""
    return _REFUSED.get(failed.why, TooHard)(failed.why.value)


async def read(data: bytes, kind: str) -> Reading:
    """Read a file of a kind (docx, pdf, ofd, txt, html). Raises a Refused."""
    try:
        answer = await READER.run(data, kind)
    except SandboxFailed as failed:
        raise refusal(failed) from failed
    return await aside.think(lambda: understood(answer)[0])


def understood(answer: bytes) -> tuple[Reading, dict[str, Any]]:
    """The answer of a reading process, and all that was in it. Raises a Refused."""
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
    return reading, data
