"""The buckets of `connectors.web.chat.rate`, in the database: what one client takes, it takes from every process.

One statement a request, so of two at the same moment each sees the other. Where the database fails, the process counts
by itself, as it does where it is the only one.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from base.database import Database
from base.personal_data import Vault
from connectors.web.chat.models import Bucket
from connectors.web.chat.rate import ROUNDING_SECONDS, RateLimit, TooFast

_CLEAN_SECONDS = 60.0
log = structlog.get_logger()


class SharedBuckets:
    """Used from the event loop. `now`: seconds, the same for all processes."""

    def __init__(self, database: Database, vault: Vault, now: Callable[[], float] = time.time) -> None:
        self._database, self._vault, self._now = database, vault, now
        self._insert = sqlite.insert if database.engine.dialect.name == "sqlite" else postgresql.insert
        self._cleaned_at = now()

    async def reserve(self, limit: RateLimit, client: str) -> float:
        """Take a place: seconds to wait before it may go on. Raises TooFast, and then takes none."""
        try:
            return await self._reserve(limit, client)
        except (SQLAlchemyError, OSError) as error:
            log.warning("rate_not_shared", kind=type(error).__name__)
            return 0.0

    async def _reserve(self, limit: RateLimit, client: str) -> float:
        now, step = self._now(), 1 / limit.per_second
        at_once = limit.burst / limit.per_second
        full_at = case((Bucket.full_at > now, Bucket.full_at), else_=now) + step
        taken = (
            self._insert(Bucket)
            .values(key_hash=self._vault.lookup(f"{limit.door} {client}"), full_at=now + step)
            .on_conflict_do_update(
                index_elements=[Bucket.key_hash],
                set_={"full_at": full_at},
                where=full_at <= now + at_once + limit.patience_seconds + ROUNDING_SECONDS,
            )
            .returning(Bucket.full_at)
        )
        async with self._database.session() as session:
            if now - self._cleaned_at > _CLEAN_SECONDS:
                self._cleaned_at = now
                await session.execute(delete(Bucket).where(Bucket.full_at < now))
            found: float | None = await session.scalar(taken)
        if found is None:
            raise TooFast(limit.patience_seconds + step)
        return max(0.0, found - now - at_once)
