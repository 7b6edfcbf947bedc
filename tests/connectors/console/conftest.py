from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import staff.models  # noqa: F401  # tables of the template
from tests.connectors.console.office import Office, office
from tests.knowledge.office import copied, seeded


@pytest.fixture(scope="session")
def seeded_file() -> Path:
    """A database file with the project's knowledge, made once."""
    return seeded()


@pytest.fixture
async def desk(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """The console of the bureau on its first day."""
    async with office(copied(seeded_file, tmp_path / "console.db")) as opened:
        yield opened
