"""What does not start, and says how to go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from base.database import Database
from base.errors import SetupError
from base.settings import ROOT, Settings
from demo.staff import ensure_demo_staff
from service.watching.safeguards import check, check_database, mark_demo, refuse_demo
from staff.accounts import Role, StaffAccounts
from tests.tables import make_tables


def settings(**given: object) -> Settings:
    secrets = {"data_key": "ab" * 32, "rasa_token": "r", "action_token": "a"}
    return Settings(_env_file=None, **{**secrets, **given})  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"core_url": "https://core.ybj.example", "core_token": "t"}, "YIBAO_CORE_URL"),
        ({"core_url": "https://[broken", "core_token": "t"}, "YIBAO_CORE_URL"),
        ({"sms_url": "http://127.0.0.1:9/sms"}, "YIBAO_SMS_URL"),
        ({"wechat_appid": "wx1234567890123456", "wechat_secret": "s", "wechat_token": "t"}, "YIBAO_WECHAT_APPID"),
        ({"wechat_api_base": "https://api.weixin.qq.com"}, "YIBAO_WECHAT_API_BASE"),
        ({"public_url": "https://12393.example"}, "YIBAO_PUBLIC_URL"),
        ({"host": "0.0.0.0"}, "YIBAO_HOST"),
        ({"host": "10.1.1.20"}, "YIBAO_HOST"),
        ({"host": "::"}, "YIBAO_HOST"),
    ],
)
def test_a_demo_reaches_nothing_real_and_nobody_reaches_it(given: dict[str, object], named: str) -> None:
    with pytest.raises(SetupError, match=named) as refused:
        check(settings(demo=True, **given))
    assert "去掉 YIBAO_DEMO" in str(refused.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SetupError) as refused:
        check(settings(demo=True, host="0.0.0.0", public_url="https://12393.example"))
    assert "YIBAO_HOST" in str(refused.value)
    assert "YIBAO_PUBLIC_URL" in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": "localhost", "public_url": "http://localhost:8080"},
        {"host": "::1"},
        {"core_url": "http://127.0.0.1:8082", "core_token": "core-standin-token"},
        {"wechat_api_base": "http://127.0.0.1:8081", "wechat_appid": "wxdemo00000000001"},
    ],
)
def test_a_demo_on_one_machine_starts(given: dict[str, object]) -> None:
    check(settings(demo=True, **given))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"public_url": "http://12393.example"}, "YIBAO_PUBLIC_URL"),
        ({"sms_url": "http://sms.example"}, "YIBAO_SMS_URL"),
        ({"phone": "ari"}, "YIBAO_ARI_PASSWORD"),
        ({"phone": "ari", "ari_password": "p", "ari_url": "http://10.1.1.20:8088"}, "YIBAO_ARI_URL"),
        ({"redis_url": "redis://:p@10.1.1.21:6379/0"}, "YIBAO_REDIS_URL"),
    ],
)
def test_what_would_cross_the_network_in_clear_is_refused(given: dict[str, object], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        check(settings(**given))


def test_a_real_service_starts() -> None:
    check(settings(public_url="https://12393.example", sms_url="https://sms.example", host="0.0.0.0"))
    check(settings(phone="ari", ari_password="p"))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'yibao.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


async def test_a_database_that_a_demo_used_is_no_production(database: Database) -> None:
    accounts = StaffAccounts(database)
    await accounts.add("demo", "戴莫", Role.ADMINISTRATOR, "correct horse 42", by="command line")
    await accounts.add("wangfang", "王芳", Role.EDITOR, "correct horse 42", by="demo")
    await refuse_demo(settings(), database)  # a person of that name is no demo
    await mark_demo(database)
    await mark_demo(database)
    with pytest.raises(SetupError, match="YIBAO_VAR_DIR") as refused:
        await refuse_demo(settings(), database)
    assert "docs/deploy.md" in str(refused.value)


async def test_the_demos_accounts_are_known_without_the_mark_and_switched_off(
    database: Database, tmp_path: Path
) -> None:
    accounts = StaffAccounts(database)
    for person in await ensure_demo_staff(accounts, tmp_path / "demo_staff.txt"):
        if person.username != "guanli":
            await accounts.change(person.username, active=False, by="test")
    with pytest.raises(SetupError, match="演示账号"):
        await refuse_demo(settings(), database)


async def test_tables_of_another_version_are_not_used(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    database = Database(url)
    with pytest.raises(SetupError, match="service setup"):
        await check_database(settings(demo=True), database)
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = url
    await asyncio.to_thread(command.upgrade, config, "head")
    await check_database(settings(), database)
    await check_database(settings(demo=True), database)
    with pytest.raises(SetupError, match="演示"):
        await check_database(settings(), database)
    await database.aclose()
