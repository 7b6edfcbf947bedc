"""The conversations that go on, and what was said in them: read and written in the caller's unit of work.

Kept: the last `MOST_TURNS` of a conversation, sealed, until `KEPT` after its end; see `casework.livechat.models`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import NEVER, Clock, as_aware, as_stored, utc_now
from base.messages import Reply, reply_from_json, reply_to_json
from base.personal_data import Vault
from casework.livechat.models import LiveConversation, LivePicture, LiveTurn

MOST_TURNS = 90
KEPT = timedelta(hours=4)
CITIZEN, ASSISTANT, AGENT, LINE = "citizen", "assistant", "agent", "line"
_TEXT_ON_WEB = re.compile(r"web-[0-9a-f]{32}")


class State(StrEnum):
    """Who answers."""

    BOT = "bot"
    WAITING = "waiting"
    PERSON = "person"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"bot": "助手在答", "waiting": "等人工", "person": "人工在答", "closed": "已结束"}[self.value]


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said. `at` is aware; `by` the member of staff. `file`: the media type of what came with it."""

    id: int
    at: datetime
    who: str
    by: str
    reply: Reply = field(repr=False)
    file: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation as the desk lists it. Times are aware."""

    id: int
    name: str = field(repr=False)
    key: str
    channel: str
    state: State
    person: str
    began_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    asked: Turn | None = None
    """What the citizen said last."""

    @property
    def is_reachable(self) -> bool:
        return is_reachable(self.name, self.channel)


def is_reachable(name: str, channel: str) -> bool:
    """Whether what staff write arrives: the official account, and the typed conversations of our own page."""
    return channel == "wechat" or (channel == "web" and _TEXT_ON_WEB.fullmatch(name) is not None)


class Book:
    """Reads and writes the tables. `now` is aware."""

    def __init__(self, vault: Vault, now: Clock = utc_now) -> None:
        self._vault, self._now = vault, now

    @property
    def now(self) -> datetime:
        """As the database keeps times."""
        return as_stored(self._now())

    def key(self, name: str) -> str:
        return self._vault.lookup(name)

    async def going_on(self, session: AsyncSession, name: str, channel: str) -> LiveConversation:
        """Its row, made when there is none. Who comes back after the end begins anew."""
        row = await session.scalar(select(LiveConversation).where(LiveConversation.key == self.key(name)))
        if row is None:
            row = LiveConversation(
                key=self.key(name),
                name_sealed=self._vault.encrypt(name),
                channel=channel,
                state=State.BOT.value,
                began_at=self.now,
                last_at=self.now,
                lease_until=NEVER,
            )
            session.add(row)
            await session.flush()
        elif row.state == State.CLOSED.value:
            row.state, row.person, row.began_at = State.BOT.value, None, self.now
        return row

    def add(
        self,
        session: AsyncSession,
        row: LiveConversation,
        who: str,
        reply: Reply,
        *,
        by: str = "",
        is_news: bool = False,
        file: str = "",
    ) -> LiveTurn:
        """Write a turn down. `file`: see `Turn`."""
        row.last_at = self.now
        said = self._vault.encrypt(json.dumps({**reply_to_json(reply), "file": file}, ensure_ascii=False))
        turn = LiveTurn(conversation_id=row.id, at=self.now, who=who, by=by or None, is_news=is_news, said_sealed=said)
        session.add(turn)
        return turn

    async def trim(self, session: AsyncSession) -> None:
        """Of long conversations the oldest turns go."""
        long = (
            select(LiveTurn.conversation_id)
            .group_by(LiveTurn.conversation_id)
            .having(func.count(LiveTurn.id) > MOST_TURNS)
        )
        for conversation_id in list(await session.scalars(long)):
            newest = select(LiveTurn.id).where(LiveTurn.conversation_id == conversation_id)
            oldest_kept = newest.order_by(LiveTurn.id.desc()).offset(MOST_TURNS - 1).limit(1).scalar_subquery()
            await self.forget(session, (LiveTurn.conversation_id == conversation_id) & (LiveTurn.id < oldest_kept))

    async def forget(self, session: AsyncSession, turns: ColumnElement[bool]) -> None:
        """Delete turns, and the pictures that came with them."""
        unsynchronized = {"synchronize_session": False}
        pictures = LivePicture.turn_id.in_(select(LiveTurn.id).where(turns))
        await session.execute(delete(LivePicture).where(pictures), execution_options=unsynchronized)
        await session.execute(delete(LiveTurn).where(turns), execution_options=unsynchronized)

    async def lines(self, session: AsyncSession, most: int = 200) -> list[Line]:
        """Who waits comes first, longest first; then those with a person; then the assistant's, newest first."""
        order = {State.WAITING: 0, State.PERSON: 1, State.BOT: 2}
        rows = await session.scalars(
            select(LiveConversation)
            .where(LiveConversation.state != State.CLOSED.value)
            .order_by(LiveConversation.state == State.BOT.value, LiveConversation.last_at.desc())
            .limit(most)
        )
        found = list(rows)
        asked = await self._asked_last(session, [row.id for row in found])
        lines = [self.line(row, asked.get(row.id)) for row in found]
        return sorted(lines, key=lambda line: (order[line.state], _rank(line)))

    async def turns(self, session: AsyncSession, conversation_id: int, after: int = 0) -> list[Turn]:
        """Oldest first."""
        rows = await session.scalars(
            select(LiveTurn)
            .where(LiveTurn.conversation_id == conversation_id, LiveTurn.id > after)
            .order_by(LiveTurn.id)
        )
        return [self._turn(row) for row in rows]

    async def news(self, session: AsyncSession, name: str, after: int) -> list[Turn]:
        """What the citizen's page has not fetched yet."""
        rows = await session.scalars(
            select(LiveTurn)
            .join(LiveConversation, LiveConversation.id == LiveTurn.conversation_id)
            .where(LiveConversation.key == self.key(name), LiveTurn.is_news, LiveTurn.id > after)
            .order_by(LiveTurn.id)
        )
        return [self._turn(row) for row in rows]

    def line(self, row: LiveConversation, asked: Turn | None = None) -> Line:
        return Line(
            row.id,
            self._vault.decrypt(row.name_sealed),
            row.key,
            row.channel,
            State(row.state),
            row.person or "",
            as_aware(row.began_at),
            as_aware(row.last_at),
            as_aware(row.waiting_since) if row.waiting_since else None,
            asked,
        )

    async def _asked_last(self, session: AsyncSession, ids: Sequence[int]) -> dict[int, Turn]:
        newest = (
            select(func.max(LiveTurn.id))
            .where(LiveTurn.conversation_id.in_(ids), LiveTurn.who == CITIZEN)
            .group_by(LiveTurn.conversation_id)
        )
        rows = await session.scalars(select(LiveTurn).where(LiveTurn.id.in_(newest)))
        return {row.conversation_id: self._turn(row) for row in rows}

    def _turn(self, row: LiveTurn) -> Turn:
        said = json.loads(self._vault.decrypt(row.said_sealed))
        return Turn(row.id, as_aware(row.at), row.who, row.by or "", reply_from_json(said), said.get("file", ""))


def _rank(line: Line) -> float:
    """Who waits longest first; else who spoke last first."""
    return line.waiting_since.timestamp() if line.waiting_since else -line.last_at.timestamp()
