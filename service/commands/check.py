"""`python -m service check`: what is wrong with a configuration, all of it, before anything starts.

Every finding is a sentence that says what to do. ERROR: the service would not start, or would harm; WARNING: it runs,
and somebody should look soon.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from base.clock import as_aware
from base.database import Database
from base.errors import SetupError
from base.personal_data import Vault
from base.room import LEAST_FREE_BYTES
from base.settings import ROOT, SECRETS_FILE, Settings
from bot import engine
from language.calendar.working_days import is_announced
from service.installing import setup
from service.installing.setup_steps import is_done
from service.watching import safeguards
from service.wiring.engine import RASA_VENV
from staff.models import AuditEntry, StaffAccount
from staff.roles import Role


class Level(StrEnum):
    FINE = "✓"
    WARNING = "!"
    ERROR = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    words: str


_CLOCK_ALLOWED = timedelta(minutes=2)
_COMFORTABLE_BYTES = 5_000_000_000
_REDIS_PORT, _REDIS_SECONDS = 6379, 2.0


async def check(settings: Settings, now: datetime, is_synchronised: Callable[[], bool | None]) -> list[Finding]:
    """`now` is aware. `is_synchronised`: whether this machine's clock follows a time server; None when unknown."""
    found = [*_settings(settings), *_files(settings), *_engine_elsewhere(settings), *_calendar(now)]
    found += [*_clock(await asyncio.to_thread(is_synchronised)), *await _database(settings, now)]
    found += await _redis(settings)
    return found or [Finding(Level.FINE, "没有发现问题。")]


def _settings(settings: Settings) -> Iterator[Finding]:
    for look in (safeguards.check, lambda given: Vault(given.data_key.get_secret_value())):
        try:
            look(settings)
        except SetupError as error:
            yield Finding(Level.ERROR, str(error))
    if settings.demo:
        yield Finding(Level.WARNING, "YIBAO_DEMO：这是演示模式，只给看，不办真事。")
        return
    if not settings.public_url:
        yield Finding(
            Level.WARNING, "YIBAO_PUBLIC_URL 没有填：短信里没有交材料、评价的网址，浏览器也不让用话筒（要 https）。"
        )
    if not settings.sms_url:
        yield Finding(Level.ERROR, "YIBAO_SMS_URL 没有填：发不出验证码，没有人能核对身份。")
    if not settings.core_url:
        yield Finding(Level.ERROR, "YIBAO_CORE_URL 没有填：查不到也办不了群众自己的事。")
    if _is_made_up(settings):
        yield Finding(
            Level.WARNING,
            f"数据密钥是安装时随机生成的，在 {SECRETS_FILE} 里："
            "把 YIBAO_DATA_KEY 那一行写进 .env，另存一份。丢了，存着的全解不开。",
        )


def _is_made_up(settings: Settings) -> bool:
    try:
        return settings.data_key.get_secret_value() in SECRETS_FILE.read_text()
    except OSError:
        return False


def _engine_elsewhere(settings: Settings) -> Iterator[Finding]:
    """The engine's user must be able to run its Python; whoever installs as root gets one below /root."""
    if settings.demo or not (RASA_VENV / "bin" / "python").exists():
        return
    python = (RASA_VENV / "bin" / "python").resolve()
    closed = next((folder for folder in (*python.parents, *RASA_VENV.parents) if not _is_open(folder)), None)
    if closed:
        yield Finding(
            Level.WARNING,
            f"{closed} 别的用户进不去，对话引擎的用户（yibao-engine）运行不了 {python}。运行：chmod 755 {closed}；"
            "是 /root 下面的，用运行服务的用户重新装一遍。",
        )


def _is_open(folder: Path) -> bool:
    try:
        return bool(folder.stat().st_mode & stat.S_IXOTH)
    except OSError:
        return False


def _files(settings: Settings) -> Iterator[Finding]:
    if settings.start_rasa:
        if not (RASA_VENV / "bin" / "rasa").exists():
            yield Finding(Level.ERROR, "对话引擎没有装好。运行：.venv/bin/python -m service setup")
        if not engine.MODEL.exists():
            yield Finding(Level.ERROR, f"没有对话模型（{engine.MODEL}）。运行：.venv/bin/python -m service setup")
        elif not is_done(setup.STAMPS, setup.training()):
            yield Finding(Level.WARNING, "对话模型不是现在的训练数据训练的。运行：.venv/bin/python -m service setup")
    if not any((ROOT / "var" / "models").glob("*")) and not _has_voice_models():
        yield Finding(
            Level.WARNING, "没有语音模型：电话会用发音很差的备用声音。运行：.venv/bin/python -m service setup"
        )
    directory = settings.var_dir
    if not directory.exists():
        yield Finding(Level.ERROR, f"YIBAO_VAR_DIR（{directory}）不存在。运行：.venv/bin/python -m service setup")
        return
    if not os.access(directory, os.W_OK):
        yield Finding(Level.ERROR, f"YIBAO_VAR_DIR（{directory}）当前用户不能写。")
    elif strange := _of_others(settings):
        yield Finding(
            Level.ERROR,
            f"{strange} 是别的用户（{_name(_owner(strange))}）的：是不是用 root 运行过？"
            f"运行：chown -R {_name(_owner(directory))}: {directory}，以后用这个用户运行每一条命令。",
        )
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        yield Finding(Level.WARNING, f"{directory} 别的用户能读。运行：chmod 700 {directory}")
    for file in (ROOT / ".env", ROOT / "var" / "secrets.env"):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Finding(Level.ERROR, f"{file} 里有密钥，别的用户能读。运行：chmod 600 {file}")
    free = shutil.disk_usage(directory).free
    if free < LEAST_FREE_BYTES:
        yield Finding(Level.ERROR, f"磁盘只剩 {free / 1e9:.1f} GB，收不了材料。")
    elif free < _COMFORTABLE_BYTES:
        yield Finding(Level.WARNING, f"磁盘只剩 {free / 1e9:.1f} GB。")


