"""How tickets go round the house, as a 12345 does it: dispatched to a county or department (转办), returned (退单),
given more time (延期), merged when two are about the same (并单), watched over by a 主管 (督办), labelled.

    routing = Routing(database, vault)
    await routing.dispatch(number, member, county="邹城市", reason="归参保地办")
    await routing.hand_back(number, colleague, reason="不在我县参保")

Every step raises NotAllowed, NotFound or StepRefused, and stands in the ticket's history with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.models import Filing, Ticket, TicketLabel
from casework.tickets.changes import NOT_CLOSED, Changes, StepRefused, by_number, checked, may_work
from casework.tickets.counties import CITY, COUNTIES
from casework.tickets.history import Step
from casework.tickets.tickets import State, Urgency
from language.calendar.working_days import add_working_days
from staff.roles import Permission, StaffMember

MOST_EXTENSION_DAYS = 15
"""Working days at once; our own rule, to be set by the bureau."""
MOST_LABELS = 6
MOST_LABEL_CHARS = 12
_MOST_DEPARTMENT_CHARS = 40


class Routing:
    """`now` is aware."""

    def __init__(self, database: Database, vault: Vault, now: Clock = utc_now) -> None:
        self._database, self._now = database, now
        self._changes = Changes(vault, now)

    async def dispatch(
        self, number: str, member: StaffMember, *, county: str = "", department: str = "", reason: str
    ) -> None:
        """To a county, or to a department of the city's own bureau; there somebody takes it. The day stays."""
        department = department.strip()[:_MOST_DEPARTMENT_CHARS]
        if county and county not in (*COUNTIES, CITY):
            raise StepRefused(citizen_text="请从列表里选县区。")
        if not county and not department:
            raise StepRefused(citizen_text="请选转给哪个县区，或者写明哪个科室。")
        reason = checked(reason, "请写明为什么转办，对方会看到。")
        kept = None if county in ("", CITY) else county
        values = {"county": kept, "department": department or None, "owner": None, "offered_to": None}
        to = "".join((county or CITY, department))
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            if ticket.county == kept and (ticket.department or "") == department:
                raise StepRefused(citizen_text=f"工单已经在{to}了。")
            values["state"] = _unowned(ticket)
            await self._changes.by_staff(
                session, number, member, Step.DISPATCHED, when=(NOT_CLOSED, may_route(member)), values=values,
                note=f"转{to}：{reason}",
            )  # fmt: skip

    async def hand_back(self, number: str, member: StaffMember, *, reason: str) -> None:
        """What was dispatched wrongly goes back to the city's own bureau."""
        reason = checked(reason, "请写明为什么退单。")
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            if ticket.county is None and ticket.department is None:
                raise StepRefused(citizen_text="这个工单没有转办过，不用退。")
            frm = "".join((ticket.county or "", ticket.department or ""))
            values = {
                "county": None, "department": None, "owner": None, "offered_to": None, "state": _unowned(ticket)
            }  # fmt: skip
            await self._changes.by_staff(
                session, number, member, Step.RETURNED, when=(NOT_CLOSED, may_route(member)), values=values,
                note=f"{frm}退回：{reason}",
            )  # fmt: skip

    async def ask_extension(self, number: str, member: StaffMember, *, days: int, reason: str) -> None:
        """By the owner; a 主管 decides. Until then the old day counts."""
        reason = checked(reason, "请写明为什么要延期。")
        if not 1 <= days <= MOST_EXTENSION_DAYS:
            raise StepRefused(citizen_text=f"一次最多延{MOST_EXTENSION_DAYS}个工作日。")
        when = (NOT_CLOSED, may_work(member), Ticket.extension_days.is_(None))
        note = f"申请延{days}个工作日：{reason}"
        async with self._database.session() as session:
            await self._changes.by_staff(
                session, number, member, Step.EXTENSION_ASKED, when=when, values={"extension_days": days}, note=note
            )

    async def answer_extension(self, number: str, member: StaffMember, *, agreed: bool, reason: str = "") -> None:
        """By a 主管, who did not ask for it. A new last day is announced anew."""
        member.require(Permission.SUPERVISE)
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            if ticket.extension_days is None:
                raise StepRefused(citizen_text="没有人申请延期，或者已经有人批了。")
            if ticket.owner == member.username:
                raise StepRefused(citizen_text="自己的工单，请另一位主管批。")
            values: dict[str, Any] = {"extension_days": None}
            note, step = (
                checked(reason, "不同意的，请写明理由。") if not agreed else reason.strip(),
                Step.EXTENSION_REFUSED,
            )
            if agreed:
                step = Step.EXTENDED
                due_on = add_working_days(ticket.due_on, ticket.extension_days)
                values["due_on"] = due_on
                note = f"延到{due_on.month}月{due_on.day}日{'：' + note if note else ''}"
                if due_on >= day_here(self._now()):
                    values |= {"reminded_at": None, "escalated_at": None}
            still_asked = (NOT_CLOSED, Ticket.extension_days == ticket.extension_days)
            await self._changes.by_staff(session, number, member, step, when=still_asked, values=values, note=note)

    async def merge(self, number: str, member: StaffMember, *, into: str) -> None:
        """This one is about the same as `into`, which goes on for both: the citizen is not asked twice. A filing is
        never merged: its decision is told for it alone."""
        into = "".join(into.split()).upper()
        async with self._database.session() as session:
            ticket, other = await by_number(session, number, member), await _other(session, into, member)
            if other.id == ticket.id:
                raise StepRefused(citizen_text="请填另一个工单的编号。")
            if other.state == State.CLOSED.value:
                raise StepRefused(citizen_text=f"{other.number}已经办结，不能并进去。")
            if await session.scalar(select(Filing.id).where(Filing.ticket_id.in_((ticket.id, other.id)))):
                raise StepRefused(citizen_text="帮办事项不能并单：每一件都要单独决定、单独告诉群众。")
            values = {
                "state": State.CLOSED.value, "offered_to": None, "closed_at": self._changes.naive_now,
                "merged_into_id": other.id, "extension_days": None,
            }  # fmt: skip
            await self._changes.by_staff(
                session, number, member, Step.MERGED, when=(NOT_CLOSED, may_route(member)), values=values,
                note=f"和{other.number}是同一件事，并到那里办",
            )  # fmt: skip
            if ticket.urgency == Urgency.URGENT.value:
                other.urgency = Urgency.URGENT.value
            other.due_on = min(other.due_on, ticket.due_on)
            self._changes.write(session, other, member.username, Step.MERGED_IN, f"{ticket.number}并到这里")

    async def supervise(self, number: str, member: StaffMember, *, words: str) -> None:
        """A 主管 watches over it: urgent from now on, and everybody sees why."""
        member.require(Permission.SUPERVISE)
        words = checked(words, "请写明督办要求。")
        values = {"supervised_at": self._changes.naive_now, "urgency": Urgency.URGENT.value}
        async with self._database.session() as session:
            await self._changes.by_staff(
                session, number, member, Step.SUPERVISED, when=(NOT_CLOSED,), values=values, note=words
            )

    async def label(self, number: str, member: StaffMember, labels: Sequence[str]) -> None:
        """These and no others. Raises StepRefused when they are too many or too long."""
        member.require(Permission.TICKETS)
        wanted = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
        if len(wanted) > MOST_LABELS or any(len(label) > MOST_LABEL_CHARS for label in wanted):
            raise StepRefused(citizen_text=f"最多{MOST_LABELS}个标签，每个不超过{MOST_LABEL_CHARS}个字。")
        async with self._database.session() as session:
            ticket = await by_number(session, number, member)
            await session.execute(delete(TicketLabel).where(TicketLabel.ticket_id == ticket.id))
            session.add_all(TicketLabel(ticket_id=ticket.id, label=label) for label in wanted)
            self._changes.write(session, ticket, member.username, Step.LABELLED, "、".join(wanted) or "没有标签")


def may_route(member: StaffMember) -> Any:
    """Who may send it on: its owner, a 主管, and anybody while nobody owns it."""
    return may_work(member) | Ticket.owner.is_(None)


async def _other(session: AsyncSession, number: str, member: StaffMember) -> Ticket:
    ticket = await session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None or (member.county and ticket.county != member.county):
        raise StepRefused(citizen_text="没有查到要并进去的那个工单，请核对编号。")
    return ticket


def _unowned(ticket: Ticket) -> str:
    """A citizen who is being waited for is still being waited for."""
    return State.WAITING.value if ticket.state == State.WAITING.value else State.OPEN.value
