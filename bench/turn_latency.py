"""From the end of the caller's speech to the first sound of the answer, over a real Asterisk, one call at a time.

    python -m bench.turn_latency [--questions 24]

Synthetic callers (Kokoro's voices, another one each question) dial the whole service by SIP, ask, and listen: both
times are taken on the caller's side of the line. The stages come from the service's own log. In the same run an
echo call over the same Asterisk code gives the floor: what the line itself costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from connectors.phone.ari import Ari
from connectors.phone.asterisk import Asterisk, AsteriskConfig
from connectors.phone.connector import PhoneConnector
from connectors.phone.tree import get_asterisk
from tests.phone.caller import SipCaller
from tests.phone.recording import VOICED_RMS
from tests.whole import Whole, free_port, free_udp_port, whole_service
from voice import models
from voice.audio import RATE_HZ
from voice.kokoro import Kokoro
from voice.line import Heard, Line

CALLERS = ("zm_yunxi", "zf_xiaoxiao", "zf_xiaobei", "zm_yunjian", "zf_xiaoni", "zm_yunyang")
TURNS_A_CALL = 4
INTERRUPTIONS = 6
_SILENT_SECONDS = 0.4
_QUIET_SECONDS = 1.6
_ANSWER_SECONDS = 12.0
_STAGES = ("wait", "recognition", "dialogue", "knowledge", "synthesis")

console = Console()


async def main(questions: int) -> None:
    audio = await questions_spoken(questions)
    echo = await _echo_latencies()
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        async with whole_service(Path(folder), phone=True) as whole:
            await until_beginnings_are_prepared(whole)
            greetings, latencies = await _ask_all(whole, audio)
            stages = _stages(whole.log)
            stops = [await _interrupt(whole, audio[number % len(audio)]) for number in range(INTERRUPTIONS)]
    _print(latencies, greetings, stops, echo, stages)


async def questions_spoken(count: int) -> list[bytes]:
    """Spoken questions, half a second of silence after each."""
    calls = yaml.safe_load((ROOT / "bench" / "data" / "calls.yaml").read_text())
    texts = [turn["says"] for call in calls for turn in call["turns"] if turn.get("clause")][:count]
    found = models.ensure(models.default_cache_dir(), console.print)
    if found.kokoro is None:
        raise SystemExit("the callers need the Kokoro model: make demo fetches it")
    spoken = []
    for number, text in enumerate(texts):
        voice = Kokoro(found.kokoro, CALLERS[number % len(CALLERS)])
        spoken.append(await voice.speak(text))
        await voice.aclose()
    return spoken


async def until_beginnings_are_prepared(whole: Whole) -> None:
    """The state of a service that has run for a few minutes without a call; on a new machine it takes a dozen."""
    began = time.monotonic()
    async with asyncio.timeout(1800):
        while "speech_beginnings_prepared" not in whole.log:
            await asyncio.sleep(0.5)
    console.print(f"beginnings of all answers prepared {time.monotonic() - began:.0f} s after the start")


async def _ask_all(whole: Whole, audio: list[bytes]) -> tuple[list[float], list[float]]:
    greetings, latencies = [], []
    for first in range(0, len(audio), TURNS_A_CALL):
        async with SipCaller(whole.sip_port) as phone:
            await phone.dial()
            await until_quiet(phone, phone.answered_at)
            greetings.append((phone.heard.voice_after(phone.answered_at) or 99.0) - phone.answered_at)
            for question in audio[first : first + TURNS_A_CALL]:
                latency = await _ask(phone, question)
                latencies.append(latency)
                console.print(f"  {len(latencies):3d}  {latency * 1000:6.0f} ms", highlight=False)
    return greetings, latencies


async def _ask(phone: SipCaller, question: bytes) -> float:
    spoken = await phone.say(question)
    async with asyncio.timeout(_ANSWER_SECONDS):
        while (answered := phone.heard.voice_after(spoken.last_voiced_at)) is None:
            await asyncio.sleep(0.05)
    await until_quiet(phone, answered)
    return answered - spoken.last_voiced_at


async def _interrupt(whole: Whole, question: bytes) -> float:
    """Speak over the greeting: from the caller's first sound to the last of ours."""
    async with SipCaller(whole.sip_port) as phone:
        await phone.dial()
        await phone.listen(1.5)
        spoken = await phone.say(question)
        heard = [packet.at for packet in phone.heard.since(spoken.first_voiced_at).packets if packet.rms >= VOICED_RMS]
        silent = next((a for a, b in pairwise([*heard, math.inf]) if b - a > _SILENT_SECONDS), spoken.first_voiced_at)
        return silent - spoken.first_voiced_at


async def until_quiet(phone: SipCaller, since: float) -> None:
    """Until the voice has been silent for a while. Raises TimeoutError when it goes on and on."""
    async with asyncio.timeout(90):
        while time.monotonic() - max(phone.heard.last_voice() or since, since) < _QUIET_SECONDS:
            await asyncio.sleep(0.1)


async def _echo_latencies() -> list[float]:
    """An echo call: what comes in goes out at once."""

    async def echo(line: Line) -> None:
        async for event in line.events():
            if isinstance(event, Heard):
                await line.play(event.pcm)

    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        config = AsteriskConfig(
            Path(folder) / "a",
            secrets.token_hex(8),
            sip_port=free_udp_port(),
            http_port=free_port(),
            rtp_ports=(23000, 23999),
        )
        pbx = Asterisk(get_asterisk(console.print), config, console.print)
        await pbx.start()
        ari = Ari(config.ari_url, config.ari_user, config.ari_password, config.app)
        connector = asyncio.create_task(PhoneConnector(ari, echo, 2).run())
        try:
            await asyncio.sleep(1)
            return await _clap_and_listen(config.sip_port)
        finally:
            connector.cancel()
            await asyncio.gather(connector, return_exceptions=True)
            await ari.aclose()
            await pbx.stop()


async def _clap_and_listen(sip_port: int) -> list[float]:
    clap = (b"\x00\x30" * 40 + b"\x00\xd0" * 40) * (RATE_HZ // 800)
    found = []
    async with SipCaller(sip_port) as phone:
        await phone.dial()
        for _ in range(10):
            spoken = await phone.say(clap)
            await phone.listen(0.4)
            heard = phone.heard.voice_after(spoken.first_voiced_at)
            found.append((heard or 99.0) - spoken.first_voiced_at)
    return found


def _stages(log: str) -> dict[str, list[float]]:
    turns = [json.loads(line) for line in log.splitlines() if '"event": "turn"' in line or '"action_answer"' in line]
    return {stage: [turn[f"{stage}_ms"] / 1000 for turn in turns if f"{stage}_ms" in turn] for stage in _STAGES}


def _print(
    latencies: list[float],
    greetings: list[float],
    stops: list[float],
    echo: list[float],
    stages: dict[str, list[float]],
) -> None:
    table = Table("what", "n", "p50 ms", "p95 ms", "max ms", title="turn latency over Asterisk")
    rows = [
        ("end of speech → first answer sound", latencies),
        ("answer → greeting", greetings),
        ("caller interrupts → voice stops", stops),
        ("echo call", echo),
    ]
    for name, values in [*rows, *((f"  of which {stage}", values) for stage, values in stages.items() if values)]:
        table.add_row(name, str(len(values)), *(f"{value * 1000:.0f}" for value in _spread(values)))
    console.print(table)


def _spread(values: Iterable[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return statistics.median(ordered), p95, ordered[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=24)
    asyncio.run(main(parser.parse_args().questions))
