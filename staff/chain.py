"""Entries of the audit log, bound to those before them: whoever changes, adds or takes out one afterwards is found out.

    chain = Chain(database, vault.lookup)
    await chain.seal()                # every minute: what was written since; the digest goes to the log, too
    await chain.broken()              # None, or the first span of entries that is not as it was sealed

The database itself refuses changes, but not to who owns its file. The digests are keyed: who has the file alone can
make none. Who has the key as well is found out by the digests in the service's log, where that is kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_aware, as_stored, utc_now
from base.database import Database
from staff.models import AuditEntry, AuditSeal

log = structlog.get_logger()

_SETTLED = timedelta(minutes=1)
"""Older entries are all there: a unit of work lasts seconds."""
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """Between two seals something is not as it was. `at` (aware): when the later one was made."""

    first: int
    last: int
    at: datetime


class Chain:
    """`key`: text → keyed hash."""

    def __init__(self, database: Database, key: Callable[[str], str], now: Clock = utc_now) -> None:
        self._database, self._key, self._now = database, key, now

    async def seal(self) -> None:
        """Seal what is settled. Of two processes that do it at once one does."""
        try:
            while await self._seal_some():
                pass
        except IntegrityError:
            return

    async def _seal_some(self) -> bool:
        now = as_stored(self._now())
        async with self._database.session() as session:
            before = await session.scalar(select(AuditSeal).order_by(AuditSeal.last.desc()).limit(1))
            after = before.last if before else 0
            rows = await _entries(session, after, until=now - _SETTLED)
            if not rows:
                return False
            digest = self._digest(before.digest if before else "", rows)
            session.add(AuditSeal(after=after, last=rows[-1].id, at=now, digest=digest))
        log.info("audit_sealed", last=rows[-1].id, digest=digest)
        return len(rows) == _AT_ONCE

    async def broken(self) -> Broken | None:
        """Look through all that is sealed."""
        done, digest = 0, ""
        while True:
            async with self._database.session() as session:
                seal = await session.scalar(
                    select(AuditSeal).where(AuditSeal.after >= done).order_by(AuditSeal.after).limit(1)
                )
                if seal is None:
                    return None
                rows = await _entries(session, done, last=seal.last)
            digest = self._digest(digest, rows)
            if seal.after != done or digest != seal.digest:
                return Broken(done + 1, seal.last, as_aware(seal.at))
            done = seal.last

    def _digest(self, before: str, rows: list[AuditEntry]) -> str:
        whole = sha256(before.encode())
        for row in rows:
            said = [row.id, row.at.isoformat(), row.who, row.what, row.which, row.by, row.detail]
            whole.update(json.dumps(said, ensure_ascii=False).encode())
        return self._key(f"audit {whole.hexdigest()}")


async def _entries(
    session: AsyncSession, after: int, *, last: int | None = None, until: datetime | None = None
) -> list[AuditEntry]:
    """The next ones in order: to one, or those that are old enough, as far as none younger stands between."""
    wanted = select(AuditEntry).where(AuditEntry.id > after).order_by(AuditEntry.id)
    if last is not None:
        return list(await session.scalars(wanted.where(AuditEntry.id <= last)))
    found: list[AuditEntry] = []
    for row in await session.scalars(wanted.limit(_AT_ONCE)):
        if until is not None and row.at >= until:
            break
        found.append(row)
    return found
