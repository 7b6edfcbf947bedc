"""Who is meant, and what is put right, in the words of people who were misunderstood."""

from __future__ import annotations

import pytest

from bot.flows.apply.registered import means_as_before
from bot.flows.identify.whom import means_oneself
from language.complaints import complains_plainly
from tests.casework.office import CODE, Caller, Office, people

MOTHER, DAUGHTER = people()["mother"]["id_number"], people()["daughter"]["id_number"]


async def helping(office: Office) -> Caller:
    """The mother proved herself with her daughter's help."""
    caller = office.caller()
    await caller.wants("query_mine", "俺娘就在俺边上，给俺娘查查交费")
    await caller.says(MOTHER)
    assert "2026" in await caller.says(CODE)
    return caller


async def test_who_was_helped_is_known_at_the_next_errand(office: Office) -> None:
    caller = await helping(office)
    told = await caller.wants("file_item", "再给俺娘办个慢病认定")
    assert "授权" not in told
    assert "哪种病" in told


@pytest.mark.parametrize("said", ["再查查俺自己卡里还有多少钱", "查俺自己的余额", "不是俺娘的，查俺自己的余额"])
async def test_the_helpers_own_matter_needs_the_helpers_proof(office: Office, said: str) -> None:
    caller = await helping(office)
    told = await caller.wants("query_mine", said)
    assert "刚才核对的是您母亲" in told
    assert "身份证号" in told
    await caller.says(DAUGHTER)
    assert "2318.66" in await caller.says(CODE)


async def test_what_was_put_off_for_somebody_else_is_not_ones_own(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查查俺孩子的办理进度")
    await caller.says("先不查了")
    assert "孩子" not in await caller.wants("query_mine", "办理进度")


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("俺自己的事 查进度", True),
        ("查俺的，不是俺娘的", True),
        ("给我自己办", True),
        ("给俺娘办", False),
        ("俺自己来窗口行不", False),
    ],
)
def test_ones_own_matter(said: str, own: bool) -> None:
    assert means_oneself(said) is own


async def referral(office: Office) -> Caller:
    caller = office.caller()
    await caller.wants("file_item", "俺要办转诊备案")
    await caller.proves("elder")
    assert "哪家医院" in await caller.says("北京市")
    return caller


async def test_a_place_taken_back_later_is_put_right(office: Office) -> None:
    caller = await referral(office)
    told = await caller.says("对了不去北京了，俺弟说还是济南齐鲁")
    assert "山东省济南市" in told


async def test_and_the_rest_of_the_sentence_is_kept(office: Office) -> None:
    caller = await referral(office)
    told = await caller.says("是去济南齐鲁，不去北京了，转的医院是邹城市人民医院，前天大夫说的")
    assert "山东省济南市" in told
    assert "邹城市人民医院" in told


async def test_the_day_of_a_referral_beside_its_hospital_is_kept(office: Office) -> None:
    caller = await referral(office)
    told = await caller.says("邹城市人民医院，上礼拜三给转的")
    assert "转诊日期" in told
    assert "联系您" in told


async def test_where_one_goes_is_not_who_refers(office: Office) -> None:
    caller = await referral(office)
    told = await caller.says("转诊，去济南齐鲁医院")
    assert "转出医院" not in told
    assert "转到哪里：山东省济南市" in told


