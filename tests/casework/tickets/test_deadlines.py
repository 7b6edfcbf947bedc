"""A ticket's last working day is announced, and what is late reaches the supervisor: each once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.tickets.deadlines import Deadlines, Looked
from casework.tickets.history import SYSTEM
from casework.tickets.tickets import Kind
from staff import audit
from staff.audit import Action
from tests.casework.bureau import SUN, Bureau, bureau

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
def deadlines(office: Bureau) -> Deadlines:
    return Deadlines(office.database, office.vault)


async def test_one_working_day_before_the_end_it_is_reminded_of_once(office: Bureau, deadlines: Deadlines) -> None:
    number = await office.opened(Kind.CONSULTATION)  # due on Tuesday
    assert await deadlines.look(office.now) == Looked(0, 0)
    office.days_pass(3)
    assert await deadlines.look(office.now) == Looked(1, 0)
    assert await deadlines.look(office.now) == Looked(0, 0)
    assert (await office.row(number)).reminded_at == office.now.replace(tzinfo=None)
    assert [happened.step for happened in await office.history(number)] == ["提出", "催办"]


async def test_a_one_day_ticket_is_reminded_of_on_its_day_not_when_it_is_opened(
    office: Bureau, deadlines: Deadlines
) -> None:
    await office.opened()  # due on Monday
    assert await deadlines.look(office.now) == Looked(0, 0)
    office.days_pass(3)
    assert await deadlines.look(office.now) == Looked(1, 0)


async def test_on_its_last_day_it_is_not_late_and_the_day_after_it_is(office: Bureau, deadlines: Deadlines) -> None:
    number = await office.opened(Kind.CONSULTATION)
    assert await deadlines.look(TUESDAY) == Looked(1, 0)
    assert await deadlines.look(WEDNESDAY) == Looked(0, 1)
    assert await deadlines.look(WEDNESDAY) == Looked(0, 0)
    page = await audit.entries(office.database, what=Action.TICKET_ESCALATED)
    assert [(entry.who, entry.which) for entry in page.entries] == [(SYSTEM, number)]


async def test_two_processes_that_look_at_once_mark_it_once(office: Bureau, deadlines: Deadlines) -> None:
    number = await office.opened()
    looked = await asyncio.gather(*(deadlines.look(WEDNESDAY) for _ in range(3)))
    assert sum(found.escalated for found in looked) == 1
    assert [happened.step for happened in await office.history(number)] == ["提出", "超期，报主管"]


async def test_what_is_closed_or_waits_for_the_citizen_is_left_alone(office: Bureau, deadlines: Deadlines) -> None:
    closed, waiting = await office.opened(), await office.opened()
    await office.work.take(closed, SUN)
    await office.work.close(closed, SUN, "已回电")
    async with office.database.session() as session:
        await office.work.wait_in(session, (await office.row(waiting)).id, by="zuoxi", what="身份证")
    assert await deadlines.look(WEDNESDAY) == Looked(0, 0)


async def test_the_later_last_day_after_a_wait_is_announced_anew(office: Bureau, deadlines: Deadlines) -> None:
    number = await office.opened(Kind.CONSULTATION)  # due on Tuesday
    row = await office.row(number)
    office.days_pass(3)
    assert await deadlines.look(office.now) == Looked(1, 0)
    async with office.database.session() as session:
        await office.work.wait_in(session, row.id, by="zuoxi", what="身份证")
    office.days_pass(2)
    async with office.database.session() as session:
        await office.work.resume_in(session, row.id)  # due on Thursday
    assert await deadlines.look(office.now) == Looked(1, 0)


async def test_after_a_long_holiday_others_write_between_the_many(
    office: Bureau, deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.tickets.deadlines._AT_ONCE", 2)
    for _ in range(5):
        await office.opened(Kind.CONSULTATION)
    begun = 0
    session = office.database.session

    def counted() -> object:
        nonlocal begun
        begun += 1
        return session()

    monkeypatch.setattr(office.database, "session", counted)
    assert await deadlines.look(WEDNESDAY) == Looked(0, 5)
    assert begun >= 4, "three pieces of the late ones, one look at what is due"
