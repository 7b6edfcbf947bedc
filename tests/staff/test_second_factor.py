"""The second factor, first passwords, and when somebody was there last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from base.database import Database
from base.personal_data import Vault
from staff import totp
from staff.accounts import CodeWrong, LoginRefused, Role, StaffAccounts
from staff.models import StaffAccount
from tests.tables import make_tables

PASSWORD = "correct horse 42"
OFFICE = "10.0.0.7"
_RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    assert totp.code_at(_RFC_SECRET, seconds // 30) == code


def test_a_code_counts_half_a_minute_early_or_late_and_once() -> None:
    secret, now = totp.new_secret(), 1_800_000_000.0
    step = int(now // 30)
    assert totp.is_secret(secret)
    for late in (-1, 0, 1):
        assert totp.matching_step(secret, totp.code_at(secret, step + late), now) == step + late
    assert totp.matching_step(secret, totp.code_at(secret, step + 2), now) is None
    assert totp.matching_step(secret, totp.code_at(secret, step), now, after=step) is None
    for wrong in ("", "12345", "abcdef", "１２３４５６"):
        assert totp.matching_step(secret, wrong, now) is None


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def code(self, secret: str) -> str:
        return totp.code_at(secret, int(self.now.timestamp() // 30))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def accounts(database: Database, clock: Clock) -> StaffAccounts:
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    accounts = StaffAccounts(database, clock, quick, vault=Vault("ab" * 32))
    await accounts.add("wangfang", "王芳", Role.EDITOR, PASSWORD, by="setup")
    return accounts


@pytest.fixture
async def secret(accounts: StaffAccounts, clock: Clock) -> str:
    """Of wangfang, who has a second factor."""
    made = totp.new_secret()
    assert not await accounts.begin_second_factor("wangfang", made, "000000")
    assert await accounts.begin_second_factor("wangfang", made, clock.code(made))
    return made


async def test_with_a_second_factor_the_password_alone_opens_nothing(
    accounts: StaffAccounts, clock: Clock, secret: str, database: Database
) -> None:
    with pytest.raises(CodeWrong):
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    with pytest.raises(CodeWrong):  # the code by which it was switched on
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE, code=clock.code(secret))
    clock.now += timedelta(seconds=30)
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE, code=clock.code(secret))
    async with database.session() as session:
        row = await session.get_one(StaffAccount, 1)
    assert secret.encode() not in (row.totp_sealed or b"")


async def test_of_two_who_type_the_same_code_one_gets_in(accounts: StaffAccounts, clock: Clock, secret: str) -> None:
    clock.now += timedelta(minutes=5)
    code = clock.code(secret)
    tried = await asyncio.gather(
        *(accounts.log_in("wangfang", PASSWORD, address=OFFICE, code=code) for _ in range(2)), return_exceptions=True
    )
    assert [isinstance(one, CodeWrong) for one in tried].count(True) == 1


async def test_guessing_codes_is_slowed_down_as_guessing_passwords_is(
    accounts: StaffAccounts, clock: Clock, secret: str
) -> None:
    for _ in range(10):
        with pytest.raises(LoginRefused):
            await accounts.log_in("wangfang", PASSWORD, address=OFFICE, code="000000")
    with pytest.raises(LoginRefused) as refused:
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE, code=clock.code(secret))
    assert refused.value.locked


async def test_a_lost_phone_goes_with_a_new_password_from_the_administrator(
    accounts: StaffAccounts, secret: str
) -> None:
    await accounts.set_password("wangfang", "another horse 43", by="guanli", first=True)
    login = await accounts.log_in("wangfang", "another horse 43", address=OFFICE)
    assert login.member.must_change
    assert not login.member.has_second_factor


async def test_when_and_from_where_they_were_there_last(accounts: StaffAccounts, clock: Clock) -> None:
    await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    assert await accounts.login_before("wangfang") is None
    await accounts.log_in("wangfang", PASSWORD, address="10.0.0.9")
    found = await accounts.login_before("wangfang")
    assert found is not None
    assert found[1] == OFFICE
    assert (await accounts.everybody())[0].last_login_at == clock.now.replace(tzinfo=None)
