"""How often a password may be tried: whoever tries waits longer and longer, and nobody else does.

Failures are counted for an account *and* where they come from: an address, or a browser in which this account was once
logged in (its device cookie). The first four cost nothing, each further one doubles the wait, from one minute to a
quarter of an hour. Two wider counts slow down who is on no known device: thirty failures from one address with whatever
names, and fifty for one account from wherever. A new password takes an account out of both.

So a stranger who fails on purpose stops neither who works at a known browser, nor anybody at another address.
A try is counted before the password is looked at: a hundred at the same moment are no way round. OWASP's
Authentication and Credential Stuffing cheat sheets name both measures.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from base.clock import Clock
from base.database import Database
from staff.audit import Action
from staff.models import AuditEntry, LoginAttempt

WINDOW = timedelta(hours=1)
FREE_TRIES = 4
FREE_OF_ADDRESS = 30
"""An office shares one address, so more is allowed than to one account."""
FREE_OF_ACCOUNT = 50
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
ACCOUNT_WAIT = timedelta(seconds=10)
"""Not growing: it is for attacks from many addresses, and whoever is meant must get in, too."""
_KEPT = timedelta(days=1)
_DEVICE = "device "


@dataclass(frozen=True, slots=True)
class Try:
    """One counted try: which row it is, whether it is at a known device, how many failed before it there."""

    id: int
    key: str
    before: int


class MustWait(Exception):
    """No password is looked at for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("must wait")
        self.seconds = seconds


class LoginThrottle:
    """`now` is UTC, naive."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._database, self._now = database, now

    async def enter(self, username: str, key: str) -> Try:
        """Count one try for `key` (an address or `device_key`). Raises MustWait, and then counts nothing."""
        now, name = self._now(), name_hash(username)
        async with self._database.session() as session:
            await session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - _KEPT))
            row = LoginAttempt(name_hash=name, address=key, at=now)
            session.add(row)
            await session.flush()  # first: of two at the same moment, one sees the other
            at_key = LoginAttempt.address == key
            of_name = LoginAttempt.name_hash == name
            before, last = await self._count(session, row.id, of_name & at_key)
            until = last + _growing(before, FREE_TRIES)
            if not key.startswith(_DEVICE) and not await self._is_renewed(session, username):
                everywhere, last = await self._count(session, row.id, of_name)
                if everywhere >= FREE_OF_ACCOUNT:
                    until = max(until, last + ACCOUNT_WAIT)
                of_address, last = await self._count(session, row.id, at_key)
                until = max(until, last + _growing(of_address, FREE_OF_ADDRESS))
            if until > now:
                raise MustWait((until - now).total_seconds())
            return Try(row.id, key, before)

    @staticmethod
    async def succeeded(session: AsyncSession, username: str, tried: Try) -> None:
        """The failures of this person at this place were slips."""
        mine = (LoginAttempt.name_hash == name_hash(username)) & (LoginAttempt.address == tried.key)
        await session.execute(delete(LoginAttempt).where(mine))

    @staticmethod
    async def lift(session: AsyncSession, username: str) -> None:
        """A new password: whatever failed with the old one counts no more."""
        await session.execute(delete(LoginAttempt).where(LoginAttempt.name_hash == name_hash(username)))

    async def _count(self, session: AsyncSession, own: int, which: ColumnElement[bool]) -> tuple[int, datetime]:
        """How many failed in the window, and when the last one did."""
        now = self._now()
        recent = (LoginAttempt.at > now - WINDOW) & (LoginAttempt.id != own) & which
        count, last = (await session.execute(select(func.count(), func.max(LoginAttempt.at)).where(recent))).one()
        return count, last or now - WINDOW

    async def _is_renewed(self, session: AsyncSession, username: str) -> bool:
        """Whether the password was set within the last quarter of an hour."""
        since = self._now() - LONGEST_WAIT
        renewed = select(AuditEntry.id).where(
            AuditEntry.what == Action.PASSWORD_CHANGED, AuditEntry.which == username, AuditEntry.at > since
        )
        return await session.scalar(renewed.limit(1)) is not None


def name_hash(username: str) -> str:
    """What is kept of a name: people type their password there."""
    return sha256(username.encode()).hexdigest()


def new_device(username: str, password_hash: str) -> str:
    """What a browser keeps after a good log-in. Nobody makes one without the account's password hash."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_seal(username, password_hash, nonce)}"


def device_key(username: str, password_hash: str, cookie: str) -> str:
    """The name under which a known browser's tries are counted; "" for any other. A new password ends it."""
    nonce, _, seal = cookie[:200].partition(".")
    good = hmac.compare_digest(_seal(username, password_hash, nonce).encode(), seal.encode())
    return f"{_DEVICE}{nonce}" if good else ""


def _seal(username: str, password_hash: str, nonce: str) -> str:
    return hmac.new(password_hash.encode(), f"device {username} {nonce}".encode(), sha256).hexdigest()


def _growing(failures: int, free: int) -> timedelta:
    if failures < free:
        return timedelta()
    doubled: int = 1 << min(failures - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)
