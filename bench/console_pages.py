"""How long the staff's pages take with many FAQ: `python -m bench.console_pages --faq 10000`.

Seeds a temporary SQLite database with the project's knowledge and copies of its FAQ under new names, starts the console
in this process, and asks for each page over HTTP as a logged-in supervisor. Prints p50 and p95 in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from sqlalchemy import insert

import casework.staff_models  # noqa: F401  # tables
from casework.models import Ticket
from casework.personal_data import Vault
from casework.staff import Role, StaffAccounts
from connectors.console.routes import setup
from knowledge import live
from knowledge.answering import Assistant
from knowledge.backoffice_models import Item, Kind, Revision, Stage
from knowledge.content import AnswerContent, FaqContent, QuoteContent
from knowledge.importing import import_seed
from knowledge.search import SentenceEncoder
from knowledge.versions import shown
from service.database import Base, Database

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
    "/faq/bench-00042",
    "/faq/bench-00050",
    "/faq/bench-00042/edit",
    "/faq/bench-00042/history",
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
    "/tickets/GD20261101-000042",
    "/load",
    "/reports?month=2026-11",
)


async def main(faq: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder, 'bench.db')}")
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await import_seed(database, print)
        await _add_faq(database, faq)
        await _add_tickets(database, faq)
        accounts = StaffAccounts(database)
        await accounts.add("supervisor", "测试", Role.SUPERVISOR, _PASSWORD, by="bench")
        encoder, app = SentenceEncoder(), web.Application()
        vault = Vault("ab" * 32)
        setup(app, database, accounts, Assistant(database, encoder=encoder), vault=vault)
        server = TestServer(app)
        async with server:
            await _measure(server, rounds)
        await database.aclose()


async def _add_faq(database: Database, count: int) -> None:
    """`count` FAQ with ten wordings each, every tenth a draft on top of what is published."""
    now = datetime.now(UTC).replace(tzinfo=None)
    items, revisions, contents = [], [], {}
    for number in range(count):
        content = contents[f"bench-{number:05}"] = _faq(number)
        stage = Stage.DRAFT if number % 10 == 0 else Stage.PUBLISHED
        own = {"kind": Kind.FAQ, "stage": stage, "author": "seed"}
        item = {**own, "id": f"bench-{number:05}", "newest": 1, **shown(content)}
        item["updated_at"] = now - timedelta(minutes=number)
        items.append({**item, "published": None if stage is Stage.DRAFT else 1})
        row = {**own, "item_id": f"bench-{number:05}", "version": 1, "content": content.to_json(), "note": ""}
        revisions.append({**row, "answer_to_author": "", "needs": 0, "created_at": now})
    async with database.session() as session:
        await session.execute(insert(Item), items)
        await session.execute(insert(Revision), revisions)
        for item in items:
            if item["published"]:
                await live.write(session, item["id"], contents[item["id"]], author="seed", approver=None)
            session.expunge_all()


async def _add_tickets(database: Database, count: int) -> None:
    """`count` tickets, every fourth one open."""
    kinds, at = ("咨询", "查询", "帮办", "回电", "投诉"), datetime(2026, 11, 1)
    rows = [
        {
            "number": f"GD20261101-{number:06}",
            "kind": kinds[number % len(kinds)],
            "channel": "phone",
            "opened_at": at + timedelta(minutes=number),
            "due_on": (at + timedelta(days=number % 60)).date(),
            "state": "open" if number % 4 == 0 else "closed",
            "urgency": "普通",
            "closed_at": None if number % 4 == 0 else at + timedelta(days=3),
            "rating": None if number % 4 == 0 else 1 + number % 5,
        }
        for number in range(count)
    ]
    async with database.session() as session:
        await session.execute(insert(Ticket), rows)


def _faq(number: int) -> FaqContent:
    things = ("异地就医备案", "门诊慢特病资格", "居民医保缴费", "医保关系转移", "药品报销", "家庭共济")
    thing = things[number % len(things)]
    quote = QuoteContent(clause="jining-yb-2023-25.m07", text="申请办理异地就医备案手续")
    answer = AnswerContent(jurisdiction="sd-jining", spoken=f"{thing}第{number}种情形，带身份证办理。", quotes=(quote,))
    wordings = tuple(f"{thing}第{number}种情形怎么办，要什么材料，说法{way}" for way in range(10))
    return FaqContent(title=f"{thing}第{number}种情形怎么办", wordings=wordings, answers=(answer,))


async def _measure(server: TestServer, rounds: int) -> None:
    from tests.connectors.console.office import Browser

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
