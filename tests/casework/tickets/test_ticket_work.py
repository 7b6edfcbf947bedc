"""Who has a ticket, and who may do what with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from casework.tickets.changes import StepRefused
from casework.tickets.tickets import Kind, NotFound, State
from staff import audit
from staff.audit import Action
from staff.roles import NotAllowed
from tests.casework.bureau import QIAN, SUN, WANG, ZHOU, Bureau, bureau


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


async def test_the_first_who_takes_it_is_responsible(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    row = await office.row(number)
    assert (row.owner, row.state) == ("zuoxi", State.TAKEN)
    assert [happened.step for happened in await office.history(number)] == ["提出", "接单"]
    page = await audit.entries(office.database, what=Action.TICKET_TAKEN)
    assert [(entry.who, entry.which) for entry in page.entries] == [("zuoxi", number)]


async def test_of_two_who_take_at_once_one_gets_it_and_the_other_hears_who(office: Bureau) -> None:
    for _ in range(5):
        number = await office.opened()
        results = await asyncio.gather(
            office.work.take(number, SUN), office.work.take(number, ZHOU), return_exceptions=True
        )
        refused = [result for result in results if result is not None]
        assert len(refused) == 1
        owner = {"zuoxi": "孙坐席", "zuoxi2": "周坐席"}[(await office.row(number)).owner or ""]
        assert isinstance(refused[0], StepRefused)
        assert refused[0].citizen_text == f"这个工单已经由{owner}接了。"
        assert [happened.step for happened in await office.history(number)] == ["提出", "接单"]


async def test_an_offer_changes_nothing_until_it_is_accepted(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    await office.work.offer(number, SUN, to="zuoxi2")
    assert (await office.row(number)).owner == "zuoxi"
    with pytest.raises(StepRefused, match="step_refused"):
        await office.work.close(number, ZHOU, "已回电")
    await office.work.decline_offer(number, ZHOU, reason="我在休假")
    row = await office.row(number)
    assert (row.owner, row.offered_to) == ("zuoxi", None)
    assert (await office.history(number))[-1].note == "我在休假"
    with pytest.raises(StepRefused):
        await office.work.accept(number, ZHOU)

    await office.work.offer(number, SUN, to="zuoxi2")
    await office.work.accept(number, ZHOU)
    assert (await office.row(number)).owner == "zuoxi2"
    with pytest.raises(StepRefused) as refused:
        await office.work.close(number, SUN, "已回电")
    assert refused.value.citizen_text == "这个工单由周坐席负责，只有周坐席或主管能办。"


async def test_an_offer_that_was_taken_back_cannot_be_accepted(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    await office.work.offer(number, SUN, to="zuoxi2")
    await office.work.withdraw_offer(number, SUN)
    with pytest.raises(StepRefused):
        await office.work.accept(number, ZHOU)
    assert (await office.row(number)).owner == "zuoxi"


@pytest.mark.parametrize("to", ["zuoxi", "bianji", "nobody"])
async def test_a_ticket_cannot_be_offered_to_oneself_or_to_who_cannot_have_one(office: Bureau, to: str) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    with pytest.raises(StepRefused):
        await office.work.offer(number, SUN, to=to)
    assert (await office.row(number)).offered_to is None


async def test_a_supervisor_assigns_and_nobody_else(office: Bureau) -> None:
    number = await office.opened()
    with pytest.raises(NotAllowed):
        await office.work.assign(number, SUN, to="zuoxi")
    await office.work.assign(number, QIAN, to="zuoxi2")
    row = await office.row(number)
    assert (row.owner, row.state) == ("zuoxi2", State.TAKEN)


async def test_an_editor_does_nothing_with_tickets(office: Bureau) -> None:
    number = await office.opened()
    with pytest.raises(NotAllowed):
        await office.work.take(number, WANG)
    with pytest.raises(NotAllowed):
        await office.work.note(number, WANG, "看看")
    assert [happened.step for happened in await office.history(number)] == ["提出"]


async def test_closing_needs_an_outcome_and_ends_it(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    with pytest.raises(StepRefused) as refused:
        await office.work.close(number, SUN, "  ")
    assert refused.value.citizen_text == "请写明办理结果。"
    await office.work.close(number, SUN, "已回电，问题解决")
    row = await office.row(number)
    assert row.state == State.CLOSED
    assert row.closed_at == office.now.replace(tzinfo=None)
    with pytest.raises(StepRefused) as refused:
        await office.work.close(number, SUN, "再来一次")
    assert refused.value.citizen_text == "这个工单已经办结了。"


async def test_a_reopened_ticket_has_a_new_day_and_its_old_owner(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    await office.work.close(number, SUN, "已回电")
    office.days_pass(3)
    await office.work.reopen(number, SUN, reason="群众说没有接到")
    row = await office.row(number)
    assert (row.state, row.owner, row.closed_at) == (State.TAKEN, "zuoxi", None)
    assert row.due_on == date(2026, 11, 24), "one working day from Monday"


async def test_while_the_citizen_is_waited_for_the_time_does_not_run(office: Bureau) -> None:
    number = await office.opened(Kind.CONSULTATION)
    await office.work.take(number, SUN)
    row = await office.row(number)
    assert row.due_on == date(2026, 11, 24)
    office.days_pass(3)  # Monday
    async with office.database.session() as session:
        await office.work.wait_in(session, row.id, by="zuoxi", what="身份证背面")
    assert (await office.row(number)).state == State.WAITING
    office.days_pass(1)
    async with office.database.session() as session:
        await office.work.wait_in(session, row.id, by="zuoxi", what="还缺病历")
    office.days_pass(2)  # Thursday
    async with office.database.session() as session:
        await office.work.resume_in(session, row.id)
    row = await office.row(number)
    assert (row.state, row.due_on) == (State.TAKEN, date(2026, 11, 27)), "three working days later, on Friday"
    assert [happened.note for happened in await office.history(number)] == ["", "", "身份证背面", "还缺病历", ""]


async def test_what_closing_in_a_filings_unit_of_work_does_is_undone_with_it(office: Bureau) -> None:
    number = await office.opened()
    row = await office.row(number)

    async def close_and_fail() -> None:
        async with office.database.session() as session:
            await office.work.close_in(session, row.id, by="zuoxi", outcome="同意")
            raise RuntimeError("the filing failed")

    with pytest.raises(RuntimeError):
        await close_and_fail()
    assert (await office.row(number)).state == State.OPEN
    assert len(await office.history(number)) == 1


async def test_a_number_that_nobody_has(office: Bureau) -> None:
    with pytest.raises(NotFound):
        await office.work.take("GD20261120-9999", SUN)


async def test_notes_are_sealed(office: Bureau, tmp_path: Path) -> None:
    number = await office.opened()
    await office.work.note(number, SUN, "张大娘说她腿脚不好")
    assert (await office.history(number))[-1].note == "张大娘说她腿脚不好"
    await office.database.aclose()
    assert all("张大娘".encode() not in path.read_bytes() for path in tmp_path.iterdir())
