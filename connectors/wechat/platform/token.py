"""The access token: one for all processes, in the database, fetched by one of them before it ends.

stable_token gives the same token to whoever asks while it is good; asking with force makes a new one and kills the old
one, at most 20 times a day and twice a minute. So force is used only when a token in its prime was refused.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from base.clock import NEVER, Clock, stored_now
from base.database import Database
from base.personal_data import Vault
from connectors.wechat.models import AccessToken
from connectors.wechat.platform.api import PlatformApi
from connectors.wechat.platform.errors import PlatformBusy

MARGIN = timedelta(minutes=4)
"""The platform offers a new token from 5 minutes before the end on, while both are good."""
_REFRESH_SECONDS = 40
_POLL_SECONDS = 0.1


class SharedToken:
    """`get` returns a good token, asking the platform only when the shared one is about to end."""

    def __init__(
        self, api: PlatformApi, database: Database, vault: Vault, *, appid: str, secret: str, now: Clock = stored_now
    ) -> None:
        self._api, self._database, self._vault = api, database, vault
        self._appid, self._secret, self._now = appid, secret, now
        self._cached = ("", NEVER)
        self._refused = ""

    async def get(self) -> str:
        """Raises PlatformError when there can be none."""
        token, expires_at = self._cached
        if token and expires_at - MARGIN > self._now():
            return token
        for _ in range(int(_REFRESH_SECONDS / _POLL_SECONDS)):
            token, expires_at = await self._stored()
            if token and expires_at - MARGIN > self._now():
                self._cached = (token, expires_at)
                return token
            if await self._may_refresh():
                return await self._refresh()
            await asyncio.sleep(_POLL_SECONDS)  # another process is asking
        raise PlatformBusy(code="wechat_token_late")

    async def refused(self, token: str) -> None:
        """The platform did not take `token`: nobody uses it any more, and if it is given out again, force is used."""
        self._refused, self._cached = token, ("", NEVER)
        stored, expires_at = await self._stored()
        if stored == token:
            async with self._database.session() as session:
                await session.execute(
                    update(AccessToken)
                    .where(AccessToken.appid == self._appid, AccessToken.expires_at == expires_at)
                    .values(expires_at=NEVER)
                )

    async def _stored(self) -> tuple[str, datetime]:
        async with self._database.session() as session:
            row = await session.scalar(select(AccessToken).where(AccessToken.appid == self._appid))
        if row is None or row.token_sealed is None:
            return "", NEVER
        return self._vault.decrypt(row.token_sealed), row.expires_at

    async def _may_refresh(self) -> bool:
        """Whether this process is the one that asks the platform now. The right lapses if it dies."""
        now = self._now()
        try:
            async with self._database.session() as session:
                result = await session.execute(
                    update(AccessToken)
                    .where(AccessToken.appid == self._appid, AccessToken.refreshing_until <= now)
                    .where(AccessToken.expires_at <= now + MARGIN)  # nobody has renewed it since we looked
                    .values(refreshing_until=now + timedelta(seconds=_REFRESH_SECONDS))
                )
                if getattr(result, "rowcount", 0):
                    return True
                if await session.scalar(select(AccessToken.id).where(AccessToken.appid == self._appid)) is None:
                    session.add(_first(self._appid, now))
                    await session.flush()
                    return True
        except IntegrityError:  # another process added the row
            return False
        return False

    async def _refresh(self) -> str:
        try:
            token, seconds = await self._api.stable_token(self._appid, self._secret)
            if token == self._refused:
                token, seconds = await self._api.stable_token(self._appid, self._secret, force=True)
        except BaseException:
            await self._store(refreshing_until=NEVER)
            raise
        expires_at = self._now() + timedelta(seconds=seconds)
        await self._store(token_sealed=self._vault.encrypt(token), expires_at=expires_at, refreshing_until=NEVER)
        self._cached = (token, expires_at)
        return token

    async def _store(self, **values: object) -> None:
        async with self._database.session() as session:
            await session.execute(update(AccessToken).where(AccessToken.appid == self._appid).values(**values))


def _first(appid: str, now: datetime) -> AccessToken:
    return AccessToken(appid=appid, expires_at=NEVER, refreshing_until=now + timedelta(seconds=_REFRESH_SECONDS))
