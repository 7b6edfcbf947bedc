"""Who an agent is talking with: whether they proved who they are, and what they have with us besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket
from casework.people.models import IdProof
from casework.tickets.board import Line, line
from casework.tickets.changes import within
from staff.roles import StaffMember

_MOST_TICKETS = 8


@dataclass(frozen=True, slots=True)
class Citizen:
    """`tickets`: newest first, of this conversation and, once proven, of this person."""

    is_proven: bool
    tickets: Sequence[Line]


class Citizens:
    """`now` is aware."""

    def __init__(self, database: Database, vault: Vault, now: Clock = utc_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def of(self, conversation: str, member: StaffMember) -> Citizen:
        """`conversation` is plain."""
        key = self._vault.lookup(conversation)
        async with self._database.session() as session:
            person = await session.scalar(select(IdProof.person_key).where(IdProof.conversation == key))
            theirs = Ticket.conversation == key
            if person:
                theirs |= (Ticket.person_key == person) | (Ticket.agent_key == person)
            newest = select(Ticket).where(theirs, within(member)).order_by(Ticket.id.desc()).limit(_MOST_TICKETS)
            today = day_here(self._now())
            tickets = [line(row, today, self._vault) for row in await session.scalars(newest)]
        return Citizen(person is not None, tickets)
