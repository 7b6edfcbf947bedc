"""Runs the migrations over the same async engine as the service.

The database comes from `config.attributes["database_url"]` when a program migrates, and from `-x url=...` or the
settings when someone types `alembic upgrade head`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

import casework.filings.owed_models  # noqa: F401
import casework.livechat.models  # noqa: F401
import casework.models  # noqa: F401
import casework.people.consent_models  # noqa: F401
import casework.people.models  # noqa: F401
import connectors.web.chat.models  # noqa: F401
import connectors.wechat.models  # noqa: F401
import knowledge.authoring.models  # noqa: F401
import knowledge.insight.models  # noqa: F401
import knowledge.models  # noqa: F401
import knowledge.public.points  # noqa: F401
import staff.models  # noqa: F401
from base.database import Base, Database


def _database_url() -> str:
    given = context.config.attributes.get("database_url") or context.get_x_argument(as_dictionary=True).get("url")
    if given:
        return str(given)
    from base.settings import Settings

    return Settings().database  # type: ignore[call-arg]  # secrets come from the environment


def _migrate(connection: Connection) -> None:
    # Batch mode: SQLite cannot alter a table in place.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with _all_or_nothing(connection), context.begin_transaction():
        context.run_migrations()


@contextmanager
def _all_or_nothing(connection: Connection) -> Iterator[None]:
    """PostgreSQL does so by itself. SQLite must be told, or what failed half-way can neither be finished nor begun
    again; and a table to which others refer is put in place of its former self only while nobody looks."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # means nothing within a transaction
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    yield
    if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows without what they refer to: {lost[:5]}")


async def _run() -> None:
    database = Database(_database_url())
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(_migrate)
            await connection.commit()
    finally:
        await database.aclose()


asyncio.run(_run())
