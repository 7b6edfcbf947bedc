"""`python -m service staff …`: accounts from the command line; so the first administrator comes to be.

python -m service staff add wangfang 王芳 管理员      # asks for the password, twice
python -m service staff password wangfang            # a new password; lifts every wait after failures
python -m service staff off wangfang                 # switched off, sessions ended
python -m service staff list
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from base.database import Database
from base.settings import Settings
from staff.accounts import AccountRefused, StaffAccounts
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
