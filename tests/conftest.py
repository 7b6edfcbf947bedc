"""Which tests share a process when several run at once, and a database of each kind for those that cover both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from base.database import Database
from tests import postgres
from tests.tables import copy_tables, make_tables

_numbers = count(1)

_COSTLY = {"asterisk": "phone", "hotline": "phone", "asterisk_tree": "phone", "rasa": "engine"}
"""Fixtures that take long to make or much of the machine → the group of tests that run in the one process with them."""

_LONGEST_FIRST = ("phone", "browser", "bot", "casework", "knowledge")
"""Folders whose tests begin early, so that no process works on alone at the end."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a real Asterisk, Chromium or engine, so that the quick ones can be chosen; groups for xdist."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        fixtures = set(getattr(item, "fixturenames", ()))
        if folder in ("phone", "browser"):
            item.add_marker(folder)
        if "rasa" in fixtures:
            item.add_marker("engine")
        group = next((_COSTLY[name] for name in _COSTLY if name in fixtures), str(item.path))
        item.add_marker(pytest.mark.xdist_group("phone" if folder == "phone" else group))
    items.sort(key=lambda item: _begins(item.path.relative_to(Path(__file__).parent).parts[0]))


def _begins(folder: str) -> int:
    return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Its address; one server for all tests, a database for each."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> str:
    """The name of a database with all tables, to be copied."""

    async def make() -> None:
        database = Database(postgres.create(postgres_server, "tables"))
        await make_tables(database)
        await database.aclose()

    asyncio.run(make())
    return "tables"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with its tables, of either kind, for as many connections as the test wants."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{copy_tables(tmp_path / 'either.db')}"
    server, tables = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_tables")
    return postgres.create(server, f"test{next(_numbers)}", tables)
