from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket, TicketEvent
from casework.tickets.tickets import Kind, Tickets
from tests.tables import make_tables

VAULT = Vault("ab" * 32)
FRIDAY_EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


@pytest.fixture
def tickets(database: Database) -> Tickets:
    return Tickets(database, VAULT, now=lambda: FRIDAY_EVENING)


async def test_a_callback_gets_a_number_and_the_next_working_day(tickets: Tickets) -> None:
    opened = await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003")
    assert opened.number == "GD20261120-0001"
    assert opened.due_on == date(2026, 11, 23), "Friday's call is returned on Monday"


async def test_numbers_of_a_day_count_up_even_when_many_call_at_once(tickets: Tickets) -> None:
    opened = await asyncio.gather(*(tickets.open(Kind.CONSULTATION, channel="web") for _ in range(4)))
    assert sorted(ticket.number[-4:] for ticket in opened) == ["0001", "0002", "0003", "0004"]


async def test_numbers_go_on_after_ten_thousand(tickets: Tickets, database: Database) -> None:
    await tickets.open(Kind.CONSULTATION, channel="web")
    async with database.session() as session:
        (await session.scalars(select(Ticket))).one().number = "GD20261120-9999"
    assert (await tickets.open(Kind.CONSULTATION, channel="web")).number == "GD20261120-10000"
    assert (await tickets.open(Kind.CONSULTATION, channel="web")).number == "GD20261120-10001"


async def test_a_ticket_of_a_unit_of_work_that_fails_was_never_there(tickets: Tickets, database: Database) -> None:
    async def fail() -> None:
        async with database.session() as session:
            await tickets.open_in(session, Kind.FILING, channel="web", due_on=date(2026, 12, 31))
            raise RuntimeError("the filing failed")

    with pytest.raises(RuntimeError):
        await fail()
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Ticket)) == 0
        assert await session.scalar(select(func.count()).select_from(TicketEvent)) == 0


async def test_where_it_comes_from_is_kept_sealed_or_hashed(
    tickets: Tickets, database: Database, tmp_path: Path
) -> None:
    turns = (("citizen", "俺叫张秀兰"), ("assistant", "您请讲"))
    opened = await tickets.open(
        Kind.CALLBACK, channel="phone", phone="19900000003", conversation="call-秘密", transcript=turns
    )
    async with database.session() as session:
        ticket = (await session.scalars(select(Ticket).where(Ticket.number == opened.number))).one()
    assert ticket.conversation == VAULT.lookup("call-秘密")
    assert json.loads(VAULT.decrypt(ticket.transcript_sealed or b"")) == [list(turn) for turn in turns]
    await database.aclose()
    for planted in ("19900000003", "张秀兰", "call-秘密"):
        assert all(planted.encode() not in path.read_bytes() for path in tmp_path.iterdir())
