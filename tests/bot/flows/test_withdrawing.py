"""撤回 right after handing in: asked once, then done, here and in the core system."""

from __future__ import annotations

import pytest

from tests.casework.office import Caller, Office


async def handed_in(office: Office, *, who: str = "grandpa") -> Caller:
    elder = office.caller()
    await elder.wants("file_item", "俺长期住在外地，要备案")
    await elder.proves(who)
    for said in ("徐州", "今年六月三号", "19900000001", "同意"):
        await elder.says(said)
    assert "GD2026" in await elder.says("提交")
    return elder


@pytest.mark.parametrize("words", ["撤回", "把刚才交的撤了", "我不报了，撤销吧"])
async def test_it_is_asked_once_and_then_really_done(office: Office, words: str) -> None:
    elder = await handed_in(office)
    assert "要撤回" in await elder.wants("withdraw_filing", words)
    assert "已经撤回" in await elder.says("撤回")
    assert any("撤回" in text for text in await office.messages("grandpa"))
    assert "没有查到" in await elder.wants("withdraw_filing", words)
    await office.parts.to_core.hand_over()
    await office.parts.decisions.deliver()
    again = await elder.wants("file_item", "俺长期住在外地，要备案")
    assert "已经提交过了" not in again


@pytest.mark.parametrize("words", ["不撤", "算了", "别撤了", "2"])
async def test_it_stays_when_they_do_not_mean_it(office: Office, words: str) -> None:
    elder = await handed_in(office)
    await elder.wants("withdraw_filing", "撤回")
    assert "照样在办" in await elder.says(words)
    assert "要撤回" in await elder.wants("withdraw_filing", "撤回")


@pytest.mark.parametrize("words", ["刚才撤没撤啊到底", "真撤了吗", "先别撤了，俺再跟儿子商量商量"])
async def test_neither_a_question_nor_a_doubt_takes_it_back(office: Office, words: str) -> None:
    elder = await handed_in(office)
    await elder.wants("withdraw_filing", "撤回")
    assert "已经撤回" not in await elder.says(words, "withdraw_filing")
    assert "要撤回" in await elder.wants("withdraw_filing", "撤回")


async def test_another_place_than_that_of_the_filing_is_asked_about(office: Office) -> None:
    elder = await handed_in(office)
    await elder.wants("withdraw_filing", "撤回")
    heard = await elder.says("是去青岛那条，撤")
    assert "徐州市" in heard
    assert "还没有撤" in heard
    assert "已经撤回" in await elder.says("是去徐州那条，撤")


async def test_not_doing_it_said_after_handing_in(office: Office) -> None:
    elder = await handed_in(office)
    said = await office.parts.errands.dropped(elder.conversation, "web", "我不报了")
    assert said is not None
    assert "要撤回" in said.replies[-1].text
    assert await office.parts.errands.dropped(elder.conversation, "web", "算了") is None


async def test_nothing_was_handed_in(office: Office) -> None:
    elder = office.caller()
    assert await office.parts.errands.dropped(elder.conversation, "web", "不办了") is None
    assert "身份证" in await elder.wants("withdraw_filing", "撤回")
    assert "没有查到" in await elder.proves("elder")
