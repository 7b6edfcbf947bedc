"""What citizens say later about a ticket of theirs: that they are in a hurry, what they forgot, that they want it back.

It is written into the ticket's history, where whoever works on the ticket reads it. Nothing is promised, no day moves.

    noted = await words.urge("web-7", "快点给办行不行")       # [] when there is no ticket that is theirs for sure

Theirs are the open tickets of this very conversation; else those of whom the conversation is proven to be with.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.messages import Reply
from base.personal_data import Vault, mask_phone
from casework.models import Ticket, TicketEvent
from casework.people.identity import Identity
from casework.tickets.changes import NOT_CLOSED, Changes, StepRefused
from casework.tickets.history import CITIZEN, Step
from casework.tickets.rating_words import RatingWords
from casework.tickets.tickets import Kind, State, Urgency
from language.masking import mask

_MOST_WORDS_CHARS = 500
_MOST_NOTES = 30
"""Of a citizen on one ticket: nobody reads more."""
_MOST_TICKETS = 5
_NUMBER = re.compile(r"GD[0-9]{8}-[0-9]{4,}", re.IGNORECASE)
_ONLY = ((re.compile(r"投诉|举报|反映|告状"), {Kind.COMPLAINT}), (re.compile(r"建议|意见|表扬"), {Kind.SUGGESTION}))
"""Who names one of these means no other."""
_RATHER = (
    (re.compile(r"[回来]电|回话|回个?电话|打.{0,2}电话|联系[我俺]"), {Kind.CALLBACK, Kind.CONSULTATION, Kind.QUERY}),
    (re.compile(r"备案|报销|慢特?病|转移|参保|津贴|救助|申请|提交|交的|材料"), {Kind.FILING}),
)
"""Whose words fit these better than others."""


class TooMuchSaid(ServiceError):
    """More than anybody reads."""

    code = "too_much_said"
    retryable = False
    citizen_text = "这件事您说的已经记了很多条，工作人员都能看到。着急的话，请说“转人工”。"


@dataclass(frozen=True, slots=True)
class Noted:
    """A ticket that says now what the citizen said. The day by which it ends stands."""

    number: str
    kind: Kind
    due_on: date
    is_late: bool
    is_waiting: bool
    """For the citizen: its time does not run."""


class TicketWords:
    """Raises CoreUnavailable and TooMuchSaid. `now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        identity: Identity,
        ratings: RatingWords,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._identity, self._now = database, vault, identity, now
        self._ratings = ratings
        self._changes = Changes(vault, now)

    async def urge(self, conversation: str, words: str, *, for_other: bool = False) -> list[Noted]:
        """Every ticket that may be meant becomes urgent. `for_other`: what they filed for somebody else."""
        mine = await self._mine(conversation, words, for_other=for_other)
        return await self._write(mine[:_MOST_TICKETS], Step.URGED, words, {"urgency": Urgency.URGENT.value})

    async def add(self, conversation: str, words: str, *, phone: str = "", for_other: bool = False) -> list[Noted]:
        """To the newest ticket that may be meant. `phone`: the number to call from now on; checked."""
        mine = await self._mine(conversation, words, for_other=for_other)
        values: dict[str, Any] = {}
        if phone:
            values = {"phone_sealed": self._vault.encrypt(phone), "phone_hash": self._vault.lookup(phone)}
            words = f"{words}（联系电话改为{mask_phone(phone)}）"
        return await self._write(mine[:1], Step.ADDED, words, values)

    async def take_back(self, conversation: str, words: str) -> list[Noted]:
        """The newest ticket that may be meant; staff end it, until then it goes on. Not of a filing: that is taken back
        by whoever it is for, at once (`bot.flows.apply.withdrawing`)."""
        mine = (await self._mine(conversation, words))[:1]
        if mine and mine[0].kind == Kind.FILING.value:
            return []
        return await self._write(mine, Step.TAKEN_BACK, words, {})

    async def rate(self, conversation: str, channel: str, words: str) -> list[Reply]:
        """Thanks; nothing when the words are no rating, or none was asked for in this conversation."""
        return await self._ratings.take(conversation, channel, words)

    async def _mine(self, conversation: str, words: str, *, for_other: bool = False) -> list[Ticket]:
        """Newest first; those that the words name, where they name any."""
        if here := await self._open(Ticket.conversation == self._vault.lookup(conversation), words):
            return here
        person = await self._identity.proven(conversation)
        if person is None:
            return []
        if for_other:
            return await self._open((Ticket.agent_key == person.key) & (Ticket.person_key != person.key), words)
        own = (Ticket.person_key == person.key) | (Ticket.agent_key == person.key)
        if person.phone:  # a call back may have been asked for before anybody proved who they are
            own |= (Ticket.phone_hash == self._vault.lookup(person.phone)) & Ticket.person_key.is_(None)
        return await self._open(own, words)

    async def _open(self, which: ColumnElement[bool], words: str) -> list[Ticket]:
        newest_first = select(Ticket).where(which, NOT_CLOSED).order_by((Ticket.id + 0).desc())
        async with self._database.session() as session:
            return _meant(list(await session.scalars(newest_first)), words)

    async def _write(self, tickets: Sequence[Ticket], step: Step, words: str, values: Mapping[str, Any]) -> list[Noted]:
        note = mask(words)[:_MOST_WORDS_CHARS]
        noted = []
        async with self._database.session() as session:
            for ticket in tickets:
                if await _said_so_far(session, ticket.id) >= _MOST_NOTES:
                    raise TooMuchSaid
                with contextlib.suppress(StepRefused):  # closed meanwhile
                    changed = await self._changes.of(
                        session,
                        ticket.id,
                        CITIZEN,
                        step,
                        when=(NOT_CLOSED,),
                        values=values or {"urgency": Ticket.urgency},
                        note=note,
                    )
                    noted.append(self._noted(changed))
        return noted

    def _noted(self, ticket: Ticket) -> Noted:
        today = day_here(self._now())
        is_waiting = ticket.state == State.WAITING.value
        return Noted(ticket.number, Kind(ticket.kind), ticket.due_on, ticket.due_on < today, is_waiting)


def _meant(tickets: Sequence[Ticket], words: str) -> list[Ticket]:
    """Those the words name by number or kind; all of them when the words name none."""
    if numbers := {number.upper() for number in _NUMBER.findall(words)}:
        return [ticket for ticket in tickets if ticket.number in numbers]
    for pattern, kinds in _ONLY:
        if pattern.search(words):
            return [ticket for ticket in tickets if Kind(ticket.kind) in kinds]
    for pattern, kinds in _RATHER:
        if pattern.search(words) and (named := [ticket for ticket in tickets if Kind(ticket.kind) in kinds]):
            return named
    return list(tickets)


async def _said_so_far(session: AsyncSession, ticket_id: int) -> int:
    by_citizen = select(func.count()).where(
        TicketEvent.ticket_id == ticket_id,
        TicketEvent.what.in_((Step.URGED.value, Step.ADDED.value, Step.TAKEN_BACK.value)),
    )
    return await session.scalar(by_citizen) or 0
