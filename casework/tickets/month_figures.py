"""What was done with tickets, filings and ratings in one month: plain counts, for the reports that the bureau owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from base.clock import midnight
from base.database import Database
from casework.models import Filing, Ticket
from casework.people.models import Authorisation
from casework.tickets.months import Month
from casework.tickets.ratings import Score

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one month. `opened`: by kind of ticket; `filings`: handed in, by item; `scores`: by score.

    `in_time`: closed on the day that was promised or before. `by_agent`: filings handed in by somebody for another.
    `authorised`: authorisations that became valid.
    """

    opened: Mapping[str, int]
    closed: int
    in_time: int
    filings: Mapping[str, int]
    by_agent: int
    authorised: int
    scores: Mapping[Score, int]

    @property
    def rated(self) -> int:
        return sum(self.scores.values())

    @property
    def bad(self) -> int:
        return sum(count for score, count in self.scores.items() if score.is_bad)

    @property
    def average(self) -> float | None:
        """1 to 5, to one decimal; None without a rating."""
        return round(sum(score * count for score, count in self.scores.items()) / self.rated, 1) if self.rated else None

    def filed(self, *items: str) -> int:
        """Filings of these items together."""
        return sum(self.filings.get(item, 0) for item in items)


async def figures(database: Database, month: Month) -> Figures:
    """Read them; a few milliseconds for some thousand tickets."""
    async with database.session() as session:
        closed, in_time = await _closed(session, month)
        rated = await _counts(session, Ticket.rating, _within(Ticket.rated_at, month))
        handed_in = _within(Filing.submitted_at, month)
        authorised = select(func.count()).select_from(Authorisation).where(*_within(Authorisation.confirmed_at, month))
        by_agent = select(func.count()).select_from(Filing).where(Filing.agent_key.is_not(None), *handed_in)
        return Figures(
            opened=await _counts(session, Ticket.kind, _within(Ticket.opened_at, month)),
            closed=closed,
            in_time=in_time,
            filings=await _counts(session, Filing.item, handed_in),
            by_agent=await session.scalar(by_agent) or 0,
            authorised=await session.scalar(authorised) or 0,
            scores={Score(score): count for score, count in rated.items() if score is not None},
        )


async def _closed(session: AsyncSession, month: Month) -> tuple[int, int]:
    """Closed in the month, and of those in time: a day ends at midnight in Jining, which no two databases compute
    alike, so each day's end is told to them."""
    of_month = _within(Ticket.closed_at, month)
    by_day = await _counts(session, Ticket.due_on, of_month)
    ends = [and_(Ticket.due_on == day, Ticket.closed_at < midnight(day + timedelta(days=1))) for day in by_day]
    in_time = select(func.count()).select_from(Ticket).where(*of_month, or_(false(), *ends))
    return sum(by_day.values()), await session.scalar(in_time) or 0


async def _counts(
    session: AsyncSession, by: InstrumentedAttribute[_Key], where: list[ColumnElement[bool]]
) -> dict[_Key, int]:
    rows = await session.execute(select(by, func.count()).where(*where).group_by(by))
    return {row[0]: row[1] for row in rows}


def _within(column: InstrumentedAttribute[object], month: Month) -> list[ColumnElement[bool]]:
    return [column >= month.since, column < month.until]
