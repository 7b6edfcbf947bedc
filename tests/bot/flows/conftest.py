from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.casework.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = await open_office(tmp_path)
    yield office
    await office.database.aclose()
