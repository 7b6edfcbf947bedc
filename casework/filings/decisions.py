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
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, here, utc_now
from base.database import Database
from base.errors import ServiceError
from base.owed import Owed, Rules
from base.personal_data import Vault
from casework.core.contract import CoreSystem, Decision, Outcome
from casework.filings.filing import State
from casework.filings.owed_models import FilingDecision
from casework.models import Filing, Ticket
from casework.tickets.changes import StepRefused
from casework.tickets.history import SYSTEM, Step, record

_OUTCOMES = {State.APPROVED: Outcome.GRANTED, State.REFUSED: Outcome.REFUSED, State.WITHDRAWN: Outcome.WITHDRAWN}
_RULES = Rules(pauses_seconds=(10, 60, 300, 900))
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
        self.owed = Owed(
            database,
            FilingDecision,
            "decisions",
            _RULES,
            lambda at: {"state": "told", "told_at": at},
            is_final=lambda error: error.code in _BY_HAND,
            now=now,
        )

    def owe(self, session: AsyncSession, filing: Filing, state: State, reason: str) -> None:
        """`state`: approved, refused or withdrawn."""
        session.add(
            FilingDecision(
                filing_id=filing.id,
                key=secrets.token_hex(16),
                outcome=_OUTCOMES[state].value,
                decided_on=day_here(self._clock()),
                reason_sealed=self._vault.encrypt(reason),
                **self.owed.begin(),
            )
        )

    async def deliver(self) -> int:
        """Tell what is due, of cases that the core system has. Returns how many it was told."""
        has_it = select(Filing.id).where(Filing.handed_over_at.is_not(None))
        return await self.owed.deliver(self._tell, only=FilingDecision.filing_id.in_(has_it), failed=self._by_hand)

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

    async def _tell(self, row: FilingDecision) -> None:
        async with self._database.session() as session:
            filing = await session.get_one(Filing, row.filing_id)
            number = (await session.get_one(Ticket, filing.ticket_id)).number
        reason = self._vault.decrypt(row.reason_sealed)
        decision = Decision(row.key, number, Outcome(row.outcome), row.decided_on, reason)
        await self._core.decide(self._vault.decrypt(filing.principal_sealed), decision)

    async def _by_hand(self, session: AsyncSession, row: FilingDecision, error: ServiceError) -> None:
        """Whoever works on the ticket learns that it is theirs to enter."""
        note = self._vault.encrypt(f"{_BY_HAND[error.code]}，请在核心系统里手工登记。")
        filing = await session.get_one(Filing, row.filing_id)
        assert filing.ticket_id is not None
        record(session, filing.ticket_id, SYSTEM, Step.NOTED, self._now(), note)

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
