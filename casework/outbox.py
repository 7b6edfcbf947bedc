"""Short messages to citizens: written in the same unit of work as the deed they tell of, sent afterwards, never lost.

    outbox.put(session, phone, text, kind)      in the caller's unit of work
    await outbox.deliver()                      a task of the service, every few seconds

`Gateway` is the seam to the outside. The demo has none: there "sending" is keeping, and `GET /dev/outbox` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from prometheus_client import Counter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_aware, as_stored, utc_now
from base.database import Database
from base.errors import ServiceError
from base.personal_data import Vault
from casework.people.models import OutboxMessage

log = structlog.get_logger()

GIVEN_UP = Counter("yibao_messages_given_up_total", "Short messages that the gateway never took", ("kind",))

MOST_TRIES = 6
_BATCH = 20
_LEASE = timedelta(minutes=2)
"""How long a message is left to whoever took it; after a crash another takes it up."""
_PAUSES_SECONDS = (10, 60, 300, 1800, 3600)


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
        self._database, self._vault, self._gateway, self._clock = database, vault, gateway, now

    def put(self, session: AsyncSession, phone: str, text: str, kind: str) -> None:
        """Owe `phone` a message. `kind`: "code", "filing", "ticket", "authorisation", "rating"."""
        now = self._now()
        session.add(
            OutboxMessage(
                phone_hash=self._vault.lookup(phone),
                phone_sealed=self._vault.encrypt(phone),
                text_sealed=self._vault.encrypt(text),
                kind=kind,
                state="waiting",
                tries=0,
                at=now,
                not_before=now,
            )
        )

    async def deliver(self) -> int:
        """Send what is due. Returns how many went out."""
        sent = 0
        for message_id in await self._due():
            sent += await self._send(message_id)
        return sent

    async def to(self, phone: str) -> list[Message]:
        """What was put for this number, newest first; for the demo and for tests."""
        wanted = select(OutboxMessage).where(OutboxMessage.phone_hash == self._vault.lookup(phone))
        async with self._database.session() as session:
            rows = list(await session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(100)))
        return [Message(as_aware(row.at), row.kind, row.state, self._vault.decrypt(row.text_sealed)) for row in rows]

    async def _due(self) -> list[int]:
        wanted = select(OutboxMessage.id).where(
            OutboxMessage.state == "waiting", OutboxMessage.not_before <= self._now()
        )
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(OutboxMessage.id).limit(_BATCH)))

    async def _send(self, message_id: int) -> bool:
        message = await self._take(message_id)
        if message is None:
            return False
        phone, text = self._vault.decrypt(message.phone_sealed), self._vault.decrypt(message.text_sealed)
        try:
            await self._gateway.send(phone, text, f"outbox-{message.id}")
        except ServiceError as error:
            log.warning("message_not_sent", code=error.code, kind=message.kind)
            is_last = not error.retryable or message.tries >= MOST_TRIES
            await self._mark(message, "failed" if is_last else "waiting")
            if is_last:
                GIVEN_UP.labels(message.kind).inc()
            return False
        await self._mark(message, "sent")
        return True

    async def _take(self, message_id: int) -> OutboxMessage | None:
        """Lease it: of several processes one sends."""
        now = self._now()
        lease = (
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.state == "waiting", OutboxMessage.not_before <= now)
            .values(tries=OutboxMessage.tries + 1, not_before=now + _LEASE)
            .returning(OutboxMessage)
        )
        async with self._database.session() as session:
            return (await session.scalars(lease)).one_or_none()

    async def _mark(self, message: OutboxMessage, state: str) -> None:
        pause = timedelta(seconds=_PAUSES_SECONDS[min(message.tries, len(_PAUSES_SECONDS)) - 1])
        done = update(OutboxMessage).where(OutboxMessage.id == message.id)
        async with self._database.session() as session:
            await session.execute(done.values(state=state, not_before=self._now() + pause))

    def _now(self) -> datetime:
        return as_stored(self._clock())
