"""Which conversations a person answers. Asked at every turn: one look at the database serves all turns of a moment."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy import select

from base.database import Database
from casework.livechat.book import State
from casework.livechat.models import LiveConversation

_KNOWN_SECONDS = 0.3
"""Who is taken over in another process may get one more answer of the assistant within this time."""


class Held:
    """One a process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: frozenset[str] = frozenset()
        self._known_until, self._looking, self._changes = 0.0, asyncio.Lock(), 0

    async def has(self, key: str) -> bool:
        """Raises what the database raises."""
        if time.monotonic() >= self._known_until:
            async with self._looking:
                if time.monotonic() >= self._known_until:
                    await self._look()
        return key in self._keys

    def changed(self) -> None:
        """Somebody has taken over here: look again."""
        self._known_until = 0.0
        self._changes += 1

    async def _look(self) -> None:
        began, changes = time.monotonic(), self._changes
        async with self._database.session() as session:
            held = LiveConversation.state == State.PERSON.value
            self._keys = frozenset(await session.scalars(select(LiveConversation.key).where(held)))
        if changes == self._changes:  # else: look again the next time
            self._known_until = began + _KNOWN_SECONDS
