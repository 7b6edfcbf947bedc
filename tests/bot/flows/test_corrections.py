"""Taken back in the middle of a filing and in its summary: an answer, two of them, or the whole kind."""

from __future__ import annotations

import pytest

from tests.casework.office import Caller, Office, people


async def referral(office: Office, *answers: str, channel: str = "web") -> Caller:
    """A referral with these answers given."""
    elder = office.caller(channel)
    await elder.wants("file_item", "俺要转诊备案")
    await elder.proves("elder")
    for answer in answers:
        await elder.says(answer)
    return elder


PLACE, HOSPITAL, DAY, PHONE = "转到徐州", "济宁市第一人民医院给转的", "11月3号", "19900000001"


async def test_a_hospital_named_as_wrong_while_the_phone_is_asked(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY)
    heard = await elder.says("哎呀医院说错了，是邹城市人民医院给转的", "ask_policy")
    assert "邹城市人民医院" in heard
    assert "手机号" in heard


async def test_a_hospital_in_full_is_an_answer_whatever_the_engine_thinks(office: Office) -> None:
    elder = await referral(office, PLACE)
    assert "哪天给转的" in await elder.says(HOSPITAL, "file_item")
    assert await (await referral(office, PLACE)).says("我想办慢病认定", "file_item") != "—"


async def test_a_field_named_as_wrong_in_the_summary_is_asked_for_again(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY, PHONE)
    assert "哪家医院" in await elder.says("医院那个不对", "deny")
    heard = await elder.says("邹城市中医院", "ask_policy")
    assert "邹城市中医院" in heard
    assert "请您核对" in heard
    assert "2026年11月3日" in heard, "the rest stays"


async def test_a_hospital_in_full_after_what_is_wrong(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY, PHONE)
    assert "哪里不对" in await elder.says("不对")
    assert "邹城市中医院" in await elder.says("邹城市中医院", "ask_policy")


async def test_two_fields_in_one_sentence(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY, PHONE)
    heard = await elder.says("日期错了，是11月1号，电话也换成19900000066")
    summary = heard[heard.index("请您核对") :]
    assert "2026年11月1日" in summary
    assert "19900000066" in summary


async def test_a_question_in_the_summary_changes_nothing(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY, PHONE)
    assert await elder.says("12月1号以前能办好吗", "ask_policy") == "—"


@pytest.mark.parametrize(
    "words",
    ["不对，我不是转诊，是长期住在那边", "俺不是转诊是长期在那边住", "选错了，我是长期居住的", "不对，是长期住的"],
)
async def test_the_other_kind_keeps_place_and_phone(office: Office, words: str) -> None:
    elder = await referral(office, PLACE)
    heard = await elder.says(words)
    assert "改办“异地就医备案（长期居住）”" in heard
    assert "江苏省徐州市" in heard
    assert "从哪天" in heard
    await elder.says("今年六月三号")
    await elder.says(PHONE)
    summary = await elder.says("同意")
    assert "长期居住" in summary
    assert "江苏省徐州市" in summary
    assert "GD2026" in await elder.says("提交")


async def test_the_other_kind_named_with_its_place(office: Office) -> None:
    elder = await referral(office, PLACE)
    heard = await elder.says("不对，我是长期在济南住")
    assert "改办“异地就医备案（长期居住）”" in heard
    assert "山东省济南市" in heard
    assert "徐州" not in heard


async def test_the_other_kind_in_the_summary_keeps_the_phone(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY, PHONE)
    heard = await elder.says("不对，我不是转诊，是急诊住院了")
    assert "19900000001" in heard
    assert "住的是哪家医院" in heard


@pytest.mark.parametrize("words", ["不对，转到北京了", "不对，是去北京住院"])
async def test_a_corrected_place_is_no_other_kind(office: Office, words: str) -> None:
    elder = await referral(office, PLACE)
    heard = await elder.says(words)
    assert "北京市" in heard
    assert "改办" not in heard


