"""`python -m service staff …`: accounts from the command line; so the first administrator comes to be.

python -m service staff add wangfang 王芳 管理员      # asks for the password, twice
python -m service staff password wangfang            # a new password; lifts every wait after failures
python -m service staff off wangfang                 # switched off, sessions ended
python -m service staff list
python -m service staff audit                         # whether anybody changed the audit log behind its back
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from base.clock import here
from base.database import Database
from base.personal_data import Vault
from base.settings import Settings
from staff.accounts import AccountRefused, StaffAccounts
from staff.chain import Chain
from staff.roles import Role

app = typer.Typer(add_completion=False, no_args_is_help=True, help="工作人员账号：第一名管理员也在这里建")
_BY = "command line"
Password = Annotated[str, typer.Option(prompt="密码", hide_input=True, confirmation_prompt="再输一次")]


@app.command()
def add(username: str, name: str, role: Role, password: Password) -> None:
    """新增账号。"""
    _run(lambda accounts: accounts.add(username, name, role, password, by=_BY))


@app.command()
def password(username: str, password: Password) -> None:
    """重设密码，同时解除输错后的等待。"""
    _run(lambda accounts: accounts.set_password(username, password, by=_BY))


@app.command()
def off(username: str) -> None:
    """停用账号。"""
    _run(lambda accounts: accounts.change(username, active=False, by=_BY))


@app.command("list")
def everybody() -> None:
    """列出账号。"""

    async def show(accounts: StaffAccounts) -> None:
        for member in await accounts.everybody():
            typer.echo(f"{member.username}\t{member.name}\t{member.role.value}\t{'' if member.active else '停用'}")

    _run(show, done="")


@app.command("audit")
def check_audit() -> None:
    """核对审计记录：有没有被改过、删过。"""

    async def check(settings: Settings, database: Database) -> None:
        broken = await Chain(database, Vault(settings.data_key.get_secret_value()).lookup).broken()
        if broken is None:
            typer.echo("审计记录核对过，没有被改动。")
            return
        at = f"{here(broken.at):%Y-%m-%d %H:%M}"
        typer.echo(f"第 {broken.first} 到 {broken.last} 条（{at} 封存的）被改动过，和当时不一样。", err=True)
        raise typer.Exit(1)

    async def run() -> None:
        settings = Settings()  # type: ignore[call-arg]  # secrets come from the environment
        database = Database(settings.database)
        try:
            await check(settings, database)
        finally:
            await database.aclose()

    asyncio.run(run())


def _run(deed: Callable[[StaffAccounts], Awaitable[object]], done: str = "好了。") -> None:
    async def run() -> None:
        database = Database(Settings().database)  # type: ignore[call-arg]  # secrets come from the environment
        try:
            await deed(StaffAccounts(database))
        finally:
            await database.aclose()

    try:
        asyncio.run(run())
    except AccountRefused as refused:
        typer.echo(refused.citizen_text, err=True)
        raise typer.Exit(1) from refused
    except SQLAlchemyError as error:
        typer.echo("数据库还没有建好：先运行 python -m service setup（见 docs/deploy.md 第一节）。", err=True)
        raise typer.Exit(1) from error
    if done:
        typer.echo(done)
