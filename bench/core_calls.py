"""What a lookup in the core system costs: through the adapter, from the demo's own, by a bare request; and when dead.

    nice python -m bench.core_calls [--calls 500] [--at-once 16]

The stand-in is a process of its own on loopback, so the figures are what we add, not what a real core system takes.
"One at a time" is what one citizen waits; "at once" is so many callers asking together, again and again. The last
rows ask a core system that hangs: what the first callers wait until the breaker opens, and what all others wait then.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
from aiohttp import ClientSession
from rich.console import Console
from rich.table import Table

from base.database import Base, Database
from base.personal_data import Vault
from base.settings import ROOT
from casework.core.calls import Calls
from casework.core.contract import CoreUnavailable
from casework.core.http import HttpCore
from demo.core import DemoCore, demo_file

TOKEN, VAULT = "bench", Vault("ab" * 32)
WHO = demo_file()["people"][1]["id_number"]
Ask = Callable[[], Awaitable[object]]


async def main(calls: int, at_once: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    table = Table("lookup of a person", "p50 ms", "p95 ms", "max ms", "per second", title=f"{calls} calls")
    with _stand_in() as url:
        async with _demo() as demo, _adapter(url) as core, _bare(url) as bare:
            asked: list[tuple[str, Ask]] = [
                ("adapter", lambda: core.person(WHO)),
                ("demo core", lambda: demo.person(WHO)),
                ("bare request", bare),
            ]
            for name, ask in asked:
                await _timed(ask, 50, 1)  # connections and caches
                for together in (1, at_once):
                    rate, seconds = await _timed(ask, calls, together)
                    _row(
                        table,
                        f"{name}, {together} at once" if together > 1 else f"{name}, one at a time",
                        seconds,
                        rate,
                    )
        await _dead(table, url, calls)
    Console().print(table)


async def _dead(table: Table, url: str, calls: int) -> None:
    async with _adapter(url) as core, ClientSession() as http:
        await http.post(f"{url}/_faults", json={"kind": "hang", "next": 1000})
        waited: list[float] = []
        while not waited or waited[-1] > 0.05:
            waited += (await _timed(lambda: _refused(core), 1, 1))[1]
        rate, seconds = await _timed(lambda: _refused(core), calls, 1)
    _row(table, f"a core that hangs, first {len(waited) - 1} callers", waited[:-1], 0)
    _row(table, "the same, breaker open", seconds, rate)


async def _refused(core: HttpCore) -> None:
    try:
        await core.person(WHO)
    except CoreUnavailable:
        return
    raise AssertionError("a core that hangs has answered")


async def _timed(ask: Ask, calls: int, together: int) -> tuple[float, list[float]]:
    """Calls a second, and the seconds of each call."""
    seconds: list[float] = []

    async def caller() -> None:
        for _ in range(calls // together):
            began = time.perf_counter()
            await ask()
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(together)))
    return len(seconds) / (time.perf_counter() - began), seconds


def _row(table: Table, name: str, seconds: list[float], rate: float) -> None:
    ordered = sorted(seconds)
    spread = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    table.add_row(name, *(f"{value * 1000:.3f}" for value in spread), f"{rate:,.0f}" if rate else "")


@contextmanager
def _stand_in() -> Iterator[str]:
    argv = [sys.executable, "-m", "demo.core_standin", "--port", "0", "--token", TOKEN]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@asynccontextmanager
async def _adapter(url: str) -> AsyncIterator[HttpCore]:
    core = HttpCore(Calls(url, TOKEN), VAULT)
    yield core
    await core.aclose()


@asynccontextmanager
async def _demo() -> AsyncIterator[DemoCore]:
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        core = DemoCore(database, VAULT)
        await core.load(demo_file()["people"])
        yield core
        await database.aclose()


@asynccontextmanager
async def _bare(url: str) -> AsyncIterator[Ask]:
    async with ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:

        async def ask() -> object:
            async with http.post(f"{url}/v1/person", json={"id_number": WHO}) as answer:
                return await answer.json()

        yield ask


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=16)
    asyncio.run(main(parser.parse_args().calls, parser.parse_args().at_once))
