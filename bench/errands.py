"""What getting something done costs casework, a message, as the database fills: `python -m bench.errands`.

Each row is a database with so many filings and tickets in it; each column a step of one conversation, median and 95th
percentile in milliseconds over all rounds. "SELECT 1" is what any answer from the same database would cost. Without
Rasa, whose share `bench.nlu_cost` gives.

    python -m bench.errands                            # SQLite, 0, 10,000 and 100,000 filings
    python -m bench.errands --postgres                 # the same on a PostgreSQL of its own
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text

from base.database import Base, Database
from casework.models import Filing, Ticket
from tests import postgres
from tests.casework.office import CODE, Office, people, staff_office

_STEPS = (
    ("begin", "我要办慢特病"),
    ("id", people()["elder"]["id_number"]),
    ("code", CODE),
    ("answer", "高血压"),
    ("answer", "济宁市第一人民医院"),
    ("answer", "19900000001"),
    ("submit", "提交"),
    ("progress", "我办的事办到哪了"),
    ("SELECT 1", ""),
)
_COLUMNS = tuple(dict.fromkeys(name for name, _ in _STEPS))


def main(
    rounds: Annotated[int, typer.Option(help="每种规模重复几次")] = 40,
    with_postgres: Annotated[bool, typer.Option("--postgres", help="用 PostgreSQL")] = False,
) -> None:
    table = Table(title=f"casework 每一步的毫秒数（{'PostgreSQL' if with_postgres else 'SQLite'}，p50 / p95）")
    for column in ("已有的帮办", *_COLUMNS):
        table.add_column(column, justify="right")
    with ExitStack() as stack:
        address = stack.enter_context(postgres.server()) if with_postgres else ""
        for count in (0, 10_000, 100_000):
            times = asyncio.run(_measure(count, rounds, address))
            row = (f"{np.percentile(times[name], 50):.1f} / {np.percentile(times[name], 95):.1f}" for name in _COLUMNS)
            table.add_row(f"{count:,}", *row)
    Console(width=140).print(table)


async def _measure(count: int, rounds: int, address: str) -> dict[str, list[float]]:
    times: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        url = postgres.create(address, f"bench{count}") if address else f"sqlite+aiosqlite:///{Path(folder, 'b.db')}"
        database = Database(url)
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        office = await staff_office(database, Path(folder))
        await _fill(office, count)
        for _ in range(rounds):
            await _one(office, times)
        await database.aclose()
    return times


async def _one(office: Office, times: dict[str, list[float]]) -> None:
    """One whole filing, then it is out of the way of the next."""
    caller = office.caller()
    office.clock.passes(hours=2)
    for name, said in _STEPS:
        began = time.perf_counter()
        if name == "begin":
            await caller.wants("file_item", said)
        elif name == "progress":
            await caller.wants("query_mine", said)
        elif name == "SELECT 1":
            async with office.database.session() as session:
                await session.execute(text("SELECT 1"))
        else:
            await caller.says(said)
        times[name].append(1000 * (time.perf_counter() - began))
    async with office.database.session() as session:
        await session.execute(text("UPDATE filing SET open_key = NULL, state = 'approved' WHERE open_key IS NOT NULL"))
        await session.execute(
            text("UPDATE ticket SET state = 'closed', person_key = NULL, phone_hash = NULL WHERE state <> 'closed'")
        )


async def _fill(office: Office, count: int) -> None:
    """`count` filings of other people, each with its ticket."""
    at, sealed = datetime(2026, 11, 1), office.vault.encrypt("{}")
    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        tickets = [
            {
                "id": n + 1,
                "number": f"GD20261101-{n:06}",
                "kind": "帮办",
                "channel": "web",
                "opened_at": at,
                "due_on": date(2026, 11, 10),
                "state": "closed",
                "urgency": "普通",
                "person_key": secrets.token_hex(32),
            }
            for n in numbers
        ]
        filings = [
            {
                "id": n + 1,
                "key": secrets.token_hex(16),
                "item": "chronic-recognition",
                "principal_key": secrets.token_hex(32),
                "principal_sealed": sealed,
                "channel": "web",
                "state": "approved",
                "version": 9,
                "answers_sealed": sealed,
                "ticket_id": n + 1,
                "opened_at": at,
                "changed_at": at,
            }
            for n in numbers
        ]
        async with office.database.session() as session:
            await session.execute(insert(Ticket), tickets)
            await session.execute(insert(Filing), filings)
    async with office.database.session() as session:
        if session.get_bind().dialect.name == "postgresql" and count:
            for table in ("ticket", "filing"):
                await session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count + 1})"))
                await session.execute(text(f"ANALYZE {table}"))  # a database in use does so by itself


if __name__ == "__main__":
    typer.run(main)
