"""What the citizen is told of a ticket."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from casework.filings.items import load
from casework.filings.links import UploadLinks
from casework.filings.materials import Materials
from casework.tickets.deadlines import Deadlines
from casework.tickets.progress import Progress, ProgressBoard
from casework.tickets.tickets import Kind, State
from tests.casework.bureau import SUN, Bureau, bureau


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
def board(office: Bureau, tmp_path: Path) -> ProgressBoard:
    items, links = load(), UploadLinks(office.vault, "https://yibao.example", lambda: office.now)
    materials = Materials(office.database, office.vault, items, office.work, tmp_path / "materials", links)
    return ProgressBoard(office.database, office.vault, items, materials, now=lambda: office.now)


async def told(board: ProgressBoard, number: str) -> Progress:
    found = await board.progress(number)
    assert found is not None
    for sentence in re.findall(r"[^。]+。", found.spoken):
        assert len(sentence) <= 60
    assert not re.search(r"[A-Za-z0-9（）()〔〕\[\]]", found.spoken)
    return found


async def test_from_the_first_day_to_the_end(office: Bureau, board: ProgressBoard) -> None:
    number = await office.opened(Kind.CONSULTATION)
    found = await told(board, number)
    assert found.written == (
        f"工单{number}（咨询），11月20日提出：已登记，等工作人员接办。工作人员11月24日前联系您，还剩2个工作日。"
    )
    assert found.spoken == (
        "您咨询的事，工单尾号零零零幺，已登记，等工作人员接办。工作人员十一月二十四号前联系您，还有两个工作日。"
    )
    await office.work.take(number, SUN)
    office.days_pass(4)
    assert "今天到期" in (await told(board, number)).written
    await office.work.close(number, SUN, "已答复")
    found = await told(board, number)
    assert found.state is State.CLOSED
    assert found.written.endswith("已办结。办结时间：11月24日。")
    assert "到期" not in found.spoken


async def test_late_is_said_as_late_and_never_as_a_negative_number(office: Bureau, board: ProgressBoard) -> None:
    number = await office.opened()
    office.days_pass(5)  # Wednesday; due on Monday
    found = await told(board, number)
    assert (found.left.overdue, found.left.days) == (True, 2)
    assert found.written.endswith("原定11月23日前联系您，已超期2个工作日。对不起，我们会马上报主管督办。")
    await Deadlines(office.database, office.vault).look(office.now)
    assert (await told(board, number)).spoken.endswith("已经超了两个工作日。对不起，已经报主管督办。")


async def test_late_by_a_weekend_only(office: Bureau, board: ProgressBoard) -> None:
    number = await office.opened(Kind.COMPLAINT)  # due on Friday, November 27
    office.days_pass(8)
    assert "联系您，已超期。" in (await told(board, number)).written


async def test_while_material_is_missing_that_is_what_is_told(office: Bureau, board: ProgressBoard) -> None:
    number = await office.opened()
    async with office.database.session() as session:
        await office.work.wait_in(session, (await office.row(number)).id, by="zuoxi", what="身份证")
    assert "等您补充材料" in (await told(board, number)).spoken


async def test_found_by_person_conversation_and_number(office: Bureau, board: ProgressBoard) -> None:
    opened = await office.tickets.open(
        Kind.FILING, channel="web", conversation="web-1", person_key="person", agent_key="agent"
    )
    await office.opened()
    for found in (
        await board.of_person("person"),
        await board.of_conversation("web-1"),
        [await board.progress(" gd" + opened.number[2:])],
    ):
        assert [one and one.number for one in found] == [opened.number]
    assert await board.progress("GD20261120-9999") is None
    assert await board.of_person("somebody") == []


async def test_a_call_back_belongs_to_whoever_proved_to_hold_its_number(office: Bureau, board: ProgressBoard) -> None:
    asked = await office.tickets.open(Kind.CALLBACK, channel="phone", phone="19900000001")
    await office.tickets.open(Kind.FILING, channel="web", phone="19900000001", person_key="somebody else")
    assert [one.number for one in await board.of_person("person", "19900000001")] == [asked.number]
    assert await board.of_person("person", "19900000002") == []
    assert await board.of_person("person") == []
