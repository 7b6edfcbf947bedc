"""How a ticket is changed: only if it is still as the step needs it, with history and audit log beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored
from base.errors import ServiceError
from base.personal_data import Vault
from casework.models import Ticket
from casework.tickets.history import Step, record
from casework.tickets.tickets import NotFound, State
from staff import audit
from staff.audit import Action
from staff.models import StaffAccount
from staff.roles import Permission, Role, StaffMember

MOST_NOTE_CHARS = 2_000
NOT_CLOSED = Ticket.state != State.CLOSED.value
_ACTIONS = {
    Step.TAKEN: Action.TICKET_TAKEN,
    Step.OFFERED: Action.TICKET_OFFERED,
    Step.ACCEPTED: Action.TICKET_ACCEPTED,
    Step.DECLINED: Action.TICKET_DECLINED,
    Step.WITHDRAWN: Action.TICKET_WITHDRAWN,
    Step.ASSIGNED: Action.TICKET_ASSIGNED,
    Step.NOTED: Action.TICKET_NOTED,
    Step.ASKED: Action.TICKET_ASKED,
    Step.SUPPLIED: Action.TICKET_SUPPLIED,
    Step.CLOSED: Action.TICKET_CLOSED,
    Step.REOPENED: Action.TICKET_REOPENED,
    Step.REMINDED: Action.TICKET_REMINDED,
    Step.ESCALATED: Action.TICKET_ESCALATED,
    Step.RATED: Action.TICKET_RATED,
    Step.COMMENTED: Action.TICKET_COMMENTED,
    Step.CALLED_BACK: Action.TICKET_CALLED_BACK,
    Step.URGED: Action.TICKET_NOTED,
    Step.ADDED: Action.TICKET_NOTED,
    Step.TAKEN_BACK: Action.TICKET_NOTED,
    Step.DISPATCHED: Action.TICKET_DISPATCHED,
    Step.RETURNED: Action.TICKET_RETURNED,
    Step.EXTENSION_ASKED: Action.TICKET_EXTENSION_ASKED,
    Step.EXTENDED: Action.TICKET_EXTENDED,
    Step.EXTENSION_REFUSED: Action.TICKET_EXTENSION_REFUSED,
    Step.MERGED: Action.TICKET_MERGED,
    Step.SUPERVISED: Action.TICKET_SUPERVISED,
    Step.LABELLED: Action.TICKET_LABELLED,
    Step.MERGED_IN: Action.TICKET_MERGED,
}


class StepRefused(ServiceError):
    """The ticket is not, or no longer, as the step needs it; `citizen_text` tells the member of staff why."""

    code = "step_refused"
    retryable = False
    citizen_text = "工单刚才有变化，请刷新页面再看。"


class Changes:
    """Changes rows in the caller's unit of work. `now` is aware."""

    def __init__(self, vault: Vault, now: Clock) -> None:
        self._vault, self._now = vault, now

    @property
    def naive_now(self) -> datetime:
        """As the database keeps times."""
        return as_stored(self._now())

    async def by_staff(
        self,
        session: AsyncSession,
        number: str,
        member: StaffMember,
        step: Step,
        *,
        when: Sequence[ColumnElement[bool]],
        values: Mapping[str, Any],
        note: str = "",
    ) -> Ticket:
        """A step of a member of staff. Raises NotAllowed, NotFound, StepRefused with the reason in words."""
        member.require(Permission.TICKETS)
        ticket = await _updated(session, (Ticket.number == number, within(member), *when), values)
        if ticket is None:
            raise await refusal(session, number, member, step)
        self.write(session, ticket, member.username, step, note)
        return ticket

    async def of(
        self,
        session: AsyncSession,
        ticket_id: int,
        by: str,
        step: Step,
        *,
        when: Sequence[ColumnElement[bool]],
        values: Mapping[str, Any],
        note: str = "",
    ) -> Ticket:
        """A step whose permission was looked at elsewhere. Raises StepRefused."""
        ticket = await _updated(session, (Ticket.id == ticket_id, *when), values)
        if ticket is None:
            raise StepRefused
        self.write(session, ticket, by, step, note)
        return ticket

    def write(self, session: AsyncSession, ticket: Ticket, who: str, step: Step, note: str = "") -> None:
        """Into the history and into the audit log."""
        record(session, ticket.id, who, step, self.naive_now, self._vault.encrypt(note) if note else None)
        audit.note(session, who, _ACTIONS[step], ticket.number)


