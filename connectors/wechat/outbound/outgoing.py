"""What is owed to citizens, in the database: a process that dies leaves its messages to the next one.

    waiting ──► sent          held ◄─► waiting          dropped
       └ claimed with a lease    └ nothing may be sent     └ they have unsubscribed, or it is too late
                                   until they write again

Texts for one citizen that wait together travel as one message: each message costs one of five.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from base.clock import NEVER, Clock, stored_now
from base.database import Database
from base.personal_data import Vault
from connectors.wechat.models import Outgoing
from connectors.wechat.outbound.cut import MAX_BYTES, size

LEASE = timedelta(seconds=60)
"""Longer than one call with all its retries."""
KEPT = timedelta(hours=48)
_FORGOTTEN = timedelta(days=3)
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 2, 600
_BETWEEN = "\n\n——\n\n"

Kind = Literal["text", "notice"]


@dataclass(frozen=True, slots=True)
class Owed:
    """Rows claimed together: one message. `attempts`: how often it was tried before; `claimed_at`: UTC, naive."""

    ids: tuple[int, ...]
    follower_hash: str
    openid: str
    kind: str
    text: str
    notice: dict[str, Any] | None
    attempts: int
    claimed_at: datetime


class OutgoingQueue:
    """The table of outgoing messages."""

    def __init__(self, database: Database, vault: Vault, now: Clock = stored_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def add(
        self,
        openid: str,
        text: str,
        session: AsyncSession,
        *,
        notice: dict[str, Any] | None = None,
        until: datetime | None = None,
    ) -> None:
        """Owe `text` to the citizen; with a notice, send that and keep the text for when it cannot be sent. What was
        not sent by `until` (UTC, naive) never is."""
        ends = until.isoformat() if until else ""
        body = json.dumps({"openid": openid, "text": text, "notice": notice, "until": ends}, ensure_ascii=False)
        session.add(
            Outgoing(
                follower_hash=self._vault.lookup(openid),
                kind="notice" if notice else "text",
                body_sealed=self._vault.encrypt(body),
                state="waiting",
                attempts=0,
                not_before=NEVER,
                lease_until=NEVER,
                queued_at=self._now(),
            )
        )

    async def claim(self, most: int = 20) -> list[Owed]:
        """Messages to send now, at most one for each citizen; nobody else gets them until the lease ends."""
        now = self._now()
        other = aliased(Outgoing)
        in_hand = exists().where(
            other.follower_hash == Outgoing.follower_hash,
            other.state == "waiting",
            or_(other.lease_until > now, and_(other.not_before > now, other.id < Outgoing.id)),
        )
        async with self._database.session() as session:
            due = (
                await session.scalars(
                    select(Outgoing)
                    .where(Outgoing.state == "waiting", Outgoing.not_before <= now, ~in_hand)
                    .order_by(Outgoing.id)
                    .limit(most * 5)
                )
            ).all()
            together: dict[str, list[Outgoing]] = {}
            for row in due:
                together.setdefault(row.follower_hash, []).append(row)
            claims = [await self._claim_first(rows, session) for rows in list(together.values())[:most]]
        return [owed for owed in claims if owed]

    async def sent(self, owed: Owed) -> None:
        await self._mark(owed, state="sent", code="", body_sealed=None)

    async def hold(self, owed: Owed, code: str) -> None:
        """Until the citizen writes again."""
        await self._mark(owed, state="held", code=code, kind="text", lease_until=NEVER)

    async def drop(self, owed: Owed, code: str) -> None:
        await self._mark(owed, state="dropped", code=code, body_sealed=None)

    async def retry(self, owed: Owed, code: str) -> None:
        """Later: after 2 s, 4 s, 8 s … at most ten minutes."""
        wait_seconds = min(_FIRST_WAIT_SECONDS * 2**owed.attempts, _LONGEST_WAIT_SECONDS)
        later = self._now() + timedelta(seconds=wait_seconds)
        await self._mark(owed, code=code, attempts=owed.attempts + 1, not_before=later, lease_until=NEVER)

    async def as_text(self, owed: Owed) -> None:
        """A notice that may not be sent as one waits as a text."""
        await self._mark(owed, kind="text", lease_until=NEVER)

    async def release(self, openid: str) -> bool:
        """The citizen has written: what was held may go. True if there was something."""
        return await self._change_all(openid, "held", state="waiting", not_before=NEVER)

    async def drop_all(self, openid: str, code: str) -> None:
        """They have unsubscribed."""
        await self._change_all(openid, "held", state="dropped", code=code, body_sealed=None)
        await self._change_all(openid, "waiting", state="dropped", code=code, body_sealed=None)

    async def forget_old(self) -> None:
        now = self._now()
        async with self._database.session() as session:
            await session.execute(
                update(Outgoing)
                .where(Outgoing.state.in_(("held", "waiting")), Outgoing.queued_at < now - KEPT)
                .values(state="dropped", code="too_late", body_sealed=None)
            )
            await session.execute(
                delete(Outgoing).where(Outgoing.state.in_(("sent", "dropped")), Outgoing.queued_at < now - _FORGOTTEN)
            )

    async def _claim_first(self, rows: Sequence[Outgoing], session: AsyncSession) -> Owed | None:
        """The first message of one citizen, with the texts after it that fit into it."""
        bodies: list[dict[str, Any]] = []
        taken: list[Outgoing] = []
        for row in rows:
            body = json.loads(self._vault.decrypt(row.body_sealed or b""))
            if body.get("until") and datetime.fromisoformat(body["until"]) < self._now():
                row.state, row.code, row.body_sealed = "dropped", "too_late", None
                continue
            joined = _BETWEEN.join([*(earlier["text"] for earlier in bodies), body["text"]])
            if taken and (row.kind != "text" or taken[0].kind != "text" or size(joined) > MAX_BYTES):
                break
            if not await self._lease(row, session):
                break
            taken.append(row)
            bodies.append(body)
        if not taken:
            return None
        return Owed(
            tuple(row.id for row in taken),
            taken[0].follower_hash,
            bodies[0]["openid"],
            taken[0].kind,
            _BETWEEN.join(body["text"] for body in bodies),
            bodies[0]["notice"],
            max(row.attempts for row in taken),
            self._now(),
        )

    async def _lease(self, row: Outgoing, session: AsyncSession) -> bool:
        result = await session.execute(
            update(Outgoing)
            .where(Outgoing.id == row.id, Outgoing.state == "waiting", Outgoing.lease_until == row.lease_until)
            .values(lease_until=self._now() + LEASE)
            .execution_options(synchronize_session=False)
        )
        return bool(getattr(result, "rowcount", 0))

    async def _mark(self, owed: Owed, **values: Any) -> None:
        async with self._database.session() as session:
            await session.execute(update(Outgoing).where(Outgoing.id.in_(owed.ids)).values(**values))

    async def _change_all(self, openid: str, now_in: str, **values: Any) -> bool:
        async with self._database.session() as session:
            result = await session.execute(
                update(Outgoing)
                .where(Outgoing.follower_hash == self._vault.lookup(openid), Outgoing.state == now_in)
                .values(**values)
            )
            return bool(getattr(result, "rowcount", 0))
