"""Nods, noes and other wishes where free words are asked for; and what is put right where something is asked anew."""

from __future__ import annotations

import pytest

from bot.understood import Guess, Guesses
from tests.casework.office import CODE, Caller, Office, people


async def chronic(office: Office) -> Caller:
    """A filing whose next question is the hospital."""
    caller = office.caller()
    await caller.wants("file_item", "俺要办慢特病认定")
    await caller.proves("elder")
    assert "哪家医院" in await caller.says("高血压")
    return caller


@pytest.mark.parametrize(("said", "intent"), [("好的", "affirm"), ("对", "affirm"), ("嗯，好", "affirm")])
async def test_who_only_nods_is_shown_a_way_out(office: Office, said: str, intent: str) -> None:
    caller = await chronic(office)
    first = await caller.says(said, intent)
    assert "医院的全名" not in first, "a nod is no wrong hospital"
    assert "哪家医院" in first
    await caller.says(said, intent)
    assert "先不办了" in await caller.says(said, intent)


async def test_no_need_puts_it_off(office: Office) -> None:
    caller = await chronic(office)
    assert "先放" in await caller.says("不用了", "deny")


async def test_a_query_in_between_is_begun(office: Office) -> None:
    caller = await chronic(office)
    answer = await office.parts.errands.hear(
        caller.conversation,
        caller.channel,
        "query_mine",
        "查一下我的余额",
        guesses=Guesses("查一下我的余额", {"query_mine": Guess("balance", 0.8)}, reply=Guess("value", 0.8)),
    )
    assert answer is not None
    assert any("1862.35" in reply.text for reply in answer.replies)


async def test_a_hospital_put_right_is_no_city(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要办手工报销")
    await caller.proves("elder")
    for said in ("徐州市", "徐州市中心医院"):
        await caller.says(said)
    await caller.says("有不对的")
    await caller.says("看病的医院")
    told = await caller.says("不是徐州市中心医院，是徐州市第一人民医院")
    assert "徐州市第一人民医院" in told
    assert "哪个城市" not in told


async def test_a_question_whether_it_is_right_takes_nothing_back(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    await caller.says("长春市")
    told = await caller.says("城市对不对啊", "ask_policy")
    assert "您长期住在哪个城市" not in told


async def test_two_things_to_change_are_done_one_after_the_other(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要改登记的信息")
    await caller.proves("elder")
    told = await caller.says("手机号和住址都改")
    assert "先办手机号，办完接着办住址" in told
    assert "新手机号" in told
    await caller.says("13800001234")
    await caller.says("就打这个新的 13800001234")
    assert "改住址" in await caller.says("对，提交")
    assert "新住址" in await caller.says("现在办")


async def test_so_they_are_where_the_first_sentence_tells_of_both(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我搬家了，电话也换了，你们那边登记的信息得改改")
    told = await caller.proves("elder")
    assert "先办手机号，办完接着办住址" in told
    assert "新手机号是多少" in told


async def test_a_code_that_comes_late_is_taken(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    await caller.says(people()["elder"]["id_number"])
    await caller.wants("query_mine", "查余额")
    assert "1862.35" in await caller.says(f"验证码{CODE}")


@pytest.mark.parametrize("said", ["你给我办了哪几样", "都给俺办成了啥", "今天交了几件"])
async def test_what_was_done_today_is_told(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个", "同意", "对，提交"):
        await caller.says(answer)
    told = await office.parts.errands.about(caller.conversation, said)
    assert told is not None
    assert "有1件" in told.text


async def test_what_is_to_be_promised_is_said(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个"):
        await caller.says(answer)
    told = await caller.says("承诺是承诺什么", "ask_policy")
    assert "用不着再去开证明" in told
    assert "退回因此多报的费用" in told
