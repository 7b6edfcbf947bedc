"""What staff do with a filing, and what the citizen learns of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from casework.filings.desk import Decided
from casework.models import Ticket
from casework.tickets.tickets import NotFound
from tests.casework.filings.test_materials import picture
from tests.casework.office import Office, people

ELDER = people()["elder"]["id_number"]


async def filed(office: Office) -> str:
    caller = office.caller()
    await caller.wants("file_item", "我要办慢特病")
    await caller.proves("elder")
    for said in ("高血压", "济宁市第一人民医院", "19900000001"):
        await caller.says(said)
    number = re.search(r"GD[\d-]+", await caller.says("提交"))
    assert number
    async with office.database.session() as session:
        await session.execute(update(Ticket).values(owner="zuoxi", state="taken"))
    return number[0]


async def test_staff_see_labels_values_and_masked_people(office: Office) -> None:
    view = await office.parts.desk.view(await filed(office))
    assert view
    assert view.principal == "张** 370899********9028"
    assert ("申请的病种", "高血压") in view.answers
    assert view.state == "已提交，等业务系统接收"
    assert ("联系电话", "199****0001") in view.answers
    assert ELDER not in repr(view)
    assert await office.parts.desk.view("GD20200101-0001") is None


async def test_what_is_missing_is_asked_for_and_its_coming_starts_the_clock_again(office: Office) -> None:
    number = await filed(office)
    await office.parts.desk.ask_supplement(number, what="最近一年的化验单", by="zuoxi")
    message = (await office.messages("elder"))[-1]
    assert "最近一年的化验单" in message
    token = message.rsplit("/", 1)[1]
    board = office.parts.progress
    waiting = await board.progress(number)
    assert waiting
    assert waiting.state_words == "等您补充材料"
    await office.parts.materials.add_by_link(token, picture())
    going_on = await board.progress(number)
    assert going_on
    assert going_on.state_words == "工作人员正在办理"
    assert await office.parts.desk.material(number, 1) == ("image/jpeg", picture())
    with pytest.raises(NotFound):
        await office.parts.desk.material(number, 2)


@pytest.mark.parametrize(("approved", "told"), [(True, "已办好"), (False, "没有办成：病历不全")])
async def test_a_decision_is_told_ends_the_case_and_lets_a_new_one_begin(
    office: Office, approved: bool, told: str
) -> None:
    number = await filed(office)
    await office.parts.desk.decide(number, approved=approved, reason="" if approved else "病历不全", by="zuoxi")
    messages = await office.messages("elder")
    assert any(told in message for message in messages)
    assert any("/rating/" in message for message in messages)
    with pytest.raises(Decided):
        await office.parts.desk.decide(number, approved=True, reason="", by="zuoxi2")
    caller = office.caller()
    await caller.wants("file_item", "我要办慢特病")
    assert "要问您3件事" in await caller.proves("elder")
