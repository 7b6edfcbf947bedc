"""Hours of ordinary use, in as many minutes as wanted: does it lose turns, grow, or get slower?

    python -m bench.soak --minutes 60 --chats 5 --calls 10                    # a service of its own
    python -m bench.soak --url http://127.0.0.1:8080 --service 123 --engine 456 --minutes 20 --chats 0.5 --calls 1

`chats`: messages a second, spread over conversations that begin and end (a question, what follows, an errand begun and
dropped, a ticket asked after, a word to a person, words of thanks). `calls`: on the line all the time, each a caller
who hears the greeting out, asks, hears the answer, and hangs up, then the next. Every conversation and call comes from
an address of its own, as behind a proxy. A turn is lost when nothing came, when it came as an excuse, or as an error.
Memory is the resident set of the two programs with what they started. The callers are part of the machine's load.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import typer
import yaml
from rich.console import Console
from rich.table import Table

from base.settings import ROOT
from bench.turn_latency import questions_spoken
from bot.sayings import say
from tests.whole import whole_service
from voice.audio import FRAME_BYTES, FRAME_MS

AFTERWARDS = (
    ("那济南呢", "哪个文件说的", "谢谢"),
    ("还有呢", "说简单点", "再见"),
    ("俺卡里还有多少钱", "算了，不查了"),
    ("我要办异地就医备案", "取消"),
    ("你们几点上班", "转人工", "算了"),
    ("我的工单办到哪一步了", "不知道", "取消"),
)
EXCUSES = frozenset(say(name).text for name in ("utter_trouble", "utter_engine_down"))
SPOKEN = 4
FRAME_SECONDS = FRAME_MS / 1000
_TURN_SECONDS, _SPOKEN_SECONDS = 20.0, 30.0
_QUIET_SECONDS = 1.0
"""Without a frame of ours the service has finished speaking."""

console = Console()


@dataclass(slots=True)
class Seen:
    """What happened: by minute, seconds of every answered turn; and why turns were lost."""

    began: float = field(default_factory=time.monotonic)
    typed: dict[int, list[float]] = field(default_factory=dict)
    spoken: dict[int, list[float]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[int, float, float]] = field(default_factory=list)
    """Minute; MB of the service, MB of the engine."""

    @property
    def minute(self) -> int:
        return int((time.monotonic() - self.began) // 60)


def main(
    minutes: float = 20.0,
    chats: float = 0.5,
    calls: int = 1,
    url: str = "",
    service: int = 0,
    engine: int = 0,
    seed: int = 1,
) -> None:
    """`service`, `engine`: process ids where `url` names a running one."""
    asyncio.run(_main(minutes, chats, calls, url, (service, engine), random.Random(seed)))


async def _main(
    minutes: float, chats: float, calls: int, url: str, pids: tuple[int, int], chance: random.Random
) -> None:
    audio = itertools.cycle(await questions_spoken(SPOKEN)) if calls else iter(())
    async with AsyncExitStack() as stack:
        if not url:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yibao-"))
            whole = await stack.enter_async_context(
                whole_service(Path(folder), phone=False, max_calls=str(max(calls, 8)))
            )
            url, pids = whole.url, (whole.pid, 0)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        seen, numbers = Seen(), itertools.count(1)
        until = seen.began + minutes * 60
        async with asyncio.TaskGroup() as work:
            work.create_task(_watch(seen, pids, until))
            for _ in range(calls):
                work.create_task(_calls(http, url, seen, audio, numbers, until, chance))
            await _chats(http, url, seen, chats, numbers, until, chance, work)
    _print(seen)


async def _chats(
    http: aiohttp.ClientSession,
    url: str,
    seen: Seen,
    rate: float,
    numbers: Iterator[int],
    until: float,
    chance: random.Random,
    work: asyncio.TaskGroup,
) -> None:
    """Begin conversations so that in the long run so many messages come a second; late answers change nothing."""
    scripts = _scripts()
    spoken = sum(map(len, scripts)) / len(scripts)
    while time.monotonic() < until and rate:
        work.create_task(_chat(http, url, seen, chance.choice(scripts), next(numbers), chance))
        await asyncio.sleep(chance.expovariate(rate / spoken))


def _scripts() -> list[tuple[str, ...]]:
    calls = yaml.safe_load((ROOT / "bench" / "data" / "calls.yaml").read_text())
    questions = [turn["says"] for call in calls for turn in call["turns"] if turn.get("clause")]
    return [(question, *AFTERWARDS[number % len(AFTERWARDS)]) for number, question in enumerate(questions)]


async def _chat(
    http: aiohttp.ClientSession, url: str, seen: Seen, script: tuple[str, ...], number: int, chance: random.Random
) -> None:
    for turn, text in enumerate(script):
        began = time.monotonic()
        asked = {"sender": f"soak-{number}", "message": text, "metadata": {"message_id": f"m-{number}-{turn}"}}
        try:
            async with http.post(
                f"{url}/webhooks/rest/webhook",
                json=asked,
                headers=_from(number),
                timeout=aiohttp.ClientTimeout(total=_TURN_SECONDS),
            ) as came:
                replies = await came.json() if came.status == 200 else []
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            seen.lost[f"typed: {type(error).__name__}"] += 1
            return
        if came.status != 200:
            seen.lost[f"typed: {came.status}"] += 1
        elif not replies or any(reply.get("text") in EXCUSES for reply in replies):
            seen.lost["typed: excuse" if replies else "typed: nothing"] += 1
        else:
            seen.typed.setdefault(seen.minute, []).append(time.monotonic() - began)
        await asyncio.sleep(chance.uniform(2, 8))


async def _calls(
    http: aiohttp.ClientSession,
    url: str,
    seen: Seen,
    audio: Iterator[bytes],
    numbers: Iterator[int],
    until: float,
    chance: random.Random,
) -> None:
    while time.monotonic() < until:
        try:
            async with http.ws_connect(f"{url}/ws/call", headers={**_from(next(numbers)), "Origin": url}) as socket:
                await _Caller(socket, seen).call(next(audio))
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            seen.lost[f"spoken: {type(error).__name__}"] += 1
        await asyncio.sleep(chance.uniform(1, 5))


class _Caller:
    """One call: greeting, question, answer."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, seen: Seen) -> None:
        self._socket, self._seen = socket, seen
        self._to_say = bytearray()
        self._heard_at = 0.0
        """When the last frame of the service came."""

    async def call(self, question: bytes) -> None:
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._speak())]
        try:
            if not await self._until_spoken_out(time.monotonic()):
                self._seen.lost["spoken: no greeting"] += 1
                return
            self._to_say += question
            while self._to_say:
                await asyncio.sleep(FRAME_SECONDS)
            asked = time.monotonic()
            if await self._until_spoken_out(asked):
                self._seen.spoken.setdefault(self._seen.minute, []).append(self._first - asked)
            else:
                self._seen.lost["spoken: no answer"] += 1
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if not self._socket.closed:
                await self._socket.send_str('{"type": "hang_up"}')

    async def _until_spoken_out(self, since: float) -> bool:
        """Whether the service has said something since then; `_first`: when it began."""
        until, self._first = since + _SPOKEN_SECONDS, 0.0
        while time.monotonic() < until and not self._socket.closed:
            if self._heard_at > since and not self._first:
                self._first, until = self._heard_at, time.monotonic() + 2 * _SPOKEN_SECONDS
            if self._first and time.monotonic() - self._heard_at > _QUIET_SECONDS:
                return True
            await asyncio.sleep(FRAME_SECONDS)
        return bool(self._first)

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self._heard_at = time.monotonic()
            elif message.type is aiohttp.WSMsgType.TEXT:
                told = json.loads(message.data)
                if told["type"] == "mark":
                    await self._socket.send_str(json.dumps({"type": "played", "id": told["id"]}))

    async def _speak(self) -> None:
        due = time.monotonic()
        while not self._socket.closed:
            frame = bytes(self._to_say[:FRAME_BYTES])
            del self._to_say[:FRAME_BYTES]
            await self._socket.send_bytes(frame.ljust(FRAME_BYTES, b"\0"))
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))


