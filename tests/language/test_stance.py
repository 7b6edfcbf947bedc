"""Yes, no, not now, not at all, and somebody else's no, in many people's words."""

from __future__ import annotations

import pytest

from bot.actions.closing import has_heard
from language import stance
from language.person_wanted import wants_person
from language.stance import (
    asks_whether_to,
    drops,
    drops_only,
    says_no,
    says_they_refuse,
    says_yes,
    takes_filing_back,
)


def words(block: str) -> list[str]:
    return block.split()


YES = words(
    """
    没错，就交这个吧 中 就这么办 嗯嗯对 对，提交 提交吧 都对 都对着哩 是嘞 行行行 没毛病 没问题，交吧
    就交吧 那就交上去吧 给俺交上吧 好的谢谢 对对对 可以，办吧 妥了 错不了 没有不对的 同意 好嘞交吧
    就照这个办 ok 确认提交 嗯，交吧，谢谢啊 对，就这样
    """
)
NO = words(
    """
    不对 不 有不对的 不太对 有一样不对 不同意 错了 别 不行
    """
)
DROP = words(
    """
    不办了 别办了 算了不办了 算了 取消吧 不交了 俺不报了 我不想办了 不要办了 甭办了 撤回 撤销吧
    作废吧 不弄了不弄了 算了，别查了 拉倒吧 当我没说 不办这个了 不想继续了
    """
)
NOT_DROP = words(
    """
    不是不办 没说不办 不办了会怎样 不办行不行 别取消 算了，还是办吧 结算了没有 怎么取消备案 备案要取消吗
    不办不行 俺不是不办，是等会 打算了好久 不办转诊，改办长期 要是不办了呢 我没说要取消 可别作废 怕作废
    不会用手机 北京回来了备案要取消吗
    """
)
REFUSE = words(
    """
    我妈不乐意 我妈刚说她不让办 俺娘不同意 她不愿意了 老人家反悔了 我爸说不办了 俺爹变卦了 俺妈改主意了
    人家本人不同意 我妈说算了 她死活不肯 老太太不叫办 先停一下，我妈刚说她不让办 算了，我妈不乐意，别办了
    俺婆婆说这事不用办了 我妈不愿意办 他不让我办 俺娘说别办了 我爸没答应 我妈不告诉我验证码
    俺妈说她自己去办 她拒绝了 姥姥不点头 老伴儿不干 我妈说不行 她不想办了 我爸反对 俺爸说啥都不办
    """
)
NOT_REFUSE = words(
    """
    我妈没说不同意 她不同意咋办 要是我妈不同意呢 我妈不会用手机 我妈不是不同意 她又同意了 我妈同意了
    老人家看不清字 为啥要我妈同意 我妈不在家 俺娘没拒绝 我妈走不动 她不识字 我妈不能来 给我妈办
    我爸不想跑腿 我妈现在又愿意了 不对，是我妈的 我妈不要紧吧 俺娘不会看短信
    """
)


@pytest.mark.parametrize("said", YES)
def test_yes(said: str) -> None:
    assert says_yes(said)
    assert not says_no(said)
    assert not drops(said)


@pytest.mark.parametrize("said", NO)
def test_no(said: str) -> None:
    assert says_no(said)
    assert not says_yes(said)


@pytest.mark.parametrize("said", DROP)
def test_not_at_all(said: str) -> None:
    assert drops(said)
    assert drops_only(said)
    assert not says_yes(said)


@pytest.mark.parametrize("said", ["验证码太麻烦了，不办了", "俺不识字，算了"])
def test_not_at_all_with_a_reason_forgets_nothing(said: str) -> None:
    assert drops(said)
    assert not drops_only(said)


@pytest.mark.parametrize("said", NOT_DROP)
def test_what_gives_nothing_up(said: str) -> None:
    assert not drops(said)


@pytest.mark.parametrize("said", REFUSE)
def test_somebody_else_does_not_want_it(said: str) -> None:
    assert says_they_refuse(said)


@pytest.mark.parametrize("said", NOT_REFUSE)
def test_no_refusal_of_theirs(said: str) -> None:
    assert not says_they_refuse(said)


def test_a_bare_refusal_is_theirs_only_where_they_were_asked_for() -> None:
    for said in ("不同意", "不乐意了", "死活不肯", "没答应"):
        assert says_they_refuse(said, of_them=True)
        assert not says_they_refuse(said)


