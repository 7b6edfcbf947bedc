"""Tickets (工单): a contact that could not be finished is written down, with a number and a day by which it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.models import Ticket
from casework.personal_data import Vault
from casework.working_days import add_working_days
from service.database import Database

_HERE = ZoneInfo("Asia/Shanghai")
_TRIES = 5


class Kind(StrEnum):
    """What the citizen wanted (分类处置)."""

    CONSULTATION = "咨询"
    CALLBACK = "回电"
    COMPLAINT = "投诉"
    SUGGESTION = "建议"


WORKING_DAYS = {Kind.CONSULTATION: 2, Kind.CALLBACK: 1, Kind.COMPLAINT: 5, Kind.SUGGESTION: 5}
"""Our own service promise, to be set by the bureau: the documents ask for 限时办结 and give no number of days."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket as it is told to the citizen."""

    number: str
    due_on: date


class Tickets:
    """Opens tickets. `now` is passed in so that a test or the demo can choose the day."""

    def __init__(
        self, database: Database, vault: Vault, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def open(self, kind: Kind, *, channel: str, phone: str | None = None, topic: str | None = None) -> Opened:
        """Write a ticket down. `phone`: digits only, already checked with `casework.personal_data.is_phone`."""
        now = self._now()
        today = now.astimezone(_HERE).date()
        due_on = add_working_days(today, WORKING_DAYS[kind])
        for _ in range(_TRIES):
            number = await self._next_number(today)
            try:
                async with self._database.session() as session:
                    session.add(
                        Ticket(
                            number=number,
                            kind=kind.value,
                            channel=channel,
                            topic=topic,
                            phone_sealed=self._vault.encrypt(phone) if phone else None,
                            phone_hash=self._vault.lookup(phone) if phone else None,
                            opened_at=now.astimezone(UTC).replace(tzinfo=None),
                            due_on=due_on,
                        )
                    )
                return Opened(number, due_on)
            except IntegrityError:  # another process took the number meanwhile
                continue
        raise RuntimeError("no free ticket number")

    async def _next_number(self, today: date) -> str:
        prefix = f"GD{today:%Y%m%d}-"
        async with self._database.session() as session:
            newest = await session.scalar(
                select(Ticket.number).where(Ticket.number.startswith(prefix)).order_by(Ticket.id.desc()).limit(1)
            )
        return f"{prefix}{int(newest.removeprefix(prefix)) + 1 if newest else 1:04d}"