async def test_where_one_lives_now_is_not_where_one_was_treated(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要办手工报销")
    await caller.proves("elder")
    assert "江苏省苏州市" in await caller.says("苏州啊 不过我上月搬无锡了")
    assert "江苏省苏州市" in await caller.says("看病在苏州 我人搬无锡了 别弄混")


@pytest.mark.parametrize("said", ["电话跟刚才一样", "和上面那个一样", "同上", "还是刚才说的那个号"])
def test_the_number_given_before(said: str) -> None:
    assert means_as_before(said)


async def test_it_is_kept_whatever_is_asked(office: Office) -> None:
    caller = await referral(office)
    assert "联系电话：19900000001" in await caller.says("电话跟刚才一样", "give_phone")


@pytest.mark.parametrize("said", ["跟刚才不一样", "13800001234", "跟我儿子的一样吗"])
def test_or_another(said: str) -> None:
    assert not means_as_before(said)


@pytest.mark.parametrize(
    "said",
    [
        "对 提交 多久能给钱",
        "对，提交。啥时候能批下来",
        "对，提交。慢病是不是还要再办一个",
        "对，提交。剖腹产住院的钱和产检的钱也是一起报吗，还是要再办一个",
    ],
)
async def test_handing_in_with_a_question_behind_it(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个", "同意"):
        await caller.says(answer)
    assert "编号" in await caller.says(said)


@pytest.mark.parametrize("intent", ["file_item", "ask_policy"])
async def test_a_yes_with_a_question_of_another_matter_stays_with_this_one(office: Office, intent: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个", "同意"):
        await caller.says(answer)
    assert "提交" in await caller.says("对的，产前检查费还要再办一个不", intent)
    assert "编号" in await caller.says("对，提交")


@pytest.mark.parametrize("said", ["提交的话多久能批", "先提交再改行不", "能不能提交", "对，提交以后要是错了咋办"])
async def test_a_question_about_handing_in_hands_nothing_in(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个", "同意"):
        await caller.says(answer)
    assert "编号" not in await caller.says(said, "ask_policy")


@pytest.mark.parametrize("said", ["不是改手机 我要投诉你们", "我要投诉 换了号收不到验证码", "俺就要举报他"])
def test_a_plain_complaint(said: str) -> None:
    assert complains_plainly(said)


@pytest.mark.parametrize("said", ["我要投诉找谁", "我要投诉电话", "不投诉了", "我想投诉咋弄", "俺要投诉的那个事咋样了"])
def test_and_none(said: str) -> None:
    assert not complains_plainly(said)


async def test_who_is_helped_is_bound_to_whom_the_proof_is_of(office: Office) -> None:
    caller = await helping(office)
    await office.parts.identity.begin(caller.conversation, DAUGHTER)
    await office.parts.identity.check(caller.conversation, CODE)  # the daughter proved herself since
    told = await caller.wants("file_item", "再给俺娘办个慢病认定")
    assert "得本人先授权" in told, "her mother's filing is not made in the daughter's name"


async def test_another_relative_is_not_served_by_the_mothers_proof(office: Office) -> None:
    caller = await helping(office)
    told = await caller.wants("query_mine", "那俺爹的余额呢，查查")
    assert "重新核对" in told
    assert await office.parts.identity.proven(caller.conversation) is None


async def test_whose_an_errand_is_is_said_where_nobody_said_it(office: Office) -> None:
    caller = await helping(office)
    assert "也按您母亲的来" in await caller.wants("file_item", "再办个慢病认定")
    assert "重新核对" in await caller.says("我自己的")
    assert "验证码" in await caller.says(DAUGHTER)


async def test_who_is_not_there_after_all_takes_it_back(office: Office) -> None:
    caller = office.caller()
    assert "请输入您母亲的身份证号" in await caller.wants("file_item", "俺娘就在俺旁边，给她办慢病认定")
    assert "您自己的身份证号" in await caller.says("哎，她不在")


async def test_who_need_not_act_is_not_asked_about(office: Office) -> None:
    caller = office.caller()
    assert "身边" not in await caller.wants("file_item", "给俺娘办居民参保登记")


async def test_a_follower_is_not_bound_to_whom_they_help(office: Office) -> None:
    caller = await helping(office)
    assert await office.parts.errands.helps(caller.conversation)
    await office.parts.errands.leave(caller.conversation)
    assert not await office.parts.errands.helps(caller.conversation)


@pytest.mark.parametrize(
    "said", ["交上去，多久能批", "提交，能撤回吗", "那我要是说提交，多长时间能下来", "交上，俺娘那边还用同意不，等等"]
)
async def test_what_may_only_suppose_it_hands_nothing_in(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年11月1日", "登记的那个", "同意"):
        await caller.says(answer)
    assert "编号" not in await caller.says(said, "ask_policy")


@pytest.mark.parametrize(
    "said", ["俺兄弟说去郑州近便，俺没听他的", "不去北京不中啊，济南的大夫都说看不了", "要是不去北京去济南能快点不"]
)
async def test_what_is_not_taken_back_stays(office: Office, said: str) -> None:
    caller = await referral(office)
    await caller.says(said, "ask_policy")
    state = await office.parts.errands._states.get(caller.conversation)
    assert state is not None
    assert state.filing is not None
    draft = await office.parts.filings.get(state.filing)
    assert draft is not None
    assert draft.answers["place"] == "北京市"


async def test_a_number_beside_a_change_is_no_second_change(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我搬家了想改登记的住址，联系手机13800001234")
    assert "办完接着办" not in await caller.proves("elder")
