"""Staff of the bureau: who they are, what they may do, how they log in.

    accounts = StaffAccounts(database)
    login = await accounts.log_in("wangfang", "…", address="10.0.0.7")     # raises LoginRefused
    member = await accounts.by_token(login.token)                          # None: log in again
    member.require(Permission.EDIT)                                        # raises NotAllowed

Passwords are argon2id. A session is a random token in the cookie and its hash in the database; it ends by log-out,
after 30 minutes without use, after 12 hours, when the account is switched off or its password changes.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from prometheus_client import Counter
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.personal_data import Vault
from staff import audit
from staff.audit import Action
from staff.login_throttle import FREE_TRIES, LoginThrottle, MustWait, Try, device_key, new_device
from staff.models import StaffAccount, StaffSession
from staff.refusals import AccountRefused, CodeWrong, LoginRefused
from staff.roles import ALLOWED, NotAllowed, Permission, Role, StaffMember
from staff.totp import is_secret, matching_step

__all__ = [
    "ALLOWED",
    "AccountRefused",
    "CodeWrong",
    "Login",
    "LoginRefused",
    "NewAccount",
    "NotAllowed",
    "Permission",
    "Role",
    "StaffAccounts",
    "StaffMember",
]

LOGINS_REFUSED = Counter("yibao_logins_refused_total", "Log-ins of staff that were refused", ("why",))

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
MIN_PASSWORD_CHARS = 10
_MAX_PASSWORD_CHARS = 128
_TWO = 2
_SEEN_EVERY = timedelta(minutes=1)
_USERNAME = re.compile(r"[a-z][a-z0-9_.-]{1,39}")


@dataclass(frozen=True, slots=True)
class Login:
    """`token` goes into the cookie (HttpOnly, Secure where TLS, SameSite=Strict) and nowhere else. `device` into a
    cookie that stays: this browser is known for this account from now on."""

    token: str
    member: StaffMember
    device: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`is_first`: it is a first password, which its owner must change before anything else."""

    username: str
    name: str
    role: Role
    password: str
    county: str = ""
    is_first: bool = False