def within(member: StaffMember) -> ColumnElement[bool]:
    """A county's staff see the tickets of their county, and what was given to them; the city's see all."""
    if not member.county:
        return true()
    return (Ticket.county == member.county) | (Ticket.owner == member.username) | (Ticket.offered_to == member.username)


async def by_number(session: AsyncSession, number: str, member: StaffMember | None = None) -> Ticket:
    """Raises NotFound, also where it is no business of the member's."""
    where = (Ticket.number == number, within(member) if member else true())
    ticket = await session.scalar(select(Ticket).where(*where))
    if ticket is None:
        raise NotFound
    return ticket


def may_work(member: StaffMember) -> ColumnElement[bool]:
    """The owner works on a ticket, or a 主管."""
    return true() if member.may(Permission.SUPERVISE) else Ticket.owner == member.username


def checked(text: str, needed: str) -> str:
    """What was written down, trimmed. Raises StepRefused with `needed` when there is nothing."""
    text = text.strip()
    if not text:
        raise StepRefused(code="note_needed", citizen_text=needed)
    if len(text) > MOST_NOTE_CHARS:
        raise StepRefused(code="note_too_long", citizen_text=f"最多写{MOST_NOTE_CHARS}个字。")
    return text


async def receiver(session: AsyncSession, username: str) -> StaffMember:
    """Who shall have a ticket. Raises StepRefused when they cannot have one."""
    if not username:
        raise StepRefused(citizen_text="请先选一位同事。")
    row = await session.scalar(select(StaffAccount).where(StaffAccount.username == username))
    found = StaffMember(row.username, row.name, Role(row.role), row.active, row.county) if row else None
    if found is None or not found.may(Permission.TICKETS):
        raise StepRefused(citizen_text="对方不能接工单，请另选一位同事。")
    return found


async def refusal(session: AsyncSession, number: str, member: StaffMember, step: Step) -> StepRefused:
    """Why the step could not be done, in words for the member."""
    ticket = await by_number(session, number, member)
    names = await session.execute(
        select(StaffAccount.username, StaffAccount.name).where(
            or_(StaffAccount.username == ticket.owner, StaffAccount.username == ticket.offered_to)
        )
    )
    known = {row.username: row.name for row in names}
    is_mine = ticket.owner == member.username
    owner = "您自己" if is_mine else known.get(ticket.owner or "", ticket.owner)
    if ticket.state == State.CLOSED.value:
        return StepRefused(citizen_text="这个工单已经办结了。")
    if step is Step.TAKEN and owner:
        return StepRefused(citizen_text=f"这个工单已经由{owner}接了。")
    if step in (Step.ACCEPTED, Step.DECLINED):
        return StepRefused(citizen_text="这个工单现在没有要移交给您，可能对方已经撤回。")
    if owner is None:
        return StepRefused(citizen_text="这个工单还没有人接，请先接单。")
    if not is_mine:
        return StepRefused(citizen_text=f"这个工单由{owner}负责，只有{owner}或主管能办。")
    if step is Step.CALLED_BACK:
        return StepRefused(citizen_text="这个工单不用回访，或者已经回访过了。")
    return StepRefused()


async def _updated(
    session: AsyncSession, when: Sequence[ColumnElement[bool]], values: Mapping[str, Any]
) -> Ticket | None:
    """The row after the change; None when it is not as the step needs it: of two at once one comes too late."""
    change = update(Ticket).where(*when).values(**values).returning(Ticket)
    return (await session.scalars(change, execution_options={"populate_existing": True})).one_or_none()
