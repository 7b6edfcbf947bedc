"""From a typed question to its answer over HTTP, one at a time, on the whole service.

    python -m bench.chat_latency [--rounds 3]

The questions are those of the scripted calls. Every one comes from somebody new, so each pays for the beginning of a
conversation, too. The quick voice keeps answers from being spoken ahead meanwhile. `knowledge` is the part that finds
the answer, from the service's own log; the rest is the engine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp
import yaml
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from tests.whole import Whole, whole_service

console = Console()


async def main(rounds: int) -> None:
    calls = yaml.safe_load((ROOT / "bench" / "data" / "calls.yaml").read_text())
    questions = [turn["says"] for call in calls for turn in call["turns"] if turn.get("clause")]
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        async with (
            whole_service(Path(folder), phone=False, synthesiser="pyttsx3") as whole,
            aiohttp.ClientSession() as session,
        ):
            taken = [
                await _ask(session, whole, f"{n}-{q}", text) for n in range(rounds) for q, text in enumerate(questions)
            ]
            lines = [json.loads(line) for line in whole.log.splitlines() if '"action_answer"' in line]
    table = Table("what", "n", "p50 ms", "p95 ms", "max ms", title="a typed question")
    _row(table, "question → answer", [seconds * 1000 for seconds in taken])
    _row(table, "  of which knowledge", [line["knowledge_ms"] for line in lines if "knowledge_ms" in line])
    console.print(table)


async def _ask(session: aiohttp.ClientSession, whole: Whole, sender: str, text: str) -> float:
    began = time.perf_counter()
    asked = {"sender": sender, "message": text, "metadata": {"message_id": f"m-{sender}"}}  # as the page does
    async with session.post(f"{whole.url.rstrip('/')}/webhooks/rest/webhook", json=asked) as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - began


def _row(table: Table, name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    table.add_row(
        name, str(len(ordered)), *(f"{value:.0f}" for value in (statistics.median(ordered), p95, ordered[-1]))
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    asyncio.run(main(parser.parse_args().rounds))
