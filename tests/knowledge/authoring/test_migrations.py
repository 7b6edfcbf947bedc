"""The migrations make exactly the tables that the code declares, and can be taken back."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
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
