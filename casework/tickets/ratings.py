"""好差评: how content the citizen was, in five steps, asked when a ticket is closed; a bad one opens a ticket itself.

What follows a bad rating is from 国务院办公厅《关于建立政务服务“好差评”制度提高政务服务水平的意见》
(国办发〔2019〕51号):
somebody is named to call back within one working day, and what was wrong is put right within fifteen working days.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_aware, day_here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.personal_data import Vault
from base.staff_texts import StaffText, worded
from base.tenant import TENANT
from casework.models import Ticket, TicketEvent
from casework.outbox import Outbox
from casework.tickets.changes import Changes, by_number
from casework.tickets.history import CITIZEN, SYSTEM, Step
from casework.tickets.tickets import (
    CALL_BACK_WORKING_DAYS,
    PUT_RIGHT_WORKING_DAYS,
    Kind,
    State,
    Tickets,
    Urgency,
    put_right_on,
)
from language.calendar.working_days import add_working_days
from language.masking import mask

LINK_VALID = timedelta(days=30)
CHANGEABLE = timedelta(days=1)
MOST_WORDS_CHARS = 500
_MOST_COMMENTS = 10
_MAC_CHARS = 32
_TRIES = 5


class Score(IntEnum):
    """The five steps of 国办发〔2019〕51号."""

    VERY_GOOD = 5
    GOOD = 4
    FAIR = 3
    BAD = 2
    VERY_BAD = 1

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_bad(self) -> bool:
        return self <= Score.BAD


_LABELS = {
    Score.VERY_GOOD: "非常满意",
    Score.GOOD: "满意",
    Score.FAIR: "基本满意",
    Score.BAD: "不满意",
    Score.VERY_BAD: "非常不满意",
}


class CannotRate(ServiceError):
    """No rating is taken here and now; `citizen_text` says why."""

    code = "cannot_rate"
    retryable = False
    citizen_text = f"这个评价链接已经失效。您可以拨打{TENANT.hotline}，把意见告诉我们。"


_MOST_OUTCOME_CHARS = 120
"""Two short messages; the rest is told by whoever answers the hotline."""


class Messenger(Protocol):
    """Asks for a rating on the channel that the ticket came from, in the unit of work that closes it."""

    async def ask_rating(self, session: AsyncSession, ticket: Ticket, token: str, outcome: str = "") -> bool:
        """False when this ticket's citizen cannot be asked."""
        ...


class SmsMessenger:
    """Asks by short message. `address`: how citizens reach this service, https://host."""

    def __init__(self, outbox: Outbox, vault: Vault, address: str) -> None:
        self._outbox, self._vault, self._address = outbox, vault, address.rstrip("/")

    async def ask_rating(self, session: AsyncSession, ticket: Ticket, token: str, outcome: str = "") -> bool:
        phone = self._vault.decrypt(ticket.phone_sealed) if ticket.phone_sealed else ""
        if not phone.startswith("1"):  # landlines get no short messages
            return False
        self._outbox.put(session, phone, f"{TENANT.signed}{self.words(ticket, token, outcome)}", "rating")
        return True

    def words(self, ticket: Ticket, token: str, outcome: str = "") -> str:
        """What was done and the link, on whatever channel. Numbers and names that staff wrote down stay in the house:
        a message is read by whoever holds the phone."""
        done = mask(" ".join(outcome.split()))
        done = done if len(done) <= _MOST_OUTCOME_CHARS else done[: _MOST_OUTCOME_CHARS - 1] + "…"
        told = {"编号": ticket.number, "结果": f"：{done.rstrip('。')}" if done else ""}
        link = f"{self._address}/rating/{token}"
        return worded(StaffText.SMS_CLOSED, 网址=link, 天数=str(LINK_VALID.days), **told)


@dataclass(frozen=True, slots=True)
class Rateable:
    """What the page of a link shows. `score`: what was given so far; `open`: it can be given or changed now; `words`:
    what the citizen wrote to it, masked."""

    number: str
    kind: str
    closed_on: date | None
    score: Score | None
    open: bool
    words: str = field(default="", repr=False)


