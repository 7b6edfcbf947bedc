"""Whoever changes the audit log behind its back is found out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from base.database import Database
from base.personal_data import Vault
from staff import audit
from staff.audit import Action
from staff.chain import Broken, Chain
from tests.tables import make_tables

LATER = timedelta(minutes=2)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


def chain(database: Database, after: timedelta = LATER, key: str = "ab") -> Chain:
    return Chain(database, Vault(key * 32).lookup, now=lambda: datetime.now(UTC) + after)


async def write(database: Database, count: int) -> None:
    async with database.session() as session:
        for number in range(count):
            audit.note(session, "wangfang", Action.SAVED, f"clause/{number}")


async def by_the_owner(database: Database, statement: str) -> None:
    """Who owns the file needs no leave of its triggers."""
    async with database.session() as session:
        for verb in ("UPDATE", "DELETE"):
            await session.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}"))
        await session.execute(text(statement))


async def sealed(database: Database) -> None:
    for _ in range(2):
        await write(database, 3)
        await chain(database).seal()


async def test_what_nobody_touched_is_whole(database: Database) -> None:
    assert await chain(database).broken() is None
    await sealed(database)
    await chain(database).seal()
    assert await chain(database).broken() is None


@pytest.mark.parametrize(
    ("statement", "first", "last"),
    [
        ("UPDATE audit_entry SET who = 'somebody' WHERE id = 2", 1, 3),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 5", 4, 6),
        ("DELETE FROM audit_entry WHERE id = 4", 4, 6),
        ("DELETE FROM audit_seal WHERE id = 1", 1, 6),
    ],
)
async def test_what_was_changed_or_taken_out_is_found(
    database: Database, statement: str, first: int, last: int
) -> None:
    await sealed(database)
    await by_the_owner(database, statement)
    found = await chain(database).broken()
    assert isinstance(found, Broken)
    assert (found.first, found.last) == (first, last)


async def test_no_seal_is_made_without_the_key(database: Database) -> None:
    await sealed(database)
    await by_the_owner(database, "DELETE FROM audit_seal")
    await chain(database, key="cd").seal()
    assert await chain(database).broken() is not None


async def test_what_may_still_be_written_waits(database: Database) -> None:
    await write(database, 1)
    await chain(database, timedelta()).seal()
    await by_the_owner(database, "UPDATE audit_entry SET who = 'somebody'")
    await chain(database).seal()
    assert await chain(database).broken() is None, "nothing was sealed before"
