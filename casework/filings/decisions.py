"""The core system hears what staff decided: owed in the unit of work of the decision, told afterwards, once.

    decisions.owe(session, filing, state, reason)    in the caller's unit of work
    await decisions.deliver()                        a task of the service, every few seconds
    await decisions.told(ticket_number)              in words for staff
    await decisions.entered(ticket_number, by)       staff entered there by hand what it did not take

Each decision has a key of its own, so a try whose answer was lost counts once there. What the core system cannot take
now is told later, however long that lasts; what it will never take is for staff, whose page says so.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.personal_data import Vault
from casework.core.contract import CoreSystem, Decision, Outcome
from casework.filings.decision_models import FilingDecision
from casework.filings.filing import State
from casework.models import Filing, Ticket
from casework.tickets.changes import StepRefused
from casework.tickets.history import SYSTEM, Step, record

log = structlog.get_logger()

_OUTCOMES = {State.APPROVED: Outcome.GRANTED, State.REFUSED: Outcome.REFUSED, State.WITHDRAWN: Outcome.WITHDRAWN}
_BATCH = 20
_LEASE = timedelta(minutes=2)
"""How long a decision is left to whoever took it; after a crash another takes it up."""
_PAUSES_SECONDS = (10, 60, 300, 900)
_BY_HAND = {"core_rejected": "核心系统没有接受这个决定", "core_no_case": "核心系统里没有这件"}
"""What the same decision will always meet; staff enter it there themselves."""
_REFUSED = "core_refused"
"""Our token: somebody will put that right, and then it is taken."""


class Decisions:
    """`now` is passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._core, self._clock = database, vault, core, now

    def owe(self, session: AsyncSession, filing: Filing, state: State, reason: str) -> None:
        """`state`: approved, refused or withdrawn."""
        session.add(
            FilingDecision(
                filing_id=filing.id,
                key=secrets.token_hex(16),
                outcome=_OUTCOMES[state].value,
                decided_on=day_here(self._clock()),
                reason_sealed=self._vault.encrypt(reason),
                state="waiting",
                tries=0,
                not_before=self._now(),
                trouble="",
            )
        )

    async def deliver(self) -> int:
        """Tell what is due, of cases that the core system has. Returns how many it was told."""
        told = 0
        for decision_id in await self._due():
            told += await self._tell(decision_id)
        return told

    async def told(self, ticket_number: str) -> str:
        """Whether the core system was told of the decision, in words; "" before there is one."""
        of_ticket = (
            select(FilingDecision, Filing.handed_over_at)
            .join(Filing, Filing.id == FilingDecision.filing_id)
            .join(Ticket, Ticket.id == Filing.ticket_id)
            .where(Ticket.number == ticket_number)
        )
        async with self._database.session() as session:
            found = (await session.execute(of_ticket)).one_or_none()
        return _words(found[0], is_there=found[1] is not None) if found else ""

    async def must_be_entered(self, ticket_number: str) -> bool:
        """Whether staff must enter it in the core system, and have not said that they did."""
        async with self._database.session() as session:
            return await session.scalar(select(FilingDecision.id).where(_failed_of(ticket_number))) is not None

    async def entered(self, ticket_number: str, by: str) -> None:
        """`by`, a username, has entered it there. Raises StepRefused when it is not, or no longer, to be entered."""
        done = update(FilingDecision).where(_failed_of(ticket_number)).values(state="entered")
        async with self._database.session() as session:
            if await session.scalar(done.returning(FilingDecision.id)) is None:
                raise StepRefused
            note = self._vault.encrypt("这个决定已经在核心系统里手工登记。")
            ticket = await session.scalar(select(Ticket.id).where(Ticket.number == ticket_number))
            assert ticket is not None
            record(session, ticket, by, Step.NOTED, self._now(), note)

    async def _due(self) -> list[int]:
        wanted = (
            select(FilingDecision.id)
            .join(Filing, Filing.id == FilingDecision.filing_id)
            .where(
                FilingDecision.state == "waiting",
                FilingDecision.not_before <= self._now(),
                Filing.handed_over_at.is_not(None),
            )
        )
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(FilingDecision.id).limit(_BATCH)))

    async def _tell(self, decision_id: int) -> bool:
        if (taken := await self._take(decision_id)) is None:
            return False
        row, filing, number = taken
        decision = Decision(
            row.key, number, Outcome(row.outcome), row.decided_on, self._vault.decrypt(row.reason_sealed)
        )
        try:
            await self._core.decide(self._vault.decrypt(filing.principal_sealed), decision)
        except ServiceError as error:
            log.warning("decision_not_told", code=error.code, item=filing.item, tries=row.tries)
            await self._not_told(row, filing, error.code)
            return False
        await self._mark(row, state="told", trouble="", told_at=self._now())
        return True

    async def _take(self, decision_id: int) -> tuple[FilingDecision, Filing, str] | None:
        """Lease it: of several processes one tells it."""
        now = self._now()
        waiting = (FilingDecision.state == "waiting") & (FilingDecision.not_before <= now)
        lease = (
            update(FilingDecision)
            .where(FilingDecision.id == decision_id, waiting)
            .values(tries=FilingDecision.tries + 1, not_before=now + _LEASE)
            .returning(FilingDecision)
        )
        async with self._database.session() as session:
            row = (await session.scalars(lease)).one_or_none()
            if row is None:
                return None
            filing = await session.get_one(Filing, row.filing_id)
            number = (await session.get_one(Ticket, filing.ticket_id)).number
            return row, filing, number

    async def _not_told(self, row: FilingDecision, filing: Filing, code: str) -> None:
        if code not in _BY_HAND:
            pause = timedelta(seconds=_PAUSES_SECONDS[min(row.tries, len(_PAUSES_SECONDS)) - 1])
            await self._mark(row, trouble=code, not_before=self._now() + pause)
        elif await self._mark(row, state="failed", trouble=code):
            note = self._vault.encrypt(f"{_BY_HAND[code]}，请在核心系统里手工登记。")
            assert filing.ticket_id is not None
            async with self._database.session() as session:
                record(session, filing.ticket_id, SYSTEM, Step.NOTED, self._now(), note)

    async def _mark(self, row: FilingDecision, **values: object) -> bool:
        """False when another process came to an end with it meanwhile."""
        still = (FilingDecision.id == row.id) & (FilingDecision.state == "waiting")
        done = update(FilingDecision).where(still).values(**values).returning(FilingDecision.id)
        async with self._database.session() as session:
            return await session.scalar(done) is not None

    def _now(self) -> datetime:
        return as_stored(self._clock())


def _failed_of(ticket_number: str) -> ColumnElement[bool]:
    of_ticket = (
        select(Filing.id).join(Ticket, Ticket.id == Filing.ticket_id).where(Ticket.number == ticket_number)
    ).scalar_subquery()
    return (FilingDecision.state == "failed") & (FilingDecision.filing_id == of_ticket)


def _words(row: FilingDecision, *, is_there: bool) -> str:
    if row.state == "told" and row.told_at:
        at = here(row.told_at)
        return f"已通知（{at.month}月{at.day}日 {at:%H:%M}）"
    if row.state == "entered":
        return "没有自动通知成，工作人员已手工登记"
    if row.state == "failed":
        return f"通知失败，{_BY_HAND.get(row.trouble, '核心系统没有接受')}。请在核心系统里手工登记"
    if row.trouble == _REFUSED:
        return "通知失败，核心系统不认本系统的令牌，请告诉信息科。改好以后会自动再通知"
    if row.trouble:
        return "等待通知，核心系统暂时连不上，会自动再通知"
    return "等待通知" if is_there else "等待通知，核心系统还没有收下这件"
