"""What happens by itself: nobody came, nobody is left, somebody stopped talking, everything is forgotten.

waiting for two minutes, or nobody on the desk     → the call-back form, as if nobody had been there
a person holds it and has left the desk            → the assistant again, and it says so
half an hour without a word                        → closed
closed for `KEPT`                                  → deleted
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, delete, select, update

from base.database import Database
from base.errors import ServiceError
from base.messages import Reply
from casework.livechat.book import ASSISTANT, KEPT, Book, Line, State
from casework.livechat.models import LiveConversation, LivePresence, LiveTurn
from casework.livechat.outward import Outward
from casework.livechat.presence import Presence
from casework.livechat.waiting_times import End, settle
from casework.livechat.wording import nobody_came, say

log = structlog.get_logger()

PATIENCE = timedelta(minutes=2)
GRACE = timedelta(seconds=20)
"""A page that reloads is not gone."""
LEFT_ALONE = timedelta(minutes=5)
QUIET = timedelta(minutes=30)
QUIET_WITH_PERSON = timedelta(hours=12)
_LEASE = timedelta(seconds=30)
_AT_ONCE = 20

Form = Callable[[str, str], Awaitable[list[Reply]]]
"""A conversation and its channel → the call-back form's first question: `bot.turn.Dialogue.nobody_came`."""


class Watch:
    """`round` every few seconds, `forget` every half minute; every process may."""

    def __init__(self, database: Database, book: Book, presence: Presence, outward: Outward, form: Form) -> None:
        self._database, self._book, self._presence = database, book, presence
        self._outward, self._form = outward, form

    async def round(self) -> int:
        """How many conversations changed."""
        changed = 0
        for line in await self._claim(await self._waited_long_enough()):
            replies = [nobody_came(self._book.now), *await self._form(line.name, line.channel)]
            changed += await self._back_to_assistant(line, replies)
        for line in await self._claim(self._is_left_alone()):
            changed += await self._back_to_assistant(line, [say("left_alone")])
        return changed + await self._close_quiet()

    async def forget(self) -> int:
        """Now and then: what is old goes."""
        async with self._database.session() as session:
            await self._book.trim(session)
        return await self._forget()

    async def _waited_long_enough(self) -> ColumnElement[bool]:
        patience = PATIENCE if await self._presence.online() else GRACE
        is_waiting = LiveConversation.state == State.WAITING.value
        return is_waiting & (LiveConversation.waiting_since <= self._book.now - patience)

    def _is_left_alone(self) -> ColumnElement[bool]:
        there = select(LivePresence.username).where(LivePresence.seen_at > self._book.now - LEFT_ALONE)
        return (LiveConversation.state == State.PERSON.value) & LiveConversation.person.not_in(there)

    async def _claim(self, which: ColumnElement[bool]) -> list[Line]:
        now = self._book.now
        async with self._database.session() as session:
            ids = list(await session.scalars(select(LiveConversation.id).where(which).limit(_AT_ONCE)))
            if not ids:
                return []
            change = (
                update(LiveConversation)
                .where(LiveConversation.id.in_(ids), which, LiveConversation.lease_until <= now)
                .values(lease_until=now + _LEASE)
                .returning(LiveConversation)
            )
            rows = await session.scalars(change, execution_options={"synchronize_session": False})
            return [self._book.line(row) for row in rows]

    async def _back_to_assistant(self, line: Line, replies: Sequence[Reply]) -> int:
        try:
            is_sent = await self._outward.tell(line.name, line.channel, replies, from_person=False)
        except ServiceError as error:  # told the next time, after the lease
            log.error("live_not_told", code=error.code)
            return 0
        async with self._database.session() as session:
            row = await session.get_one(LiveConversation, line.id)
            for reply in replies:
                self._book.add(session, row, ASSISTANT, reply, is_news=not is_sent)
            if row.state == line.state.value and (row.person or "") == line.person:  # nobody has taken over meanwhile
                row.state, row.person, row.waiting_since = State.BOT.value, None, None
                await settle(session, line.id, End.NOBODY, self._book.now)
        return 1

    async def _close_quiet(self) -> int:
        now = self._book.now
        is_quiet = (LiveConversation.state == State.BOT.value) & (LiveConversation.last_at < now - QUIET)
        is_forgotten = (LiveConversation.state == State.PERSON.value) & (
            LiveConversation.last_at < now - QUIET_WITH_PERSON
        )
        closed = {"state": State.CLOSED.value, "person": None, "last_at": now}
        async with self._database.session() as session:
            result = await session.execute(update(LiveConversation).where(is_quiet | is_forgotten).values(**closed))
            return int(getattr(result, "rowcount", 0))

    async def _forget(self) -> int:
        is_old = (LiveConversation.state == State.CLOSED.value) & (LiveConversation.last_at < self._book.now - KEPT)
        async with self._database.session() as session:
            ids = list(await session.scalars(select(LiveConversation.id).where(is_old).limit(500)))
            if ids:
                await self._book.forget(session, LiveTurn.conversation_id.in_(ids))
                await session.execute(delete(LiveConversation).where(LiveConversation.id.in_(ids), is_old))
            return len(ids)
