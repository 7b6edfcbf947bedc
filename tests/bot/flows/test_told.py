"""What is told of what was handed in: by progress, by the queries it bears on, to whom."""

from __future__ import annotations

import re

import pytest

from casework.filings.desk import Decided
from casework.tickets.progress import Progress
from tests.casework.filings.test_filings import ENROL, authorised, begun
from tests.casework.filings.test_materials import picture
from tests.casework.office import Office, people

REMOTE = ("北京", "五月三号", "19900000001", "同意")
CHRONIC = ("高血压", "邹城市人民医院", "19900000001")


async def filed(office: Office, who: str, words: str, *answers: str) -> str:
    """The number of what was handed in."""
    caller = await begun(office, who, words, *answers)
    found = re.search(r"GD[\d-]+", await caller.says("提交"))
    assert found, caller.last
    return found[0]


async def asked(office: Office, who: str, words: str, channel: str = "web") -> str:
    caller = office.caller(channel)
    await caller.wants("query_mine", words)
    return await caller.proves(who)


async def progress(office: Office, number: str) -> Progress:
    found = await office.parts.progress.progress(number)
    assert found
    return found


async def test_what_was_promised_is_what_is_told_and_what_it_is_about(office: Office) -> None:
    number = await filed(office, "elder", "办长期居住备案", *REMOTE)
    written = await asked(office, "elder", "查进度")
    assert f"“异地就医备案（长期居住）”（工单{number}）" in written
    assert "工作人员11月24日前联系您" in written
    assert "办结" not in written
    heard = await asked(office, "elder", "查进度", "phone")
    assert "您办的异地长期居住备案" in heard
    assert "前联系您" in heard
    assert "办完" not in heard


async def test_a_documented_limit_is_told_as_one(office: Office) -> None:
    number = await filed(office, "son", "把医保转回济宁来", "转进来", "徐州", "二零二五年九月", "19900000005")
    assert "办理时限到12月11日，还剩" in (await progress(office, number)).written
    office.clock.passes(days=30)
    late = await progress(office, number)
    assert "办理时限到12月11日，已超期" in late.written
    assert "联系您" not in late.written


async def test_how_often_is_examined_is_told_where_no_document_has_a_limit(office: Office) -> None:
    number = await filed(office, "elder", "办慢特病", *CHRONIC)
    found = await progress(office, number)
    assert "每季度至少一次" in found.written
    assert "每季度至少审一次" in found.spoken


async def test_two_of_the_same_kind_are_told_apart(office: Office) -> None:
    await filed(office, "mother", "给我孙子上医保", *ENROL)
    await filed(office, "mother", "给我孙女上医保", "新生儿", "李小花", *ENROL[2:])
    written, heard = await asked(office, "mother", "查进度"), await asked(office, "mother", "查进度", "phone")
    for name in ("李小宝", "李小花"):
        assert name in written
        assert name in heard


async def test_what_is_missing_is_told_with_the_way_to_hand_it_in(office: Office) -> None:
    number = await filed(office, "elder", "办慢特病", *CHRONIC)
    await office.parts.desk.ask_supplement(number, what="最近一年的化验单。", by="zuoxi")
    written = await asked(office, "elder", "查进度")
    assert "还缺：最近一年的化验单。照片" in written
    link = re.search(r"https://yibao\.example/upload/([\w-]+)", written)
    assert link, "the two weeks of the first address may be over"
    heard = await asked(office, "elder", "查进度", "phone")
    assert "最近一年的化验单" in heard
    assert "短信里的网址" in heard
    assert "http" not in heard
    await office.parts.materials.add_by_link(link[1], picture())
    assert "化验单" not in await asked(office, "elder", "查进度")


@pytest.mark.parametrize(
    ("approved", "reason", "told"),
    [
        (False, "病历不全。", "没有办成。理由：病历不全。办结时间：11月20日。"),
        (True, "", "已办好。办结时间：11月20日。"),
        (True, "下月起生效", "已办好。说明：下月起生效。办结时间：11月20日。"),
    ],
)
async def test_the_decision_and_its_reason_are_told(office: Office, approved: bool, reason: str, told: str) -> None:
    number = await filed(office, "elder", "办慢特病", *CHRONIC)
    await office.parts.desk.decide(number, approved=approved, reason=reason, by="zuoxi")
    assert told in await asked(office, "elder", "查进度")


async def test_that_it_is_handed_in_is_heard_first(office: Office) -> None:
    """A caller who hears "文件没写…" first takes it for a refusal."""
    elder = await begun(office, "elder", "办慢特病", *CHRONIC, channel="phone")
    heard = await elder.says("提交")
    assert heard.startswith("提交好了"), heard
    assert "文件没写要几天" in heard


async def test_what_they_did_not_want_any_more_was_withdrawn_and_not_refused(office: Office) -> None:
    number = await filed(office, "elder", "办慢特病", *CHRONIC)
    await office.parts.desk.withdraw(number, reason="", by="zuoxi")
    assert any("已按您的要求撤回，不再办理" in text for text in await office.messages("elder"))
    told = await asked(office, "elder", "查进度")
    assert "已按您的要求撤回" in told
    assert "没有办成" not in told
    with pytest.raises(Decided):
        await office.parts.desk.decide(number, approved=True, reason="", by="zuoxi2")
    assert "提交好了" in await (await begun(office, "elder", "办慢特病", *CHRONIC)).says("提交")


