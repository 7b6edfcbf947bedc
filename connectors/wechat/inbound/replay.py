"""Has this signature been used before? Asked of every delivery, across processes.

A signature of the plain mode does not cover the message: whoever saw one could send another message with it. So a
signature holds for five minutes, and within them only for the message it came with. The platform repeating a delivery
passes (it is de-duplicated by its message id); the same signature with anything else is refused.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from base.clock import Clock, as_aware, stored_now
from base.database import Database
from connectors.wechat.models import UsedNonce
from connectors.wechat.platform.crypto import Forged

WINDOW = timedelta(minutes=5)
_EPOCH_DIGITS = 12


class ReplayGuard:
    """`check` passes or raises Forged."""

    def __init__(self, database: Database, now: Clock = stored_now) -> None:
        self._database, self._now = database, now

    def check_time(self, timestamp: str) -> None:
        """Seconds since 1970, at most five minutes away from now."""
        if not timestamp.isdecimal() or len(timestamp) > _EPOCH_DIGITS:
            raise Forged(code="wechat_timestamp")
        age_seconds = as_aware(self._now()).timestamp() - int(timestamp)
        if abs(age_seconds) > WINDOW.total_seconds():
            raise Forged(code="wechat_too_old")

    async def check(self, timestamp: str, nonce: str, body: bytes) -> None:
        self.check_time(timestamp)
        nonce_hash = hashlib.sha256(f"{timestamp} {nonce}".encode()).hexdigest()
        body_hash = hashlib.sha256(body).hexdigest()
        try:
            async with self._database.session() as session:
                session.add(UsedNonce(nonce_hash=nonce_hash, body_hash=body_hash, used_at=self._now()))
        except IntegrityError:
            async with self._database.session() as session:
                known = await session.scalar(select(UsedNonce.body_hash).where(UsedNonce.nonce_hash == nonce_hash))
            if known != body_hash:
                raise Forged(code="wechat_replay") from None

    async def forget_old(self) -> None:
        """Signatures too old to pass need not be remembered."""
        async with self._database.session() as session:
            await session.execute(delete(UsedNonce).where(UsedNonce.used_at < self._now() - 3 * WINDOW))
