"""What citizens say later about a ticket of theirs: that they are in a hurry, what they forgot, that they want it back.

It is written into the ticket's history, where whoever works on the ticket reads it. Nothing is promised, no day moves.
Which of several they mean, their words tell (`casework.tickets.which`).

    noted = await words.urge("web-7", "快点给办行不行")       # [] when there is no ticket that is theirs for sure

Theirs are the open tickets of this very conversation; else those of whom the conversation is proven to be with.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.messages import Reply
from base.personal_data import Vault, mask_phone
from casework.filings.filing import State as FilingState
from casework.filings.items import Items
from casework.models import Filing, Ticket, TicketEvent
from casework.people.identity import Identity
from casework.tickets.changes import NOT_CLOSED, Changes, StepRefused
from casework.tickets.history import CITIZEN, Step
from casework.tickets.rating_words import RatingWords
from casework.tickets.tickets import Kind, State, Urgency
from casework.tickets.which import Case, is_one_of_several, named, number_in, of_kind
from language.masking import mask

_MOST_WORDS_CHARS = 500
_MOST_NOTES = 30
"""Of a citizen on one ticket: nobody reads more."""
_MOST_TICKETS = 5
_MOST_LOOKED_THROUGH = 30
_WHOLE_NUMBER = len("GD20261122-0007")
_MOST_TOLD = 6
"""Of a transcript: the citizen's last words, in which they say what a complaint is about."""
_CITIZENS = ("citizen", "user")


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


class Fate(StrEnum):
    """What became of a ticket that they may have wanted back."""

    WITHDRAWN = "withdrawn: it is over"
    ASKED_BACK = "staff were asked to take it back"
    GOES_ON = "nobody took it back"
    ENDED = "it was ended otherwise"


@dataclass(frozen=True, slots=True)
class Became:
    """`name`: the item's, "" for what is no filing."""

    number: str
    kind: Kind
    name: str
    name_spoken: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class _Theirs:
    ticket: Ticket
    filing: Filing | None
    case: Case