async def test_before_the_promise_too(office: Office) -> None:
    for words, told in (("电话不对，是19900000066", "19900000066"), ("我不是长期住，是转诊", "改办")):
        elder = office.caller()
        await elder.wants("file_item", "俺长期住在外地，要备案")
        await elder.proves("grandpa")
        for said in ("徐州", "今年六月三号"):
            await elder.says(said)
        assert "承诺" in await elder.says(PHONE)
        assert told in await elder.says(words)
        await elder.says("不办了，都删了")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("钱不对，是三千二百块", "3200.00元"),
        ("城市不是徐州是济南", "山东省济南市"),
        ("哎呀，日子记错了，是十月二号", "2026年10月2日"),
        ("医院填错了应该是济宁市中医院", "济宁市中医院"),
    ],
)
async def test_each_answer_by_its_name_while_the_next_is_asked(office: Office, words: str, told: str) -> None:
    elder = office.caller()
    await elder.wants("file_item", "报销药费")
    await elder.proves("elder")
    for said in ("徐州", "徐州市中心医院", "今年十月五号", "三千块"):
        await elder.says(said)
    heard = await elder.says(words)
    assert told in heard
    assert "手机号" in heard


async def test_who_may_act_in_one_kind_may_not_in_the_other(office: Office) -> None:
    mother, daughter = office.caller(), office.caller()
    await mother.wants("authorise", "授权")
    await mother.proves("mother")
    for said in (people()["daughter"]["id_number"], "转诊", "一年", "同意"):
        await mother.says(said)
    await daughter.wants("file_item", "给俺妈办转诊备案")
    await daughter.proves("daughter")
    await daughter.says(PLACE)
    assert "得本人先授权" in await daughter.says("不对，不是转诊，是长期住那边")


async def test_what_it_needs_is_told_at_the_start_by_voice(office: Office) -> None:
    elder = await referral(office, channel="phone")
    elder = office.caller("phone")
    await elder.wants("file_item", "俺要转诊备案")
    heard = await elder.proves("elder")
    assert "转诊单的照片，办完再交" in heard
    other = office.caller("phone")
    await other.wants("file_item", "俺长期住在外地，要备案")
    assert "居住证这些证明，不用交" in await other.proves("grandpa")


async def test_a_lunar_birthday_is_read_back_as_the_common_day(office: Office) -> None:
    elder = office.caller("phone")
    await elder.wants("file_item", "给孙子参保")
    await elder.proves("elder")
    assert "叫什么" in await elder.says("给孙子")
    await elder.says("孙一诺")
    assert "哪年" in await elder.says("阴历的十月初八，阳历不知道")
    heard = await elder.says("二零一五年阴历十月初八，阳历不知道")
    assert "公历" in heard
    assert "2015年11月19日" in heard
    assert "2015年11月20日" in await elder.says("不对，是11月20号")


async def test_a_grandchild_is_no_newborn(office: Office) -> None:
    for words, kept in (("给孙子", "其他家人"), ("小孩", "其他家人"), ("刚出生的孙女", "新生儿")):
        elder = office.caller()
        await elder.wants("file_item", "我要参保")
        await elder.proves("elder")
        assert kept in await elder.says(words)
        await elder.says("不办了，都删了")


async def longterm(office: Office, *answers: str, channel: str = "web") -> Caller:
    elder = office.caller(channel)
    await elder.wants("file_item", "俺长期住在外地，要备案")
    await elder.proves("grandpa")
    for answer in answers:
        await elder.says(answer)
    return elder


SINCE = "今年六月三号"


@pytest.mark.parametrize("words", ["是北京", "不是徐州，是北京市朝阳区", "应该是北京", "哦，是北京的朝阳区", "北京市"])
async def test_a_correction_right_after_it_was_noted(office: Office, words: str) -> None:
    elder = await longterm(office, "徐州")
    heard = await elder.says(words, "ask_policy")
    assert "改好了，备案到哪里：北京市" in heard
    assert "从哪天" in heard


