from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casework.personal_data import Vault
from casework.tickets import Kind, Tickets
from service.database import Base, Database

FRIDAY_EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.aclose()


@pytest.fixture
def tickets(database: Database) -> Tickets:
    return Tickets(database, Vault("ab" * 32), now=lambda: FRIDAY_EVENING)


async def test_a_callback_gets_a_number_and_the_next_working_day(tickets: Tickets) -> None:
    opened = await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003")
    assert opened.number == "GD20261120-0001"
    assert opened.due_on == date(2026, 11, 23), "Friday's call is returned on Monday"


async def test_numbers_of_a_day_count_up_even_when_many_call_at_once(tickets: Tickets) -> None:
    opened = await asyncio.gather(*(tickets.open(Kind.CONSULTATION, channel="web") for _ in range(4)))
    assert sorted(ticket.number[-4:] for ticket in opened) == ["0001", "0002", "0003", "0004"]


async def test_the_phone_number_is_in_no_file(tickets: Tickets, database: Database, tmp_path: Path) -> None:
    await tickets.open(Kind.CALLBACK, channel="phone", phone="19900000003")
    await database.aclose()
    assert all(b"19900000003" not in path.read_bytes() for path in tmp_path.iterdir())
