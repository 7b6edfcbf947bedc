"""`python -m service person …`: what is kept of one person, for who asks for it. Numbers are asked for, never
arguments: those would stay in the shell's history.

    python -m service person show                        # how much of each kind
    python -m service person export /tmp/one.json        # all of it, to be handed to them
    python -m service person delete                      # what no case needs
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from base.clock import day_here, utc_now
from base.database import Database
from base.errors import SetupError
from base.personal_data import Vault
from base.settings import Settings
from casework.people.person_file import PersonFile
from language.id_number import IdRefused, check

app = typer.Typer(add_completion=False, no_args_is_help=True, help="一个人的全部记录：查看、导出、删除（都记入审计）")
_BY = "command line"
IdNumber = Annotated[str, typer.Option(prompt="证件号码", hide_input=True)]
Phone = Annotated[str, typer.Option(prompt="手机号码（没有就直接回车）")]
Result = TypeVar("Result")


@app.command()
def show(id_number: IdNumber, phone: Phone = "") -> None:
    """有多少。"""
    whose = _checked(id_number, phone)
    for kind, rows in _run(lambda file: file.export(*whose, by=_BY)).items():
        typer.echo(f"{kind}\t{len(rows)}")


@app.command()
def export(to: Path, id_number: IdNumber, phone: Phone = "") -> None:
    """导出成文件，交给本人。"""
    whose = _checked(id_number, phone)
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:  # before anything is looked at
        raise SetupError(f"写不了 {to}：已经有这个文件，或者没有这个目录。换一个名字。") from error
    with open(descriptor, "w", encoding="utf-8") as out:
        json.dump(_run(lambda file: file.export(*whose, by=_BY)), out, ensure_ascii=False, indent=1)
    typer.echo(f"导出好了：{to}")


@app.command()
def delete(id_number: IdNumber, phone: Phone = "") -> None:
    """删除不再需要的；工单、办件、材料是档案，不删。"""
    whose = _checked(id_number, phone)
    for kind, count in _run(lambda file: file.delete(*whose, by=_BY)).items():
        typer.echo(f"{kind}\t删除 {count}")
    typer.echo("工单、办过的事和材料是业务档案，按规定保存，没有删。")


def _checked(id_number: str, phone: str) -> tuple[str, str]:
    """Nobody has a wrong number: "nothing is kept of you" would be told of somebody else. Raises SetupError."""
    if phone and not re.fullmatch(r"1[0-9]{10}", phone):
        raise SetupError("手机号码应当是1开头的11位数字；没有就直接回车。")
    try:
        return check(id_number, day_here(utc_now())), phone
    except IdRefused as error:
        raise SetupError("证件号码不对：应当是18位，最后一位对得上。请照着身份证再输一次。") from error


def _run(deed: Callable[[PersonFile], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        settings = Settings()  # type: ignore[call-arg]  # secrets come from the environment
        database = Database(settings.database)
        try:
            return await deed(PersonFile(database, Vault(settings.data_key.get_secret_value())))
        finally:
            await database.aclose()

    return asyncio.run(run())
