"""What citizens tell while we still ask who they are: taken, acknowledged, there at the read-back."""

from __future__ import annotations

import pytest

from bot.flows.apply.gathering import gathered, without_values
from casework.filings.items import load
from tests.bot.flows.test_details import TODAY
from tests.casework.office import CODE, Caller, Office, people

ELDER = "370899195003159028"


async def begun(office: Office, words: str = "我要办长期居住备案", channel: str = "web") -> Caller:
    caller = office.caller(channel)
    assert "身份证号" in await caller.wants("file_item", words)
    return caller


async def test_a_story_at_the_beginning_is_acknowledged_at_once(office: Office) -> None:
    caller = office.caller()
    heard = await caller.wants("file_item", "俺6月3号来的北京跟着闺女住，想办长期居住备案")
    assert "北京市、2026年6月3日，记下了" in heard
    assert "身份证号" in heard
    heard = await caller.proves("elder")
    assert "手机号" in heard
    assert "哪个城市" not in heard


async def test_one_by_one_while_the_number_is_awaited(office: Office) -> None:
    caller = await begun(office)
    for said, told in (
        ("北京", "北京市，记下了"),
        ("6月3号", "2026年6月3日，记下了"),
        ("2026年6月5号", "2026年6月5日，记下了"),
        ("19900000001", "19900000001，记下了"),
        ("不对，不是北京，是上海", "上海市，记下了"),
    ):
        heard = await caller.says(said)
        assert told in heard, said
        assert heard.count("身份证号") == 1, "the open question is put once"
    await caller.proves("elder")
    read = await caller.says("同意")
    for value in ("上海市", "2026年6月5日", "19900000001"):
        assert value in read
    assert "2026年6月9日" in await caller.says("日期不对，是6月9号")


@pytest.mark.parametrize(
    "both",
    [
        f"{ELDER}，我6月3号去的北京",
        f"我6月3号去的北京，身份证是{ELDER}",
        f"身份证{ELDER}，手机19900000001，北京，6月3号",
    ],
)
async def test_the_number_and_values_in_one_message(office: Office, both: str) -> None:
    caller = await begun(office)
    heard = await caller.says(both)
    assert "北京市、2026年6月3日" in heard
    assert "验证码" in heard


async def test_the_code_and_values_in_one_message(office: Office) -> None:
    caller = await begun(office)
    assert "验证码" in await caller.says(ELDER)
    heard = await caller.says("19900000001")
    assert "记下了" in heard
    assert "验证码" in heard
    heard = await caller.says(f"{CODE}，去的是北京，今年6月3号")
    assert "核对好了" in heard
    assert "北京市" in heard
    assert "承诺" in heard


async def test_instead_of_the_code_and_of_her_consent(office: Office) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "给俺娘办慢特病")
    assert "高血压，记下了" in await daughter.says("她是高血压")
    await daughter.says(people()["daughter"]["id_number"])
    assert "邹城市人民医院，记下了" in await daughter.says("在邹城市人民医院看的")
    await daughter.says(CODE)
    await daughter.says(people()["mother"]["id_number"])
    heard = await daughter.says("电话留19900000003")
    assert "记下了" in heard
    assert "您母亲" in heard
    read = await daughter.says(CODE)
    for value in ("高血压", "邹城市人民医院", "19900000003", "请您核对"):
        assert value in read


async def test_by_voice_a_telephone_number_is_no_part_of_the_id_number(office: Office) -> None:
    caller = await begun(office, channel="phone")
    heard = await caller.says("手机幺九九零零零零零零零幺")
    assert "记下了" in heard
    assert "接着说" not in heard
    assert "接着说" in await caller.says("三七零八九九")
    assert "接着说" in await caller.says("一九五零零三一五")
    assert "尾号九零二八" in await caller.says("九零二八")


@pytest.mark.parametrize("yes", ["对", "嗯", "好", "好的", "行"])
async def test_yes_while_a_number_is_awaited_is_no_refusal(office: Office, yes: str) -> None:
    caller = await begun(office)
    heard = await caller.says(yes)
    assert "身份证号" in heard
    assert "没听" not in heard
    await caller.says(ELDER)
    heard = await caller.says(yes)
    assert "验证码" in heard
    assert "没听" not in heard


async def test_the_kind_named_while_the_number_is_awaited(office: Office) -> None:
    caller = await begun(office, "办转诊备案，去北京")
    assert "转诊" in await caller.says("转诊的")
    heard = await caller.says("不对，是长期居住的")
    assert "长期居住" in heard
    assert "身份证号" in heard
    heard = await caller.proves("elder")
    assert "北京市" in heard
    assert "从哪天开始" in heard


