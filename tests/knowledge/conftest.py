from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import casework.staff_models  # noqa: F401  # the audit log's table
from service.database import Base, Database
from tests.knowledge.office import Office, copied, make_template, opened


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the project's knowledge, made once."""
    return asyncio.run(make_template(tmp_path_factory.mktemp("seeded")))


@pytest.fixture
async def office(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """The bureau on its first day with all seed knowledge."""
    async with opened(copied(seeded_file, tmp_path / "office.db")) as database:
        yield Office(database)


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with tables and nothing in them."""
    async with opened(tmp_path / "empty.db") as database:
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield database