class StaffAccounts:
    """Accounts and sessions. Without `vault` nobody has a second factor, whose secrets are kept sealed.

    `now` (aware) is passed in so that a test can let time pass."""

    def __init__(
        self,
        database: Database,
        now: Clock = utc_now,
        hasher: PasswordHasher | None = None,
        vault: Vault | None = None,
    ) -> None:
        self._database, self._now, self._vault = database, now, vault
        self._hasher = hasher or PasswordHasher()
        self._hashing = asyncio.Semaphore(2)  # one takes 64 MiB and a core for a moment
        self._nobody: str | None = None
        self._throttle = LoginThrottle(database, self._naive_now)

    async def add(
        self, username: str, name: str, role: Role, password: str, *, by: str, county: str = "", first: bool = False
    ) -> StaffMember:
        """One of `add_all`; `first`: see `NewAccount.is_first`."""
        (member,) = await self.add_all([NewAccount(username, name, role, password, county, first)], by=by)
        return member

    async def add_all(self, people: Sequence[NewAccount], *, by: str) -> list[StaffMember]:
        """All of them, or none. Raises AccountRefused: a name is taken or not usable, a password too short. Slow: each
        password takes a good part of a second to seal."""
        rows = [await self._row(one) for one in people]
        try:
            async with self._database.session() as session:
                session.add_all(rows)
                for row in rows:
                    audit.note(session, by, Action.STAFF_ADDED, row.username, detail=row.role)
        except IntegrityError as error:
            raise AccountRefused("taken", citizen_text="这个用户名已经有人用了。") from error
        return [
            StaffMember(row.username, row.name, one.role, county=one.county, must_change=one.is_first)
            for row, one in zip(rows, people, strict=True)
        ]

    async def _row(self, one: NewAccount) -> StaffAccount:
        username = checked_username(one.username)
        if not one.name.strip() or len(one.name) > 40:
            raise AccountRefused(citizen_text="请填写姓名（不超过40字）。")
        return StaffAccount(
            username=username,
            name=one.name.strip(),
            role=one.role.value,
            password_hash=await self._hash(_checked_password(one.password, username)),
            active=True,
            created_at=self._naive_now(),
            county=one.county,
            must_change=one.is_first,
        )

    async def change(
        self,
        username: str,
        *,
        name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        county: str | None = None,
        by: str,
    ) -> StaffMember:
        """Change an account; switching off ends its sessions. The last active administrator stays (AccountRefused)."""
        async with self._database.session() as session:
            account = await _account(session, username)
            was_administrator = account.active and account.role == Role.ADMINISTRATOR
            account.name = name or account.name
            account.role = role.value if role else account.role
            account.active = account.active if active is None else active
            account.county = account.county if county is None else county
            await session.flush()
            if was_administrator and not await _administrators(session):
                raise AccountRefused("last administrator", citizen_text="至少要保留一名在用的管理员。")
            if not account.active:
                await _end_sessions(session, account.id)
            state = "启用" if account.active else "停用"
            audit.note(
                session,
                by,
                Action.STAFF_CHANGED,
                account.username,
                detail=f"{account.role} {state} {account.county}".strip(),
            )
            return _member(account)

    async def set_password(self, username: str, password: str, *, by: str, first: bool = False) -> None:
        """Every session of the account ends, its lock is lifted. `first`: somebody else chose it, and its owner must
        change it before anything else; a lost phone's second factor goes with it. Raises AccountRefused."""
        hashed = await self._hash(_checked_password(password, username))
        async with self._database.session() as session:
            account = await _account(session, username)
            account.password_hash, account.must_change = hashed, first
            if first:
                account.totp_sealed = None
            await _end_sessions(session, account.id)
            await self._throttle.lift(session, account.username)
            audit.note(session, by, Action.PASSWORD_CHANGED, account.username)

    async def everybody(self) -> list[StaffMember]:
        async with self._database.session() as session:
            return [_member(row) for row in await session.scalars(select(StaffAccount).order_by(StaffAccount.username))]

    async def log_in(self, username: str, password: str, *, address: str, device: str = "", code: str = "") -> Login:
        """Raises LoginRefused. `code`: of the second factor, where the account has one.
        `address` is where the request came from, `device` what an earlier log-in left in the
        browser: both for the throttle."""
        username = username.strip().lower()[:40]
        async with self._database.session() as session:
            account = await session.scalar(select(StaffAccount).where(StaffAccount.username == username))
        key = device_key(username, account.password_hash, device) if account and device else ""
        try:
            tried = await self._throttle.enter(username, key or address[:45])
        except MustWait as wait:
            raise LoginRefused(wait.seconds) from wait
        known = account.password_hash if account and account.active else await self._nobodys_hash()
        right = await self._verify(known, password)
        if account is None or not account.active or not right:
            await self._note_failure(username, address[:45], tried)
            raise LoginRefused
        if account.totp_sealed is not None and not await self._is_code(account.id, account.totp_sealed, code):
            await self._note_failure(username, address[:45], tried)
            raise CodeWrong
        return await self._open_session(account, password, tried, address[:45])

    async def matches(self, username: str, password: str, *, address: str, device: str = "") -> None:
        """Whether this is their password now, without opening a session. Raises LoginRefused."""
        async with self._database.session() as session:
            account = await session.scalar(select(StaffAccount).where(StaffAccount.username == username))
        key = device_key(username, account.password_hash, device) if account and device else ""
        try:
            tried = await self._throttle.enter(username, key or address[:45])
        except MustWait as wait:
            raise LoginRefused(wait.seconds) from wait
        if account is None or not await self._verify(account.password_hash, password):
            await self._note_failure(username, address[:45], tried)
            raise LoginRefused
        async with self._database.session() as session:
            await self._throttle.succeeded(session, account.username, tried)

    async def begin_second_factor(self, username: str, secret: str, code: str) -> bool:
        """From now on a code of this secret is asked for at every log-in; False when `code` is none of its codes."""
        step = matching_step(secret, code, self._now().timestamp()) if is_secret(secret) else None
        if step is None or self._vault is None:
            return False
        async with self._database.session() as session:
            account = await _account(session, username)
            account.totp_sealed, account.totp_step = self._vault.encrypt(secret), step
            audit.note(session, username, Action.SECOND_FACTOR_CHANGED, username, detail="on")
        return True

    async def end_second_factor(self, username: str) -> None:
        """Of oneself, the password having been asked for."""
        async with self._database.session() as session:
            (await _account(session, username)).totp_sealed = None
            audit.note(session, username, Action.SECOND_FACTOR_CHANGED, username, detail="off")

    async def _is_code(self, account_id: int, sealed: bytes, code: str) -> bool:
        """Each code once, also of two log-ins at the same moment."""
        if self._vault is None:
            return False
        step = matching_step(self._vault.decrypt(sealed), code, self._now().timestamp())
        unused = (StaffAccount.totp_step.is_(None)) | (StaffAccount.totp_step < (step or 0))
        use = update(StaffAccount).where(StaffAccount.id == account_id, unused).values(totp_step=step)
        async with self._database.session() as session:
            used = await session.scalar(use.returning(StaffAccount.id)) if step is not None else None
        return used is not None

    async def login_before(self, username: str) -> tuple[datetime, str] | None:
        """When (UTC, aware) and from where they logged in before this time; None for the first."""
        page = await audit.entries(self._database, who=username, what=Action.LOGIN, page_size=2)
        return (page.entries[1].at, page.entries[1].detail) if len(page.entries) == _TWO else None

    async def by_token(self, token: str, *, by_hand: bool = True) -> StaffMember | None:
        """Whose session it is; None when it ended or never was. `by_hand` False: a page asked by itself, which does not
        put off the end of a session that nobody uses."""
        now = self._naive_now()
        async with self._database.session() as session:
            found = await session.get(StaffSession, _digest(token))
            if found is None:
                return None
            account = await session.get_one(StaffAccount, found.account_id)
            if not account.active or now - found.seen_at > IDLE or now - found.created_at > LONGEST:
                await session.delete(found)
                return None
            if by_hand and now - found.seen_at > _SEEN_EVERY:
                found.seen_at = now
            return _member(account)

    async def log_out(self, token: str) -> None:
        async with self._database.session() as session:
            found = await session.get(StaffSession, _digest(token))
            if found is not None:
                account = await session.get_one(StaffAccount, found.account_id)
                await session.delete(found)
                audit.note(session, account.username, Action.LOGOUT, account.username)

    async def _open_session(self, account: StaffAccount, password: str, tried: Try, address: str) -> Login:
        token, now = secrets.token_urlsafe(32), self._naive_now()
        stronger = await self._hash(password) if self._hasher.check_needs_rehash(account.password_hash) else None
        async with self._database.session() as session:
            session.add(StaffSession(token_hash=_digest(token), account_id=account.id, created_at=now, seen_at=now))
            await self._throttle.succeeded(session, account.username, tried)
            await session.execute(delete(StaffSession).where(StaffSession.created_at < now - LONGEST))
            row = await session.get_one(StaffAccount, account.id)
            row.password_hash = stronger or row.password_hash
            row.last_login_at, row.last_login_from = now, address
            audit.note(session, account.username, Action.LOGIN, account.username, detail=address)
        return Login(token, _member(account), new_device(account.username, stronger or account.password_hash))

    async def _note_failure(self, username: str, address: str, tried: Try) -> None:
        async with self._database.session() as session:
            # What was typed as a name may be a password: only names that exist are written down.
            known = await session.scalar(select(StaffAccount.username).where(StaffAccount.username == username))
            what = Action.LOGIN_LOCKED if tried.before >= FREE_TRIES else Action.LOGIN_FAILED
            audit.note(session, known or "?", what, known or "?", detail=address)
        LOGINS_REFUSED.labels("waits" if what is Action.LOGIN_LOCKED else "wrong").inc()

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def _verify(self, hashed: str, password: str) -> bool:
        async with self._hashing:
            return await asyncio.to_thread(self._matches, hashed, password[:_MAX_PASSWORD_CHARS])

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _nobodys_hash(self) -> str:
        """Checked when the name is unknown, so that the answer takes as long as for a known one."""
        if self._nobody is None:
            self._nobody = await self._hash(secrets.token_urlsafe())
        return self._nobody

    def _naive_now(self) -> datetime:
        return as_stored(self._now())


