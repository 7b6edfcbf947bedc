"""How many calls this machine takes at once: `python -m bench.calls_at_once [--levels 1,2,4,8,12]`.

Synthetic callers dial the whole service over a real Asterisk, ask, listen to the end, think for 2 to 5 seconds, and
ask again, each on its own. For each number of callers: how long they waited for the first sound of an answer, the
longest silence between two sentences of one answer, gaps in the audio itself (packets later than a telephone's buffer
bridges), and how busy the machine was. The callers run on the same machine and are part of its load.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from bench.turn_latency import questions_spoken, until_beginnings_are_prepared, until_quiet
from tests.phone.caller import SipCaller
from tests.phone.recording import VOICED_RMS, Recording
from tests.whole import Whole, whole_service

TURNS = 3
_ANSWER_SECONDS = 15.0
_LATE_SECONDS = 0.12
"""What a telephone's jitter buffer bridges."""

console = Console()


@dataclass(slots=True)
class Level:
    """What happened with this many callers: seconds."""

    callers: int
    latencies: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    unanswered: int = 0
    busy: float = 0.0


def main(levels: str = "1,2,4,8,12", seed: int = 1) -> None:
    """Print one line for each number of callers."""
    asyncio.run(_main([int(level) for level in levels.split(",")], random.Random(seed)))


async def _main(levels: list[int], chance: random.Random) -> None:
    audio = itertools.cycle(await questions_spoken(24))
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        async with whole_service(Path(folder), phone=True, max_calls=str(max(levels))) as whole:
            await until_beginnings_are_prepared(whole)
            measured = [await _at_once(whole, callers, audio, chance) for callers in levels]
    _print(measured)


async def _at_once(whole: Whole, callers: int, audio: Iterator[bytes], chance: random.Random) -> Level:
    level, before = Level(callers), _cpu()
    async with asyncio.TaskGroup() as calls:
        for number in range(callers):
            questions = list(itertools.islice(audio, TURNS))
            calls.create_task(_call(whole, level, questions, number * 4.0 / callers, chance))
    idle, total = (after - was for after, was in zip(_cpu(), before, strict=True))
    level.busy = 1 - idle / total
    console.print(f"{callers} at once: {len(level.latencies)} answers", highlight=False)
    return level


async def _call(whole: Whole, level: Level, questions: list[bytes], starts: float, chance: random.Random) -> None:
    await asyncio.sleep(starts)
    async with SipCaller(whole.sip_port) as phone:
        await phone.dial()
        await until_quiet(phone, phone.answered_at)
        for question in questions:
            await phone.listen(chance.uniform(2, 5))
            if phone.far_end_left.is_set():
                level.unanswered += 1  # the service closed the line: said goodbye, or had no room
                return
            await _ask(phone, question, level)


async def _ask(phone: SipCaller, question: bytes, level: Level) -> None:
    spoken = await phone.say(question)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            while (answered := phone.heard.voice_after(spoken.last_voiced_at)) is None:
                await asyncio.sleep(0.1)
    except TimeoutError:
        level.unanswered += 1
        return
    await until_quiet(phone, answered)
    answer = phone.heard.since(answered)
    level.latencies.append(answered - spoken.last_voiced_at)
    level.pauses.append(_longest_silence(answer))
    level.gaps.append(answer.longest_gap())


def _longest_silence(answer: Recording) -> float:
    """Between two loud packets, in seconds."""
    loud = [packet.at for packet in answer.packets if packet.rms >= VOICED_RMS]
    return max((after - before for before, after in itertools.pairwise(loud)), default=0.0)


def _cpu() -> tuple[float, float]:
    """Clock ticks of all cores since the start of the machine: (idle, all). Source: proc(5), /proc/stat."""
    ticks = [float(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _print(levels: list[Level]) -> None:
    columns = ("calls", "answers", "none", "first sound\np50 / p95 s", "longest\npause s", "late\naudio", "latest\nms")
    table = Table(*columns, "busy", title=f"calls at once on {os.cpu_count()} cores")
    for level in levels:
        waits = sorted(level.latencies)
        late = sum(gap > _LATE_SECONDS for gap in level.gaps)
        table.add_row(
            str(level.callers),
            str(len(waits)),
            str(level.unanswered),
            f"{statistics.median(waits):.2f} / {waits[round(0.95 * (len(waits) - 1))]:.2f}" if waits else "",
            f"{max(level.pauses, default=0):.2f}",
            str(late),
            f"{max(level.gaps, default=0) * 1000:.0f}",
            f"{level.busy:.0%}",
        )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
