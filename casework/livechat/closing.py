"""The end of a live conversation: a ticket is opened for it, closed at once or worked on, and the citizen is told.

    number = await closing.end(7, member, Ending(Kind.CONSULTATION, "告诉了他怎么备案", phone="", is_done=True))

The ticket bears the conversation, the turns, and the kind; closing it asks for a rating as for every ticket. Who left
no telephone number is asked in the conversation itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import select

from base.database import Database
from base.messages import Link, Reply
from base.personal_data import is_phone
from casework.livechat.book import Book, Line
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.wording import say
from casework.models import Ticket
from casework.tickets.changes import StepRefused, checked
from casework.tickets.tickets import Kind, Opened, Tickets
from casework.tickets.work import TicketWork
from language.calendar.working_days import caveat
from staff.roles import StaffMember

KINDS = tuple(kind for kind in Kind if kind is not Kind.FILING)
"""A filing is opened by the dialogue: it needs a proven person."""


@dataclass(frozen=True, slots=True)
class Ending:
    """`outcome`: what was answered or is to be done. `phone`: "" when none was left. `is_done`: nothing is left."""

    kind: Kind
    outcome: str
    phone: str
    is_done: bool


class Links(Protocol):
    """`casework.tickets.ratings.Ratings`, as far as a link needs it."""

    def token(self, number: str) -> str: ...


class Closing:
    """`address`: how citizens reach this service, https://host."""

    def __init__(
        self,
        database: Database,
        book: Book,
        steps: LiveSteps,
        tickets: Tickets,
        work: TicketWork,
        ratings: Links,
        address: str,
    ) -> None:
        self._database, self._book, self._steps = database, book, steps
        self._tickets, self._work, self._ratings, self._address = tickets, work, ratings, address.rstrip("/")

    async def end(self, conversation_id: int, member: StaffMember, ending: Ending) -> str:
        """The ticket's number. Raises NotAllowed, NotFound, StepRefused."""
        outcome = checked(ending.outcome, "请写明办理结果，或者还要办什么。")
        if ending.kind not in KINDS:
            raise StepRefused(citizen_text="请选种类。")
        if ending.phone and not is_phone(ending.phone):
            raise StepRefused(citizen_text="电话号码不对：手机号是11位，座机加区号。没有就空着。")
        line = await self._steps.begin_end(conversation_id, member)
        opened = await self._ticket(line, ending)
        await self._work.take(opened.number, member)
        if not ending.is_done:
            await self._work.note(opened.number, member, outcome)
            due = f"{opened.due_on.month}月{opened.due_on.day}日{caveat(opened.due_on)}"
            told = say("ticket", number=opened.number, code=opened.code, due=due)
            await self._steps.end(conversation_id, member, replace(told, ticket=opened.number))
            return opened.number
        await self._work.close(opened.number, member, outcome)
        await self._steps.end(conversation_id, member, await self._goodbye(opened.number))
        return opened.number

    async def _ticket(self, line: Line, ending: Ending) -> Opened:
        async with self._database.session() as session:
            turns = await self._book.turns(session, line.id)
        return await self._tickets.open(
            ending.kind,
            channel=line.channel,
            phone=ending.phone or None,
            conversation=line.name,
            transcript=[(turn.who, turn.reply.text) for turn in turns],
        )

    async def _goodbye(self, number: str) -> Reply:
        """With the rating's link, unless a short message carries it."""
        async with self._database.session() as session:
            ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one()
            if ticket.rating_asked_at is not None:
                return say("closed", number=number)
            ticket.rating_asked_at = self._book.now
        link = f"{self._address}/rating/{self._ratings.token(number)}"
        return replace(say("closed_rating", number=number, link=link), links=(Link("打开这个链接", link),))
