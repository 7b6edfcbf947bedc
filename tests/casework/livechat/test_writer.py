"""The writer: in order, bounded, one bad job spoils no other, nothing lost at the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from casework.livechat.writer import Job, Writer


async def written(database: Database) -> list[int]:
    async with database.session() as session:
        return list(await session.scalars(text("SELECT number FROM list ORDER BY rowid")))


def job(number: int) -> Job:
    async def write(session: AsyncSession) -> int:
        await session.execute(text(f"INSERT INTO list VALUES ({number})"))
        return number

    return write


async def bad(session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO nowhere VALUES (1)"))


async def test_the_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'list.db'}")
    async with database.session() as session:
        await session.execute(text("CREATE TABLE list (number INTEGER)"))
    writer = Writer(database, most_waiting=5)
    for number in range(7):
        writer.send(job(number))  # two have no place
    task = asyncio.create_task(writer.run())
    assert await writer.do(job(10)) == 10
    writer.send(bad)
    with pytest.raises(OperationalError):
        await writer.do(bad)
    writer.send(job(11))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await written(database) == [0, 1, 2, 3, 4, 10, 11]
    await database.aclose()


async def test_what_nobody_waits_for_any_more_is_not_done(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'list.db'}")
    async with database.session() as session:
        await session.execute(text("CREATE TABLE list (number INTEGER)"))
    writer = Writer(database)
    given_up = asyncio.create_task(writer.do(job(1)))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    task = asyncio.create_task(writer.run())
    assert await writer.do(job(2)) == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await written(database) == [2]
    await database.aclose()
