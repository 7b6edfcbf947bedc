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


async def two_handed_in(office: Office) -> Caller:
    """备案到徐州, and 慢特病认定 for 糖尿病, which is the newer one."""
    elder = await handed_in(office)
    await elder.wants("file_item", "办慢特病认定")
    for said in ("糖尿病", "济宁市第一人民医院", "19900000001"):
        await elder.says(said)
    assert "GD2026" in await elder.says("提交")
    return elder


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("徐州那个撤了", "长期居住"),
        ("徐州备案撤回", "长期居住"),
        ("异地就医备案（长期居住）", "长期居住"),
        ("第二个", "长期居住"),
        ("糖尿病那个", "门诊慢特病"),
        ("1", "门诊慢特病"),
        ("头一个", "门诊慢特病"),
        ("最后一个", "长期居住"),
    ],
)
async def test_of_several_the_one_their_words_name(office: Office, words: str, item: str) -> None:
    elder = await two_handed_in(office)
    assert "撤回哪一个" in await elder.wants("withdraw_filing", "撤回")
    asked = await elder.says(words)
    assert "要撤回" in asked
    assert item in asked
    assert "照样在办" in await elder.says("不撤")


@pytest.mark.parametrize("words", ["撤徐州那个", "把徐州备案撤了", "刚才交的，徐州备案撤回"])
async def test_named_at_once_it_is_not_asked_which(office: Office, words: str) -> None:
    elder = await two_handed_in(office)
    assert "长期居住" in await elder.wants("withdraw_filing", words)
    assert "已经撤回“异地就医备案（长期居住）”" in await elder.says("撤回")


async def test_withdrawing_said_again_to_the_list_keeps_nothing_and_takes_nothing_back(office: Office) -> None:
    elder = await two_handed_in(office)
    await elder.wants("withdraw_filing", "撤回")
    assert "撤回哪一个" in await elder.says("撤回")


async def test_all_are_taken_back_one_by_one(office: Office) -> None:
    elder = await two_handed_in(office)
    await elder.wants("withdraw_filing", "撤回")
    assert "门诊慢特病" in await elder.says("都撤了吧")
    second = await elder.says("撤回")
    assert "已经撤回“门诊慢特病" in second
    assert "要撤回“异地就医备案（长期居住）”" in second
    assert "已经撤回" in await elder.says("撤回")
    assert "没有查到" in await elder.wants("withdraw_filing", "撤回")


async def test_another_than_what_is_asked_about_is_meant(office: Office) -> None:
    elder = await two_handed_in(office)
    assert "门诊慢特病" in await elder.wants("withdraw_filing", "把刚才交的撤了")
    assert "长期居住" in await elder.says("不是这个，是徐州那个")
    assert "照样在办" in await elder.says("徐州的别撤")


async def half_done(office: Office) -> Caller:
    """Something handed in, and 转移接续 half done and put off."""
    elder = await handed_in(office)
    await elder.wants("file_item", "我要把医保转移到青岛")
    await elder.says("转出济宁")
    assert "留着" in await elder.says("先放一放")
    return elder


@pytest.mark.parametrize(
    "words", ["不办转移了，那个办一半的取消掉", "不是办！是取消，不办转移了", "办到一半那个删了吧"]
)
async def test_what_is_half_done_is_dropped_by_its_name(office: Office, words: str) -> None:
    elder = await half_done(office)
    said = await office.parts.errands.half_done(elder.conversation, "web", words)
    assert said is not None
    assert "办到一半的“基本医保关系跨省转移接续”不办了" in said.replies[0].text
    assert "要撤回“异地就医备案（长期居住）”" in await elder.wants("withdraw_filing", "撤回"), (
        "what was handed in stays"
    )


async def test_who_only_does_not_want_it_is_asked_what_becomes_of_it(office: Office) -> None:
    elder = await half_done(office)
    said = await office.parts.errands.half_done(elder.conversation, "web", "转移俺不转了")
    assert said is not None
    assert "转移接续”办到一半" in said.replies[-1].text
    assert "放一放" in await elder.says("留着")


@pytest.mark.parametrize("words", ["备案不办了", "不办了", "转移不用取消", "把北京的备案取消了"])
async def test_what_is_not_half_done_is_not_dropped_so(office: Office, words: str) -> None:
    elder = await half_done(office)
    assert await office.parts.errands.half_done(elder.conversation, "web", words) is None


async def test_dropping_what_is_half_done_leaves_what_was_to_be_taken_back(office: Office) -> None:
    elder = await half_done(office)
    assert "要撤回" in await elder.wants("withdraw_filing", "徐州备案撤回")
    dropped = await elder.says("不办转移了，那个办一半的取消掉")
    assert "转移接续”不办了" in dropped
    assert "要撤回“异地就医备案（长期居住）”" in dropped, "still asked"
    assert "照样在办" in await elder.says("不撤")


async def test_not_wanting_what_is_half_done_answers_nothing_of_what_was_to_be_taken_back(office: Office) -> None:
    elder = await half_done(office)
    assert "要撤回" in await elder.wants("withdraw_filing", "徐州备案撤回")
    asked = await elder.says("转移俺不转了")
    assert "没有撤" in asked
    assert "转移接续”办到一半" in asked
    assert "删掉了" in await elder.says("删掉")


async def test_what_was_handed_in_is_taken_back_in_the_middle_of_another(office: Office) -> None:
    elder = await handed_in(office)
    await elder.wants("file_item", "我要把医保转移到青岛")
    await elder.says("转出济宁")
    assert "要撤回“异地就医备案（长期居住）”" in await elder.says("徐州备案撤回", "withdraw_filing")
