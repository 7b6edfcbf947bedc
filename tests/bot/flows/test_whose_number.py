"""Whose ID number is given, half of one given early, and one that is to be forgotten."""

from __future__ import annotations

import pytest

from bot.flows.identify.proof import half_number
from bot.flows.identify.whose_number import owner_of_number
from tests.casework.office import CODE, Office, people

MOTHER, DAUGHTER = people()["mother"]["id_number"], people()["daughter"]["id_number"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("我娘的身份证 370899194807029048", "娘"),
        ("这是俺爹的：370899194601099016", "爹"),
        ("俺婆婆刘素珍的身份证370899194807029048", "婆婆"),
        ("370899194807029048，这是俺老伴的", "老伴"),
        ("370899194601099016俺爹的", "爹"),
        ("他的370899194601099016", "他"),
        ("对，是俺娘的", "娘"),
        ("我妈叫王秀英，370899194807029048", "妈"),
        ("我叫王秀英，370899194807029048", ""),
        ("儿子念的，370899195003159028", ""),
        ("不是俺娘的，是我的370899194807029048", ""),
        ("我替俺娘办，我的号是370899194807029048", ""),
        ("俺娘在旁边，我身份证370899195003159028", ""),
        ("用俺儿的手机打的，370899195003159028", ""),
        ("俺娘的身份证丢了", ""),
        ("身份证号是俺娘给我办的", ""),
    ],
)
def test_whose_number_it_is(text: str, who: str) -> None:
    assert owner_of_number(text) == who


async def test_the_number_of_a_relative_is_not_taken_for_the_callers_own(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    heard = await caller.says(f"我娘的身份证 {MOTHER}")
    assert "您母亲的号码" in heard
    assert "您自己的身份证号" in heard
    assert not await office.messages("mother")
    assert "验证码" in await caller.says(DAUGHTER)
    heard = await caller.says(CODE)
    assert "请您母亲看短信" in heard, "hers was kept, and it is she who is asked"
    assert len(await office.messages("mother")) == 1


async def test_whose_it_was_is_said_when_the_code_is_out(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    assert "验证码" in await caller.says(MOTHER)
    assert "您自己的身份证号" in await caller.says("哎呀那是俺娘的号")
    assert "验证码" in await caller.says(DAUGHTER)


async def test_by_voice_it_is_said_at_the_read_back(office: Office) -> None:
    caller = office.caller("phone")
    await caller.wants("query_mine", "查余额")
    assert "尾号" in await caller.says("三七零八九九一九四八零七零二九零四八")
    assert "您自己的身份证号" in await caller.says("对，那是俺娘的号")
    assert "尾号" in await caller.says("三七零八九九一九五零零三一五九零二八")


@pytest.mark.parametrize(
    ("text", "before", "part"),
    [
        ("370899197511", "", "370899197511"),
        ("我身份证前面是370899", "", "370899"),
        ("3708 9919", "", "37089919"),
        ("20906X", "370899197511", "37089919751120906X"),
        ("后面是2090", "370899197511", "3708991975112090"),
        ("13700001111", "", ""),
        ("20261208去", "", ""),
        ("花了3708", "", ""),
        ("常住外地的", "370899", ""),
    ],
)
def test_what_there_is_of_a_number(text: str, before: str, part: str) -> None:
    assert half_number(text, before) == part


async def test_half_a_number_while_the_kind_is_asked_is_kept(office: Office) -> None:
    caller = office.caller()
    assert "哪一种" in await caller.wants("file_item", "我想办异地备案")
    heard = await caller.says("370899197511", "prove_identity")
    assert "12位" in heard
    assert "哪一种" in heard
    assert "还差6位" in await caller.says("长期住那边")
    assert "验证码" in await caller.says("20906X")


async def test_the_kind_and_the_head_of_a_number_in_one_sentence(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我想办异地备案")
    assert "还差12位" in await caller.says("常住外地的，我身份证前面是370899")


async def test_a_number_that_is_to_be_forgotten(office: Office) -> None:
    for words in ("我身份证号你删了吧", "把俺的身份证号给抹掉", "你删了吧"):
        caller = office.caller()
        await caller.wants("query_mine", "查余额")
        await caller.says(DAUGHTER)
        assert "删掉了" in await caller.says(words, "doubt")
        assert not await office.parts.errands.is_open(caller.conversation)
        assert "身份证号" in await caller.wants("query_mine", "查余额"), "and it is asked for anew"


async def test_who_died_is_not_asked_for_consent(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查查俺娘的余额")
    await caller.proves("daughter")
    heard = await caller.says("俺娘上个月没了")
    assert "节哀" in heard
    assert "转人工" in heard
    assert caller.last is not None
    assert caller.last.offer_person
