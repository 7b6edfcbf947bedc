"""The published knowledge of the seed files, without a database file: for fitting and for benches."""

from __future__ import annotations

import asyncio

from base.database import Base, Database
from knowledge.authoring.importing import import_seed
from knowledge.retrieval.snapshot import Snapshot, read


def seed_snapshot() -> Snapshot:
    """Import the seed into a database in memory and read it back."""
    return asyncio.run(_read())


async def _read() -> Snapshot:
    database = Database("sqlite+aiosqlite://")
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await import_seed(database, lambda line: None)
        return await read(database)
    finally:
        await database.aclose()