async def test_without_proof_neither_what_is_missing_nor_why_is_told(office: Office) -> None:
    caller = await begun(office, "elder", "办慢特病", *CHRONIC)
    number = re.search(r"GD[\d-]+", await caller.says("提交"))
    assert number
    await office.parts.desk.ask_supplement(number[0], what="化验单", by="zuoxi")
    await office.parts.identity.end(caller.conversation)
    told = await caller.wants("query_mine", "查进度")
    assert number[0] in told
    for secret in ("化验单", "高血压", "/upload/"):
        assert secret not in told
    await office.parts.desk.decide(number[0], approved=False, reason="病历不全", by="zuoxi")
    assert "病历不全" not in await caller.wants("query_mine", "查进度")


async def test_a_number_that_is_not_theirs_is_said_to_be_none_of_theirs(office: Office) -> None:
    """The same words whether there is such a ticket or not."""
    foreign = await filed(office, "mother", "办慢特病", *CHRONIC)
    own = await filed(office, "elder", "办长期居住备案", *REMOTE)
    heard = [await asked(office, "elder", f"查工单{number}") for number in (foreign, "GD20261120-0077")]
    assert f"编号 {foreign} 不在您名下" in heard[0]
    assert own in heard[0]
    assert heard[0].replace(foreign, "x") == heard[1].replace("GD20261120-0077", "x")
    assert "慢特病" not in heard[0]
    second = await filed(office, "elder", "办慢特病", *CHRONIC)
    told = await asked(office, "elder", f"查工单{second.lower()}")
    assert second in told
    assert own not in told, "only the one that was asked for"
    office.clock.passes(hours=1)  # so many codes are not sent within one
    spoken = await asked(office, "elder", "查一下尾号零零零二的工单", "phone")
    assert "异地长期居住备案" in spoken
    assert "慢特病" not in spoken
    assert "尾号零零零幺，不在您名下" in await asked(office, "elder", "查一下尾号零零零一的工单", "phone")


async def test_what_was_just_handed_in_is_not_denied(office: Office) -> None:
    for who, words, answers, question in (
        ("elder", "办长期居住备案", REMOTE, "我的备案批了没有"),
        ("mother", "办慢特病", CHRONIC, "我的慢特病资格批了没"),
        ("mother", "给我孙子上医保", ENROL, "参保状态"),
    ):
        number = await filed(office, who, words, *answers)
        told = await asked(office, who, question)
        assert number in told, question
        assert "11月20日提出：已登记" in told
        assert "系统里没有" not in told


async def test_what_was_approved_is_told_until_the_core_system_has_it(office: Office) -> None:
    number = await filed(office, "elder", "办长期居住备案", *REMOTE)
    await office.parts.desk.decide(number, approved=True, reason="", by="zuoxi")
    told = await asked(office, "elder", "我的备案批了没有")
    assert f"工单{number}），11月20日提出：已办好。办结时间：11月20日。" in told
    elder = next(one for one in people().values() if one["key"] == "elder")
    entry = {"kind": "异地长期居住", "place": "北京市", "filed_on": "2026-11-20", "valid_until": None}
    await office.core.load([{**elder, "remote_care": [entry]}])
    told = await asked(office, "elder", "我的备案批了没有")
    assert "备案到北京市" in told
    assert number not in told


async def test_a_former_agent_is_not_told_how_it_goes_on(office: Office) -> None:
    authorisation = await authorised(office)
    daughter = await begun(office, "daughter", "给俺妈办慢特病", "高血压", "邹城市人民医院", "19900000003")
    number = re.search(r"GD[\d-]+", await daughter.says("提交"))
    assert number
    assert "您替家人办的“门诊慢特病资格认定”" in await asked(office, "daughter", "查进度")
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    assert await office.parts.filings.newest_open(office.vault.lookup(people()["daughter"]["id_number"]))
    assert await office.parts.authorisations.revoke(mother, authorisation)
    assert number[0] not in await asked(office, "daughter", "查进度")
    assert number[0] in await asked(office, "mother", "查进度")
    assert await office.parts.filings.newest_open(office.vault.lookup(people()["daughter"]["id_number"])) is None
    told = len(await office.messages("daughter"))
    await office.parts.desk.decide(number[0], approved=False, reason="病历不全", by="zuoxi")
    assert not [text for text in (await office.messages("daughter"))[told:] if "病历不全" in text]
    assert any("病历不全" in text for text in await office.messages("mother"))


async def test_who_may_act_and_what_they_did_is_told(office: Office) -> None:
    authorisation = await authorised(office)
    assert "没有用过" in await asked(office, "mother", "谁能替我办，授权记录")
    await begun(office, "daughter", "给俺妈办慢特病")
    daughter = office.caller()
    await daughter.wants("query_mine", "查俺妈的缴费")
    await daughter.proves("daughter")
    told = await asked(office, "mother", "授权记录")
    assert "陈**能替您办全部事项，到2027年2月18日为止，查过1次信息" in told
    assert "结束" not in told
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    await office.parts.authorisations.revoke(mother, authorisation)
    told = await asked(office, "mother", "授权记录")
    assert "现在没有人授权您代办" in told
    assert "陈**原来能替您办全部事项，2026年11月20日收回，查过1次信息" in told
    assert "您原来能替刘**办全部事项" in await asked(office, "daughter", "授权记录")
