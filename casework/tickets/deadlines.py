"""限时办结: a ticket is reminded of one working day before its day, and shown to the 主管 once the day is past.

    await deadlines.look(now)      # every few minutes

While a ticket waits for the citizen its time does not run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_stored, here
from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket
from casework.tickets.changes import Changes
from casework.tickets.history import SYSTEM, Step
from casework.tickets.tickets import State
from language.calendar.working_days import add_working_days

_AT_ONCE, _PAUSE_SECONDS = 50, 0.05
"""Tickets in one unit of work, and how long others may write before the next."""
_RUNNING = Ticket.state.in_((State.OPEN.value, State.TAKEN.value))


@dataclass(frozen=True, slots=True)
class Looked:
    """How many tickets were marked this time."""

    reminded: int
    escalated: int


class Deadlines:
    """Marks tickets, each once, whichever process looks first."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    async def look(self, now: datetime) -> Looked:
        """`now` is aware. A ticket opened today is not reminded of today, however short its time."""
        local = here(now)
        today, naive = local.date(), as_stored(now)
        midnight = as_stored(local.replace(hour=0, minute=0, second=0, microsecond=0))
        late = (_RUNNING, Ticket.escalated_at.is_(None), Ticket.due_on < today)
        soon = (
            _RUNNING,
            Ticket.reminded_at.is_(None),
            Ticket.due_on >= today,
            Ticket.due_on <= add_working_days(today, 1),
            Ticket.opened_at < midnight,
        )
        changes = Changes(self._vault, lambda: now)
        escalated = await self._mark_all(changes, Step.ESCALATED, late, escalated_at=naive)
        reminded = await self._mark_all(changes, Step.REMINDED, soon, reminded_at=naive)
        return Looked(reminded, escalated)

    async def _mark_all(
        self, changes: Changes, step: Step, when: Sequence[ColumnElement[bool]], **values: datetime
    ) -> int:
        """A few at a time: after a long holiday thousands are late at once, and whoever writes meanwhile waits."""
        total = 0
        while True:
            async with self._database.session() as session:
                marked = await _mark(session, changes, step, when, **values)
            total += marked
            if marked < _AT_ONCE:
                return total
            await asyncio.sleep(_PAUSE_SECONDS)


async def _mark(
    session: AsyncSession, changes: Changes, step: Step, when: Sequence[ColumnElement[bool]], **values: datetime
) -> int:
    few = select(Ticket.id).where(*when).order_by(Ticket.id).limit(_AT_ONCE)
    marked = (
        await session.scalars(update(Ticket).where(Ticket.id.in_(few), *when).values(**values).returning(Ticket))
    ).all()
    for ticket in marked:
        changes.write(session, ticket, SYSTEM, step)
    return len(marked)
