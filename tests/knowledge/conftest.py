"""The imported seed as a database file, copied for each test, and an encoder that needs no model."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.retrieval.index import Floats
from knowledge.retrieval.normalise import pairs
from tests.knowledge.card import Card, issued
from tests.knowledge.office import Office, copied, opened, seeded
from tests.tables import make_tables


class PairEncoder:
    """Texts sharing character pairs are near: enough meaning for tests, in microseconds."""

    def encode(self, texts: list[str]) -> Floats:
        vectors = np.zeros((len(texts), 512), np.float32)
        for row, text in enumerate(texts):
            for pair in pairs(text) or [text]:
                vectors[row, zlib.crc32(pair.encode()) % 512] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


@pytest.fixture(scope="session")
def seeded_file() -> Path:
    return seeded()


@pytest.fixture
async def database(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(seeded_file, tmp_path / "test.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    yield database
    await database.aclose()


@pytest.fixture
async def assistant(database: Database) -> AsyncIterator[Assistant]:
    assistant = Assistant(database, encoder=PairEncoder())
    await assistant.refresh()
    yield assistant
    await assistant.aclose()


@pytest.fixture
async def office(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """The bureau on its first day with all seed knowledge."""
    async with opened(copied(seeded_file, tmp_path / "office.db")) as database:
        yield Office(database)


@pytest.fixture
async def card(office: Office) -> Card:
    return await issued(office)


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with tables and nothing in them."""
    async with opened(tmp_path / "empty.db") as database:
        await make_tables(database)
        yield database
