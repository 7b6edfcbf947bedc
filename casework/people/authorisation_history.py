"""What became of authorisations and what was done by them, from their rows. Who may be told is in `told`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import day_here
from casework.core.contract import PersonKey
from casework.models import Filing
from casework.people.identity import citizen
from casework.people.models import Authorisation
from staff import audit

TOLD_FOR = timedelta(days=365)
"""How long an authorisation that has ended is still told of."""


class End(StrEnum):
    """How an authorisation came to its end; NONE: it is in force."""

    NONE = ""
    REVOKED = "revoked"
    RAN_OUT = "ran out"
    DECLINED = "declined"


def told(reader: PersonKey, now: datetime, today: date) -> ColumnElement[bool]:
    """Which authorisations this person is told of: those in force and what ended within a year; who asked and was
    refused only when they are the principal. `now`: UTC, naive."""
    since = now - TOLD_FOR
    return or_(
        (Authorisation.state == "active") & (Authorisation.until >= today - TOLD_FOR),
        (Authorisation.state == "revoked") & (Authorisation.revoked_at >= since),
        and_(
            Authorisation.state == "declined",
            Authorisation.asked_at >= since,
            Authorisation.principal_key == reader,
        ),
    )


def end(row: Authorisation, today: date) -> tuple[End, date | None]:
    """How it ended, and on which day."""
    if row.state == "declined":
        return End.DECLINED, local(row.asked_at)
    if row.state == "revoked":
        return End.REVOKED, local(row.revoked_at) if row.revoked_at else None
    return (End.RAN_OUT, row.until) if row.until < today else (End.NONE, None)


def by(row: Authorisation) -> str:
    """As the audit log names it."""
    return f"authorisation {row.id}"


async def looked(session: AsyncSession, rows: Sequence[Authorisation]) -> Mapping[str, int]:
    """How often each agent looked something up, by `by`."""
    return await audit.counted_by(session, [citizen(row.agent_key) for row in rows], audit.Action.QUERIED)


async def filed(session: AsyncSession, rows: Sequence[Authorisation]) -> Mapping[int, Sequence[str]]:
    """Which items were handed in by each, the oldest first."""
    wanted = select(Filing.authorisation_id, Filing.item).where(
        Filing.authorisation_id.in_([row.id for row in rows]), Filing.submitted_at.is_not(None)
    )
    found: dict[int, list[str]] = {}
    for authorisation, item in await session.execute(wanted.order_by(Filing.id)):
        found.setdefault(authorisation or 0, []).append(item)
    return found


def local(at: datetime) -> date:
    """The day here. `at`: UTC, naive."""
    return day_here(at)
