"""What is said before its time: "同意" with nothing to agree to, "有不对的" before the read-back, "撤回" in the middle.

Or for something else: a name for a number, a nod for a yes. Nothing is lost, and it goes on.
"""

from __future__ import annotations

import pytest

from tests.casework.office import Caller, Office, people


async def halfway(office: Office) -> Caller:
    """Asked for the hospital, with the day of the birth told."""
    worker = office.caller()
    await worker.wants("file_item", "我要申领生育津贴")
    await worker.proves("worker")
    await worker.says("今年八月二号")
    return worker


@pytest.mark.parametrize("said", ["同意", "我同意", "提交", "好，提交吧", "确认"])
async def test_to_agree_there_is_nothing_yet(office: Office, said: str) -> None:
    worker = await halfway(office)
    heard = await worker.says(said, "affirm")
    assert "还没到那一步" in heard
    assert "哪家医院" in heard


@pytest.mark.parametrize("said", ["好的", "嗯", "行", "对"])
async def test_a_yes_to_nothing_goes_on(office: Office, said: str) -> None:
    worker = await halfway(office)
    heard = await worker.says(said, "affirm")
    assert "没听明白" not in heard
    assert "医院" in heard


@pytest.mark.parametrize("said", ["有不对的", "我要改一下", "有个地方不对"])
async def test_what_is_wrong_so_far(office: Office, said: str) -> None:
    worker = await halfway(office)
    asked = await worker.says(said)
    assert "哪里不对" in asked
    assert "哪家医院" in await worker.says("都对，不改")


async def test_what_is_wrong_is_put_right_and_it_goes_on(office: Office) -> None:
    worker = await halfway(office)
    await worker.says("有不对的")
    heard = await worker.says("日期不对，是8月3号")
    assert "2026年8月3日" in heard
    assert "哪家医院" in heard


async def test_what_is_wrong_before_anybody_is_proven(office: Office) -> None:
    son = office.caller()
    await son.wants("file_item", "俺想办异地长期居住备案")
    assert "没有要改的" in await son.says("有不对的")
    assert "北京" in await son.says("是去北京")
    heard = await son.says("有不对的")
    assert "北京" in heard
    assert "身份证号" in heard


@pytest.mark.parametrize("said", ["撤回", "撤回吧", "取消", "不办了", "算了", "算了不办了"])
async def test_what_was_told_is_not_deleted_unasked(office: Office, said: str) -> None:
    worker = await halfway(office)
    asked = await worker.says(said, "withdraw_filing" if "撤" in said else "cancel")
    assert "留着，还是删掉" in asked
    assert "给您留着" in await worker.says("留着")


@pytest.mark.parametrize("said", ["不办了，都删了", "都删了吧", "作废吧", "删掉"])
async def test_but_a_plain_word_is_enough(office: Office, said: str) -> None:
    worker = await halfway(office)
    assert "都删掉了" in await worker.says(said)


@pytest.mark.parametrize("said", ["算了", "先不办了", "等会儿再说"])
async def test_what_was_told_before_proof_waits(office: Office, said: str) -> None:
    son = office.caller()
    await son.wants("file_item", "给我办个长期居住备案，我在北京住")
    assert "给您记着" in await son.says(said)
    assert await son.says("今天天气不错") == "—"
    again = await son.wants("resume_errand", "接着办")
    assert "北京" in again
    assert "身份证号" in again


@pytest.mark.parametrize("said", ["刘素珍", "我妈叫刘素珍", "她叫王秀英"])
async def test_a_name_for_the_number_of_a_relative(office: Office, said: str) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "给我妈办转诊备案")
    await daughter.proves("daughter")
    heard = await daughter.says(said, "out_of_scope")
    assert "18位" in heard
    assert "您母亲的身份证号是多少" in heard
    assert "转人工" in heard


async def test_a_name_for_their_own_number(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额")
    assert "对得上是谁" in await elder.says("孙桂英")
    assert "验证码" in await elder.says(people()["elder"]["id_number"])


@pytest.mark.parametrize("said", ["内蒙", "内蒙古", "去新疆"])
async def test_a_province_is_heard_while_something_else_is_asked(office: Office, said: str) -> None:
    son = office.caller()
    await son.wants("file_item", "我要办异地备案")
    heard = await son.says(said, "nlu_fallback")
    assert "哪个市，过会儿再问您" in heard
    assert "哪一种" in heard


@pytest.mark.parametrize("said", ["好的", "嗯", "行，知道了"])
async def test_a_nod_after_a_question_in_between_hands_nothing_in(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("file_item", "俺要办慢特病")
    await elder.proves("elder")
    await elder.says("高血压")
    await elder.says("济宁市第一人民医院")
    assert "请您核对" in await elder.says("19900000001")
    await office.parts.errands.asking(elder.conversation, in_between=True)
    assert "提交好了" not in await elder.says(said, "affirm")
    assert "提交好了" in await elder.says("提交", "affirm")
