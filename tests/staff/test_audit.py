"""The audit log keeps what was done, and keeps it for good."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from base.database import Database
from staff import audit
from staff.audit import Action
from tests.tables import make_tables


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


async def test_who_did_what_to_which_and_by_what_right(database: Database) -> None:
    async with database.session() as session:
        audit.note(session, "wangfang", Action.SAVED, "clause/jining.m01", by="编辑", detail="v2")
    (entry,) = (await audit.entries(database)).entries
    assert (entry.who, entry.what, entry.which, entry.by, entry.detail) == (
        "wangfang",
        "saved",
        "clause/jining.m01",
        "编辑",
        "v2",
    )
    assert datetime.now(UTC) - entry.at < timedelta(minutes=1)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET who = 'somebody else'", "DELETE FROM audit_entry"])
async def test_nobody_rewrites_it_not_even_with_sql(database: Database, statement: str) -> None:
    await audit.note_alone(database, "wangfang", Action.PUBLISHED, "clause/jining.m01")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.session() as session:
            await session.execute(text(statement))
    assert [entry.who for entry in (await audit.entries(database)).entries] == ["wangfang"]


async def test_a_deed_that_fails_leaves_no_entry(database: Database) -> None:
    async def fails_half_way() -> None:
        async with database.session() as session:
            audit.note(session, "wangfang", Action.PUBLISHED, "clause/jining.m01")
            raise RuntimeError("publishing failed")

    with pytest.raises(RuntimeError):
        await fails_half_way()
    assert (await audit.entries(database)).total == 0


async def test_a_supervisor_finds_what_one_person_did_to_one_thing(database: Database) -> None:
    for number in range(60):
        await audit.note_alone(database, "wangfang", Action.SAVED, f"clause/{number}")
    await audit.note_alone(database, "lilei", Action.APPROVED, "clause/7")
    assert [e.who for e in (await audit.entries(database, which="clause/7")).entries] == ["lilei", "wangfang"]
    second = await audit.entries(database, who="wangfang", page=2, page_size=50)
    assert (second.total, len(second.entries)) == (60, 10)
    assert (await audit.entries(database, what=Action.APPROVED)).total == 1
    assert (await audit.entries(database, since=datetime.now(UTC) + timedelta(minutes=1))).total == 0


def test_every_action_has_words_for_staff() -> None:
    assert all(action.label for action in Action)
