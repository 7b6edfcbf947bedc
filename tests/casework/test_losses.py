"""What must survive: two at once, and a process killed at any point; on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from base.database import Database
from base.settings import ROOT
from casework.models import Filing, Ticket
from tests.casework.filer import ANSWERS, ITEM, WHO, file
from tests.casework.office import Office, people, staff_office

POINTS = ("begun", "direction", "place", "stopped", "phone", "submitted", "sent", "handed over")


@pytest.fixture
async def offices(url: str, tmp_path: Path) -> AsyncIterator[tuple[Office, Office]]:
    """Two processes' worth of casework on one database."""
    both = await staff_office(Database(url), tmp_path), await staff_office(Database(url), tmp_path)
    yield both
    for office in both:
        await office.database.aclose()


async def counted(office: Office) -> tuple[int, int]:
    """Filings and tickets in the database."""
    async with office.database.session() as session:
        filings = await session.scalar(select(func.count()).select_from(Filing)) or 0
        tickets = await session.scalar(select(func.count()).select_from(Ticket)) or 0
    return filings, tickets


def is_over(heard: str) -> bool:
    return "提交好了" in heard or "提交过了" in heard


async def test_two_who_file_the_same_at_once_make_one_case(offices: tuple[Office, Office]) -> None:
    first, second = offices
    heard = await asyncio.gather(file(first, tell=False), file(second, tell=False), return_exceptions=True)
    assert not [one for one in heard if isinstance(one, BaseException)], heard
    for office, last in zip(offices, map(str, heard), strict=True):
        if not is_over(last):  # was told to look again, and does so, as a person would
            assert is_over(await file(office, tell=False))
    assert await counted(first) == (1, 1)
    async with first.database.session() as session:
        number = await session.scalar(select(Ticket.number))
    assert any(str(number) in str(one) for one in heard)
    await asyncio.gather(first.parts.to_core.hand_over(), second.parts.to_core.hand_over())
    assert [case.number for case in await first.core.cases(people()[WHO]["id_number"])] == [number]


async def test_the_same_receipt_however_often_it_is_handed_in(offices: tuple[Office, Office]) -> None:
    first, second = offices
    principal = await first.core.person(people()[WHO]["id_number"])
    assert principal
    item = first.parts.filings._items.items[ITEM]
    draft = await first.parts.filings.begin(item, principal, agent=None, authorisation=None, channel="phone")
    for field, _, kept in ANSWERS:
        draft = await first.parts.filings.answer(draft, field, kept)
    receipts = await asyncio.gather(
        *(
            office.parts.handing_in.submit(
                draft, principal, agent=None, authorisation=None, conversation=f"c{n}", channel="phone"
            )
            for n, office in enumerate((first, second, first, second))
        )
    )
    assert len(set(receipts)) == 1
    assert await counted(first) == (1, 1)


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_killed_at_any_point_loses_nothing_and_does_nothing_twice(
    url: str, tmp_path: Path, point: str
) -> None:
    told = await killed_at(point, url, tmp_path)
    office = await staff_office(Database(url), tmp_path)
    try:
        key = office.vault.lookup(people()[WHO]["id_number"])
        draft = await office.parts.filings.open_of(key, ITEM)
        for field, _, kept in ANSWERS:
            if field in told:
                assert draft
                assert draft.answers[field] == kept, "a step that was told is kept"
        office.clock.passes(minutes=5)
        await file(office, tell=False)
        await office.parts.to_core.hand_over()
        await office.parts.outbox.deliver()
        assert await counted(office) == (1, 1)
        assert len(await office.core.cases(people()[WHO]["id_number"])) == 1
        confirmations = [text for text in await office.messages(WHO) if "已提交" in text]
        assert len(confirmations) == 1
    finally:
        await office.database.aclose()


async def killed_at(point: str, url: str, folder: Path) -> list[str]:
    """Run the filer and kill it -9 a moment after it told of `point`. Returns what it had told."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.casework.filer", url, str(folder), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    told: list[str] = []
    assert process.stdout
    async with asyncio.timeout(60):
        while point not in told:
            line = await process.stdout.readline()
            assert line, "the filer ended by itself"
            told.append(line.decode().strip())
    await asyncio.sleep(random.uniform(0, 0.02))
    process.kill()
    await process.wait()
    told += [line.strip() for line in (await process.stdout.read()).decode().splitlines() if line.endswith("")]
    return told
