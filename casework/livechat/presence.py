"""Who of the staff is on the desk: has said 在线, and has a page of the console open: it was heard of
within the last minute and a quarter, for browsers let a page in the background ask once a minute."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from casework.livechat.models import LivePresence

ONLINE = timedelta(seconds=75)
_NOTED_SECONDS = 10.0
"""Pages ask every few seconds; a look is written down this often."""
_KNOWN_SECONDS = 2.0


class Presence:
    """One a process. `now` is aware."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database, self._now = database, now
        self._noted: dict[str, float] = {}
        self._anyone, self._known_until = False, 0.0

    async def seen(self, username: str) -> None:
        """They look at the desk."""
        if time.monotonic() - self._noted.get(username, -_NOTED_SECONDS) >= _NOTED_SECONDS:
            await self._write(username, {"seen_at": self._naive_now})
            self._noted[username] = time.monotonic()

    async def switch(self, username: str, *, is_on: bool) -> None:
        await self._write(username, {"seen_at": self._naive_now, "is_on": is_on})
        self._known_until = 0.0

    async def is_on(self, username: str) -> bool:
        async with self._database.session() as session:
            return bool(await session.scalar(select(LivePresence.is_on).where(LivePresence.username == username)))

    async def online(self) -> list[str]:
        """Usernames."""
        async with self._database.session() as session:
            rows = await session.scalars(
                select(LivePresence.username)
                .where(LivePresence.is_on, LivePresence.seen_at > self._naive_now - ONLINE)
                .order_by(LivePresence.username)
            )
            return list(rows)

    async def anyone(self) -> bool:
        """Asked at every turn: remembered for two seconds."""
        if time.monotonic() > self._known_until:
            self._anyone = bool(await self.online())
            self._known_until = time.monotonic() + _KNOWN_SECONDS
        return self._anyone

    async def _write(self, username: str, values: dict[str, object]) -> None:
        try:
            await self._change_or_add(username, values)
        except IntegrityError:  # two first looks at once
            await self._change_or_add(username, values)

    async def _change_or_add(self, username: str, values: dict[str, object]) -> None:
        async with self._database.session() as session:
            change = update(LivePresence).where(LivePresence.username == username).values(**values)
            if not getattr(await session.execute(change), "rowcount", 0):
                session.add(LivePresence(**{"username": username, "is_on": False, **values}))

    @property
    def _naive_now(self) -> datetime:
        return as_stored(self._now())
