"""A call that broke off in the middle of a query becomes a ticket to call back (every contact not finished is one).

One ticket for a caller and a matter, however often the line breaks; the next call in which it is answered closes it.
Where neither who they are nor their number is known, nobody could be called: it is counted, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from prometheus_client import Counter
from sqlalchemy import ColumnElement, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, utc_now
from base.database import Database
from base.personal_data import Vault, is_phone
from bot.flows.state import State
from casework.core.contract import CoreUnavailable, PersonKey
from casework.models import Ticket
from casework.people.identity import Identity
from casework.tickets import query_topics
from casework.tickets.changes import NOT_CLOSED, Changes
from casework.tickets.history import SYSTEM, Step
from casework.tickets.tickets import Kind, Tickets
from casework.tickets.tickets import State as TicketState

log = structlog.get_logger()

CUT_OFF = Counter("yibao_queries_cut_off_total", "Calls that ended before a query was answered", ("outcome",))
_ASKED_FOR_A_PERSON = (Kind.CALLBACK.value, Kind.QUERY.value, Kind.CONSULTATION.value)
_AGAIN = "群众又来电，没有查完线路又断了。"
_ANSWERED = "群众再次来电，已经答复。"


class CutOff:
    """`picked_up` when a call begins, `over` when it has ended; in between as it goes. `now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        identity: Identity,
        tickets: Tickets,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._identity, self._tickets = database, vault, identity, tickets
        self._changes = Changes(vault, now)
        self._calls: dict[str, str] = {}
        self._failed: dict[str, State] = {}
        self._one_at_a_time = asyncio.Lock()

    def picked_up(self, conversation: str, caller: str | None) -> None:
        """`caller`: the number the line gave. Kept in memory only, until they hang up."""
        self._calls[conversation] = caller if caller and is_phone(caller) else ""

    def over(self, conversation: str) -> None:
        self._calls.pop(conversation, None)

    def failed(self, conversation: str, state: State) -> None:
        """It cannot be answered now, and they were told so: unless it is answered yet, they are called back."""
        if conversation in self._calls and state.kind == "query":
            self._failed[conversation] = state

    def settled(self, conversation: str) -> None:
        """They said goodbye, or got their answer."""
        self._failed.pop(conversation, None)

    async def hung_up(self, conversation: str, state: State | None) -> None:
        """Open the ticket, or note on the one there is that the line broke again. `state`: what was open."""
        state = state or self._failed.get(conversation)
        if state is None or state.kind != "query" or state.stage == "next":
            return
        if await self._asked_for_person(conversation):
            return
        topic = _topic(state)
        outcome = await self._owe(conversation, topic, state.channel)
        CUT_OFF.labels(outcome).inc()
        log.info("query_cut_off", outcome=outcome, topic=topic)

    async def answered(self, conversation: str, state: State) -> None:
        """What is open about this matter is closed; nobody need be called, and nobody is asked for a rating."""
        self.settled(conversation)
        key, phones = await self._who(conversation)
        about = Ticket.topic.in_((_topic(state), query_topics.ANY))
        async with self._database.session() as session:
            for ticket in await self._open(session, self._whose(key, phones) & about):
                closed = {
                    "state": TicketState.CLOSED.value,
                    "offered_to": None,
                    "closed_at": self._changes.naive_now,
                    "person_key": ticket.person_key or key,
                }
                await self._write(session, ticket, Step.CLOSED, closed, _ANSWERED)

    async def _owe(self, conversation: str, topic: str, channel: str) -> str:
        """What came of it, as the metric names it."""
        key, phones = await self._who(conversation)
        if not key and not phones:
            return "nobody_to_call"
        async with self._one_at_a_time:
            if await self._noted(key, phones, topic):
                return "noted"
            phone = phones[0] if phones else None
            await self._tickets.open(
                Kind.QUERY, channel=channel, phone=phone, topic=topic, conversation=conversation, person_key=key
            )
        return "ticket"

    async def _noted(self, key: PersonKey | None, phones: Sequence[str], topic: str) -> bool:
        """Whether a ticket of theirs waits already; it says now that they called again, and all that is known."""
        is_known = topic != query_topics.ANY
        about = Ticket.topic.in_((topic, query_topics.ANY)) if is_known else Ticket.topic.startswith(query_topics.ANY)
        whose = self._whose(key, phones) if key else Ticket.phone_hash.in_(self._hashes(phones))
        async with self._database.session() as session:
            for ticket in await self._open(session, whose & about):
                known = {"person_key": ticket.person_key or key}
                if ticket.topic == query_topics.ANY:
                    known["topic"] = topic
                await self._write(session, ticket, Step.NOTED, known, _AGAIN)
                return True
        return False

    async def _who(self, conversation: str) -> tuple[PersonKey | None, list[str]]:
        """Who was proven, and the numbers to call them on, the one they called from first."""
        key = await self._identity.proven_key(conversation)
        phones = [caller] if (caller := self._calls.get(conversation)) else []
        try:
            person = await self._identity.proven(conversation) if key else None
        except CoreUnavailable:  # the key alone finds them when it answers again
            person = None
        return key, [*phones, *([person.phone] if person and person.phone not in ("", *phones) else [])]

    def _whose(self, key: PersonKey | None, phones: Sequence[str]) -> ColumnElement[bool]:
        """Theirs for sure, or from a number of theirs and nobody's yet: a telephone may be a family's."""
        by_phone = Ticket.person_key.is_(None) & Ticket.phone_hash.in_(self._hashes(phones))
        return or_(Ticket.person_key == key if key else false(), by_phone)

    def _hashes(self, phones: Sequence[str]) -> list[str]:
        return [self._vault.lookup(phone) for phone in phones]

    async def _open(self, session: AsyncSession, which: ColumnElement[bool]) -> list[Ticket]:
        mine = select(Ticket).where(which, Ticket.kind == Kind.QUERY.value, NOT_CLOSED).order_by(Ticket.id)
        return list(await session.scalars(mine))

    async def _write(
        self, session: AsyncSession, ticket: Ticket, step: Step, values: Mapping[str, object], note: str
    ) -> None:
        changed = update(Ticket).where(Ticket.id == ticket.id, NOT_CLOSED).values(**values).returning(Ticket.id)
        if await session.scalar(changed, execution_options={"synchronize_session": False}) is not None:
            self._changes.write(session, ticket, SYSTEM, step, note)

    async def _asked_for_person(self, conversation: str) -> bool:
        """In this very call a ticket was opened for somebody to call back: that is the answer to come."""
        here = (Ticket.conversation == self._vault.lookup(conversation)) & Ticket.kind.in_(_ASKED_FOR_A_PERSON)
        async with self._database.session() as session:
            return await session.scalar(select(Ticket.id).where(here).limit(1)) is not None


def _topic(state: State) -> str:
    return query_topics.topic(state.what, for_other=bool(state.relation or state.principal_id))
