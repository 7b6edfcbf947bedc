"""“我的投诉怎么样了” from somebody who never said who they are: number and code in place of proof."""

from __future__ import annotations

import pytest

from casework.tickets.tickets import Kind, Opened
from tests.casework.office import Caller, Office


@pytest.fixture
async def opened(office: Office) -> Opened:
    """On another day, from another telephone: nothing of this conversation."""
    return await office.parts.tickets.open(Kind.COMPLAINT, channel="phone", conversation="call-long-ago")


@pytest.fixture
def caller(office: Office) -> Caller:
    return office.caller("phone")


async def test_both_in_the_question(caller: Caller, opened: Opened) -> None:
    heard = await caller.wants("query_mine", f"我的投诉怎么样了 工单号{opened.number} 查询码{opened.code}")
    assert "您反映的问题，工单尾号零零零幺，已登记" in heard
    assert caller.last
    assert not caller.last.waits


async def test_asked_for_who_they_are_they_say_number_and_code(caller: Caller, opened: Opened) -> None:
    assert "有工单号和查询码的，说这两个号也行" in await caller.wants("query_mine", "我的投诉怎么样了")
    assert "您反映的问题" in await caller.says(f"{opened.number[2:10]}{opened.number[11:]}{opened.code}", "give_phone")


async def test_one_after_the_other(caller: Caller, opened: Opened) -> None:
    await caller.wants("query_mine", "我的投诉怎么样了")
    assert "查询码" in await caller.says(f"工单号{opened.number}")
    assert "您反映的问题" in await caller.says(opened.code)


async def test_the_number_in_the_question_is_kept_until_the_code_comes(caller: Caller, opened: Opened) -> None:
    assert "查询码" in await caller.wants("query_mine", f"工单{opened.number}办到哪了")
    wrong = "000000" if opened.code != "000000" else "111111"
    assert "再说一遍查询码" in await caller.says(wrong, "give_phone")
    assert "您反映的问题" in await caller.says(f"查询码{opened.code}", "give_phone")


async def test_number_and_code_are_no_id_number(caller: Caller, opened: Opened) -> None:
    heard = await caller.wants("query_mine", f"查工单 {opened.number} 查询码 000001")
    assert "出生日期" not in heard
    assert "没有查到这个工单" in heard or "您反映的问题" in heard


async def test_a_wrong_code_is_asked_again_and_five_end_it(caller: Caller, opened: Opened) -> None:
    wrong = "0000" if opened.code != "0000" else "1111"
    await caller.wants("query_mine", f"我的投诉怎么样了 {opened.number} {wrong}")
    for _ in range(4):
        heard = await caller.says(f"{opened.number} {wrong}")
        assert "没有查到这个工单，请核对工单号和查询码" in heard
        assert "请再说一遍查询码" in heard, "the question is open again"
    assert "先停一个小时" in await caller.says(f"{opened.number} {opened.code}")
    assert caller.last
    assert caller.last.offer_person


async def test_an_id_number_still_proves(office: Office) -> None:
    caller = office.caller("web")
    await caller.wants("query_mine", "我的投诉怎么样了")
    await caller.says("工单号GD20261120-0001")
    assert "核对好了" in await caller.proves("mother")


async def test_number_and_code_open_nothing_but_the_ticket(caller: Caller, opened: Opened) -> None:
    heard = await caller.wants("query_mine", "查余额")
    assert "这两个号" not in heard
    assert "您反映的问题" not in await caller.says(f"{opened.number} {opened.code}")
