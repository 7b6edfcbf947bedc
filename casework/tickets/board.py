"""Tickets as staff see them: the queue by deadline, one case with its history, and what waits for whom.

Every look at a case and at a phone number is written into the audit log in the unit of work that reads it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault, is_phone, mask_phone
from casework.filings.owed_models import FilingDecision
from casework.models import Filing, Ticket, TicketLabel
from casework.tickets import history as ticket_history
from casework.tickets.changes import NOT_CLOSED, by_number, within
from casework.tickets.counties import CITY
from casework.tickets.history import Happened, Step
from casework.tickets.ratings import Score
from casework.tickets.search import has_words
from casework.tickets.tickets import Kind, NotFound, State, Urgency, put_right_on
from language.calendar.working_days import Remaining, remaining
from staff import audit
from staff.audit import Action
from staff.roles import Permission, StaffMember

_URGENT_FIRST = case((Ticket.urgency == Urgency.URGENT.value, 0), else_=1)
_NOT_TOLD = (
    select(Filing.ticket_id)
    .join(FilingDecision, FilingDecision.filing_id == Filing.id)
    .where(FilingDecision.state == "failed")
)
_ID_DIGITS = 18
_MOST_LABELS = 30
_RUNNING = Ticket.state.in_((State.OPEN.value, State.TAKEN.value))


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in a list. `owner` and `offered_to` are usernames; `left` says nothing of a closed ticket, nor of one
    that waits for the citizen, whose time does not run."""

    number: str
    kind: Kind
    state: State
    urgency: Urgency
    channel: str
    topic: str
    owner: str
    offered_to: str
    opened_at: datetime
    due_on: date
    closed_at: datetime | None
    left: Remaining
    is_reminded: bool
    is_escalated: bool
    is_follow_up: bool
    is_to_call_back: bool
    """A follow-up whose citizen nobody has called yet."""
    title: str = field(default="", repr=False)
    """In the citizen's own words, masked; "" where there are none."""
    county: str = ""
    """"" is the city's own bureau."""
    department: str = ""
    is_supervised: bool = False
    extension_days: int | None = None
    """Asked for, not answered yet."""
    labels: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        return self.state in (State.OPEN, State.TAKEN)


