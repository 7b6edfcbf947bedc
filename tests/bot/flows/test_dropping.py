"""What was answered is forgotten on a plain word; where it is only not wanted on with, it is asked about first."""

from __future__ import annotations

import pytest

from tests.casework.office import Caller, Office


async def halfway(office: Office) -> Caller:
    worker = office.caller()
    await worker.wants("file_item", "我要申领生育津贴")
    await worker.proves("worker")
    await worker.says("今年八月二号")
    return worker


@pytest.mark.parametrize("said", ["俺不想弄这个了", "算了", "不想继续了", "我不想办了", "拉倒吧", "不办了", "取消吧"])
async def test_a_wish_is_asked_about(office: Office, said: str) -> None:
    worker = await halfway(office)
    asked = await worker.says(said)
    assert "留着" in asked
    assert "删掉" in asked
    assert "哪家医院" in await worker.says("接着办")


@pytest.mark.parametrize("said", ["不办了，都删了", "删了吧", "都删掉", "作废吧"])
async def test_a_decision_is_not(office: Office, said: str) -> None:
    worker = await halfway(office)
    assert "都删掉了" in await worker.says(said)


@pytest.mark.parametrize("said", ["留着", "别删", "不要删", "先不办了，下次再说", "好的", "不", "先放一放"])
async def test_kept(office: Office, said: str) -> None:
    worker = await halfway(office)
    await worker.says("不想弄了")
    assert "给您留着" in await worker.says(said)
    assert "办到一半" in await worker.wants("file_item", "接着办生育津贴")


@pytest.mark.parametrize("said", ["删掉", "删了吧", "不用留了", "不办了", "都不要了", "清空吧"])
async def test_forgotten(office: Office, said: str) -> None:
    worker = await halfway(office)
    await worker.says("不想弄了")
    assert "都删掉了" in await worker.says(said)
    assert "没有办到一半" in await worker.wants("resume_errand", "接着办")


async def test_a_question_about_it_is_no_answer(office: Office) -> None:
    worker = await halfway(office)
    await worker.says("不想弄了")
    await worker.says("删掉了还能再办吗")
    assert "给您留着" in await worker.says("留着")


async def test_with_nothing_answered_there_is_nothing_to_ask_about(office: Office) -> None:
    worker = office.caller()
    await worker.wants("file_item", "我要申领生育津贴")
    assert "留着" not in await worker.says("不想弄了")


@pytest.mark.parametrize("said", ["不撤了", "不撤", "算了，不撤了", "别取消", "接着办"])
async def test_not_withdrawn_after_all_goes_on(office: Office, said: str) -> None:
    worker = await halfway(office)
    assert "删掉" in await worker.says("撤回")
    assert "哪家医院" in await worker.says(said)


async def test_not_to_be_withdrawn_is_no_drop_at_all(office: Office) -> None:
    worker = await halfway(office)
    heard = await worker.says("不撤了")
    assert "删" not in heard
    assert "先放一放" not in heard


@pytest.mark.parametrize("said", ["算了，我不办了，都删了吧", "我不办了，都删了", "那我不交了，删掉吧"])
async def test_a_decision_after_a_wish_counts(office: Office, said: str) -> None:
    worker = await halfway(office)
    assert "都删掉了" in await worker.says(said)


async def test_the_deed_named_after_a_sigh_is_asked_about(office: Office) -> None:
    worker = await halfway(office)
    assert "删掉" in await worker.says("算了，我不交了")
    assert "都删掉了" in await worker.says("删掉")


async def test_deleted_right_after_it_was_kept(office: Office) -> None:
    worker = await halfway(office)
    await worker.says("不想弄了")
    assert "给您留着" in await worker.says("留着")
    errands = office.parts.errands
    assert await errands.dropped(worker.conversation, "web", "删掉") is None, "of what, nobody knows later"
    dropped = await errands.dropped(worker.conversation, "web", "删掉", just_kept=True)
    assert dropped is not None
    assert "都删掉了" in dropped.replies[0].text
    assert "没有办到一半" in await worker.wants("resume_errand", "接着办")
