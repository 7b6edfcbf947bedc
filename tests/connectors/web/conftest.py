from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import knowledge.public.points  # noqa: F401  # tables
import staff.models  # noqa: F401  # tables
from tests.connectors.web.reading import Reader, reader
from tests.knowledge.office import copied, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's knowledge as a database file."""
    return asyncio.run(make_template(tmp_path_factory.mktemp("web")))


@pytest.fixture
async def site(template: Path, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(copied(template, tmp_path / "web.db")) as opened:
        yield opened
