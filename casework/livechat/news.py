"""What the citizen's page fetches: it asks, and is answered when there is something, or after a while with nothing.

One look a half second at the database serves everybody who waits in this process, whichever process wrote the news.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from sqlalchemy import select

from base.database import Database
from base.errors import ServiceError
from casework.livechat.book import Book, State, Turn, is_reachable
from casework.livechat.models import LiveConversation, LiveTurn

MOST_WAITERS = 1000
WAIT_SECONDS = 25.0
LOOK_SECONDS = 0.5
_LOOK_BACK = timedelta(seconds=5)
"""Seen again and again: a unit of work that took long is not missed, and who is woken for nothing waits on."""


class TooManyWait(ServiceError):
    """No place to wait."""

    code = "too_many_wait"
    citizen_text = "现在人比较多，请稍后再试。"


class News:
    """`next` for one page, `run` as a task."""

    def __init__(self, database: Database, book: Book, most_waiters: int = MOST_WAITERS) -> None:
        self._database, self._book, self._most_waiters = database, book, most_waiters
        self._waiters: dict[str, asyncio.Event] = {}

    @staticmethod
    def is_for(name: str) -> bool:
        """Only typed conversations of our own page have news: their names cannot be guessed."""
        return is_reachable(name, "web")

    async def is_expected(self, name: str) -> bool:
        """Whether a person answers this conversation, or is waited for."""
        has_person = LiveConversation.state.in_((State.WAITING.value, State.PERSON.value))
        async with self._database.session() as session:
            found = await session.scalar(
                select(LiveConversation.id).where(LiveConversation.key == self._book.key(name), has_person)
            )
            return found is not None

    async def next(self, name: str, after: int, seconds: float = WAIT_SECONDS) -> list[Turn]:
        """What came after turn `after`; nothing when that is nothing for `seconds`. Raises TooManyWait.

        A second request for the same conversation ends the first: the page was left, or asks again."""
        key, woken = self._book.key(name), asyncio.Event()
        if earlier := self._waiters.pop(key, None):
            earlier.set()
        if len(self._waiters) >= self._most_waiters:
            raise TooManyWait
        self._waiters[key] = woken
        try:
            return await self._next(name, key, after, time.monotonic() + seconds, woken)
        finally:
            if self._waiters.get(key) is woken:
                del self._waiters[key]

    async def _next(self, name: str, key: str, after: int, until: float, woken: asyncio.Event) -> list[Turn]:
        while True:
            woken.clear()
            async with self._database.session() as session:
                found = await self._book.news(session, name, after)
            left = until - time.monotonic()
            if found or left <= 0 or self._waiters.get(key) is not woken:
                return found
            try:
                async with asyncio.timeout(left):
                    await woken.wait()
            except TimeoutError:
                return []

    def end(self) -> None:
        """The service ends: nobody waits on."""
        for waiter in self._waiters.values():
            waiter.set()
        self._waiters = {}

    async def look(self) -> None:
        """Wakes those for whom there is something; every `LOOK_SECONDS`."""
        if self._waiters:
            await self._wake()

    async def _wake(self) -> None:
        async with self._database.session() as session:
            keys = await session.scalars(
                select(LiveConversation.key)
                .join(LiveTurn, LiveTurn.conversation_id == LiveConversation.id)
                .where(LiveTurn.is_news, LiveTurn.at > self._book.now - _LOOK_BACK)
                .distinct()
            )
            for key in keys:
                if waiter := self._waiters.get(key):
                    waiter.set()