class Ratings:
    """One rating a ticket, changeable for a day. `now` is aware.

    `on_bad` gets the keyed hash of the ticket's conversation and when it was opened (aware), once a ticket.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        tickets: Tickets,
        messenger: Messenger | None = None,
        on_bad: Callable[[str, datetime], Awaitable[None]] | None = None,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._tickets = database, vault, tickets
        self._messenger, self._on_bad, self._now = messenger, on_bad, now
        self._changes = Changes(vault, now)

    def token(self, number: str) -> str:
        """What the link carries: the number and its keyed hash, so that nobody can rate by guessing numbers."""
        return f"{number}-{self._vault.lookup('rating ' + number)[:_MAC_CHARS]}"

    async def ask_in(self, session: AsyncSession, ticket: Ticket, outcome: str = "") -> None:
        """Ask for a rating, in the unit of work that closes the ticket. Who rated already is not asked again."""
        if self._messenger is None or ticket.rating is not None:
            return
        if await self._messenger.ask_rating(session, ticket, self.token(ticket.number), outcome):
            ticket.rating_asked_at = self._changes.naive_now

    async def look(self, token: str) -> Rateable:
        """Raises CannotRate when the link is wrong or too old."""
        async with self._database.session() as session:
            ticket = await self._of_token(session, token)
            words = (await self._comments(session, ticket.id) or [""])[-1]
        closed_at = ticket.closed_at
        return Rateable(
            number=ticket.number,
            kind=ticket.kind,
            closed_on=day_here(closed_at) if closed_at else None,
            score=Score(ticket.rating) if ticket.rating else None,
            open=ticket.state == State.CLOSED.value and self._is_changeable(ticket),
            words=words,
        )

    async def rate(self, token: str, score: Score, channel: str) -> None:
        """Raises CannotRate."""
        async with self._database.session() as session:
            number = (await self._of_token(session, token)).number
        await self.rate_ticket(number, score, channel)

    async def rate_ticket(self, number: str, score: Score, channel: str) -> None:
        """For who is known to be the ticket's citizen. Raises NotFound, CannotRate."""
        for _ in range(_TRIES):
            try:
                ticket, is_new_and_bad = await self._rate(number, score, channel)
                break
            except IntegrityError:  # another process took the follow-up's number meanwhile
                continue
        else:
            raise RuntimeError("no free ticket number")
        if is_new_and_bad and ticket.conversation and self._on_bad is not None:
            await self._on_bad(ticket.conversation, as_aware(ticket.opened_at))

    async def comment(self, token: str, words: str) -> None:
        """What the citizen says to their rating, while it can be changed: people are masked out of it before it is
        kept, and the follow-up of a bad rating bears it too. Nothing, or the same again, is not kept. Raises
        CannotRate."""
        words = mask(words.strip()[:MOST_WORDS_CHARS])
        async with self._database.session() as session:
            ticket = await self._of_token(session, token)
            if ticket.rating is None or not self._is_changeable(ticket):
                raise CannotRate(
                    code="rated", citizen_text=f"现在不能再写了。您可以拨打{TENANT.hotline}，把意见告诉我们。"
                )
            said = await self._comments(session, ticket.id)
            if not words or words in said[-1:]:
                return
            if len(said) >= _MOST_COMMENTS:
                raise CannotRate(code="rated", citizen_text="您写的我们都收到了，谢谢您。")
            self._changes.write(session, ticket, CITIZEN, Step.COMMENTED, words)
            follow_up = await session.scalar(select(Ticket).where(Ticket.follows_id == ticket.id))
            if follow_up is not None:
                self._changes.write(session, follow_up, CITIZEN, Step.COMMENTED, words)

    async def _rate(self, number: str, score: Score, channel: str) -> tuple[Ticket, bool]:
        """The ticket, and whether this was its first bad rating."""
        async with self._database.session() as session:
            ticket = await by_number(session, number)
            if ticket.state != State.CLOSED.value:
                raise CannotRate(code="not_closed", citizen_text="这件事还在办理。办结以后，再请您评价。")
            if not self._is_changeable(ticket):
                raise CannotRate(code="rated", citizen_text="您已经评价过了，谢谢您。")
            first_at = ticket.rated_at or self._changes.naive_now  # the day counts from the first rating
            values = {"rating": score.value, "rated_at": first_at, "rated_by": channel}
            # Of two clicks at once the second waits here, and then sees the first one's follow-up.
            await session.execute(update(Ticket).where(Ticket.id == ticket.id).values(**values))
            self._changes.write(session, ticket, CITIZEN, Step.RATED, score.label)
            return ticket, score.is_bad and await self._follow_up(session, ticket)

    async def _follow_up(self, session: AsyncSession, ticket: Ticket) -> bool:
        """A ticket that nobody owns yet. False when it is there already, as after a changed rating."""
        if await session.scalar(select(Ticket.id).where(Ticket.follows_id == ticket.id)):
            return False
        today = day_here(self._now())
        follow_up = await self._tickets.open_in(
            session,
            Kind.COMPLAINT,
            channel=ticket.channel,
            phone=self._vault.decrypt(ticket.phone_sealed) if ticket.phone_sealed else None,
            topic=ticket.topic,
            urgency=Urgency.URGENT,
            person_key=ticket.person_key,
            agent_key=ticket.agent_key,
            due_on=add_working_days(today, CALL_BACK_WORKING_DAYS),
            follows=ticket.id,
        )
        follow_up.conversation = ticket.conversation
        put_right = put_right_on(follow_up)
        self._changes.write(
            session,
            follow_up,
            SYSTEM,
            Step.NOTED,
            f"群众对工单{ticket.number}评价不满意。请在{CALL_BACK_WORKING_DAYS}个工作日内回访核实，"
            f"{PUT_RIGHT_WORKING_DAYS}个工作日内（{put_right.month}月{put_right.day}日前）整改并反馈（国办发〔2019〕51号）。",
        )
        for words in (await self._comments(session, ticket.id))[-1:]:  # written before the rating became a bad one
            self._changes.write(session, follow_up, CITIZEN, Step.COMMENTED, words)
        return True

    async def _comments(self, session: AsyncSession, ticket_id: int) -> list[str]:
        """What the citizen wrote to the rating, oldest first."""
        sealed = await session.scalars(
            select(TicketEvent.note_sealed)
            .where(TicketEvent.ticket_id == ticket_id, TicketEvent.what == Step.COMMENTED.value)
            .order_by(TicketEvent.id)
        )
        return [self._vault.decrypt(note) for note in sealed if note]

    def _is_changeable(self, ticket: Ticket) -> bool:
        return ticket.rated_at is None or self._changes.naive_now - ticket.rated_at <= CHANGEABLE

    async def _of_token(self, session: AsyncSession, token: str) -> Ticket:
        number = token.rpartition("-")[0]
        if not hmac.compare_digest(self.token(number).encode(), token.encode()):
            raise CannotRate
        ticket = await session.scalar(select(Ticket).where(Ticket.number == number))
        asked_at = ticket.rating_asked_at if ticket else None
        if ticket is None or asked_at is None or self._changes.naive_now - asked_at > LINK_VALID:
            raise CannotRate
        return ticket
