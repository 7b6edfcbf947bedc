"""`service check`: each thing that is wrong is found, by its own sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from rich.console import Console

from base.database import Database
from base.settings import ROOT, Settings
from bot import engine
from service.commands import check as checks
from service.commands.check import Level
from service.installing import setup
from service.installing.setup_steps import Step, Steps
from staff import audit
from staff.accounts import Role, StaffAccounts
from staff.audit import Action
from tests.tables import make_tables

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Of a bureau where nothing is wrong."""
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    given = {
        "data_key": "ab" * 32,
        "rasa_token": "r",
        "action_token": "a",
        "var_dir": var,
        "public_url": "https://12393.example",
        "core_url": "https://core.example",
        "core_token": "t",
        "sms_url": "https://sms.example",
        "start_rasa": False,
    }
    made = Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]
    database = Database(made.database)
    await make_tables(database)
    await _say_version(database, ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini"))).get_current_head())
    await StaffAccounts(database).add("wangfang", "王芳", Role.ADMINISTRATOR, "long enough 7", by="test")
    await database.aclose()
    return made


async def _say_version(database: Database, version: str | None) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))")
        await connection.exec_driver_sql("DELETE FROM alembic_version")
        await connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{version}')")


async def found(settings: Settings, now: datetime | None = None, synchronised: bool | None = True) -> dict[str, Level]:
    at = now or datetime.now(UTC)
    return {one.words: one.level for one in await checks.check(settings, at, lambda: synchronised)}


def changed(settings: Settings, **given: object) -> Settings:
    return settings.model_copy(update=given)


async def test_a_right_configuration_has_no_error(settings: Settings) -> None:
    assert Level.ERROR not in (await found(settings)).values()


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31, "（openssl rand -hex 32 的输出）"])
async def test_a_data_key_that_is_none(settings: Settings, key: str) -> None:
    words = await found(changed(settings, data_key=SecretStr(key)))
    assert any("YIBAO_DATA_KEY" in one and level is Level.ERROR for one, level in words.items())


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"public_url": "http://12393.example"}, "https"),
        ({"sms_url": ""}, "YIBAO_SMS_URL"),
        ({"core_url": ""}, "YIBAO_CORE_URL"),
        ({"phone": "ari"}, "YIBAO_ARI_PASSWORD"),
        ({"redis_url": SecretStr("redis://127.0.0.1:9/0")}, "YIBAO_REDIS_URL"),
        ({"database_url": "postgresql+asyncpg://nobody@127.0.0.1:9/none"}, "连不上数据库"),
    ],
)
async def test_what_is_set_wrong_is_named(settings: Settings, given: dict[str, object], word: str) -> None:
    errors = [words for words, level in (await found(changed(settings, **given))).items() if level is Level.ERROR]
    assert any(word in words for words in errors), errors


async def test_no_database_yet(settings: Settings, tmp_path: Path) -> None:
    assert any("没有数据库" in words for words in await found(changed(settings, var_dir=tmp_path)))


async def test_tables_behind_and_tables_ahead(settings: Settings) -> None:
    for version, word in (("passages_1", "旧版本"), ("from_tomorrow", "比程序新"), ("page_1", "太旧")):
        database = Database(settings.database)
        await _say_version(database, version)
        await database.aclose()
        assert any(word in words for words in await found(settings)), version


async def test_a_model_that_is_missing(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MODEL", tmp_path / "none.tar.gz")
    assert any("没有对话模型" in words for words in await found(changed(settings, start_rasa=True)))


async def test_a_model_of_other_training_data(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is what it was trained from, not when: a program that was copied has new dates and the same model."""
    data = tmp_path / "nlu.yml"
    data.write_text("- 你好")
    step = Step("训练", lambda report: None, inputs=(data,), outputs=(data,))
    monkeypatch.setattr(engine, "MODEL", data)
    monkeypatch.setattr(setup, "training", lambda: step)
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps")
    asked = changed(settings, start_rasa=True)
    assert any("不是现在的训练数据" in words for words in await found(asked))
    Steps(tmp_path / "stamps", Console(quiet=True)).run([step])
    data.touch()
    assert not any("不是现在的训练数据" in words for words in await found(asked))


async def test_a_year_without_its_calendar(settings: Settings) -> None:
    december, january = datetime(2044, 12, 5, tzinfo=UTC), datetime(2045, 1, 5, tzinfo=UTC)
    assert any("2045年" in words for words in await found(settings, december))
    assert Level.ERROR in {level for words, level in (await found(settings, january)).items() if "2045年" in words}


async def test_a_clock_that_is_slow_or_follows_nobody(settings: Settings) -> None:
    database = Database(settings.database)
    await audit.note_alone(database, "wangfang", Action.LOGIN, "wangfang")
    await database.aclose()
    assert any("时钟慢了" in words for words in await found(settings, datetime.now(UTC) - timedelta(hours=1)))
    assert any("时间服务器" in words for words in await found(settings, synchronised=False))


async def test_data_that_others_can_read(settings: Settings) -> None:
    settings.var_dir.chmod(0o755)
    assert any("chmod 700" in words for words in await found(settings))


async def test_nobody_who_could_log_in(settings: Settings) -> None:
    database = Database(settings.database)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE staff_account SET active = 0")
    await database.aclose()
    assert any("管理员" in words for words in await found(settings))


async def test_what_another_user_made_among_the_data(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs a command as root leaves files that the service cannot write."""
    monkeypatch.setattr(checks, "_owner", lambda path: 0 if path.name == "yibao.db" else 970)
    monkeypatch.setattr("os.geteuid", lambda: 970)
    assert any("yibao.db 是别的用户（root）的" in words for words in await found(settings))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert any(f"{settings.var_dir} 是别的用户" in words for words in await found(settings))


async def test_a_python_that_the_engines_user_cannot_reach(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "root" / "pyenv"
    closed.mkdir(parents=True)
    (closed / "python3.10").touch()
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(closed / "python3.10")
    monkeypatch.setattr(checks, "RASA_VENV", tmp_path / "venv")
    monkeypatch.setattr(checks, "_is_open", lambda path: path != closed.parent)  # those of a test are closed themselves
    assert any(f"chmod 755 {closed.parent}" in words for words in await found(settings))


async def test_a_data_key_that_only_setting_up_knows(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "secrets.env"
    made.write_text(f"YIBAO_DATA_KEY={settings.data_key.get_secret_value()}\n")
    monkeypatch.setattr(checks, "SECRETS_FILE", made)
    assert any("数据密钥是安装时随机生成的" in words for words in await found(settings))


def test_setting_up_makes_no_second_data_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "SECRETS_FILE", tmp_path / "var" / "secrets.env")
    for name in ("DATA_KEY", "RASA_TOKEN", "ACTION_TOKEN"):
        monkeypatch.setenv(f"YIBAO_{name}", "ab" * 32)
    setup.make_secrets()
    assert not setup.SECRETS_FILE.exists()
    monkeypatch.delenv("YIBAO_DATA_KEY")
    monkeypatch.setattr(setup, "Settings", partial(Settings, _env_file=None))
    setup.make_secrets()
    assert "YIBAO_DATA_KEY=" in setup.SECRETS_FILE.read_text()
