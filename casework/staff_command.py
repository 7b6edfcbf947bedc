"""Staff accounts from the command line: how the first administrator of a real installation comes to be.

python -m casework.staff_command add wangfang 王芳 管理员      # asks for the password, twice
python -m casework.staff_command password wangfang            # a new password; lifts a lock
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from casework.roles import Role
from casework.staff import AccountRefused, StaffAccounts
from service.database import Database
from service.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="工作人员账号")
_BY = "command line"
Password = Annotated[str, typer.Option(prompt="密码", hide_input=True, confirmation_prompt="再输一次")]


@app.command()
def add(username: str, name: str, role: Role, password: Password) -> None:
    """新增账号。"""
    _run(lambda accounts: accounts.add(username, name, role, password, by=_BY))


@app.command()
def password(username: str, password: Password) -> None:
    """重设密码，同时解除锁定。"""
    _run(lambda accounts: accounts.set_password(username, password, by=_BY))


def _run(deed: Callable[[StaffAccounts], Awaitable[object]]) -> None:
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
    typer.echo("好了。")


if __name__ == "__main__":
    app()
