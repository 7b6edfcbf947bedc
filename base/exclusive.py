"""One process at a time: what two processes on one PostgreSQL may not do together, by name.

    async with exclusive.of("conversation web-1"):
        ...                                  # no other process is in here under this name

PostgreSQL's advisory locks, on connections of their own: a process that dies loses its connections, and with them its
locks. On SQLite there is one process, and nothing to wait for. Names are hashed to 64 bits: two that meet wait for one
another, no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

log = structlog.get_logger()

WAITS_SECONDS = 8.0
"""For another process. A turn takes six seconds at most (YIBAO_DIALOGUE_TIMEOUT_SECONDS), as a rule a tenth of one."""
AT_ONCE = 20
"""Connections: two services, with what else they hold open, stay below PostgreSQL's usual hundred."""
_CONNECTS_SECONDS = 1.0


class Exclusive:
    """Never raises, and never keeps anybody out for ever: a database that is slow or gone costs the order between the
    processes, which is logged, not the turn."""

    def __init__(self, url: str, waits_seconds: float = WAITS_SECONDS) -> None:
        self._waits_seconds = waits_seconds
        self._engine: AsyncEngine | None = None
        if url.startswith("postgresql"):
            self._engine = create_async_engine(
                url,
                isolation_level="AUTOCOMMIT",
                pool_size=AT_ONCE,
                max_overflow=0,
                pool_timeout=_CONNECTS_SECONDS,
                connect_args={"timeout": _CONNECTS_SECONDS},
            )

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Wait for the others under this name, and keep them waiting until the end of the block."""
        connection = await self._locked(_number(name)) if self._engine else None
        try:
            yield
        finally:
            if connection is not None:
                await _unlocked(connection, _number(name))

    async def aclose(self) -> None:
        if self._engine:
            await self._engine.dispose()

    async def _locked(self, number: int) -> AsyncConnection | None:
        """The connection that holds the lock; None where there is none to be had."""
        assert self._engine is not None
        connection: AsyncConnection | None = None
        try:
            async with asyncio.timeout(self._waits_seconds):
                connection = await self._engine.connect()
                await connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
                return connection
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("not_exclusive", error=type(error).__name__)
            await _given_up(connection)
            return None
        except BaseException:  # cancelled: the connection may still be asking
            await _given_up(connection)
            raise


async def _unlocked(connection: AsyncConnection, number: int) -> None:
    try:
        await connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
        await connection.close()
    except (SQLAlchemyError, OSError) as error:
        log.warning("lock_left", error=type(error).__name__)
        await _given_up(connection)


async def _given_up(connection: AsyncConnection | None) -> None:
    """Cut off, so that no lock stays behind on it."""
    if connection is None:
        return
    try:
        await connection.invalidate()
        await connection.close()
    except (SQLAlchemyError, OSError) as error:
        log.warning("connection_left", error=type(error).__name__)


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