@pytest.mark.parametrize("words", ["重新填", "不对，填错了", "我说错了，重新填", "不是徐州"])
async def test_the_last_answer_is_asked_for_again(office: Office, words: str) -> None:
    elder = await longterm(office, "徐州")
    assert "哪个城市" in await elder.says(words, "ask_policy")


async def test_a_beijing_district_is_beijing_and_a_correction_of_it_is_kept(office: Office) -> None:
    elder = await longterm(office)
    assert "备案到哪里：北京市" in await elder.says("北京市朝阳区")
    await elder.says(SINCE)
    await elder.says(PHONE)
    heard = await elder.says("不是北京，是上海浦东新区")
    assert "上海市" in heard
    assert "承诺" in heard


async def test_one_of_two_places_by_its_button_or_its_number(office: Office) -> None:
    for channel, word in (("web", "北京市"), ("phone", "1"), ("phone", "第一个")):
        elder = await longterm(office, channel=channel)
        heard = await elder.says("朝阳")
        assert "北京市" in heard
        assert "北京市" in await elder.says(word)
        await elder.says("不办了，都删了")


async def test_nothing_is_said_to_be_changed_that_did_not_change(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    heard = await elder.says("地方不对，是徐州")
    assert "改好了" not in heard
    assert "还是原来的" in heard
    assert "哪个城市" in heard


async def test_another_county_of_the_same_city_is_no_change(office: Office) -> None:
    elder = await longterm(office, "阿鲁科尔沁旗")
    heard = await elder.says("不对，是克什克腾旗")
    assert "归内蒙古自治区赤峰市管" in heard
    assert "从哪天" in heard


async def test_what_was_told_already_is_said_to_be_noted(office: Office) -> None:
    elder = await longterm(office, "北京市")
    assert "记下的就是这个" in await elder.says("北京市海淀区")


async def test_the_answer_to_a_later_question_is_kept(office: Office) -> None:
    elder = await longterm(office)
    heard = await elder.says("手机19900000007")
    assert "19900000007" in heard
    assert "哪个城市" in heard
    assert "从哪天" in await elder.says("徐州")
    assert "承诺" in await elder.says(SINCE)


async def test_a_choice_told_with_a_correction_is_taken(office: Office) -> None:
    mover = office.caller()
    await mover.wants("file_item", "我从青岛回来了，医保关系要转到济宁")
    await mover.proves("mover")
    heard = await mover.says("不是，是外省转过来，从杭州转的")
    assert "杭州市" in heard
    assert "转入济宁" in heard
    assert "哪年哪月" in heard


async def test_each_field_has_its_button(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    await elder.says("有不对的")
    assert elder.last is not None
    titles = [button.title for button in elder.last.replies[-1].buttons]
    assert titles[:3] == ["备案到哪里", "从哪天开始", "联系电话"]
    assert "哪个城市" in await elder.says("备案到哪里", "ask_policy")
    assert "请您核对" in await elder.says("青岛")


async def test_a_field_by_its_number_on_the_telephone(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意", channel="phone")
    assert "二，从哪天开始" in await elder.says("2")
    assert "从哪天" in await elder.says("2")


async def test_nothing_is_wrong_after_all(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    await elder.says("有不对的")
    assert "请您核对" in await elder.says("都对，不改")


async def test_the_word_of_the_promise_hands_nothing_in(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    for said in ("同意", "好的，我同意"):
        assert "要提交就说“提交”" in await elder.says(said, "affirm")
    assert "GD2026" in await elder.says("对，提交")


@pytest.mark.parametrize("said", ["对", "都对", "没错"])
async def test_a_yes_right_after_a_correction_is_no_promise(office: Office, said: str) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE)
    assert "承诺" in await elder.says("电话不对，是19900000066")
    assert "请说“同意”" in await elder.says(said, "affirm")
    assert "请您核对" in await elder.says("同意")


@pytest.mark.parametrize("said", ["对", "是", "同意", "对的"])
async def test_any_plain_yes_is_the_promise_elsewhere(office: Office, said: str) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE)
    assert "请您核对" in await elder.says(said, "affirm")


async def test_what_is_only_denied_is_no_value(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY)
    asked = await elder.says("不是11月3号")
    assert "哪天给转的" in asked
    assert "改好了" not in asked
    assert "2026年11月5日" in await elder.says("11月5号")


@pytest.mark.parametrize("said", ["不是10月6号", "不对，不是十月六号"])
async def test_a_denied_day_nobody_gave_changes_nothing(office: Office, said: str) -> None:
    elder = await referral(office, PLACE, HOSPITAL)
    assert "哪天给转的" in await elder.says(said)
    assert "2026年11月5日" in await elder.says("11月5号")
    assert await elder.says("不是11月5号，是11月4号") != "—"


async def test_a_bare_no_after_a_change_asks_what_is_wrong(office: Office) -> None:
    elder = await referral(office, PLACE, HOSPITAL, DAY)
    assert "改好了" in await elder.says("城市不是徐州是济南")
    assert "哪里不对" in await elder.says("不对")
    assert elder.last is not None
    assert len(elder.last.replies[-1].buttons) > 3


@pytest.mark.parametrize("intent", ["deny", "affirm", "file_item", "prove_identity"])
@pytest.mark.parametrize("said", ["手机号", "电话号码", "电话"])
async def test_the_phone_by_any_of_its_names(office: Office, said: str, intent: str) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    await elder.says("有不对的")
    assert "哪个手机号" in await elder.says(said, intent)
    assert "19900000066" in await elder.says("19900000066", intent)


async def test_to_say_twice_that_something_is_wrong_ends_nothing(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    for said in ("有不对的", "有不对的", "不对", "我要改一下"):
        assert "哪里不对" in await elder.says(said, "deny")
    assert "哪个城市" in await elder.says("备案到哪里", "ask_policy")


async def test_a_field_that_is_asked_again_keeps_its_button(office: Office) -> None:
    elder = await longterm(office, "徐州", SINCE, PHONE, "同意")
    await elder.says("有不对的")
    await elder.says("备案到哪里")
    assert "舟山市" in await elder.says("普陀")
    assert "哪里不对" in await elder.says("有不对的")
    assert elder.last is not None
    assert [button.title for button in elder.last.replies[-1].buttons][0] == "备案到哪里"
    assert "哪个城市" in await elder.says("备案到哪里", "ask_policy")
    assert "请您核对" in await elder.says("青岛")


async def test_who_types_without_commas_is_understood_clause_by_clause(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "给我办慢病认定")
    await caller.proves("daughter")
    assert "申请的病种：高血压" in await caller.says("高血压 要不要住院病历啊", "ask_policy")
    assert "申请的病种：糖尿病" in await caller.says("县医院 电话13605370909 不对 病改糖尿病")
    assert "看病的医院：泗水县人民医院" in await caller.says("不对 病是糖尿病 医院是泗水县人民医院", "deny")
    read_back = await caller.says("19900000003")
    assert "申请的病种：糖尿病" in read_back
    assert "看病的医院：泗水县人民医院" in read_back


async def test_two_corrections_of_one_message_are_both_made(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "办长期居住备案")
    await caller.proves("elder")
    for said in ("深圳", "2026年11月15号", "登记的那个"):
        await caller.says(said)
    heard = await caller.says("等一下 日期说错了 不是15号 是25号 电话也改成尾号5678那个 13805375678")
    assert "从哪天开始：2026年11月25日" in heard
    assert "联系电话：13805375678" in heard
    heard = await caller.says("电话换成我的13705370909吧 城市也换 北京")
    assert "联系电话：13705370909" in heard
    assert "备案到哪里：北京市" in heard
