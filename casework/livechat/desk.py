"""What the text turn asks of the live desk: does a person answer here, and is one free? A `bot.turn.Desk`.

The desk is a help and never a hindrance: whatever of it fails is logged, and the assistant answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.messages import Reply
from casework.livechat import waiting_times
from casework.livechat.book import ASSISTANT, CITIZEN, LINE, Book, State, is_reachable
from casework.livechat.held import Held
from casework.livechat.masking import kept, without_ids
from casework.livechat.models import LiveConversation
from casework.livechat.presence import Presence
from casework.livechat.waiting_times import End
from casework.livechat.wording import gives_up, say
from casework.livechat.writer import Failed, Writer

log = structlog.get_logger()

QUICK_SECONDS = 0.5
"""No turn waits longer for the desk than this; the next ones then do not wait at all, for a while."""
_REST_SECONDS = 10.0
MOST_CHARS = 500
Result = TypeVar("Result")


class LiveDesk:
    """One a process."""

    def __init__(
        self, held: Held, book: Book, writer: Writer, presence: Presence, quick_seconds: float = QUICK_SECONDS
    ) -> None:
        self._held, self._book, self._writer, self._presence = held, book, writer, presence
        self._quick_seconds = quick_seconds
        self._resting_until = 0.0

    async def takes(self, conversation: str, channel: str, text: str) -> bool:
        """A person answers this conversation and has the message now: the assistant stays silent."""
        if not is_reachable(conversation, channel):
            return False
        return await self._quickly(lambda: self._take(conversation, text), otherwise=False)

    async def has_person(self, conversation: str) -> bool:
        """Whether a person answers here."""
        return await self._quickly(lambda: self._held.has(self._book.key(conversation)), otherwise=False)

    def heard(self, conversation: str, channel: str, text: str) -> None:
        """The citizen said this, and the assistant answers."""
        said = Reply(kept(text[:MOST_CHARS], with_person=False))
        self._writer.send(lambda session: self._heard(session, conversation, channel, said))

    def said(self, conversation: str, channel: str, replies: Sequence[Reply]) -> None:
        """The assistant said this."""
        masked = [Reply(without_ids(one.text), sources=one.sources) for one in replies if one.text]
        if masked:
            self._writer.send(lambda session: self._note(session, conversation, channel, ASSISTANT, masked))

    def noted(self, conversation: str, channel: str, words: str) -> None:
        """How the last turn went, for staff: times, and what may have been said instead."""
        note = [Reply(kept(words[:MOST_CHARS], with_person=False))]
        self._writer.send(lambda session: self._note(session, conversation, channel, LINE, note))

    async def person_is_free(self, conversation: str, channel: str) -> bool:
        """Whether somebody would come who writes to this citizen."""
        if not is_reachable(conversation, channel):
            return False
        return await self._quickly(self._presence.anyone, otherwise=False)

    async def wait_for_person(self, conversation: str, channel: str) -> list[Reply]:
        """The citizen waits from now on, and hears how many wait before them. Nothing when that cannot be."""
        before = await self._quickly(
            lambda: self._writer.do(lambda session: self._wait(session, conversation, channel)), otherwise=-1
        )
        if before < 0:
            return []
        return [say("waiting_behind", before=before) if before else say("waiting_next")]

    async def ended(self, conversation: str) -> None:
        """They hung up."""
        self._writer.send(lambda session: self._end(session, conversation))

    async def _take(self, conversation: str, text: str) -> bool:
        if not await self._held.has(self._book.key(conversation)):
            return False
        said = Reply(kept(text[:MOST_CHARS], with_person=True))
        return await self._writer.do(lambda session: self._note_if_held(session, conversation, said))

    async def _note_if_held(self, session: AsyncSession, conversation: str, said: Reply) -> bool:
        is_held = (LiveConversation.key == self._book.key(conversation)) & (
            LiveConversation.state == State.PERSON.value
        )
        row = await session.scalar(select(LiveConversation).where(is_held))
        if row is None:  # given back meanwhile
            return False
        self._book.add(session, row, CITIZEN, said)
        return True

    async def _note(
        self, session: AsyncSession, conversation: str, channel: str, who: str, replies: Sequence[Reply]
    ) -> None:
        row = await self._book.going_on(session, conversation, channel)
        for reply in replies:
            self._book.add(session, row, who, reply)

    async def _heard(self, session: AsyncSession, conversation: str, channel: str, said: Reply) -> None:
        """Who gives up waiting stands in nobody's queue any more."""
        row = await self._book.going_on(session, conversation, channel)
        self._book.add(session, row, CITIZEN, said)
        if gives_up(said.text):
            still_waits = (LiveConversation.id == row.id, LiveConversation.state == State.WAITING.value)
            left = update(LiveConversation).where(*still_waits)  # whom somebody has just taken over stays with them
            await session.execute(left.values(state=State.BOT.value, waiting_since=None))
            await waiting_times.settle(session, row.id, End.LEFT, self._book.now)

    async def _wait(self, session: AsyncSession, conversation: str, channel: str) -> int:
        row = await self._book.going_on(session, conversation, channel)
        if row.state == State.BOT.value:
            row.state, row.waiting_since = State.WAITING.value, self._book.now
            waiting_times.begin(session, row, self._book.now)
            await session.flush()
        waiting = LiveConversation.state == State.WAITING.value
        is_before = LiveConversation.waiting_since < row.waiting_since
        return await session.scalar(select(func.count()).where(waiting, is_before)) or 0

    async def _end(self, session: AsyncSession, conversation: str) -> None:
        row = await session.scalar(select(LiveConversation).where(LiveConversation.key == self._book.key(conversation)))
        if row is not None:
            await waiting_times.settle(session, row.id, End.LEFT, self._book.now)
            row.state, row.waiting_since, row.last_at = State.CLOSED.value, None, self._book.now

    async def _quickly(self, ask: Callable[[], Awaitable[Result]], *, otherwise: Result) -> Result:
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            async with asyncio.timeout(self._quick_seconds):
                return await ask()
        except TimeoutError:
            self._resting_until = time.monotonic() + _REST_SECONDS
            log.error("live_desk_slow")
        except Failed as error:
            log.error("live_desk_failed", kind=type(error).__name__)
        return otherwise
