"""Whoever helps somebody is asked whether they are there: then they prove themselves and nothing has to be granted."""

from __future__ import annotations

import pytest

from bot.flows.identify.beside import told_beforehand
from tests.casework.office import CODE, Office, people

MOTHER, SON = people()["mother"]["id_number"], people()["son"]["id_number"]


@pytest.mark.parametrize("said", ["在", "在呢", "她在我旁边", "对，就在跟前坐着", "在身边", "嗯，老人在这儿听着呢"])
async def test_who_is_there_acts_by_their_own_number(office: Office, said: str) -> None:
    caller = office.caller()
    assert "您母亲在您身边吗" in await caller.wants("query_mine", "给俺娘查查交费")
    assert "请输入您母亲的身份证号" in await caller.says(said)
    assert "请您母亲看一下短信" in await caller.says(MOTHER)
    told = await caller.says(CODE)
    assert "2026" in told
    assert "授权" not in told


async def test_it_is_not_asked_where_it_was_told(office: Office) -> None:
    caller = office.caller()
    assert "请输入您母亲的身份证号" in await caller.wants("file_item", "俺娘就在俺旁边，给她办慢病认定")
    await caller.says(MOTHER)
    assert "要问您" in await caller.says(CODE)


@pytest.mark.parametrize("said", ["不在", "不在身边", "她在老家，我在济南上班", "没在一块", "没跟我在一起"])
async def test_who_is_away_is_asked_for_consent(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "给俺娘办慢病认定")
    assert "您自己的身份证号" in await caller.says(said)
    await caller.says(SON)
    assert "请输入您母亲的身份证号" in await caller.says(CODE)


async def test_their_own_number_may_be_given_at_once(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "给俺娘办慢病认定")
    assert "验证码" in await caller.says(SON), "a man's number is not his mother's"
    assert "请输入您母亲的身份证号" in await caller.says(CODE)


async def test_the_number_of_an_old_woman_may_be_either(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "给俺娘办慢病认定")
    assert "还是您母亲的" in await caller.says(MOTHER)
    assert not await office.messages("mother"), "before it is known whose it is nobody gets a code"
    assert "请您母亲看一下短信" in await caller.says("是她的")
    assert "要问您" in await caller.says(CODE)


async def test_or_it_is_the_callers(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "给俺娘查查交费")
    await caller.says(people()["elder"]["id_number"])
    await caller.says("是我自己的")
    assert "请输入您母亲的身份证号" in await caller.says(CODE)


async def test_a_number_said_to_be_theirs_is_taken_as_theirs(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "给俺娘查查交费")
    assert "请您母亲看一下短信" in await caller.says(f"俺娘的身份证是{MOTHER}")


async def test_who_is_named_again_is_still_who_acts(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺娘就在俺旁边，想给她办个异地就医备案")
    assert "请输入您母亲的身份证号" in await caller.says("给俺娘办长期居住的")
    await caller.says(MOTHER)
    told = await caller.says(CODE)
    assert "授权" not in told
    assert "哪个城市" in told


async def test_a_child_is_not_asked_about(office: Office) -> None:
    caller = office.caller()
    assert "身边" not in await caller.wants("query_mine", "查查俺孩子的交费")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("我妈就坐我旁边", True),
        ("俺娘在我跟前呢，她耳朵背", True),
        ("我俩在一块打的电话，给老伴查查", True),
        ("我在北京上班，俺娘一个人在老家", False),
        ("俺爹不在我身边", False),
        ("俺娘跟俺一块住", None),
        ("俺娘脑梗住院了", None),
        ("我和老伴一起在青岛看孙子", None),
        ("俺爹在我身边住", None),
    ],
)
def test_what_a_first_sentence_tells_of_it(said: str, told: bool | None) -> None:
    assert told_beforehand(said) is told


async def test_said_where_the_kind_is_asked_it_counts_as_well(office: Office) -> None:
    caller = office.caller()
    assert "备案有三种" in await caller.wants("file_item", "给我妈办异地备案")
    await caller.says("她就在我旁边", "out_of_scope")
    await caller.says(MOTHER)
    told = await caller.says(CODE)
    assert "备案有三种" in told, "and what it was for is not forgotten"
    assert "要问您3件事" in await caller.says("长期居住备案")


@pytest.mark.parametrize("said", ["我是他闺女，用我的身份证行不 {daughter}", "用我的，{son}", "{son}"])
async def test_the_callers_own_number_is_never_taken_for_theirs(office: Office, said: str) -> None:
    caller = office.caller()
    number = said.format(daughter=people()["daughter"]["id_number"], son=SON)
    assert "请输入您母亲的身份证号" in await caller.wants("file_item", "我想给俺妈办慢病认定，她就在我旁边")
    heard = await caller.says(number)
    assert "您母亲在医保登记的手机" not in heard
    asked = await caller.says(CODE)
    assert "请输入您母亲的身份证号" in asked, "with her consent"


@pytest.mark.parametrize("said", ["她没手机", "那发我手机上行不", "她收不到验证码咋办"])
async def test_who_has_no_phone_hears_where_the_code_goes(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我想给俺妈办慢病认定，她就在我旁边")
    assert "只发到您母亲在医保登记的手机上" in await caller.says(said, "ask_policy")


async def test_that_is_said_at_once_where_it_was_told(office: Office) -> None:
    caller = office.caller()
    told = await caller.wants("query_mine", "给俺妈查卡里多少钱，她在我旁边，她没手机")
    assert "只发到您母亲在医保登记的手机上" in told
    assert "身份证号" in told
