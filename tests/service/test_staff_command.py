"""The first administrator of a real installation."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from base.database import Database
from service.__main__ import app
from staff.accounts import Role, StaffAccounts
from tests.tables import make_tables

PASSWORD = "correct horse 42"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    for name in ("DATA_KEY", "RASA_TOKEN", "ACTION_TOKEN"):
        monkeypatch.setenv(f"YIBAO_{name}", "ab" * 32)
    monkeypatch.setenv("YIBAO_DATABASE_URL", url)
    asyncio.run(_make_tables(url))
    return url


async def _make_tables(url: str) -> None:
    database = Database(url)
    await make_tables(database)
    await database.aclose()


async def _roles(url: str, password: str) -> Role:
    database = Database(url)
    try:
        login = await StaffAccounts(database).log_in("wangfang", password, address="10.0.0.7")
        return login.member.role
    finally:
        await database.aclose()


def test_an_administrator_is_made_and_can_log_in(url: str) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    done = CliRunner().invoke(app, ["staff", "add", "wangfang", "王芳", "管理员"], input=typed)
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert asyncio.run(_roles(url, PASSWORD)) is Role.ADMINISTRATOR


def test_a_weak_password_is_refused_with_the_reason(url: str) -> None:
    done = CliRunner().invoke(app, ["staff", "add", "wangfang", "王芳", "管理员"], input="short\nshort\n")
    assert done.exit_code == 1
    assert "密码至少10个字符" in done.output


def test_a_forgotten_password_is_replaced(url: str) -> None:
    CliRunner().invoke(app, ["staff", "add", "wangfang", "王芳", "编辑"], input=f"{PASSWORD}\n{PASSWORD}\n")
    done = CliRunner().invoke(app, ["staff", "password", "wangfang"], input="another good one 7\nanother good one 7\n")
    assert done.exit_code == 0, done.output
    assert asyncio.run(_roles(url, "another good one 7")) is Role.EDITOR
