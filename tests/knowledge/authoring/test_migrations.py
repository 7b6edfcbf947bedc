"""The migrations make exactly the tables that the code declares, and can be taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config

from base.settings import ROOT


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
