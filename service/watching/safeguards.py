"""A demo is not production, and production is no demo: what would hand citizens' matters to strangers does not start.

    check(settings)                          # raises SetupError: everything that is wrong, and the way on
    await check_database(settings, database) # raises SetupError: no tables, old ones, or a demo's and this is none

In a demo everybody knows the codes, passwords lie in a file, and `/dev/` shows messages; so it may reach nothing real,
and nobody may reach it from elsewhere. A database that a demo used has its accounts and invented people, and stays a
demo's.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from urllib.parse import urlsplit

from sqlalchemy import Select, select, text
from sqlalchemy.exc import SQLAlchemyError

from base.database import Database
from base.errors import SetupError
from base.settings import ROOT, Settings
from demo import staff as demo_staff
from service.wiring.wechat import DEMO_APPID
from staff import audit
from staff.audit import Action
from staff.models import AuditEntry

_MIGRATIONS = ROOT / "service" / "migrations" / "versions"
_REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.M)


def check(settings: Settings) -> None:
    """Whether these settings go together. Raises SetupError."""
    wrong = _wrong_for_demo(settings) if settings.demo else _wrong_for_all(settings)
    if wrong:
        raise SetupError("\n  ".join(wrong))


async def check_database(settings: Settings, database: Database) -> None:
    """Raises SetupError. A demo's database is marked as one, for ever."""
    if problem := await schema_problem(database):
        raise SetupError(problem)
    await (mark_demo(database) if settings.demo else refuse_demo(settings, database))


async def schema_problem(database: Database) -> str:
    """What is wrong with the tables, and what to do; "" when they are as this program needs them."""
    known, newest = await asyncio.to_thread(_schemas)
    try:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        return f"连不上数据库（{type(error).__name__}）：查 YIBAO_DATABASE_URL，数据库在不在运行。"
    is_now = await _schema(database)
    if is_now == newest:
        return ""
    if not is_now:
        return "数据库还没有建表。先运行：.venv/bin/python -m service setup"
    if is_now in known:
        return f"数据库是旧版本的（{is_now}，程序要 {newest}）。先备份，再运行：.venv/bin/python -m service setup"
    return (
        f"数据库的版本（{is_now}）这个程序不认识：比程序新，装回了旧程序？或者太旧，先用当时的版本升级。"
        "按 docs/deploy.md“升级和退回”做。"
    )


async def _schema(database: Database) -> str:
    """The version of the tables; "" where there are none."""
    try:
        async with database.session() as session:
            return str(await session.scalar(text("SELECT version_num FROM alembic_version")))
    except (SQLAlchemyError, OSError):
        return ""


def _schemas() -> tuple[set[str], str]:
    """All that are known, and the newest. As the files of migrations say it: Alembic, which runs them when setting up,
    takes a quarter of a second to be there, which every start would wait for."""
    before = {}
    for file in _MIGRATIONS.glob("*.py"):
        said = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        before[said["revision"]] = said.get("down_revision")
    (newest,) = set(before) - set(before.values())
    return set(before), newest


async def mark_demo(database: Database) -> None:
    """Once for a database, in its audit log, which nobody can change."""
    async with database.session() as session:
        if await session.scalar(_of_demo()) is None:
            audit.note(session, demo_staff.BY, Action.DEMO_STARTED, "")


async def refuse_demo(settings: Settings, database: Database) -> None:
    """Raises SetupError where a demo has been, whatever was switched off since."""
    async with database.session() as session:
        found = await session.scalar(_of_demo())
    if found is not None:
        raise SetupError(
            "这个数据库是演示用过的：里面有演示账号（密码写在 demo_staff.txt 里）和编造的人和事，不能拿来正式运行。\n"
            f"  正式运行请换一个新目录：YIBAO_VAR_DIR=/srv/yibao（现在是 {settings.var_dir}），或者换一个新的\n"
            "  YIBAO_DATABASE_URL，再照 docs/deploy.md 第一节做。只是想看演示：make demo，或者 YIBAO_DEMO=1。"
        )


def _of_demo() -> Select[int]:
    ran = AuditEntry.what == Action.DEMO_STARTED
    staffed = (AuditEntry.what == Action.STAFF_ADDED) & (AuditEntry.who == demo_staff.BY)  # before there was a mark
    return select(AuditEntry.id).where(ran | (staffed & AuditEntry.which.in_(demo_staff.USERNAMES))).limit(1)


def _wrong_for_demo(settings: Settings) -> list[str]:
    reached = {
        "YIBAO_HOST": (settings.host, "演示不对外开放。要给别人看，让对方用 ssh -L 8080:127.0.0.1:8080 转到自己的机器"),
        "YIBAO_PUBLIC_URL": (_host(settings.public_url), "演示没有公开网址；去掉这一项"),
        "YIBAO_CORE_URL": (_host(settings.core_url), "演示不接真的业务系统；本机的模拟系统可以"),
        "YIBAO_WECHAT_API_BASE": (_host(settings.wechat_api_base), "演示不接真的微信平台；本机的模拟平台可以"),
    }
    wrong = [f"{name}：{why}。" for name, (host, why) in reached.items() if host and not is_loopback(host)]
    if settings.sms_url:
        wrong.append("YIBAO_SMS_URL：演示的验证码人人知道，不能接短信网关；消息看 /dev/outbox。")
    if settings.wechat_appid not in ("", DEMO_APPID) and not is_loopback(_host(settings.wechat_api_base)):
        wrong.append("YIBAO_WECHAT_APPID：演示不接真的公众号；留空就是演示号。")
    if not wrong:
        return []
    return ["这是演示模式（YIBAO_DEMO），验证码和账号人人可知，所以不启动：", *wrong, _TO_PRODUCTION]


def _wrong_for_all(settings: Settings) -> list[str]:
    wrong = []
    for name, url in (("YIBAO_PUBLIC_URL", settings.public_url), ("YIBAO_SMS_URL", settings.sms_url)):
        if url and not (url.startswith("https://") or is_loopback(_host(url))):
            wrong.append(f"{name}：要用 https://，手机号码和链接会经过网络。")
    if settings.phone == "ari" and not settings.ari_password.get_secret_value():
        wrong.append("YIBAO_ARI_PASSWORD：接已有的 Asterisk（phone=ari）要填 ARI 的密码。")
    redis_url = settings.redis_url.get_secret_value()
    if redis_url and not (redis_url.startswith(("rediss://", "unix://")) or is_loopback(_host(redis_url))):
        wrong.append("YIBAO_REDIS_URL：Redis 不在本机时要用 rediss://，口令会经过网络。")
    if settings.phone == "ari" and not (
        settings.ari_url.startswith("https://") or is_loopback(_host(settings.ari_url))
    ):
        wrong.append("YIBAO_ARI_URL：Asterisk 不在本机时要用 https://，密码会经过网络。")
    return ["设置不对，没有启动（见 docs/settings.md）：", *wrong] if wrong else []


_TO_PRODUCTION = "正式运行去掉 YIBAO_DEMO，用新的目录和数据库，见 docs/deploy.md 第一节。"


def is_loopback(host: str) -> bool:
    """Whether only this machine is meant by a host of an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _host(url: str) -> str:
    """ "" where there is none; what cannot be read is no loopback."""
    if not url:
        return ""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"