class TicketWords:
    """Raises CoreUnavailable and TooMuchSaid. `now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        identity: Identity,
        items: Items,
        ratings: RatingWords,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._identity, self._now = database, vault, identity, now
        self._items = items
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

    async def became(self, conversation: str, words: str) -> list[Became]:
        """What became of those that the words name, ended or not; where they name none, of all of this conversation,
        and where there are none of what else of theirs is open. Newest first; [] where nothing of theirs is known."""
        theirs = await self._of_conversation(conversation, Ticket.state.is_not(None))
        if not (meant := _named(theirs, words)):
            others = await self._of_person(conversation, Ticket.state.is_not(None))
            going_on = [one for one in others if one.ticket.state != State.CLOSED.value]
            meant = _named(others, words) or theirs or going_on
        asked_back = select(TicketEvent.ticket_id).where(
            TicketEvent.ticket_id.in_([one.ticket.id for one in meant]), TicketEvent.what == Step.TAKEN_BACK.value
        )
        async with self._database.session() as session:
            wanted_back = set(await session.scalars(asked_back))
        return [
            Became(
                one.ticket.number,
                one.case.kind,
                one.case.item.name if one.case.item else "",
                one.case.item.spoken if one.case.item else "",
                _fate(one, is_asked_back=one.ticket.id in wanted_back),
            )
            for one in meant
        ]

    async def lists(self, conversation: str, words: str) -> bool:
        """Whether something of theirs that is open lists what the words name beside other things."""
        theirs = await self._of_conversation(conversation, NOT_CLOSED)
        theirs += await self._of_person(conversation, NOT_CLOSED)
        return any(is_one_of_several(words, one.case) for one in theirs)

    async def _mine(self, conversation: str, words: str, *, for_other: bool = False) -> list[Ticket]:
        """Newest first; those that the words name, where they name any. What was opened here comes before what the
        person has elsewhere, unless the words name that."""
        here = await self._of_conversation(conversation, NOT_CLOSED)
        if for_other and (for_them := [one for one in here if one.ticket.agent_key]):
            here = for_them
        if found := _named(here, words):
            return [one.ticket for one in found]
        elsewhere = await self._of_person(conversation, NOT_CLOSED, for_other=for_other)
        if found := _named(elsewhere, words):
            return [one.ticket for one in found]
        return [one.ticket for one in _left(here, words, is_here=True) or _left(elsewhere, words)]

    async def _of_conversation(self, conversation: str, which: ColumnElement[bool]) -> list[_Theirs]:
        return await self._found((Ticket.conversation == self._vault.lookup(conversation)) & which)

    async def _of_person(
        self, conversation: str, which: ColumnElement[bool], *, for_other: bool = False
    ) -> list[_Theirs]:
        person = await self._identity.proven(conversation)
        if person is None:
            return []
        if for_other:
            return await self._found((Ticket.agent_key == person.key) & (Ticket.person_key != person.key) & which)
        own = (Ticket.person_key == person.key) | (Ticket.agent_key == person.key)
        if person.phone:  # a call back may have been asked for before anybody proved who they are
            own |= (Ticket.phone_hash == self._vault.lookup(person.phone)) & Ticket.person_key.is_(None)
        return await self._found(own & which)

    async def _found(self, which: ColumnElement[bool]) -> list[_Theirs]:
        wanted = select(Ticket, Filing).outerjoin(Filing, Filing.ticket_id == Ticket.id).where(which)
        async with self._database.session() as session:
            rows = await session.execute(wanted.order_by((Ticket.id + 0).desc()).limit(_MOST_LOOKED_THROUGH))
            return [_Theirs(ticket, filing, self._case(ticket, filing)) for ticket, filing in rows]

    def _case(self, ticket: Ticket, filing: Filing | None) -> Case:
        if filing is not None:
            answers = json.loads(self._vault.decrypt(filing.answers_sealed))
            return Case(ticket.number, Kind(ticket.kind), self._items.items.get(filing.item), answers)
        told = [self._vault.decrypt(ticket.title_sealed)] if ticket.title_sealed else []
        transcript = json.loads(self._vault.decrypt(ticket.transcript_sealed)) if ticket.transcript_sealed else []
        told += [text for who, text in transcript if who in _CITIZENS][-_MOST_TOLD:]
        return Case(ticket.number, Kind(ticket.kind), told="\n".join(told))

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


def _named(theirs: Sequence[_Theirs], words: str) -> list[_Theirs]:
    found = named(words, [one.case for one in theirs])
    return [one for one in theirs if one.case in found]


def _left(theirs: Sequence[_Theirs], words: str, *, is_here: bool = False) -> list[_Theirs]:
    """Where the words name none of them: any may be meant, as far as its kind fits. `is_here`: opened in this
    conversation, where what they call a complaint may have been written down as a call back."""
    if len(number_in(words)) >= _WHOLE_NUMBER:
        return []
    kinds = of_kind(words, [one.case for one in theirs])
    if kinds is None:
        return list(theirs)
    fits = [one for one in theirs if one.case in kinds]
    complains = is_here and not fits and of_kind(words, [Case("", Kind.COMPLAINT)])
    return [one for one in theirs if one.case.kind is not Kind.FILING] if complains else fits


def _fate(one: _Theirs, *, is_asked_back: bool) -> Fate:
    if one.filing is not None and one.filing.state == FilingState.WITHDRAWN:
        return Fate.WITHDRAWN
    if one.ticket.state == State.CLOSED.value:
        return Fate.WITHDRAWN if is_asked_back else Fate.ENDED
    return Fate.ASKED_BACK if is_asked_back else Fate.GOES_ON


async def _said_so_far(session: AsyncSession, ticket_id: int) -> int:
    by_citizen = select(func.count()).where(
        TicketEvent.ticket_id == ticket_id,
        TicketEvent.what.in_((Step.URGED.value, Step.ADDED.value, Step.TAKEN_BACK.value)),
    )
    return await session.scalar(by_citizen) or 0
