"""Which tests share a process when several run at once, and a database of each kind for those that cover both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from base.database import Database
from base.sandbox import Sandbox
from tests import postgres, redis_server
from tests.guard import GUARD_SECONDS
from tests.tables import copy_tables, make_tables

_numbers = count(1)

_limited = Sandbox.__init__


def _patiently(box: Sandbox, module: str, *, timeout_seconds: float, **limits: int) -> None:
    """On a busy machine a process of low priority stands still; tests about the limit set it themselves."""
    _limited(box, module, timeout_seconds=max(timeout_seconds, 4 * GUARD_SECONDS), **limits)


Sandbox.__init__ = _patiently  # type: ignore[method-assign,assignment]  # each is made when its module is imported

_TOGETHER = ("phone", "bot")
"""Folders whose tests share something costly (Asterisk with a whole service; the engine): they run in one process."""

_LONGEST_FIRST = ("phone", "bot", "browser", "casework", "knowledge")
"""Folders whose tests begin early, so that no process works on alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a real Asterisk, Chromium or engine, so that the quick ones can be chosen; longest first."""
    for item in items:
        folder = _folder(item.nodeid)
        if folder in ("phone", "browser"):
            item.add_marker(folder)
        if "rasa" in getattr(item, "fixturenames", ()):
            item.add_marker("engine")
    items.sort(key=lambda item: _begins(_folder(item.nodeid)))


class _Together(LoadScopeScheduling):
    """Which process runs what: the tests of a file stay together, and those of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        folder = _folder(nodeid)
        return folder if folder in _TOGETHER else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """For `pytest -n 2`. Not by xdist's own groups: 3.8 writes them into an attribute that pytest 9.2 no longer reads
    (findings/xdist_groups.sh)."""
    return _Together(config, log)


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1]


def _begins(folder: str) -> int:
    return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Its address; one server for all tests, a database for each."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One server for all tests, whose keys do not meet: each names its conversations by itself."""
    with redis_server.server() as url:
        yield url


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
