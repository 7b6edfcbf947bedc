"""How long people waited for a person, and whether one came (接通率)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_stored
from base.database import Database
from casework.livechat.models import LiveConversation, LiveWait


class End(StrEnum):
    """TAKEN: a person came. NOBODY: none did in time. LEFT: they gave up, or hung up, before."""

    TAKEN = "taken"
    NOBODY = "nobody"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """Of a span of time. `seconds`: how long those waited on average to whom a person came; None without any."""

    asked: int
    taken: int
    nobody: int
    left: int
    seconds: int | None

    @property
    def share(self) -> int | None:
        """接通率 in percent, of all that ended."""
        ended = self.taken + self.nobody + self.left
        return round(100 * self.taken / ended) if ended else None


def begin(session: AsyncSession, row: LiveConversation, now: datetime) -> None:
    """Somebody waits from now on; in the caller's unit of work."""
    session.add(LiveWait(conversation_id=row.id, channel=row.channel, since=now, end=""))


async def settle(session: AsyncSession, conversation_id: int, end: End, now: datetime) -> None:
    """They wait no longer, if they did; in the caller's unit of work."""
    waiting = select(LiveWait).where(LiveWait.conversation_id == conversation_id, LiveWait.end == "")
    for row in await session.scalars(waiting):
        row.end, row.seconds = end.value, max(0, int((now - row.since).total_seconds()))


async def waited(database: Database, since: datetime, until: datetime) -> WaitingTimes:
    """Between two aware moments."""
    ended = [func.coalesce(func.sum(case((LiveWait.end == end.value, 1), else_=0)), 0) for end in End]
    seconds_of_taken = func.avg(case((LiveWait.end == End.TAKEN.value, LiveWait.seconds)))
    within = (LiveWait.since >= as_stored(since), LiveWait.since < as_stored(until))
    async with database.session() as session:
        row = (await session.execute(select(func.count(LiveWait.id), *ended, seconds_of_taken).where(*within))).one()
    asked, taken, nobody, left, seconds = row
    return WaitingTimes(asked, int(taken), int(nobody), int(left), None if seconds is None else round(float(seconds)))
