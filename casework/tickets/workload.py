"""Who has how much: for the 主管. Counted in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket
from casework.tickets.board import Line, line
from casework.tickets.months import Month
from casework.tickets.tickets import Kind, State
from staff.models import StaffAccount
from staff.roles import ALLOWED, Permission, Role, StaffMember

_MOST_LATE = 200
_RUNNING = Ticket.state.in_((State.OPEN.value, State.TAKEN.value))


@dataclass(frozen=True, slots=True)
class Load:
    """One member of staff. `closed`, `rated` and `average` (1 to 5, None without ratings) are of this month."""

    username: str
    name: str
    active: bool
    working: int
    waiting: int
    overdue: int
    closed: int
    rated: int
    average: float | None


@dataclass(frozen=True, slots=True)
class KindCount:
    """Tickets of one kind: not closed, and of those overdue and without an owner; closed this month."""

    kind: Kind
    not_closed: int
    unowned: int
    overdue: int
    closed: int


@dataclass(frozen=True, slots=True)
class CountyCount:
    """Tickets of one county ("" is the city): not closed, of those overdue; closed this month, and how people rated
    those (1 to 5, None without ratings)."""

    county: str
    not_closed: int
    overdue: int
    closed: int
    average: float | None


class Workload:
    """`now` is aware; the month and the day are those of Jining. Without `vault` no ticket says what it is about."""

    def __init__(self, database: Database, now: Clock = utc_now, vault: Vault | None = None) -> None:
        self._database, self._now, self._vault = database, now, vault

    async def of_staff(self) -> list[Load]:
        """Everybody who can have tickets, and whoever still has some; most work first."""
        month = Month.of(self._today)
        in_month = and_(Ticket.closed_at >= month.since, Ticket.closed_at < month.until)
        counted = select(
            Ticket.owner,
            func.sum(case((Ticket.state == State.TAKEN.value, 1), else_=0)),
            func.sum(case((Ticket.state == State.WAITING.value, 1), else_=0)),
            func.sum(case((and_(_RUNNING, Ticket.due_on < self._today), 1), else_=0)),
            func.sum(case((in_month, 1), else_=0)),
            func.sum(case((and_(in_month, Ticket.rating.is_not(None)), 1), else_=0)),
            func.avg(case((in_month, Ticket.rating))),
        ).group_by(Ticket.owner)
        async with self._database.session() as session:
            found = {row[0]: row[1:] for row in await session.execute(counted.where(Ticket.owner.is_not(None)))}
            accounts = list(await session.scalars(select(StaffAccount)))
        loads = [
            _load(account, found.get(account.username))
            for account in accounts
            if account.username in found or (account.active and Permission.TICKETS in ALLOWED[Role(account.role)])
        ]
        return sorted(loads, key=lambda load: (-load.working, -load.waiting, load.username))

    async def by_kind(self) -> list[KindCount]:
        """Every kind, also those without a ticket."""
        month = Month.of(self._today)
        not_closed = Ticket.state != State.CLOSED.value
        in_month = and_(Ticket.closed_at >= month.since, Ticket.closed_at < month.until)
        counted = select(
            Ticket.kind,
            func.sum(case((not_closed, 1), else_=0)),
            func.sum(case((and_(not_closed, Ticket.owner.is_(None)), 1), else_=0)),
            func.sum(case((and_(_RUNNING, Ticket.due_on < self._today), 1), else_=0)),
            func.sum(case((in_month, 1), else_=0)),
        ).group_by(Ticket.kind)
        async with self._database.session() as session:
            found = {row[0]: row[1:] for row in await session.execute(counted)}
        return [KindCount(kind, *found.get(kind.value, (0, 0, 0, 0))) for kind in Kind]

    async def by_county(self) -> list[CountyCount]:
        """Those that have any; the city first, then who has most."""
        not_closed = Ticket.state != State.CLOSED.value
        month = Month.of(self._today)
        in_month = and_(Ticket.closed_at >= month.since, Ticket.closed_at < month.until)
        county = func.coalesce(Ticket.county, "")
        counted = select(
            county,
            func.sum(case((not_closed, 1), else_=0)),
            func.sum(case((and_(_RUNNING, Ticket.due_on < self._today), 1), else_=0)),
            func.sum(case((in_month, 1), else_=0)),
            func.avg(case((in_month, Ticket.rating))),
        ).group_by(county)
        async with self._database.session() as session:
            rows = [
                CountyCount(name, open_now, late, closed, None if average is None else round(float(average), 1))
                for name, open_now, late, closed, average in await session.execute(counted)
            ]
        return sorted(rows, key=lambda row: (row.county != "", -row.not_closed, row.county))

    async def left_with(self, member: StaffMember) -> int:
        """How many tickets that are not closed somebody has, who perhaps can work on none any more."""
        theirs = (Ticket.owner == member.username, Ticket.state != State.CLOSED.value)
        async with self._database.session() as session:
            return await session.scalar(select(func.count()).select_from(Ticket).where(*theirs)) or 0

    async def overdue(self) -> Sequence[Line]:
        """Latest first due first; at most 200."""
        return await self._lines(_RUNNING, Ticket.due_on < self._today)

    async def follow_ups(self) -> Sequence[Line]:
        """What bad ratings opened and nobody has closed."""
        return await self._lines(Ticket.follows_id.is_not(None), Ticket.state != State.CLOSED.value)

    async def _lines(self, *where: ColumnElement[bool]) -> Sequence[Line]:
        async with self._database.session() as session:
            rows = await session.scalars(
                select(Ticket).where(*where).order_by(Ticket.due_on, Ticket.id).limit(_MOST_LATE)
            )
            return [line(row, self._today, self._vault) for row in rows]

    @property
    def _today(self) -> date:
        return day_here(self._now())


def _load(account: StaffAccount, counts: Sequence[float | None] | None) -> Load:
    working, waiting, overdue, closed, rated = (int(count or 0) for count in (counts or (0,) * 6)[:5])
    average = counts[5] if counts else None
    return Load(
        username=account.username,
        name=account.name,
        active=account.active,
        working=working,
        waiting=waiting,
        overdue=overdue,
        closed=closed,
        rated=rated,
        average=round(float(average), 1) if average is not None else None,
    )
