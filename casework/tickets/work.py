"""What staff do with tickets: take, hand over, note, close. Whoever takes a ticket first stays responsible (首问负责)
until somebody else has accepted it.

    work = TicketWork(database, vault, ratings)
    await work.take("GD20261120-0001", member)             # of two at once one gets it, the other hears who has it
    await work.offer("GD20261120-0001", member, to="lilei")  # still member's
    await work.accept("GD20261120-0001", lilei)              # now Li Lei's

`close_in`, `wait_in` and `resume_in` do their step in the caller's unit of work, for filings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket, TicketEvent
from casework.tickets.changes import NOT_CLOSED, Changes, StepRefused, by_number, checked, may_work, receiver, refusal
from casework.tickets.history import CITIZEN, Step
from casework.tickets.tickets import WORKING_DAYS, Kind, State, put_right_on
from language.calendar.working_days import add_working_days, working_days_between
from staff.roles import Permission, StaffMember


class AsksForRating(Protocol):
    """`casework.tickets.ratings.Ratings`, as far as closing needs it."""

    async def ask_in(self, session: AsyncSession, ticket: Ticket, outcome: str = "") -> None: ...


class TicketWork:
    """The steps. Every one raises NotAllowed, NotFound or StepRefused. `now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        ratings: AsksForRating | None = None,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._ratings, self._now = database, ratings, now
        self._changes = Changes(vault, now)

    async def take(self, number: str, member: StaffMember) -> None:
        """The first to take it is its owner."""
        free = (Ticket.state == State.OPEN.value, Ticket.owner.is_(None))
        taken = {"owner": member.username, "state": State.TAKEN.value}
        await self._step(number, member, Step.TAKEN, free, taken)

    async def offer(self, number: str, member: StaffMember, *, to: str) -> None:
        """Ask somebody to take it over; the owner stays responsible until they accept. Who was asked before is asked
        no more."""
        if to == member.username:
            raise StepRefused(citizen_text="工单已经由您负责，请选另一位同事。")
        mine = (NOT_CLOSED, Ticket.owner == member.username)
        await self._step(number, member, Step.OFFERED, mine, {"offered_to": to}, to=to)

    async def withdraw_offer(self, number: str, member: StaffMember) -> None:
        """The owner keeps it after all."""
        mine = (NOT_CLOSED, Ticket.owner == member.username, Ticket.offered_to.is_not(None))
        await self._step(number, member, Step.WITHDRAWN, mine, {"offered_to": None})

    async def accept(self, number: str, member: StaffMember) -> None:
        """From now on it is this member's."""
        asked = (NOT_CLOSED, Ticket.offered_to == member.username)
        await self._step(number, member, Step.ACCEPTED, asked, {"owner": member.username, "offered_to": None})

    async def decline_offer(self, number: str, member: StaffMember, *, reason: str = "") -> None:
        """It stays with its owner."""
        asked = (NOT_CLOSED, Ticket.offered_to == member.username)
        await self._step(number, member, Step.DECLINED, asked, {"offered_to": None}, note=reason.strip())

    async def assign(self, number: str, member: StaffMember, *, to: str) -> None:
        """A 主管 gives it to somebody, who need not accept."""
        member.require(Permission.SUPERVISE)
        state = case((Ticket.state == State.OPEN.value, State.TAKEN.value), else_=Ticket.state)
        theirs = {"owner": to, "offered_to": None, "state": state}
        await self._step(number, member, Step.ASSIGNED, (NOT_CLOSED,), theirs, to=to)

    async def note(self, number: str, member: StaffMember, text: str) -> None:
        """Write something down; also for colleagues whom the citizen happened to reach."""
        member.require(Permission.TICKETS)
        text = checked(text, "请写下要记录的内容。")
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            self._changes.write(session, ticket, member.username, Step.NOTED, text)

    async def called_back(self, number: str, member: StaffMember, text: str) -> None:
        """After a bad rating the citizen was called: from now on the day counts by which it must be put right."""
        member.require(Permission.TICKETS)
        text = checked(text, "请写下回访时群众说了什么。")
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            due_on = put_right_on(ticket)
            first = (NOT_CLOSED, may_work(member), Ticket.follows_id.is_not(None), Ticket.due_on < due_on)
            values: dict[str, Any] = {"due_on": due_on}
            if due_on >= day_here(self._now()):
                values |= {"reminded_at": None, "escalated_at": None}
            await self._changes.by_staff(
                session, number, member, Step.CALLED_BACK, when=first, values=values, note=text
            )

    async def close(self, number: str, member: StaffMember, outcome: str) -> None:
        """By the owner or a 主管, with what came of it. The citizen is asked for a rating."""
        outcome = checked(outcome, "请写明办理结果。")
        open_ = (NOT_CLOSED, may_work(member))
        async with self._database.session() as session:
            ticket = await self._changes.by_staff(
                session, number, member, Step.CLOSED, when=open_, values=self._closed(), note=outcome
            )
            await self._ask_for_rating(session, ticket, outcome)

    async def reopen(self, number: str, member: StaffMember, *, reason: str) -> None:
        """By the owner or a 主管: a new limit of the length of its kind begins."""
        member.require(Permission.TICKETS)
        reason = checked(reason, "请写明为什么重新办理。")
        ended = (Ticket.state == State.CLOSED.value, may_work(member))
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            values = {
                "state": State.TAKEN.value if ticket.owner else State.OPEN.value,
                "closed_at": None,
                "reminded_at": None,
                "escalated_at": None,
                "due_on": add_working_days(day_here(self._now()), WORKING_DAYS[Kind(ticket.kind)]),
            }
            await self._changes.by_staff(session, number, member, Step.REOPENED, when=ended, values=values, note=reason)

    async def require_work(self, number: str, member: StaffMember) -> None:
        """Raises unless the ticket is open and the member its owner or a 主管: before a filing is decided."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            is_theirs = ticket.owner == member.username or member.may(Permission.SUPERVISE)
            if ticket.state == State.CLOSED.value or not is_theirs:
                raise await refusal(session, number, member, Step.CLOSED)

    async def close_in(self, session: AsyncSession, ticket_id: int, *, by: str, outcome: str) -> None:
        """Close in the caller's unit of work; `by` is a username or "system". Whether they may is the caller's part."""
        ticket = await self._changes.of(
            session, ticket_id, by, Step.CLOSED, when=(NOT_CLOSED,), values=self._closed(), note=outcome
        )
        await self._ask_for_rating(session, ticket)

    async def wait_in(self, session: AsyncSession, ticket_id: int, *, by: str, what: str) -> None:
        """The citizen must hand in something: until then the time does not run."""
        waiting = {"state": State.WAITING.value}
        await self._changes.of(session, ticket_id, by, Step.ASKED, when=(NOT_CLOSED,), values=waiting, note=what)

    async def resume_in(self, session: AsyncSession, ticket_id: int, *, by: str = CITIZEN) -> None:
        """What was missing came: the limit is later by the working days that were waited."""
        ticket = await session.get_one(Ticket, ticket_id)
        waited = _working_days_since(await _asked_at(session, ticket_id), self._now())
        state = case((Ticket.owner.is_(None), State.OPEN.value), else_=State.TAKEN.value)
        due_on = add_working_days(ticket.due_on, waited)
        values = {"state": state, "due_on": due_on}
        if due_on >= day_here(self._now()):  # a new last day is announced anew
            values |= {"reminded_at": None, "escalated_at": None}
        is_waiting = (Ticket.state == State.WAITING.value,)
        await self._changes.of(session, ticket_id, by, Step.SUPPLIED, when=is_waiting, values=values)

    async def _step(
        self,
        number: str,
        member: StaffMember,
        step: Step,
        when: Sequence[ColumnElement[bool]],
        values: Mapping[str, Any],
        *,
        note: str = "",
        to: str | None = None,
    ) -> None:
        async with self._database.session() as session:
            if to is not None:
                note = (await receiver(session, to)).name
            await self._changes.by_staff(session, number, member, step, when=when, values=values, note=note)

    async def _ask_for_rating(self, session: AsyncSession, ticket: Ticket, outcome: str = "") -> None:
        """`outcome`: what the citizen is told was done; "" where another message has told it."""
        if self._ratings is not None:
            await self._ratings.ask_in(session, ticket, outcome)

    def _closed(self) -> dict[str, object]:
        return {"state": State.CLOSED.value, "offered_to": None, "closed_at": self._changes.naive_now}


async def _asked_at(session: AsyncSession, ticket_id: int) -> datetime | None:
    """Since when the citizen is being waited for; UTC, naive."""
    of_ticket = TicketEvent.ticket_id == ticket_id
    supplied = select(func.coalesce(func.max(TicketEvent.id), 0)).where(of_ticket, TicketEvent.what == Step.SUPPLIED)
    return await session.scalar(
        select(func.min(TicketEvent.at)).where(
            of_ticket, TicketEvent.what == Step.ASKED, TicketEvent.id > supplied.scalar_subquery()
        )
    )


def _working_days_since(asked_at: datetime | None, now: datetime) -> int:
    if asked_at is None:
        return 0
    return working_days_between(day_here(asked_at), day_here(now))
