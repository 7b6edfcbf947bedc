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
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from base.database import Database
from base.personal_data import Vault
from base.settings import Settings
from casework.people.person_file import PersonFile

app = typer.Typer(add_completion=False, no_args_is_help=True, help="一个人的全部记录：查看、导出、删除（都记入审计）")
_BY = "command line"
IdNumber = Annotated[str, typer.Option(prompt="证件号码", hide_input=True)]
Phone = Annotated[str, typer.Option(prompt="手机号码（没有就直接回车）")]
Result = TypeVar("Result")


@app.command()
def show(id_number: IdNumber, phone: Phone = "") -> None:
    """有多少。"""
    for kind, rows in _run(lambda file: file.export(id_number, phone, by=_BY)).items():
        typer.echo(f"{kind}\t{len(rows)}")


@app.command()
def export(to: Path, id_number: IdNumber, phone: Phone = "") -> None:
    """导出成文件，交给本人。"""
    found = _run(lambda file: file.export(id_number, phone, by=_BY))
    with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(found, out, ensure_ascii=False, indent=1)
    typer.echo(f"导出好了：{to}")


@app.command()
def delete(id_number: IdNumber, phone: Phone = "") -> None:
    """删除不再需要的；工单、办件、材料是档案，不删。"""
    for kind, count in _run(lambda file: file.delete(id_number, phone, by=_BY)).items():
        typer.echo(f"{kind}\t删除 {count}")
    typer.echo("工单、办过的事和材料是业务档案，按规定保存，没有删。")


def _run(deed: Callable[[PersonFile], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        settings = Settings()  # type: ignore[call-arg]  # secrets come from the environment
        database = Database(settings.database)
        try:
            return await deed(PersonFile(database, Vault(settings.data_key.get_secret_value())))
        finally:
            await database.aclose()

    return asyncio.run(run())
