from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import knowledge.public.points  # noqa: F401  # tables
import staff.models  # noqa: F401  # tables
from tests.connectors.web.reading import Reader, reader
from tests.knowledge.office import copied, seeded


@pytest.fixture(scope="session")
def template() -> Path:
    """The project's knowledge as a database file."""
    return seeded()


@pytest.fixture
async def site(template: Path, tmp_path: Path) -> AsyncIterator[Reader]:
    async with reader(copied(template, tmp_path / "web.db")) as opened:
        yield opened