def _from(number: int) -> dict[str, str]:
    """An address of its own, as the proxy in front would tell it."""
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


async def _watch(seen: Seen, pids: tuple[int, int], until: float) -> None:
    service, engine = pids
    while time.monotonic() < until:
        own, others = _resident(service), sum(map(_resident, _descendants(service)))
        seen.memory.append((seen.minute, own, others + _resident(engine) + sum(map(_resident, _descendants(engine)))))
        await asyncio.sleep(60)


def _resident(pid: int) -> float:
    """MB; 0 for none. Source: proc(5), /proc/PID/status."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines() if pid else []
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if pid else []
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *_descendants(child))]


def _print(seen: Seen) -> None:
    table = Table("minute", "typed", "p50 s", "p95 s", "spoken", "p50 s", "p95 s", "service MB", "engine MB")
    memory = {minute: (own, engine) for minute, own, engine in seen.memory}
    for minute in range(max([*seen.typed, *seen.spoken, 0]) + 1):
        row = [*_row(seen.typed.get(minute, [])), *_row(seen.spoken.get(minute, []))]
        table.add_row(str(minute), *row, *(f"{megabytes:.0f}" for megabytes in memory.get(minute, ())))
    table.add_row("all", *_row(_all(seen.typed)), *_row(_all(seen.spoken)), "", "")
    console.print(table)
    console.print(_growth(seen.memory), highlight=False)
    console.print(f"lost: {dict(seen.lost) or 'none'}", highlight=False)


def _growth(memory: list[tuple[int, float, float]]) -> str:
    """From the middle of the time on: by then all that is loaded once has been."""
    (since, *before), (until, *after) = memory[len(memory) // 2], memory[-1]
    grown = [
        f"{name} {now - then:+.0f} MB" for name, then, now in zip(("service", "engine"), before, after, strict=True)
    ]
    return f"grown from minute {since} to {until}: {', '.join(grown)}"


def _all(by_minute: dict[int, list[float]]) -> list[float]:
    return [seconds for minute in by_minute.values() for seconds in minute]


def _row(seconds: list[float]) -> list[str]:
    ordered = sorted(seconds)
    if not ordered:
        return ["0", "", ""]
    return [str(len(ordered)), *(f"{ordered[round(part * (len(ordered) - 1))]:.2f}" for part in (0.5, 0.95))]


if __name__ == "__main__":
    typer.run(main)