def _of_others(settings: Settings) -> Path | None:
    """The folder of all data or something in it that belongs to another user than the folder, or than us."""
    directory = settings.var_dir
    owner = _owner(directory)
    inside = (path for path in directory.iterdir() if _owner(path) != owner)
    return directory if owner != os.geteuid() else next(inside, None)


def _owner(path: Path) -> int:
    return path.lstat().st_uid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _has_voice_models() -> bool:
    from voice.models import default_cache_dir

    return any(default_cache_dir().glob("*"))


def _calendar(now: datetime) -> Iterator[Finding]:
    """In December the next year must be known, before that it is not announced."""
    years = [now.year] + ([now.year + 1] if now.month == 12 else [])
    for year in years:
        if not is_announced(year):
            level = Level.ERROR if year == now.year else Level.WARNING
            yield Finding(
                level, f"没有{year}年的放假安排，期限会算错。升级 chinesecalendar（requirements.in），再重新安装。"
            )


def _clock(synchronised: bool | None) -> Iterator[Finding]:
    if synchronised is False:
        yield Finding(
            Level.WARNING, "时钟没有和时间服务器对上：验证码、期限会错。运行 timedatectl 看，开启 systemd-timesyncd。"
        )


async def _database(settings: Settings, now: datetime) -> list[Finding]:
    if settings.database.startswith("sqlite") and not (settings.var_dir / "yibao.db").exists():
        return [Finding(Level.ERROR, "还没有数据库。运行：.venv/bin/python -m service setup")]
    database = Database(settings.database)
    try:
        return [finding async for finding in _of_database(settings, database, now)]
    finally:
        await database.aclose()


async def _of_database(settings: Settings, database: Database, now: datetime) -> AsyncIterator[Finding]:
    if problem := await safeguards.schema_problem(database):
        yield Finding(Level.ERROR, problem)
        return
    if database.engine.dialect.name == "postgresql" and not shutil.which("pg_dump"):
        yield Finding(Level.WARNING, "没有 pg_dump，备份不了数据库。装 postgresql-client，版本不低于数据库的。")
    if not settings.demo:
        try:
            await safeguards.refuse_demo(settings, database)
        except SetupError as error:
            yield Finding(Level.ERROR, str(error))
    async with database.session() as session:
        newest = await session.scalar(select(func.max(AuditEntry.at)))
        administrators = select(func.count()).where(StaffAccount.role == Role.ADMINISTRATOR.value, StaffAccount.active)
        count = await session.scalar(administrators) or 0
    if newest and as_aware(newest) > now + _CLOCK_ALLOWED:
        yield Finding(
            Level.ERROR,
            f"时钟慢了：数据库里最后一件事是 {newest:%Y-%m-%d %H:%M} UTC，"
            f"机器现在说是 {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC。",
        )
    if not count:
        yield Finding(Level.WARNING, "还没有管理员。运行：.venv/bin/python -m service staff add 用户名 姓名 管理员")


async def _redis(settings: Settings) -> list[Finding]:
    """Only whether somebody listens there: what the engines say to it they say themselves."""
    if not (url := settings.redis_url.get_secret_value()):
        return []
    where = urlsplit(url)
    try:
        async with asyncio.timeout(_REDIS_SECONDS):
            if where.scheme == "unix":
                _, writer = await asyncio.open_unix_connection(where.path)
            else:
                _, writer = await asyncio.open_connection(where.hostname, where.port or _REDIS_PORT)
        writer.close()
    except (OSError, TimeoutError):
        return [Finding(Level.ERROR, "连不上 YIBAO_REDIS_URL 的 Redis：几个对话引擎要靠它，没有它一句也答不了。")]
    return []


def clock_is_synchronised() -> bool | None:
    """As systemd knows it; None where there is no systemd to ask."""
    try:
        asked = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(asked.stdout.strip()) if asked.returncode == 0 else None
