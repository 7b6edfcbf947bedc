"""The migrations make exactly the tables that the code declares, and can be taken back."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from base.settings import ROOT
from tests import postgres


def config(path: Path) -> Config:
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["database_url"] = f"sqlite+aiosqlite:///{path}"
    return made


def test_up_is_complete_and_down_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    command.upgrade(config(path), "head")
    command.check(config(path))  # raises when a declared table or column has no migration
    command.downgrade(config(path), "base")
    with sqlite3.connect(path) as database:
        left = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    database.close()
    assert left <= {"alembic_version", "sqlite_sequence"}, "the second is SQLite's own and stays"


def test_what_waited_for_the_core_system_waits_on_in_its_queue(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    command.upgrade(config(path), "sayings_1")
    with sqlite3.connect(path) as database:
        for number, handed_over in ((1, None), (2, "2026-11-20 10:00:00")):
            database.execute(
                "INSERT INTO filing (id, key, item, principal_key, principal_sealed, channel, state, version,"
                " answers_sealed, opened_at, changed_at, submitted_at, handed_over_at)"
                " VALUES (?, ?, 'remote', 'k', x'00', 'web', 'submitted', 1, x'00',"
                " '2026-11-20 09:00:00', '2026-11-20 09:00:00', '2026-11-20 09:00:00', ?)",
                (number, f"key{number}", handed_over),
            )
    database.close()
    command.upgrade(config(path), "head")
    with sqlite3.connect(path) as database:
        kept = database.execute("SELECT filing_id, state, tries, trouble FROM filing_handover").fetchall()
    database.close()
    assert kept == [(1, "waiting", 0, "")]


def test_a_database_of_an_earlier_version_goes_on_with_what_is_in_it(postgres_server: str) -> None:
    """On PostgreSQL, up from the oldest that can be taken over, and back."""
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["database_url"] = postgres.create(postgres_server, "upgraded")
    command.upgrade(made, "passages_1")
    _staff(made, "wangfang")
    command.upgrade(made, "head")
    command.check(made)
    assert _staff(made) == ["wangfang"]
    command.downgrade(made, "passages_1")
    assert _staff(made) == ["wangfang"]


def _staff(made: Config, add: str = "") -> list[str]:
    """Usernames; with `add`, one more of them."""

    async def run() -> list[str]:
        engine = create_async_engine(made.attributes["database_url"])
        async with engine.begin() as connection:
            if add:
                await connection.execute(
                    text(
                        "INSERT INTO staff_account (username, name, role, password_hash, active, created_at)"
                        " VALUES (:name, '王芳', 'editor', 'x', true, '2026-11-28 08:00:00')"
                    ),
                    {"name": add},
                )
            names = list(await connection.scalars(text("SELECT username FROM staff_account")))
        await engine.dispose()
        return names

    return asyncio.run(run())


def test_on_sqlite_too_what_others_refer_to_is_there_afterwards(tmp_path: Path) -> None:
    """A ticket with its history, at the oldest version that can be taken over."""
    path = _with_a_ticket(tmp_path)
    command.upgrade(config(path), "head")
    command.check(config(path))
    assert _events(path) == [(1, "GD20261128-0001", "opened")]
    command.downgrade(config(path), "passages_1")
    assert _events(path) == [(1, "GD20261128-0001", "opened")]


def test_what_failed_half_way_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = _with_a_ticket(tmp_path)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE fixed_reply (in_the_way TEXT)")
    database.close()
    with pytest.raises(OperationalError, match="fixed_reply"):
        command.upgrade(config(path), "head")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE fixed_reply")
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("passages_1",)]
        assert "county" not in {row[1] for row in database.execute("PRAGMA table_info(ticket)")}
    database.close()
    command.upgrade(config(path), "head")
    assert _events(path) == [(1, "GD20261128-0001", "opened")]


def _with_a_ticket(folder: Path) -> Path:
    path = folder / "m.db"
    command.upgrade(config(path), "passages_1")
    with sqlite3.connect(path) as database:
        _insert(database, "ticket", id=1, number="GD20261128-0001")
        _insert(database, "ticket_event", id=1, ticket_id=1, what="opened")
    database.close()
    return path


def _insert(database: sqlite3.Connection, table: str, **values: object) -> None:
    """A row with these values, and something in each other column that must not be empty."""
    for _, name, kind, must, default, _ in database.execute(f"PRAGMA table_info({table})"):
        if must and default is None and name not in values:
            values[name] = b"x" if kind == "BLOB" else "2026-11-28 09:00:00" if kind == "DATETIME" else "1"
    columns, places = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(values.values()))


def _events(path: Path) -> list[tuple[int, str, str]]:
    with sqlite3.connect(path) as database:
        rows = database.execute(
            "SELECT ticket_event.id, number, what FROM ticket_event JOIN ticket ON ticket.id = ticket_id"
        ).fetchall()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    return rows
