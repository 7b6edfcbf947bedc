"""Links by which materials can be handed in for one filing, for two weeks. Only a keyed hash of a link is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.personal_data import Vault
from casework.models import UploadLink

LINK_LASTS = timedelta(days=14)


class UploadLinks:
    """`address`: how citizens reach this service, https://host. `now` is passed in so that a test can choose it."""

    def __init__(self, vault: Vault, address: str, now: Clock = utc_now) -> None:
        self._vault, self._address, self._now = vault, address.rstrip("/"), now

    def make(self, session: AsyncSession, filing: int) -> str:
        """The address, good from when the caller's unit of work is done."""
        token = secrets.token_urlsafe(16)
        session.add(UploadLink(token_hash=self._hash(token), filing_id=filing, expires_at=self._utc() + LINK_LASTS))
        return f"{self._address}/upload/{token}"

    async def filing_of(self, session: AsyncSession, token: str) -> int | None:
        """None when there is no such link, or not any more."""
        link = await session.get(UploadLink, self._hash(token))
        return link.filing_id if link and link.expires_at >= self._utc() else None

    def _hash(self, token: str) -> str:
        return self._vault.lookup(f"upload {token}")

    def _utc(self) -> datetime:
        return as_stored(self._now())
