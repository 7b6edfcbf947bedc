"""A backup that was never restored is none: what was there is there again, and answers."""

from __future__ import annotations

import asyncio
import os
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from base.database import Database
from base.errors import SetupError
from base.personal_data import Vault
from base.settings import Settings
from knowledge.public.published import Published
from service.commands.backup import back_up, restore
from staff.accounts import Role, StaffAccounts
from staff.models import StaffAccount
from tests import postgres
from tests.knowledge.office import copied, make_template

KEY, PASSWORD = "ab" * 32, "correct horse 42"
FILE = "0a" * 16


def settings(var_dir: Path, key: str = KEY, url: str = "") -> Settings:
    given = {"data_key": key, "rasa_token": "r", "action_token": "a", "var_dir": var_dir, "database_url": url}
    return Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]


def material(var_dir: Path) -> None:
    (var_dir / "materials").mkdir(parents=True)
    (var_dir / "materials" / FILE).write_bytes(Vault(KEY).encrypt_bytes(b"JFIF"))


async def staffed(database: Database) -> None:
    await StaffAccounts(database).add("wangfang", "王芳", Role.EDITOR, PASSWORD, by="setup")


async def test_what_was_there_is_there_again_and_answers(tmp_path: Path) -> None:
    old, new = settings(tmp_path / "old"), settings(tmp_path / "new")
    old.var_dir.mkdir()
    copied(await make_template(tmp_path), old.var_dir / "yibao.db")
    material(old.var_dir)
    running = Database(old.database, durable=True)
    await staffed(running)  # in the log beside the file, and the connection stays open: as in a service that runs
    assert await asyncio.to_thread(back_up, old, tmp_path / "b" / "backup.tar") > 100_000
    await running.aclose()
    assert (tmp_path / "b" / "backup.tar").stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path / "b") == ["backup.tar"]
    assert await asyncio.to_thread(restore, new, tmp_path / "b" / "backup.tar") == 1
    assert Vault(KEY).decrypt_bytes((new.var_dir / "materials" / FILE).read_bytes()) == b"JFIF"
    database = Database(new.database)
    assert await StaffAccounts(database).log_in("wangfang", PASSWORD, address="10.0.0.7")
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(StaffAccount)) == 1
    assert await Published(database).documents(), "and the knowledge"
    await database.aclose()


async def test_postgresql_too(tmp_path: Path, url: str, postgres_server: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("the other kind is above")
    database = Database(url)
    await staffed(database)
    await database.aclose()
    old = settings(tmp_path / "old", url=url)
    material(old.var_dir)
    await asyncio.to_thread(back_up, old, tmp_path / "backup.tar")
    empty = await asyncio.to_thread(postgres.create, postgres_server, "restored")
    new = settings(tmp_path / "new", url=empty)
    await asyncio.to_thread(restore, new, tmp_path / "backup.tar")
    database = Database(empty)
    assert await StaffAccounts(database).log_in("wangfang", PASSWORD, address="10.0.0.7")
    await database.aclose()


@pytest.fixture
async def saved(tmp_path: Path) -> Path:
    old = settings(tmp_path / "old")
    material(old.var_dir)
    database = Database(old.database)
    async with database.engine.begin() as connection:
        await connection.run_sync(StaffAccount.metadata.create_all)
    await database.aclose()
    await asyncio.to_thread(back_up, old, tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def test_another_key_or_a_full_place_or_half_a_file_changes_nothing(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="数据密钥"):
        restore(settings(tmp_path / "new", key="cd" * 32), saved)
    with pytest.raises(SetupError, match="已经有数据"):
        restore(settings(tmp_path / "old"), saved)
    whole = saved.read_bytes()
    for broken in (whole[: len(whole) // 2], whole.replace(b"SQLite format 3", b"SQLite format X"), b"no tar", b""):
        (tmp_path / "broken.tar").write_bytes(broken)
        with pytest.raises(SetupError, match="完整的备份"):
            restore(settings(tmp_path / "new"), tmp_path / "broken.tar")
    assert not (tmp_path / "new").exists()
    assert restore(settings(tmp_path / "new"), saved) == 1


def test_nothing_but_our_own_names_is_written(saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved) as packed:
        packed.extractall(tmp_path / "out", filter="data")
    (tmp_path / "out" / "manifest.json").write_text(
        (tmp_path / "out" / "manifest.json").read_text().replace(f"materials/{FILE}", "../outside")
    )
    with tarfile.open(tmp_path / "evil.tar", "w") as packed:
        packed.add(tmp_path / "out" / "manifest.json", "manifest.json")
        packed.add(tmp_path / "out" / "database", "database")
        packed.add(tmp_path / "out" / "materials" / FILE, "../outside")
    with pytest.raises(SetupError, match="完整的备份"):
        restore(settings(tmp_path / "new"), tmp_path / "evil.tar")


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="没有数据库"):
        back_up(settings(tmp_path / "none"), tmp_path / "backup.tar")
    assert not (tmp_path / "backup.tar").exists()
