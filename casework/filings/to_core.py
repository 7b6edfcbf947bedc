"""What the core system gets of what was handed in: under a key, as often as it takes; by hand what it never takes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.errors import ServiceError
from base.owed import Owed, Rules
from base.personal_data import Vault
from casework.core.contract import CoreSystem, Submission
from casework.filings.filing import Draft, State, draft_of
from casework.filings.items import Items
from casework.filings.owed_models import FilingHandover
from casework.models import Filing, Ticket
from casework.tickets.history import SYSTEM, Step, record
from casework.tickets.tickets import Urgency

_RULES = Rules(pauses_seconds=(5, 10, 30, 60, 300))
_WITH_US_ONLY = Filing.submitted_at.is_not(None) & Filing.handed_over_at.is_(None)


class ToCore:
    """`now` is passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        items: Items,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._core, self._items, self._now = database, vault, core, items, now
        self.owed = Owed(database, FilingHandover, "filings", _RULES, lambda at: {"state": "there"}, now=now)

    def owe(self, session: AsyncSession, filing: int) -> None:
        """In the unit of work that hands it in."""
        session.add(FilingHandover(filing_id=filing, **self.owed.begin()))

    async def hand_over(self) -> int:
        """Give the core system what was handed in and it does not have yet, even what was decided meanwhile: it is told
        of that afterwards (`decisions`). Returns how many it took."""
        return await self.owed.deliver(self._submit, failed=self._by_hand)

    async def _submit(self, owed: FilingHandover) -> None:
        async with self._database.session() as session:
            row = await session.get_one(Filing, owed.filing_id)
            draft = await draft_of(session, row, self._items, self._vault)
        await self._core.submit(draft.principal_id, _submission(row, draft))
        async with self._database.session() as session:
            await self._is_there(session, row.id)

    async def _by_hand(self, session: AsyncSession, owed: FilingHandover, _error: ServiceError) -> None:
        """The core system will never take it: staff enter it themselves."""
        if not await self._is_there(session, owed.filing_id):
            return
        filing = await session.get_one(Filing, owed.filing_id)
        assert filing.ticket_id is not None
        ticket = await session.get_one(Ticket, filing.ticket_id)
        ticket.urgency = Urgency.URGENT.value
        note = self._vault.encrypt("业务系统没有接收这件事，请在业务系统里手工录入。")
        record(session, filing.ticket_id, SYSTEM, Step.NOTED, self._utc(), note)

    async def _is_there(self, session: AsyncSession, filing: int) -> bool:
        """False when another process said so before."""
        state = case((Filing.state == State.SUBMITTED.value, State.WORKING.value), else_=Filing.state)
        done = (
            update(Filing)
            .where(Filing.id == filing, _WITH_US_ONLY)
            .values(state=state, handed_over_at=self._utc(), version=Filing.version + 1)
            .returning(Filing.id)
        )
        return await session.scalar(done, execution_options={"synchronize_session": False}) is not None

    def _utc(self) -> datetime:
        return as_stored(self._now())


def _submission(row: Filing, draft: Draft) -> Submission:
    assert draft.ticket is not None
    assert draft.submitted_on is not None
    return Submission(
        key=row.key,
        number=draft.ticket,
        item=draft.item.name,
        submitted_on=draft.submitted_on,
        fields={f.label: draft.answers[f.id] for f in draft.item.asked(draft.answers)},
        limit_working_days=draft.item.limit,
    )
