"""Two agents, a supervisor and an editor with their tickets, in a database file of their own, at a time that stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import select

import staff.models  # noqa: F401  # tables
from base.database import Database
from base.personal_data import Vault
from casework.models import Ticket
from casework.outbox import KeepingGateway, Outbox
from casework.tickets import history as ticket_history
from casework.tickets.history import Happened
from casework.tickets.ratings import Ratings, SmsMessenger
from casework.tickets.tickets import Kind, Tickets
from casework.tickets.work import TicketWork
from staff.accounts import Role, StaffAccounts, StaffMember
from tests.tables import make_tables

PHONE = "19900000003"
SUN = StaffMember("zuoxi", "孙坐席", Role.AGENT)
ZHOU = StaffMember("zuoxi2", "周坐席", Role.AGENT)
QIAN = StaffMember("zhuguan", "钱主管", Role.SUPERVISOR)
WANG = StaffMember("bianji", "王编辑", Role.EDITOR)
FRIDAY_EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""18:00 in Jining; the next working day is Monday, November 23."""


@dataclass
class Bureau:
    """`now` may be moved by a test."""

    database: Database
    vault: Vault
    now: datetime = FRIDAY_EVENING
    told: list[tuple[str, datetime]] = field(default_factory=list)
    """Conversations whose rating was bad, and when their ticket was opened."""

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.database, self.vault, KeepingGateway(), now=lambda: self.now)
        self.tickets = Tickets(self.database, self.vault, now=lambda: self.now)
        messenger = SmsMessenger(self.outbox, self.vault, "https://yibao.example")
        self.ratings = Ratings(self.database, self.vault, self.tickets, messenger, self._on_bad, now=lambda: self.now)
        self.work = TicketWork(self.database, self.vault, self.ratings, now=lambda: self.now)

    async def opened(self, kind: Kind = Kind.CALLBACK, phone: str | None = PHONE) -> str:
        """The number of a new ticket."""
        opened = await self.tickets.open(kind, channel="phone", phone=phone, conversation="call-1")
        return opened.number

    async def row(self, number: str) -> Ticket:
        async with self.database.session() as session:
            return (await session.scalars(select(Ticket).where(Ticket.number == number))).one()

    async def history(self, number: str) -> list[Happened]:
        ticket = await self.row(number)
        async with self.database.session() as session:
            return await ticket_history.history(session, self.vault, ticket.id)

    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    async def _on_bad(self, conversation: str, opened_at: datetime) -> None:
        self.told.append((conversation, opened_at))


@asynccontextmanager
async def bureau(folder: Path) -> AsyncIterator[Bureau]:
    database = Database(f"sqlite+aiosqlite:///{folder / 'bureau.db'}")
    await make_tables(database)
    accounts = StaffAccounts(database, hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    for member in (SUN, ZHOU, QIAN, WANG):
        await accounts.add(member.username, member.name, member.role, "correct-horse-7", by="test")
    yield Bureau(database, Vault("ab" * 32))
    await database.aclose()