def checked_username(username: str) -> str:
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise AccountRefused("username", citizen_text="用户名用2到40个小写字母、数字、点或横线，以字母开头。")
    return username


def _checked_password(password: str, username: str) -> str:
    if not MIN_PASSWORD_CHARS <= len(password) <= _MAX_PASSWORD_CHARS or len(set(password)) < 5:
        raise AccountRefused("password", citizen_text=f"密码至少{MIN_PASSWORD_CHARS}个字符，不能只是重复几个字符。")
    if username and username in password.lower():
        raise AccountRefused("password", citizen_text="密码里不能有用户名。")
    return password


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _member(row: StaffAccount) -> StaffMember:
    return StaffMember(
        row.username,
        row.name,
        Role(row.role),
        row.active,
        row.county,
        row.must_change,
        row.totp_sealed is not None,
        row.last_login_at,
    )


async def _account(session: AsyncSession, username: str) -> StaffAccount:
    found = await session.scalar(select(StaffAccount).where(StaffAccount.username == username))
    if found is None:
        raise AccountRefused("unknown", citizen_text="没有这个用户。")
    return found


async def _administrators(session: AsyncSession) -> int:
    return (
        await session.scalar(
            select(func.count())
            .select_from(StaffAccount)
            .where(StaffAccount.role == Role.ADMINISTRATOR.value, StaffAccount.active)
        )
        or 0
    )


async def _end_sessions(session: AsyncSession, account_id: int) -> None:
    await session.execute(delete(StaffSession).where(StaffSession.account_id == account_id))
