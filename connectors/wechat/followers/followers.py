"""What the account knows of each citizen: what may still be sent to them, and what their digits mean.

The platform's rule for customer-service messages: 5 within 48 h of a message, 3 within a minute of a menu click, of
following, or of a scanned code.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import NEVER, Clock, stored_now
from base.database import Database
from base.personal_data import Vault
from connectors.wechat.models import Follower
from connectors.wechat.platform.wire import Incoming

MESSAGES, MESSAGE_WINDOW = 5, timedelta(hours=48)
EVENTS, EVENT_WINDOW = 3, timedelta(minutes=1)
_OPENING_EVENTS = frozenset({"click", "subscribe", "scan"})
CHOICES_KEPT = timedelta(hours=12)
BINDING_WINDOW = timedelta(minutes=10)

Quota = Literal["event", "message", "notice"]
"""What a message is counted against: a click's three, a message's five, or a notice that was agreed to."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What "1", "2" … mean: `meanings` of digits, in the order shown. Of a long answer, `rest` is still to be read,
    and `later` are the choices (title, payload) to be shown below it."""

    meanings: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    later: tuple[tuple[str, str], ...] = ()


class Followers:
    """The table of followers. A row exists from the first message on."""

    def __init__(self, database: Database, vault: Vault, now: Clock = stored_now) -> None:
        self._database, self._vault, self._now = database, vault, now

    async def heard(self, message: Incoming) -> None:
        """They did something: the windows open, and whoever writes is subscribed."""
        now = self._now()
        async with self.row(message.openid) as row:
            row.subscribed = message.event != "unsubscribe"
            if message.kind != "event":
                row.message_left, row.message_until = MESSAGES, now + MESSAGE_WINDOW
            elif message.event in _OPENING_EVENTS:
                row.event_left, row.event_until = EVENTS, now + EVENT_WINDOW
            for _, agreed in message.accepted:
                row.notices_left = Follower.notices_left + 1 if agreed else 0  # counted by the database

    async def may_be_written_to(self, openid: str, session: AsyncSession) -> bool:
        """Whether a customer-service message would go now."""
        now = self._now()
        event = (Follower.event_left > 0) & (Follower.event_until > now)
        message = (Follower.message_left > 0) & (Follower.message_until > now)
        them = (Follower.openid_hash == self._vault.lookup(openid)) & Follower.subscribed
        return await session.scalar(select(Follower.id).where(them, event | message)) is not None

    async def take_quota(self, follower_hash: str, session: AsyncSession) -> Quota | None:
        """One customer-service message will be sent, out of this; None: none is allowed until they write again."""
        quotas: tuple[tuple[Quota, Any, Any], ...] = (
            ("event", Follower.event_left, Follower.event_until),
            ("message", Follower.message_left, Follower.message_until),
        )
        for quota, left, until in quotas:
            result = await session.execute(
                update(Follower)
                .where(Follower.openid_hash == follower_hash, Follower.subscribed, left > 0, until > self._now())
                .values({left: left - 1})
            )
            if getattr(result, "rowcount", 0):
                return quota
        return None

    async def give_back(self, follower_hash: str, quota: Quota) -> None:
        """What was taken and not used; not to more than a window holds, which they may have opened anew meanwhile."""
        left, is_room = {
            "event": (Follower.event_left, Follower.event_left < EVENTS),
            "message": (Follower.message_left, Follower.message_left < MESSAGES),
            "notice": (Follower.notices_left, true()),
        }[quota]
        async with self._database.session() as session:
            await session.execute(
                update(Follower).where(Follower.openid_hash == follower_hash, is_room).values({left: left + 1})
            )

    async def close_window(self, follower_hash: str, asked_at: datetime) -> None:
        """To something sent at `asked_at` (UTC, naive) the platform says that nothing more may be sent: it knows better
        than our count. A window that they have opened since stays open."""
        windows: tuple[tuple[Any, Any, timedelta], ...] = (
            (Follower.event_left, Follower.event_until, EVENT_WINDOW),
            (Follower.message_left, Follower.message_until, MESSAGE_WINDOW),
        )
        async with self._database.session() as session:
            for left, until, lasts in windows:
                old = (Follower.openid_hash == follower_hash) & (until <= asked_at + lasts)
                await session.execute(update(Follower).where(old).values({left: 0}))

    async def take_notice(self, follower_hash: str, session: AsyncSession) -> bool:
        """One subscription message will be sent; False: they have agreed to none that is still left."""
        result = await session.execute(
            update(Follower)
            .where(Follower.openid_hash == follower_hash, Follower.notices_left > 0, Follower.subscribed)
            .values(notices_left=Follower.notices_left - 1)
        )
        return bool(getattr(result, "rowcount", 0))

    async def no_notices(self, follower_hash: str) -> None:
        """They have withdrawn their consent."""
        async with self._database.session() as session:
            await session.execute(update(Follower).where(Follower.openid_hash == follower_hash).values(notices_left=0))

    async def set_choices(self, openid: str, choices: Choices) -> None:
        packed = json.dumps(astuple(choices), ensure_ascii=False)
        async with self.row(openid) as row:
            row.choices_sealed = None if choices == Choices() else self._vault.encrypt(packed)
            row.choices_until = self._now() + CHOICES_KEPT

    async def choices(self, openid: str) -> Choices:
        async with self.row(openid) as row:
            if row.choices_sealed is None or row.choices_until < self._now():
                return Choices()
            meanings, rest, later = json.loads(self._vault.decrypt(row.choices_sealed))
            return Choices(_pairs(meanings), rest, _pairs(later))

    async def wants_binding(self, openid: str) -> bool:
        async with self.row(openid) as row:
            return row.binding_until > self._now()

    async def ask_binding(self, openid: str, *, wanted: bool = True) -> None:
        """They want to be bound as soon as they have proved who they are, within ten minutes; or no longer."""
        async with self.row(openid) as row:
            row.binding_until = self._now() + BINDING_WINDOW if wanted else NEVER

    async def set_person(self, openid: str, person_key: str | None) -> None:
        async with self.row(openid) as row:
            row.person_key = person_key

    async def openids_of(self, person_key: str) -> list[str]:
        """Everybody bound to this person: openids."""
        async with self._database.session() as session:
            rows = await session.scalars(
                select(Follower.openid_sealed).where(Follower.person_key == person_key, Follower.subscribed)
            )
            return [self._vault.decrypt(sealed) for sealed in rows.all()]

    @asynccontextmanager
    async def row(self, openid: str) -> AsyncIterator[Follower]:
        """Their row, made if need be; changes are kept."""
        openid_hash = self._vault.lookup(openid)
        await self._ensure(openid, openid_hash)
        async with self._database.session() as session:
            yield (
                await session.scalars(select(Follower).where(Follower.openid_hash == openid_hash).with_for_update())
            ).one()

    async def _ensure(self, openid: str, openid_hash: str) -> None:
        async with self._database.session() as session:
            if await session.scalar(select(Follower.id).where(Follower.openid_hash == openid_hash)) is not None:
                return
        try:
            async with self._database.session() as session:
                session.add(_new(openid_hash, self._vault.encrypt(openid)))
        except IntegrityError:  # another process met them at the same time
            return


def _pairs(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in pairs)


def _new(openid_hash: str, openid_sealed: bytes) -> Follower:
    return Follower(
        openid_hash=openid_hash,
        openid_sealed=openid_sealed,
        subscribed=True,
        message_left=0,
        message_until=NEVER,
        event_left=0,
        event_until=NEVER,
        notices_left=0,
        choices_until=NEVER,
        binding_until=NEVER,
    )
