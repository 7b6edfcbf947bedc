"""Each message of a citizen once, however often it is delivered, to whichever process, across restarts.

    claimed ──► waiting ──► started ──► done
                   │           └─ a process died here: the turn may have acted, so it is not run again; the citizen
                   │              is told and asked to repeat
                   └─ a process died here: nothing has happened yet, another one takes the message

How the answer travels is decided in the database, once: in the reply to the delivery while that is still open
("reply"), else by a customer-service message ("queue"). So no answer goes both ways, and none goes neither.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import NEVER, Clock, stored_now
from base.database import Database
from base.personal_data import Vault
from connectors.wechat.models import Arrival
from connectors.wechat.platform.wire import Incoming, Place

LEASE = timedelta(seconds=60)
"""Longer than any turn takes. A process renews nothing: a message that outlives this lost its process."""
KEPT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A message whose process died. `started`: its turn had begun."""

    message: Incoming
    started: bool


class Arrivals:
    """The table of arrivals."""

    def __init__(self, database: Database, vault: Vault, now: Clock = stored_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def claim(self, message: Incoming) -> bool:
        """True for the first delivery of the message, False for every other."""
        try:
            async with self._database.session() as session:
                session.add(self._row(message))
        except IntegrityError:
            return False
        return True

    async def start(self, message: Incoming) -> bool:
        """The turn begins now. False: another process has begun it."""
        return await self._change(message, {"state": "started", "lease_until": self._now() + LEASE}, state="waiting")

    async def finish_as_reply(self, message: Incoming, text: str, session: AsyncSession) -> bool:
        """Done, the answer being `text` in the reply to the delivery; False when that is no longer open."""
        done = {"state": "done", "message_sealed": None, "reply_sealed": self._vault.encrypt(text)}
        return await self._change(message, done, session, answer_by="reply")

    async def finish(self, message: Incoming, session: AsyncSession) -> None:
        """Done, whatever was to be said being in the queue."""
        await self._change(message, {"state": "done", "message_sealed": None, "answer_by": "queue"}, session)

    async def abandon(self, message: Incoming) -> None:
        """This process stops in the middle of it: another one may take it over at once."""
        async with self._database.session() as session:
            await session.execute(
                update(Arrival)
                .where(self._is(message), Arrival.state != "done")
                .values(lease_until=NEVER, answer_by="queue")
            )

    async def settle(self, message: Incoming) -> str:
        """A delivery ends here: what to answer it with, "" when the answer will be, or was, sent otherwise."""
        if await self._unless_done(message):
            return ""
        async with self._database.session() as session:
            sealed = await session.scalar(select(Arrival.reply_sealed).where(self._is(message)))
        return self._vault.decrypt(sealed) if sealed else ""

    async def adopt(self) -> list[Orphan]:
        """Take over what dead processes left, oldest first. Its answers go by the queue."""
        async with self._database.session() as session:
            rows = await session.scalars(
                select(Arrival)
                .where(Arrival.state != "done", Arrival.lease_until < self._now())
                .order_by(Arrival.id)
                .limit(100)
            )
            taken = [row for row in rows.all() if await self._take_over(row, session)]
            return [Orphan(self._message(row), row.state == "started") for row in taken if row.message_sealed]

    async def forget_old(self) -> None:
        async with self._database.session() as session:
            await session.execute(delete(Arrival).where(Arrival.state == "done", Arrival.taken_at < self._now() - KEPT))

    def _row(self, message: Incoming) -> Arrival:
        now = self._now()
        return Arrival(
            key_hash=self._vault.lookup(message.key),
            follower_hash=self._vault.lookup(message.openid),
            message_sealed=self._vault.encrypt(json.dumps(asdict(message), ensure_ascii=False)),
            state="waiting",
            answer_by="reply",
            lease_until=now + LEASE,
            taken_at=now,
        )

    async def _unless_done(self, message: Incoming) -> bool:
        async with self._database.session() as session:
            result = await session.execute(
                update(Arrival).where(self._is(message), Arrival.state != "done").values(answer_by="queue")
            )
            return _changed(result)

    async def _take_over(self, row: Arrival, session: AsyncSession) -> bool:
        result = await session.execute(
            update(Arrival)
            .where(Arrival.id == row.id, Arrival.lease_until == row.lease_until)
            .values(lease_until=self._now() + LEASE, answer_by="queue")
            .execution_options(synchronize_session=False)
        )
        return _changed(result)

    async def _change(
        self, message: Incoming, values: Mapping[str, Any], session: AsyncSession | None = None, **where: str
    ) -> bool:
        if session is None:
            async with self._database.session() as own:
                return await self._change(message, values, own, **where)
        conditions = [getattr(Arrival, name) == value for name, value in where.items()]
        return _changed(await session.execute(update(Arrival).where(self._is(message), *conditions).values(**values)))

    def _message(self, row: Arrival) -> Incoming:
        return _unpack(self._vault.decrypt(row.message_sealed or b""))

    def _is(self, message: Incoming) -> Any:
        return Arrival.key_hash == self._vault.lookup(message.key)


def _changed(result: Any) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1


def _unpack(packed: str) -> Incoming:
    fields = json.loads(packed)
    place = fields.pop("place")
    accepted = tuple((template, agreed) for template, agreed in fields.pop("accepted"))
    return Incoming(**fields, place=Place(**place) if place else None, accepted=accepted)
