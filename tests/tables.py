"""All tables of the service, made once a run and copied for each test: milliseconds, not a fifth of a second."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine

import knowledge.authoring.models
import knowledge.insight.models
import knowledge.models
import knowledge.public.points  # noqa: F401  # each declares its tables
from base.database import Base, Database


async def make_tables(database: Database) -> None:
    """Every table in `database`: a new SQLite file is a copy of the template, anything else is made as it is."""
    url = database.engine.url
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        copy_tables(file)
        return
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def copy_tables(to: Path) -> Path:
    """A new SQLite file with every table."""
    return Path(shutil.copy(_template(), to))


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yibao-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "template.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")  # kept in the file, as `Database` would have it
    Base.metadata.create_all(engine)
    engine.dispose()
    return file
