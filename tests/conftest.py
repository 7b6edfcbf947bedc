"""A database of each kind, for tests that claim to cover both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from service.database import Base, Database
from tests import postgres

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Its address; one server for all tests, a database for each."""
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with its tables, of either kind, for as many connections as the test wants."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'either.db'}"
    else:
        address = request.getfixturevalue("postgres_server")
        url = await asyncio.to_thread(postgres.create, address, f"test{next(_numbers)}")
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await database.aclose()
    return url
