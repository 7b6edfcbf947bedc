"""The disk is full in the middle of an errand: nothing is told that is not there, and once there is room it goes on.

SQLite says the same of a full disk and of a file that may not grow: the second can be had without a disk of one's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from casework.models import Filing, Ticket
from casework.people.models import OutboxMessage
from casework.tickets.tickets import Kind
from staff import audit
from staff.audit import Action
from tests.casework.filer import ANSWERS, WHO
from tests.casework.office import CODE, Office, open_office, people

_ENOUGH = 2_000
"""Rows that certainly fill what is left in the file's own pages."""


async def rows(office: Office) -> list[int]:
    async with office.database.session() as session:
        tables = (Ticket, OutboxMessage)
        return [await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def fill(office: Office, held: list[int]) -> None:
    """No page more, and none free."""

    def no_more(connection: Any, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count={held[0]}")
        cursor.close()

    event.listen(office.database.engine.sync_engine, "checkout", no_more)
    for one in (_login, _ticket):
        with pytest.raises(OperationalError, match="full"):
            await _again_and_again(office, one)


async def _again_and_again(office: Office, one: Callable[[Office], Awaitable[object]]) -> None:
    for _ in range(_ENOUGH):
        await one(office)


async def _login(office: Office) -> None:
    await audit.note_alone(office.database, "wangfang", Action.LOGIN, "x" * 160)


async def _ticket(office: Office) -> None:
    await office.parts.tickets.open(Kind.CALLBACK, channel="web", transcript=[("citizen", "等了很久" * 20)])


async def test_nothing_is_told_that_is_not_there_and_it_goes_on(tmp_path: Path) -> None:
    office = await open_office(tmp_path)
    caller = office.caller("web")
    await caller.wants("file_item", "把医保转回济宁来")
    await caller.says(people()[WHO]["id_number"])
    await caller.says(CODE)
    for _, said, _ in ANSWERS:
        await caller.says(said)
    held = [1]
    await fill(office, held)
    before = await rows(office)
    with pytest.raises(OperationalError, match="full"):  # the edge of the action says that it did not work
        await caller.says("提交")
    assert await rows(office) == before, "neither ticket nor message"
    held[0] = 2**30
    heard = await caller.says("提交")
    assert "提交好了" in heard or "提交过了" in heard, heard
    async with office.database.session() as session:
        assert await session.scalar(select(func.count()).where(Filing.submitted_at.is_not(None))) == 1
    assert [now - was for now, was in zip(await rows(office), before, strict=True)] == [1, 1]
    await office.database.aclose()
