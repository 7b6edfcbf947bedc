"""Members of staff log in, are thrown out, forget passwords; strangers try."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from base.database import Database
from demo.staff import ensure_demo_staff
from staff import audit
from staff.accounts import (
    AccountRefused,
    LoginRefused,
    NewAccount,
    NotAllowed,
    Permission,
    Role,
    StaffAccounts,
)
from staff.audit import Action
from staff.csrf import csrf_matches, csrf_token
from staff.roles import ALLOWED
from tests.tables import make_tables

PASSWORD = "correct horse 42"
OFFICE = "10.0.0.7"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


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
    accounts = StaffAccounts(database, clock, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    await accounts.add("wangfang", "王芳", Role.EDITOR, PASSWORD, by="setup")
    return accounts


async def test_an_editor_logs_in_and_works_until_she_leaves(accounts: StaffAccounts) -> None:
    login = await accounts.log_in(" WangFang ", PASSWORD, address=OFFICE)
    member = await accounts.by_token(login.token)
    assert member is not None
    assert (member.name, member.role.value) == ("王芳", "编辑")
    await accounts.log_out(login.token)
    assert await accounts.by_token(login.token) is None


async def test_a_wrong_password_and_an_unknown_name_read_the_same(accounts: StaffAccounts) -> None:
    with pytest.raises(LoginRefused) as wrong:
        await accounts.log_in("wangfang", "guess", address=OFFICE)
    with pytest.raises(LoginRefused) as unknown:
        await accounts.log_in("nobody", "guess", address=OFFICE)
    assert wrong.value.citizen_text == unknown.value.citizen_text == "用户名或密码不对。"


async def fails(accounts: StaffAccounts, times: int, *, name: str = "wangfang", address: str = OFFICE) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            await accounts.log_in(name, "guess", address=address)


async def test_each_wrong_try_after_the_fourth_doubles_the_wait(accounts: StaffAccounts, clock: Clock) -> None:
    await fails(accounts, 4)
    told = []
    for wait in (1, 2, 4, 8, 15, 15):
        with pytest.raises(LoginRefused) as locked:
            await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
        assert locked.value.locked
        told.append(f"{wait}分钟" in locked.value.citizen_text)
        clock.now += timedelta(minutes=wait)
        await fails(accounts, 1)
    assert told == [True] * 6
    clock.now += timedelta(minutes=15)
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE)


async def test_a_stranger_who_fails_on_purpose_stops_nobody_elsewhere(accounts: StaffAccounts, clock: Clock) -> None:
    """Thirty wrong log-ins of a stranger locked all staff out, for as long as the stranger liked."""
    await fails(accounts, 40, address="203.0.113.5")
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE)


async def test_failures_at_one_address_do_not_stop_a_browser_that_is_known(accounts: StaffAccounts) -> None:
    device = (await accounts.log_in("wangfang", PASSWORD, address=OFFICE)).device
    await fails(accounts, 10)
    for number in range(30):
        await fails(accounts, 1, name=f"name{number}")
    with pytest.raises(LoginRefused) as locked:
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    assert locked.value.locked
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE, device=device)


async def test_a_known_browser_is_no_free_way_to_guess(accounts: StaffAccounts) -> None:
    device = (await accounts.log_in("wangfang", PASSWORD, address=OFFICE)).device
    for _ in range(5):
        with pytest.raises(LoginRefused):
            await accounts.log_in("wangfang", "guess", address=OFFICE, device=device)
    with pytest.raises(LoginRefused) as locked:
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE, device=device)
    assert locked.value.locked


async def test_a_browser_is_known_for_its_own_account_only(accounts: StaffAccounts) -> None:
    await accounts.add("lijun", "李军", Role.EDITOR, PASSWORD, by="setup")
    device = (await accounts.log_in("lijun", PASSWORD, address=OFFICE)).device
    await fails(accounts, 4)
    for false in (device, device[:-1], "x.y", "." * 500, "包子"):
        with pytest.raises(LoginRefused) as locked:
            await accounts.log_in("wangfang", PASSWORD, address=OFFICE, device=false)
        assert locked.value.locked


async def test_one_address_that_tries_many_names_is_slowed(accounts: StaffAccounts, clock: Clock) -> None:
    for number in range(30):
        await fails(accounts, 1, name=f"name{number}", address="203.0.113.5")
    with pytest.raises(LoginRefused) as locked:
        await accounts.log_in("wangfang", PASSWORD, address="203.0.113.5")
    assert locked.value.locked
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE), "the office itself still gets in"
    clock.now += timedelta(minutes=1)
    assert await accounts.log_in("wangfang", PASSWORD, address="203.0.113.5")


async def test_one_account_tried_from_everywhere_is_slowed_for_unknown_browsers(
    accounts: StaffAccounts, clock: Clock
) -> None:
    device = (await accounts.log_in("wangfang", PASSWORD, address=OFFICE)).device
    for number in range(50):
        await fails(accounts, 1, address=f"203.0.113.{number}")
    with pytest.raises(LoginRefused) as locked:
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    assert "10秒" in locked.value.citizen_text
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE, device=device)
    clock.now += timedelta(seconds=10)
    assert await accounts.log_in("wangfang", PASSWORD, address=OFFICE)


async def test_a_hundred_tries_at_the_same_moment_are_counted_before_they_are_looked_at(
    accounts: StaffAccounts,
) -> None:
    tries = (accounts.log_in("wangfang", "guess", address=OFFICE) for _ in range(20))
    refused = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, LoginRefused) and not one.locked for one in refused) == 4


async def test_a_new_password_lifts_every_wait_and_ends_old_sessions(accounts: StaffAccounts) -> None:
    login = await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    await fails(accounts, 5)
    for number in range(30):
        await fails(accounts, 1, name=f"name{number}")
    await accounts.set_password("wangfang", "another good one 7", by="admin")
    assert await accounts.by_token(login.token) is None
    assert await accounts.log_in("wangfang", "another good one 7", address=OFFICE)


async def test_a_session_ends_after_half_an_hour_without_use(accounts: StaffAccounts, clock: Clock) -> None:
    login = await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    for _ in range(4):
        clock.now += timedelta(minutes=20)
        assert await accounts.by_token(login.token), "using it keeps it alive"
    clock.now += timedelta(minutes=31)
    assert await accounts.by_token(login.token) is None


async def test_nobody_stays_logged_in_overnight(accounts: StaffAccounts, clock: Clock) -> None:
    login = await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    for _ in range(36):
        clock.now += timedelta(minutes=20)
        await accounts.by_token(login.token)
    clock.now += timedelta(minutes=1)
    assert await accounts.by_token(login.token) is None


async def test_who_leaves_the_bureau_is_out_at_once(accounts: StaffAccounts) -> None:
    login = await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    await accounts.change("wangfang", active=False, by="admin")
    assert await accounts.by_token(login.token) is None
    with pytest.raises(LoginRefused):
        await accounts.log_in("wangfang", PASSWORD, address=OFFICE)


async def test_the_last_administrator_cannot_be_switched_off(accounts: StaffAccounts) -> None:
    await accounts.add("admin", "管理", Role.ADMINISTRATOR, PASSWORD, by="setup")
    with pytest.raises(AccountRefused, match="last administrator"):
        await accounts.change("admin", active=False, by="admin")
    with pytest.raises(AccountRefused, match="last administrator"):
        await accounts.change("admin", role=Role.EDITOR, by="admin")
    assert await accounts.log_in("admin", PASSWORD, address=OFFICE)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "my-wangfang-2026"])
async def test_a_password_that_is_easily_guessed_is_refused(accounts: StaffAccounts, password: str) -> None:
    with pytest.raises(AccountRefused):
        await accounts.set_password("wangfang", password, by="admin")


async def test_two_people_cannot_share_a_name(accounts: StaffAccounts) -> None:
    with pytest.raises(AccountRefused, match="taken"):
        await accounts.add("WANGFANG", "汪芳", Role.EDITOR, PASSWORD, by="admin")


async def test_what_is_typed_into_the_name_field_is_data(accounts: StaffAccounts) -> None:
    with pytest.raises(LoginRefused):
        await accounts.log_in("' OR 1=1; DROP TABLE staff_account; --", "x", address=OFFICE)
    assert [member.username for member in await accounts.everybody()] == ["wangfang"]


def test_an_editor_does_not_review_and_an_administrator_changes_no_policy() -> None:
    assert Permission.REVIEW not in ALLOWED[Role.EDITOR]
    assert Permission.EDIT not in ALLOWED[Role.REVIEWER]
    assert not {Permission.EDIT, Permission.REVIEW} & ALLOWED[Role.ADMINISTRATOR]
    assert Permission.EDIT not in ALLOWED[Role.AGENT]
    assert [role for role in Role if Permission.STAFF in ALLOWED[role]] == [Role.ADMINISTRATOR]


async def test_a_page_that_needs_a_permission_refuses_who_lacks_it(accounts: StaffAccounts) -> None:
    member = (await accounts.log_in("wangfang", PASSWORD, address=OFFICE)).member
    member.require(Permission.EDIT)
    with pytest.raises(NotAllowed):
        member.require(Permission.REVIEW)


async def test_neither_passwords_nor_tokens_are_in_the_database_files(
    accounts: StaffAccounts, database: Database, tmp_path: Path
) -> None:
    login = await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    with pytest.raises(LoginRefused):
        await accounts.log_in("a-password-typed-as-name", "x", address=OFFICE)
    await database.aclose()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in held
    assert login.token.encode() not in held
    assert b"a-password-typed-as-name" not in held


async def test_logins_are_in_the_audit_log(accounts: StaffAccounts, database: Database) -> None:
    await accounts.log_in("wangfang", PASSWORD, address=OFFICE)
    with pytest.raises(LoginRefused):
        await accounts.log_in("wangfang", "guess", address=OFFICE)
    seen = [(entry.who, entry.what) for entry in (await audit.entries(database)).entries]
    assert seen == [("wangfang", Action.LOGIN_FAILED), ("wangfang", Action.LOGIN), ("setup", Action.STAFF_ADDED)]


async def test_many_come_in_together_or_none_does(accounts: StaffAccounts) -> None:
    """A name that somebody else took while the passwords were sealed."""
    before = await accounts.everybody()
    people = [NewAccount(name, "新人", Role.EDITOR, PASSWORD, is_first=True) for name in ("zhouli", "wangfang")]
    with pytest.raises(AccountRefused, match="taken"):
        await accounts.add_all(people, by="setup")
    assert await accounts.everybody() == before
    (made,) = await accounts.add_all(people[:1], by="setup")
    assert (made.username, made.must_change) == ("zhouli", True)


def test_the_forms_of_one_session_do_not_fit_another() -> None:
    assert csrf_matches("token a", csrf_token("token a"))
    assert not csrf_matches("token b", csrf_token("token a"))
    assert not csrf_matches("token a", "包子")


async def test_the_demo_makes_its_own_passwords_and_tells_them_in_a_private_file(
    accounts: StaffAccounts, tmp_path: Path
) -> None:
    file = tmp_path / "demo_staff.txt"
    people = await ensure_demo_staff(accounts, file)
    assert {person.role for person in people} == set(Role)
    assert sum(person.role is Role.REVIEWER for person in people) == 2, "facts from outside need two"
    assert len({person.password for person in people}) == len(people)
    assert file.stat().st_mode & 0o077 == 0
    for person in people:
        assert await accounts.log_in(person.username, person.password, address=OFFICE)
    assert await ensure_demo_staff(accounts, file) == people, "the next start changes nothing"
    file.unlink()
    renewed = await ensure_demo_staff(accounts, file)
    assert renewed[0].password != people[0].password
    assert await accounts.log_in(renewed[0].username, renewed[0].password, address=OFFICE)