@dataclass(frozen=True, slots=True)
class Case:
    """All of one ticket. `phone` is masked; `transcript`: (who, text) of the last turns before it was opened."""

    line: Line
    history: Sequence[Happened] = field(repr=False)
    transcript: Sequence[tuple[str, str]] = field(repr=False)
    phone: str = field(repr=False)
    is_proven: bool
    """The citizen had proved who they are."""
    has_agent: bool
    follows: str
    """The number of the ticket whose bad rating opened this one, "" for the others."""
    followed_owner: str
    """Who was rated badly: somebody else had better call back."""
    score: Score | None
    merged_into: str = ""
    """The number of the ticket that goes on for both."""
    name: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    """What the citizen wrote to the rating: their own of this ticket, or of the one that it follows up."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. `whose`: "" all, "mine", "offered" to me, "unowned", "overdue", "not_told" (staff
    must enter the decision in the core system by hand), "supervised", "extension" (a 主管 must answer). `text`: a part
    of the number, a whole telephone or ID number, or words of the title and the name. With the last two, closed ones
    are found too. `county`: one of the counties, or `CITY`."""

    state: State | None = None
    with_closed: bool = False
    kind: Kind | None = None
    whose: str = ""
    text: str = ""
    county: str = ""
    label: str = ""

    @property
    def is_past_too(self) -> bool:
        return self.with_closed or bool(self.text) or self.state is State.CLOSED or self.whose == "not_told"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one member of staff; `overdue` and `not_told` of everybody."""

    unowned: int
    mine: int
    offered: int
    overdue: int
    not_told: int
    supervised: int = 0
    extension: int = 0


class TicketBoard:
    """Reads. Every method that takes a member raises NotAllowed. `now` is aware."""

    def __init__(self, database: Database, vault: Vault, now: Clock = utc_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def queue(
        self, member: StaffMember, wanted: Wanted, *, page: int = 1, page_size: int = 50
    ) -> tuple[Sequence[Line], int]:
        """The lines of one page (from 1) and the number of all: first due first, urgent ones before others. Where there
        are closed ones among them, the newest first."""
        member.require(Permission.TICKETS)
        where = self._where(member, wanted)
        by_day = (Ticket.due_on, _URGENT_FIRST, Ticket.id)
        async with self._database.session() as session:
            total = await session.scalar(select(func.count()).select_from(Ticket).where(*where)) or 0
            rows = await session.scalars(
                select(Ticket)
                .where(*where)
                .order_by(*((Ticket.id.desc(),) if wanted.is_past_too else by_day))
                .offset((page - 1) * page_size)
                .limit(page_size)
            )
            return await self._lines(session, list(rows)), total

    async def labels(self) -> list[str]:
        """Those in use, the most used first."""
        used = select(TicketLabel.label).group_by(TicketLabel.label).order_by(func.count().desc(), TicketLabel.label)
        async with self._database.session() as session:
            return list(await session.scalars(used.limit(_MOST_LABELS)))

    async def reach(self, number: str, member: StaffMember) -> None:
        """Raises NotFound where the ticket is no business of the member's."""
        async with self._database.session() as session:
            await by_number(session, number, member)

    async def open_case(self, number: str, member: StaffMember) -> Case:
        """Raises NotFound. Notes in the audit log who looked, and at whose matter."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            audit.note(
                session, member.username, Action.TICKET_VIEWED, number, by=member.role.value, detail=_whose(ticket)
            )
            return await self._case(session, ticket)

    async def phone(self, number: str, member: StaffMember) -> str:
        """The whole number, noted in the audit log. Raises NotFound when there is none."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            if ticket.phone_sealed is None:
                raise NotFound(citizen_text="这个工单没有留电话号码。")
            audit.note(
                session, member.username, Action.PHONE_SHOWN, number, by=member.role.value, detail=_whose(ticket)
            )
            return self._vault.decrypt(ticket.phone_sealed)

    async def waiting(self, member: StaffMember) -> Waiting:
        """For the first page."""
        member.require(Permission.TICKETS)
        parts = ("unowned", "mine", "offered", "overdue", "not_told", "supervised", "extension")
        async with self._database.session() as session:
            counts = [
                await session.scalar(
                    select(func.count()).select_from(Ticket).where(*self._where(member, Wanted(whose=whose)))
                )
                or 0
                for whose in parts
            ]
        return Waiting(*counts)

    @property
    def today(self) -> date:
        """In Jining."""
        return day_here(self._now())

    def _where(self, member: StaffMember, wanted: Wanted) -> list[ColumnElement[bool]]:
        whose: dict[str, ColumnElement[bool]] = {
            "mine": Ticket.owner == member.username,
            "offered": Ticket.offered_to == member.username,
            "unowned": Ticket.owner.is_(None),
            "overdue": _RUNNING & (Ticket.due_on < self.today),
            "not_told": Ticket.id.in_(_NOT_TOLD),
            "supervised": NOT_CLOSED & Ticket.supervised_at.is_not(None),
            "extension": NOT_CLOSED & Ticket.extension_days.is_not(None),
        }
        where = [within(member), *([whose[wanted.whose]] if wanted.whose in whose else [])]
        if wanted.county:
            where.append(Ticket.county.is_(None) if wanted.county == CITY else Ticket.county == wanted.county)
        if wanted.label:
            where.append(Ticket.id.in_(select(TicketLabel.ticket_id).where(TicketLabel.label == wanted.label)))
        if wanted.kind:
            where.append(Ticket.kind == wanted.kind.value)
        if wanted.state:
            where.append(Ticket.state == wanted.state.value)
        elif not wanted.is_past_too:
            where.append(NOT_CLOSED)
        if wanted.text:
            where.append(self._named(wanted.text))
        return where

    def _named(self, text: str) -> ColumnElement[bool]:
        written = "".join(text.split()).upper()
        digits = written.replace("-", "")
        found = Ticket.number.contains(written, autoescape=True)
        if is_phone(digits):
            found |= Ticket.phone_hash == self._vault.lookup(digits)
        if len(written) == _ID_DIGITS:
            found |= Ticket.person_key == self._vault.lookup(written)
        words = has_words(self._vault, text)
        return found if words is None else found | words

    async def _lines(self, session: AsyncSession, rows: Sequence[Ticket]) -> list[Line]:
        labels = await self._labels(session, rows)
        return [line(row, self.today, self._vault, labels.get(row.id, ())) for row in rows]

    async def _labels(self, session: AsyncSession, rows: Sequence[Ticket]) -> dict[int, tuple[str, ...]]:
        of_rows = select(TicketLabel).where(TicketLabel.ticket_id.in_([row.id for row in rows]))
        found: dict[int, tuple[str, ...]] = {}
        for one in await session.scalars(of_rows.order_by(TicketLabel.label)):
            found[one.ticket_id] = (*found.get(one.ticket_id, ()), one.label)
        return found

    async def _case(self, session: AsyncSession, ticket: Ticket) -> Case:
        rated = await session.get(Ticket, ticket.follows_id) if ticket.follows_id else None
        happened = await ticket_history.history(session, self._vault, ticket.id)
        transcript = json.loads(self._vault.decrypt(ticket.transcript_sealed)) if ticket.transcript_sealed else []
        return Case(
            line=(await self._lines(session, [ticket]))[0],
            merged_into=(await session.get_one(Ticket, ticket.merged_into_id)).number if ticket.merged_into_id else "",
            name=self._vault.decrypt(ticket.name_sealed) if ticket.name_sealed else "",
            history=happened,
            transcript=[(str(who), str(text)) for who, text in transcript],
            phone=mask_phone(self._vault.decrypt(ticket.phone_sealed)) if ticket.phone_sealed else "",
            is_proven=ticket.person_key is not None,
            has_agent=ticket.agent_key is not None,
            follows=rated.number if rated else "",
            followed_owner=(rated.owner or "") if rated else "",
            score=Score(ticket.rating) if ticket.rating else None,
            said=next((one.note for one in reversed(happened) if one.step == Step.COMMENTED.label), ""),
        )


def line(row: Ticket, today: date, vault: Vault | None = None, labels: tuple[str, ...] = ()) -> Line:
    """A row as a list shows it."""
    return Line(
        number=row.number,
        kind=Kind(row.kind),
        state=State(row.state),
        urgency=Urgency(row.urgency),
        channel=row.channel,
        topic=row.topic or "",
        owner=row.owner or "",
        offered_to=row.offered_to or "",
        opened_at=row.opened_at,
        due_on=row.due_on,
        closed_at=row.closed_at,
        left=remaining(today, row.due_on),
        is_reminded=row.reminded_at is not None,
        is_escalated=row.escalated_at is not None,
        is_follow_up=row.follows_id is not None,
        is_to_call_back=row.follows_id is not None and row.due_on < put_right_on(row),
        title=vault.decrypt(row.title_sealed) if vault and row.title_sealed else "",
        county=row.county or "",
        department=row.department or "",
        is_supervised=row.supervised_at is not None,
        extension_days=row.extension_days,
        labels=labels,
    )


def _whose(ticket: Ticket) -> str:
    """The person by their keyed hash, as the audit log keeps people."""
    return f"person {ticket.person_key}" if ticket.person_key else ""
