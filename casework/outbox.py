"""Short messages to citizens: written in the same unit of work as the deed they tell of, sent afterwards, never lost.

    outbox.put(session, phone, text, kind)      in the caller's unit of work
    await outbox.deliver()                      a task of the service, every few seconds

How often one is tried, with which pauses, and how long a process may be at it (its lease): `_RULES`, see `base.owed`.

`Gateway` is the seam to the outside. The demo has none: there "sending" is keeping, and `GET /dev/outbox` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_aware, as_stored, utc_now
from base.database import Database
from base.owed import Owed, Rules
from base.personal_data import Vault
from casework.people.models import OutboxMessage

GIVEN_UP = Counter("yibao_messages_given_up_total", "Short messages that the gateway never took", ("kind",))

MOST_TRIES = 6
_RULES = Rules(pauses_seconds=(10, 60, 300, 1800, 3600), most_tries=MOST_TRIES)


class Gateway(Protocol):
    """Sends one short message. Raises ServiceError when it could not be handed over; `retryable` says if to try again.

    `key` is the same for every try of one message, so that a gateway that knows keys sends it once.
    """

    async def send(self, phone: str, text: str, key: str) -> None: ...


class KeepingGateway:
    """The demo's: sends nothing. What "was sent" stays in the outbox."""

    async def send(self, phone: str, text: str, key: str) -> None:
        """Nothing to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the demo's outbox shows it. `at` is aware, UTC."""

    at: datetime
    kind: str
    state: str
    text: str = field(repr=False)


class Outbox:
    """`now` is passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        gateway: Gateway,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._gateway, self._now = database, vault, gateway, now
        self._owed = Owed(database, OutboxMessage, "short messages", _RULES, lambda at: {"state": "sent"}, now=now)
        self.count = self._owed.count

    def put(self, session: AsyncSession, phone: str, text: str, kind: str) -> None:
        """Owe `phone` a message. `kind`: "code", "filing", "ticket", "authorisation", "rating"."""
        session.add(
            OutboxMessage(
                phone_hash=self._vault.lookup(phone),
                phone_sealed=self._vault.encrypt(phone),
                text_sealed=self._vault.encrypt(text),
                kind=kind,
                at=as_stored(self._now()),
                **self._owed.begin(),
            )
        )

    async def deliver(self) -> int:
        """Send what is due. Returns how many went out."""
        return await self._owed.deliver(self._send)

    async def to(self, phone: str) -> list[Message]:
        """What was put for this number, newest first; for the demo and for tests."""
        wanted = select(OutboxMessage).where(OutboxMessage.phone_hash == self._vault.lookup(phone))
        async with self._database.session() as session:
            rows = list(await session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(100)))
        return [Message(as_aware(row.at), row.kind, row.state, self._vault.decrypt(row.text_sealed)) for row in rows]

    async def _send(self, message: OutboxMessage) -> None:
        phone, text = self._vault.decrypt(message.phone_sealed), self._vault.decrypt(message.text_sealed)
        await self._gateway.send(phone, text, f"outbox-{message.id}")
