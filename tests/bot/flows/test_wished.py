"""A wish in a story is found by the item's own words; a question of rules is none."""

from __future__ import annotations

import pytest

from bot.flows.goals import query_kind
from bot.flows.query.drugs import drug_asked
from bot.flows.wished import Wish, learnt_wish, wants_looking_up, wished
from bot.understood import NO_GUESS, Guess
from casework.filings.items import load


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("儿子接我去上海过冬，得住到开春，是不是得先登记一下", "异地就医备案"),
        ("大夫让我上省城做手术，这手续咋弄，明天就去", "异地就医备案（转诊转院）"),
        ("腿疼好几年了，一月药钱五百，人家说办个本少花点", "门诊慢特病资格认定"),
    ],
)
def test_a_story_with_a_wish_is_offered(said: str, name: str) -> None:
    wish = wished(said, load())
    assert wish is not None
    assert (wish.intent, wish.name, wish.is_plain) == ("file_item", name, False)


@pytest.mark.parametrize(
    "said",
    [
        "异地备案，去苏州市",
        "异地备案去南京市鼓楼区",
        "异地长期居住备案，去石家庄藁城",
        "我想把医保备案到宿州",
        "在成都郊县双流那边住，要备案",
        "备案到哈尔滨",
    ],
)
def test_where_to_is_what_one_tells_a_clerk(said: str) -> None:
    wish = wished(said, load())
    assert wish is not None
    assert wish.is_plain


@pytest.mark.parametrize(
    "said",
    ["去北京没备案能报多少", "备案去哪里办", "异地备案到期了怎么办", "在上海住院备案过了还能报吗", "在苏州住要备案吗"],
)
def test_a_place_in_a_question_begins_nothing(said: str) -> None:
    wish = wished(said, load())
    assert wish is None or not wish.is_plain


@pytest.mark.parametrize("said", ["办个异地备案，去杭州", "给俺登个去天津看病的事", "我要申请门诊慢性病"])
def test_what_is_said_plainly_begins(said: str) -> None:
    wish = wished(said, load())
    assert wish is not None
    assert wish.is_plain


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("上个月在人民医院那回报了多少钱", "settlements"),
        ("俺那卡里头还剩几个钱", "balance"),
        ("单位到底给没给俺交上医保钱", "contributions"),
        ("药店说俺的医保显示暂停", "status"),
        ("单子递上去二十天了，啥时候能有信", "progress"),
        ("俺那个钱啥时候到账", "progress"),
        ("我上个月交的津贴咋还没打过来", "progress"),
    ],
)
def test_their_own_matter_is_looked_up_whatever_it_was_taken_for(said: str, kind: str) -> None:
    wish = wished(said, load())
    assert wish is not None
    assert (wish.intent, wish.is_plain) == ("query_mine", True)
    assert query_kind(said) == kind


@pytest.mark.parametrize(
    "said",
    ["异地备案管几年", "住院报销多少", "缴费记录去哪里查", "办慢病去哪", "卡里的钱上哪查去", "断缴了有没有等待期"],
)
def test_a_question_of_rules_begins_nothing(said: str) -> None:
    wish = wished(said, load())
    assert wish is None or not wish.is_plain


@pytest.mark.parametrize(
    ("said", "kind"), [("查鱼额", "balance"), ("叫费记录", "contributions"), ("看看进渡", "progress")]
)
def test_what_recognition_writes_by_its_sound(said: str, kind: str) -> None:
    assert query_kind(said) == kind


@pytest.mark.parametrize("said", ["我当时没刷卡，都结完账走人了", "俺儿能替俺弄不"])
def test_what_looks_nothing_up(said: str) -> None:
    assert not wants_looking_up(said)


@pytest.mark.parametrize(
    ("said", "drug"),
    [
        ("开了个叫吉非替尼的，报不报", "吉非替尼"),
        ("俺吃的硝苯地平，是全报还是自己掏点", "硝苯地平"),
        ("瑞舒伐他汀能走医保不，目录里有吗", "瑞舒伐他汀"),
        ("住院用了阿莫西林给报吗", ""),
        ("护工的钱给报吗", ""),
    ],
)
def test_a_drug_by_its_stem(said: str, drug: str) -> None:
    assert drug_asked(said) == drug


def test_what_no_word_names_is_offered_as_it_was_learnt() -> None:
    items = load()
    wish = learnt_wish("file_item", Guess("enroll-resident", 0.97), items)
    assert wish is not None
    assert wish.name == "城乡居民参保登记"
    assert not wish.is_plain
    assert learnt_wish("query_mine", Guess("balance", 0.9), items) == Wish("query_mine", "账户余额")
    assert learnt_wish("file_item", Guess("enroll-resident", 0.4), items) is None
    assert learnt_wish("", NO_GUESS, items) is None
