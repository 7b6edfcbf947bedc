"""Tickets (工单): a contact that could not be finished is written down, with a number and a day by which it ends.

What staff do with a ticket is in `casework.tickets.work`, what a citizen is told about it in
`casework.tickets.progress`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Required, TypedDict, Unpack

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.personal_data import Vault
from casework.models import Ticket
from casework.tickets import search
from casework.tickets.codes import code_hash, new_code
from casework.tickets.history import CITIZEN, Step, record
from language.calendar.working_days import add_working_days
from language.masking import mask

_TRIES = 5
_CITIZENS = ("citizen", "user")
_WORDS = re.compile(r"\W+|转人工|人工(?:服务|客服)?|你好|您好|喂|找(?:个)?人|在吗|投诉$")
"""What is said before one says what it is about."""
_LEAST_TITLE_CHARS = 4
_MOST_TITLE_CHARS = 60


class Kind(StrEnum):
    """What the citizen wanted (分类处置)."""

    CONSULTATION = "咨询"
    QUERY = "查询"
    FILING = "帮办"
    CALLBACK = "回电"
    COMPLAINT = "投诉"
    SUGGESTION = "建议"


WORKING_DAYS = {
    Kind.CONSULTATION: 2,
    Kind.QUERY: 2,
    Kind.FILING: 10,
    Kind.CALLBACK: 1,
    Kind.COMPLAINT: 5,
    Kind.SUGGESTION: 5,
}
"""Our own service promise, to be set by the bureau: the documents ask for 限时办结 and give no number of days.
Whoever opens a ticket may give its day (`due_on`), as a filing does whose item has a time limit of its own."""
CALL_BACK_WORKING_DAYS = 1
PUT_RIGHT_WORKING_DAYS = 15
"""After a bad rating, by 国办发〔2019〕51号: somebody calls back, and what was wrong is put right."""


class State(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    TAKEN = "taken"
    WAITING = "waiting"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """As staff read it."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.OPEN: "没人接",
    State.TAKEN: "办理中",
    State.WAITING: "等群众补材料",
    State.CLOSED: "已办结",
}


class Urgency(StrEnum):
    """How soon, among tickets of the same day."""

    NORMAL = "普通"
    URGENT = "紧急"


class NotFound(ServiceError):
    """No such ticket, or nothing of that name in it."""

    code = "ticket_not_found"
    retryable = False
    citizen_text = "没有查到这个工单，请核对编号。"


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket as it is told to the citizen."""

    number: str
    due_on: date
    code: str = field(repr=False)
    """By which it can be followed, see `casework.tickets.codes`; told now or never."""


class Details(TypedDict, total=False):
    """Of a new ticket."""

    channel: Required[str]
    phone: str | None
    """Digits only, already checked with `base.personal_data.is_phone`."""
    topic: str | None
    urgency: Urgency
    conversation: str | None
    """Plain; kept as a keyed hash."""
    person_key: str | None
    agent_key: str | None
    transcript: Sequence[tuple[str, str]]
    """(who, text) of the last turns."""
    due_on: date | None
    """Instead of `WORKING_DAYS`."""
    follows: int | None
    """The id of the ticket that this one goes back to."""
    title: str
    """What it is about, in a sentence; without one the citizen's first sentence of the transcript. Masked here."""
    name: str
    """What the citizen is called, where they told a member of staff."""
    county: str
    """One of `casework.tickets.counties`; "" for the city's own."""
    by: str
    """Who wrote it down: a username; without one the citizen did."""
    note: str
    """What a member of staff wrote to it."""
    code: str
    """Plain, from `casework.tickets.codes.new_code`; kept as a keyed hash. "" for a ticket nobody is told of."""