async def test_a_city_while_the_kind_is_asked(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我要办异地备案")
    heard = await caller.says("去南京")
    assert "南京市，记下了" in heard
    assert "三种" in heard
    await caller.says("长期居住")
    assert "江苏省南京市" in await caller.proves("elder")


async def test_where_we_are(office: Office) -> None:
    caller = await begun(office, "办长期居住备案，去北京")
    for said in ("刚才到哪了", "接着办", "咱说到哪了"):
        heard = await caller.says(said, "resume_errand")
        assert "长期居住" in heard, said
        assert "备案到哪里已经记下" in heard
        assert "身份证号" in heard
    await caller.proves("elder")
    assert "问到“从哪天开始”" in await caller.says("刚才到哪了，接着办")


async def test_a_question_tells_nothing_and_what_it_tells_besides_stays(office: Office) -> None:
    caller = await begun(office)
    assert await caller.says("去上海看病能报多少", "ask_policy") == "—"
    assert await caller.says("我6月3号去的北京，去上海看病能报多少", "ask_policy") == "—"
    heard = "".join(one.text for one in await office.parts.errands.asking(caller.conversation))
    assert "北京市" in heard
    assert "上海" not in heard


async def test_a_month_is_heard_though_the_day_is_missing(office: Office) -> None:
    caller = await begun(office)
    heard = await caller.says("从今年九月开始的")
    assert "哪一天" in heard
    assert "身份证号" in heard


@pytest.mark.parametrize(
    ("item", "words", "values"),
    [
        ("remote-referral", ["11月20号给转的"], {"since": "2026-11-20"}),
        ("remote-referral", ["济宁市第一人民医院给转的"], {"hospital": "济宁市第一人民医院"}),
        ("remote-referral", ["11月20号医院说要转，济宁市第一人民医院"], {}),
        ("remote-longterm", ["我是1950年3月15号生的"], {}),
        ("remote-longterm", ["去北京", "我闺女她对象在上海上班，家也在那边，平常不回来"], {"place": "北京市"}),
        ("remote-longterm", ["去北京", "是上海"], {"place": "上海市"}),
        ("remote-longterm", ["去北京", "滕州"], {"place": "山东省枣庄市"}),
        ("remote-longterm", ["他住上海", "不对，是昆山，离上海近老说上海，其实归苏州"], {"place": "江苏省苏州市"}),
        ("remote-longterm", ["城市改成佛山，不对，是东莞，日子不变"], {"place": "广东省东莞市"}),
        ("remote-longterm", ["去青岛", "烟台，哦不，威海，孩子在那边"], {"place": "山东省威海市"}),
        ("remote-referral", ["济宁市第一人民医院，门诊楼那个"], {"hospital": "济宁市第一人民医院"}),
        ("remote-longterm", ["鄂温克旗"], {"place": "内蒙古自治区呼伦贝尔市"}),
        ("remote-longterm", ["邹城"], {}),
        ("enroll-resident", ["王小宝"], {"name": "王小宝"}),
        ("enroll-resident", ["孩子叫王小宝", "新生儿"], {"name": "王小宝", "who": "新生儿"}),
        ("enroll-resident", ["高血压", "马上", "对", "没有"], {}),
        ("transfer-cross-province", ["交到2025年9月"], {"stopped": "2025-09"}),
        ("assist-reimb", ["一共三千二百块"], {"amount": "320000"}),
    ],
)
def test_what_is_told_alone(item: str, words: list[str], values: dict[str, str]) -> None:
    assert gathered(load().items[item], words, TODAY) == values


def test_values_are_no_digits_of_a_number() -> None:
    assert "13800001234" not in without_values("370899195003159028，电话13800001234")
    assert "370899195003159028" in without_values("370899195003159028，2026年6月3号，电话13800001234")


async def test_anothers_no_is_asked_about_and_hers_is_taken(office: Office) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "给俺娘办慢病认定")
    await daughter.proves("daughter")
    await daughter.says(people()["mother"]["id_number"])
    heard = await daughter.says("俺哥不同意")
    assert "您哥不同意" in heard
    assert "您母亲" in heard
    assert await office.parts.errands.is_open(daughter.conversation)
    assert "您母亲不愿意" in await daughter.says("俺妈不同意")
    assert not await office.parts.errands.is_open(daughter.conversation)


async def test_her_own_word_that_she_wants_no_help(office: Office) -> None:
    son = office.caller()
    await son.wants("file_item", "给俺妈办长期居住备案")
    assert "不办了" in await son.says("我不愿意他替我弄，我自己来")
    assert not await office.parts.errands.is_open(son.conversation)


async def test_who_asks_for_the_balance_is_not_called_cha(office: Office) -> None:
    """查 is a surname as well: what is wanted instead is heard, where a number was asked for."""
    elder = office.caller()
    await elder.wants("file_item", "我要办慢特病")
    assert "姓名" not in await elder.says("查余额", intent="query_mine")
    assert "1862.35元" in await elder.proves("elder")


async def test_their_own_after_all_keeps_the_kinds_that_were_offered(office: Office) -> None:
    worker = office.caller()
    assert "哪一种" in await worker.wants("file_item", "给俺妈备案去威海荣成")
    heard = await worker.says("俺自己的")
    assert "给您自己办" in heard
    assert "哪一种" in heard
    assert "身份证号" in await worker.says("长住")


async def test_a_lunar_day_before_it_is_asked_for(office: Office) -> None:
    caller = await begun(office, "我想办长期居住备案，下个月初八去苏州")
    heard = await caller.proves("daughter")
    assert "2026年12月16日" in heard
    assert "哪天开始在那边" not in heard


@pytest.mark.parametrize("said", ["下个月8号去", "大后天就动身", "下月初三走"])
async def test_a_day_told_from_today(office: Office, said: str) -> None:
    caller = await begun(office)
    assert "记下了" in await caller.says(said)


async def test_a_lunar_day_without_its_year_is_heard_and_asked_for_later(office: Office) -> None:
    caller = await begun(office)
    assert "轮到那一步" in await caller.says("正月初六走")
