"""Two builds answer the same spoken questions over real Asterisk in one run, call by call in turn.

    python -m bench.turn_latency_pairs ../other-checkout [--questions 16] [--rounds 2]

The other checkout needs its environments and its trained model. While one build is called the other stands still
(SIGSTOP), so that neither is measured against what the other prepares in its spare time. The first round only warms
up: each build then has the first sentences of these answers. From the caller's last sound to our first, both taken on
the caller's side, and the processor time of the service and its children over each call.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from bench.turn_latency import TURNS_A_CALL, questions_spoken, until_quiet
from tests.phone.caller import SipCaller
from tests.whole import Whole, whole_service

_AWAKE_SECONDS = 1.5
"""After standing still: sockets are read, timers fire."""
_ANSWER_SECONDS = 20.0
_HEARD_SECONDS = 0.4
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Build:
    """One build and what was measured of it, question by question: seconds."""

    name: str
    whole: Whole
    latencies: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def main(other: Path, questions: int = 16, rounds: int = 2) -> None:
    """Print a line for each build and the ratios of the pairs."""
    asyncio.run(_main(other.resolve(), questions, rounds))


async def _main(other: Path, questions: int, rounds: int) -> None:
    audio = await questions_spoken(questions)
    with tempfile.TemporaryDirectory(prefix="yibao-") as a, tempfile.TemporaryDirectory(prefix="yibao-") as b:
        async with (
            whole_service(Path(a), phone=True) as this,
            whole_service(Path(b), phone=True, root=other, rtp_port=26000) as that,
        ):
            builds = [Build(str(ROOT.name), this), Build(other.name, that)]
            for each in range(rounds + 1):
                for first in range(0, len(audio), TURNS_A_CALL):
                    for build in builds if (first // TURNS_A_CALL + each) % 2 else reversed(builds):
                        await _call(build, builds, audio[first : first + TURNS_A_CALL])
                if not each:
                    for build in builds:
                        build.latencies, build.cpu = [], []
    _print(*builds)


async def _call(build: Build, builds: list[Build], questions: list[bytes]) -> None:
    with _standing_still([other.whole.pid for other in builds if other is not build]):
        await asyncio.sleep(_AWAKE_SECONDS)
        async with SipCaller(build.whole.sip_port) as phone:
            await phone.dial()
            await _stop_talking(phone, phone.answered_at)
            before = _cpu_seconds(build.whole.pid)
            for question in questions:
                spoken = await phone.say(question)
                async with asyncio.timeout(_ANSWER_SECONDS):
                    while (answered := phone.heard.voice_after(spoken.last_voiced_at)) is None:
                        await asyncio.sleep(0.05)
                build.latencies.append(answered - spoken.last_voiced_at)
                await _stop_talking(phone, answered)
            build.cpu.append((_cpu_seconds(build.whole.pid) - before) / len(questions))
    Console().print(f"{build.name}: {' '.join(f'{one * 1000:.0f}' for one in build.latencies[-len(questions) :])} ms")


async def _stop_talking(phone: SipCaller, since: float) -> None:
    """# stops the voice and is no message."""
    await phone.put_through()
    await phone.listen(max(0.0, since + _HEARD_SECONDS - time.monotonic()))
    await phone.press("#")
    await until_quiet(phone, since)


@contextmanager
def _standing_still(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _cpu_seconds(pid: int) -> float:
    """Of a process and all its descendants so far. Source: proc(5), /proc/PID/stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / _TICKS
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return own + sum(_cpu_seconds(int(child)) for file in children for child in file.read_text().split())


def _print(this: Build, that: Build) -> None:
    table = Table("build", "n", "p50 ms", "p95 ms", "CPU s a turn", title="end of speech → first sound, over Asterisk")
    for build in (this, that):
        numbers = [f"{value * 1000:.0f}" for value in (_share(build.latencies, 0.5), _share(build.latencies, 0.95))]
        table.add_row(build.name, str(len(build.latencies)), *numbers, f"{statistics.median(build.cpu):.2f}")
    pairs = [mine / other for mine, other in zip(this.latencies, that.latencies, strict=True)]
    halves = [_share(this.latencies, share) / _share(that.latencies, share) for share in (0.5, 0.95)]
    cpu = statistics.median(this.cpu) / statistics.median(that.cpu)
    table.add_row("ratio", "", *(f"{ratio:.2f}" for ratio in halves), f"{cpu:.2f}")
    Console().print(table, f"median of the ratios pair by pair: {statistics.median(pairs):.2f}")


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


if __name__ == "__main__":
    typer.run(main)