class Tickets:
    """Opens tickets. `now` is passed in so that a test or the demo can choose the day."""

    def __init__(self, database: Database, vault: Vault, now: Clock = utc_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def open(self, kind: Kind, **details: Unpack[Details]) -> Opened:
        """Write a ticket down, in a unit of work of its own, with a code of its own."""
        code = details["code"] = new_code()
        for _ in range(_TRIES):
            try:
                async with self._database.session() as session:
                    ticket = await self.open_in(session, kind, **details)
                return Opened(ticket.number, ticket.due_on, code)
            except IntegrityError:  # another process took the number meanwhile
                continue
        raise RuntimeError("no free ticket number")

    async def open_in(self, session: AsyncSession, kind: Kind, **details: Unpack[Details]) -> Ticket:
        """Write a ticket in the caller's unit of work; flushed, so it has an id.

        Raises IntegrityError when another process took the number meanwhile: begin the unit of work again.
        """
        now = self._now()
        today = day_here(now)
        phone, conversation, code = details.get("phone"), details.get("conversation"), details.get("code")
        number = await _next_number(session, today)
        ticket = Ticket(
            number=number,
            code_hash=code_hash(self._vault, number, code) if code else None,
            kind=kind.value,
            channel=details["channel"],
            topic=details.get("topic"),
            phone_sealed=self._vault.encrypt(phone) if phone else None,
            phone_hash=self._vault.lookup(phone) if phone else None,
            opened_at=as_stored(now),
            due_on=details.get("due_on") or add_working_days(today, WORKING_DAYS[kind]),
            state=State.OPEN.value,
            urgency=details.get("urgency", Urgency.NORMAL).value,
            conversation=self._vault.lookup(conversation) if conversation else None,
            conversation_sealed=self._vault.encrypt(conversation) if conversation else None,
            person_key=details.get("person_key"),
            agent_key=details.get("agent_key"),
            follows_id=details.get("follows"),
            transcript_sealed=self._sealed(details.get("transcript", ())),
            county=details.get("county") or None,
        )
        title, name = titled(details.get("title", ""), details.get("transcript", ())), details.get("name", "").strip()
        ticket.title_sealed = self._vault.encrypt(title) if title else None
        ticket.name_sealed = self._vault.encrypt(name) if name else None
        session.add(ticket)
        await session.flush()
        search.add(session, self._vault, ticket.id, title, name)
        note = details.get("note", "")
        sealed = self._vault.encrypt(note) if note else None
        record(session, ticket.id, details.get("by", CITIZEN), Step.OPENED, ticket.opened_at, sealed)
        return ticket

    async def is_awaited(self, person_key: str, topic: str) -> bool:
        """Whether this person waits for a call about this already."""
        open_one = select(Ticket.id).where(
            Ticket.person_key == person_key,
            Ticket.topic == topic,
            Ticket.kind == Kind.CALLBACK.value,
            Ticket.state != State.CLOSED.value,
        )
        async with self._database.session() as session:
            return await session.scalar(open_one.limit(1)) is not None

    def _sealed(self, transcript: Sequence[tuple[str, str]]) -> bytes | None:
        if not transcript:
            return None
        return self._vault.encrypt(json.dumps([list(turn) for turn in transcript], ensure_ascii=False))


def titled(title: str, transcript: Sequence[tuple[str, str]]) -> str:
    """A sentence in the citizen's own words, without people; "" where they said nothing that tells what it is about."""
    said = [text for who, text in transcript if who in _CITIZENS and len(_WORDS.sub("", text)) >= _LEAST_TITLE_CHARS]
    words = mask(" ".join((title or (said[0] if said else "")).split()))
    return words if len(words) <= _MOST_TITLE_CHARS else words[: _MOST_TITLE_CHARS - 1] + "…"


def put_right_on(follow_up: Ticket) -> date:
    """The day by which what a bad rating was about must be put right."""
    opened_on = day_here(follow_up.opened_at)
    return add_working_days(opened_on, PUT_RIGHT_WORKING_DAYS)


async def _next_number(session: AsyncSession, today: date) -> str:
    prefix = f"GD{today:%Y%m%d}-"
    newest = await session.scalar(
        select(Ticket.number)
        .where(Ticket.number.startswith(prefix))
        .order_by(func.length(Ticket.number).desc(), Ticket.number.desc())
        .limit(1)
    )
    return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:04d}"