@pytest.mark.parametrize(
    "said",
    [
        "转人工",
        "不想弄验证码，直接转人工吧",
        "给我找个真人",
        "我要找工作人员",
        "人工",
        "换个人来",
        "叫你们客服",
        "找个人跟我说",
        "我不跟机器说，转人工",
    ],
)
def test_a_person_is_wanted(said: str) -> None:
    assert wants_person(said)


@pytest.mark.parametrize(
    "said", ["人工几点上班", "不用转人工", "人工关节能报吗", "换人工关节多少钱", "别转人工了", "要人工晶体的钱"]
)
def test_no_person_is_wanted(said: str) -> None:
    assert not wants_person(said)


@pytest.mark.parametrize(
    "said",
    [
        "撤回",
        "撤销吧",
        "我不想要了，撤销",
        "把刚才交的撤了",
        "刚才那个备案我不要了",
        "帮我把申请撤回来",
        "刚交的报销取消吧",
        "撤了吧",
        "能撤销吗",
        "那还能撤回不",
        "这个可以取消吗",
    ],
)
def test_a_filing_is_taken_back(said: str) -> None:
    assert takes_filing_back(said)


@pytest.mark.parametrize(
    "said",
    [
        "北京回来了备案要取消吗",
        "撤回投诉",
        "收回授权",
        "备案怎么取消",
        "撤销备案要什么手续",
        "用不用撤回",
        "我要备案",
        "备案能取消吗",
        "能撤销备案吗",
    ],
)
def test_no_filing_is_taken_back(said: str) -> None:
    assert not takes_filing_back(said)


@pytest.mark.parametrize("said", ["北京回来了备案要取消吗", "人回来了，备案用取消不", "备案怎么取消"])
def test_asks_about_taking_back(said: str) -> None:
    assert asks_whether_to(said)


@pytest.mark.parametrize("said", ["能帮我撤回吗", "我要撤回", "给我取消了吧"])
def test_asks_us_to_take_it_back(said: str) -> None:
    assert not asks_whether_to(said)


@pytest.mark.parametrize(
    "said", ["知道了", "哦", "行，明白了", "好的我知道了", "噢，原来是这样", "哦哦", "懂了，谢谢", "那我清楚了"]
)
def test_who_only_says_that_they_heard(said: str) -> None:
    assert has_heard(said)


@pytest.mark.parametrize(
    "said", ["我知道了要带什么", "不知道", "不明白", "明白了，那要几天", "哦对了，还有个事", "清楚点", "嗯", "好"]
)
def test_who_says_more_than_that(said: str) -> None:
    assert not has_heard(said)


@pytest.mark.parametrize("text", ["不撤了", "算了，不撤了", "别取消", "不用删了", "算了不撤"])
def test_what_is_not_taken_back_is_not_dropped(text: str) -> None:
    assert not stance.drops(text)


@pytest.mark.parametrize("text", ["撤了吧", "要不撤了吧", "取消吧", "撤回"])
def test_what_is_taken_back_is_dropped(text: str) -> None:
    assert stance.drops(text)


def test_keeping_and_asking_are_no_taking_back() -> None:
    assert all(map(stance.takes_filing_back, ("撤回", "撤了吧", "把刚才交的撤了")))
    for text in ("那先别撤了，俺再商量商量", "刚才撤没撤啊到底", "真撤了吗", "不撤了"):
        assert not stance.takes_filing_back(text)
    assert not stance.drops("08年到10年那两年算了没")


@pytest.mark.parametrize("said", ["把押金退回来", "帮我把多交的钱退了", "费交错了给我退回来", "把俺多缴的医保费退掉"])
def test_money_wanted_back_takes_no_filing_back(said: str) -> None:
    assert not takes_filing_back(said)


@pytest.mark.parametrize("said", ["撤回参保信息变更", "替我姑撤回慢特病，编号GD20261201-0012", "那给我撤销手工报销"])
def test_what_was_handed_in_is_named_with_the_word_for_taking_back(said: str) -> None:
    assert takes_filing_back(said)


@pytest.mark.parametrize("said", ["撤回备案要啥手续", "备案撤回咋办", "撤销备案怎么弄"])
def test_how_something_is_taken_back_takes_nothing_back(said: str) -> None:
    assert not takes_filing_back(said)
