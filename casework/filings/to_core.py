"""What the core system gets of what was handed in: under a key, as often as it takes; by hand what it never takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy import select, update

from casework.core.contract import CoreSystem, Submission
from casework.filings.filing import Draft, State, draft_of
from casework.filings.items import Items
from casework.models import Filing, Ticket
from casework.personal_data import Vault
from casework.ticket_history import SYSTEM, Step, record
from casework.tickets import Urgency
from service.database import Database
from service.errors import ServiceError

log = structlog.get_logger()

_BATCH = 20


class ToCore:
    """`now` is passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        items: Items,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._vault, self._core, self._items, self._now = database, vault, core, items, now

    async def hand_over(self) -> int:
        """Give the core system what was handed in and it does not have yet. Returns how many it took."""
        async with self._database.session() as session:
            wanted = select(Filing).where(Filing.state == State.SUBMITTED).order_by(Filing.id).limit(_BATCH)
            due = [
                (row, await draft_of(session, row, self._items, self._vault)) for row in await session.scalars(wanted)
            ]
        taken = 0
        for row, draft in due:
            try:
                await self._core.submit(draft.principal_id, _submission(row, draft))
            except ServiceError as error:
                log.warning("filing_not_handed_over", code=error.code, item=draft.item.id)
                if not error.retryable:
                    await self._by_hand(row)
                continue
            await self._working(draft.id)
            taken += 1
        return taken

    async def _by_hand(self, row: Filing) -> None:
        """The core system will never take it: staff enter it themselves, and the others behind it are not held up."""
        assert row.ticket_id is not None
        done = update(Filing).where(Filing.id == row.id, Filing.state == State.SUBMITTED)
        async with self._database.session() as session:
            await session.execute(done.values(state=State.WORKING, version=Filing.version + 1))
            ticket = await session.get_one(Ticket, row.ticket_id)
            ticket.urgency = Urgency.URGENT.value
            note = self._vault.encrypt("业务系统没有接收这件事，请在业务系统里手工录入。")
            record(session, row.ticket_id, SYSTEM, Step.NOTED, self._utc(), note)

    async def _working(self, filing: int) -> None:
        done = update(Filing).where(Filing.id == filing, Filing.state == State.SUBMITTED)
        async with self._database.session() as session:
            await session.execute(done.values(state=State.WORKING, version=Filing.version + 1))

    def _utc(self) -> datetime:
        return self._now().astimezone(UTC).replace(tzinfo=None)


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
