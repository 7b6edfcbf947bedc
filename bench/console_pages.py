"""How long the staff's pages take in a bureau after years: `python -m bench.console_pages --rounds 20`.

Seeds a temporary SQLite database with the project's knowledge, 10,000 FAQ, 100,000 tickets and 1,000 unanswered
questions, starts the console in this process, and asks for each page over HTTP as a logged-in supervisor: p50 and p95
in milliseconds. Then every route once: the longest step in the event loop and in the default thread pool, in
milliseconds of processor time (`tests/connectors/console/test_lag.py` holds them below 50).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

import staff.models  # noqa: F401  # tables
from base.database import Database
from base.personal_data import Vault
from connectors.console.kit.view import compile_all
from connectors.console.routes import setup
from knowledge.answering.answer import Assistant
from knowledge.retrieval.search import SentenceEncoder
from staff.accounts import Role, StaffAccounts
from tests.connectors.console.crowded import crowd
from tests.connectors.console.every_route import walk
from tests.connectors.console.office import Browser, office
from tests.knowledge.office import make_template
from tests.lag import Lag

_PASSWORD = "only-for-this-bench"
_PAGES = (
    "",
    "/documents",
    "/clauses",
    "/clauses?q=备案",
    "/faq",
    "/faq?q=备案 材料",
    "/faq?page=150",
    "/faq?stage=draft&place=sd-jining",
    "/faq/many-00042",
    "/faq/many-00050",
    "/faq/many-00042/edit",
    "/faq/many-00042/history",
    "/clauses/pick?row=0&q=备案",
    "/guides",
    "/facts",
    "/review",
    "/hit-test",
    "/unanswered",
    "/statistics",
    "/statistics/weeks.svg",
    "/exchange",
    "/audit",
    "/tickets",
    "/tickets?state=closed&page=20",
    "/tickets/GD20260101-000042",
    "/load",
    "/reports?month=2026-03",
)


async def main(faq: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = await make_template(Path(folder))
        crowd(file, faq=faq)
        shutil.copy(file, Path(folder, "every.db"))
        database = Database(f"sqlite+aiosqlite:///{file}")
        accounts = StaffAccounts(database)
        await accounts.add("supervisor", "测试", Role.SUPERVISOR, _PASSWORD, by="bench")
        encoder, app = SentenceEncoder(), web.Application()
        vault = Vault("ab" * 32)
        setup(app, database, accounts, Assistant(database, encoder=encoder), vault=vault)
        server = TestServer(app)
        async with server:
            await _measure(server, rounds)
        await database.aclose()
        await _every_route(Path(folder, "every.db"))


async def _every_route(file: Path) -> None:
    compile_all()
    gc.collect()
    gc.freeze()
    async with office(file) as desk:
        with Lag() as lag:
            await walk(desk, lambda what: setattr(lag, "of", what))
    print(f"\n{'route':60} {'loop ms':>8} {'pool ms':>8}")
    for name in sorted(lag.loop, key=lag.loop.__getitem__, reverse=True):
        print(f"{name:60} {1000 * lag.loop[name]:8.1f} {1000 * lag.pool[name]:8.1f}")


async def _measure(server: TestServer, rounds: int) -> None:
    async with ClientSession(base_url=server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as session:
        browser = Browser(session)
        await browser.open("/login")
        await browser.send("/login", {"name": "supervisor", "password": _PASSWORD, "next": "/console"})
        print(f"{'page':40} {'p50 ms':>8} {'p95 ms':>8} {'kB':>6}")
        for page in _PAGES:
            times, size = [], 0
            for _ in range(rounds):
                began = time.perf_counter()
                size = len(await browser.open(page))
                times.append(1000 * (time.perf_counter() - began))
            print(
                f"{page or '/':40} {np.percentile(times, 50):8.0f} {np.percentile(times, 95):8.0f} {size / 1000:6.0f}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faq", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    asyncio.run(main(asked.faq, asked.rounds))
