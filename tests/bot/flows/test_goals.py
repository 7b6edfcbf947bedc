"""What a first sentence wants, where it holds a question besides."""

from __future__ import annotations

import pytest

from bot.flows.goals import asks_about_rules, only_asks_rules, question_and_wish, question_of_rules, wishes
from casework.filings.items import load


@pytest.mark.parametrize(
    ("said", "question", "intent", "wish"),
    [
        ("先问问异地备案管多久，再给查查余额", "先问问异地备案管多久", "query_mine", "给查查余额"),
        ("异地备案管多久，顺便帮我查下余额", "异地备案管多久", "query_mine", "帮我查下余额"),
        ("查查我的余额，再问问慢病报销比例多少", "问问慢病报销比例多少", "query_mine", "查查我的余额"),
        ("异地备案管多久，给我办一个吧", "异地备案管多久", "file_item", "异地备案管多久，给我办一个吧"),
        ("慢特病要啥条件，要不你给俺妈申请一个", "慢特病要啥条件", "file_item", "慢特病要啥条件，要不你给俺妈申请一个"),
    ],
)
def test_both_are_found(said: str, question: str, intent: str, wish: str) -> None:
    assert question_and_wish(said, load()) == (question, intent, wish)


@pytest.mark.parametrize(
    "said",
    [
        "查一下余额，再给俺备个案",
        "异地备案管多久",
        "我要办备案，再查查余额",
        "异地备案管多久，给我妈办要多久",
        "今天几号，给我办一个",
    ],
)
def test_two_wishes_or_one_question_are_not_both(said: str) -> None:
    assert question_and_wish(said, load()) is None


@pytest.mark.parametrize(
    "said",
    [
        "2027年的交到什么时候",
        "断交了要等多久",
        "居民医保每年交多少钱",
        "我想问问参保缴费的规定",
        "俺就打听一下报销政策",
    ],
)
def test_a_question_for_everybody(said: str) -> None:
    assert asks_about_rules(said)


@pytest.mark.parametrize(
    "said", ["我的余额多少", "俺娘的交了没", "查查缴费记录", "余额还有多少", "我慢病啥时候到期", "按政策我还能报多少"]
)
def test_a_question_of_their_own(said: str) -> None:
    assert not asks_about_rules(said)


@pytest.mark.parametrize(
    ("said", "intents"),
    [
        ("查余额，再查缴费，再看看备案", ["query_mine"] * 3),
        ("查一下余额，再给俺备个案", ["query_mine", "file_item"]),
        ("查一下余额，查一下缴费", ["query_mine"] * 2),
        ("查查我卡里还有多少钱,还得给我办个异地备案", ["query_mine", "file_item"]),
        ("我有三件事，一是查查余额，二是办个备案，三是改手机号", ["query_mine", "file_item", "file_item"]),
        ("帮我看看缴费记录；另外麻烦你给我改一下手机号", ["query_mine", "file_item"]),
        ("查余额，还有就是帮我备个案", ["query_mine", "file_item"]),
        ("备案办完了再查查", []),
        ("查余额", []),
        ("俺娘在北京住，给她备个案", []),
    ],
)
def test_several_wishes_in_their_order(said: str, intents: list[str]) -> None:
    assert [intent for intent, _ in wishes(said, load())] == intents


@pytest.mark.parametrize(
    ("said", "only", "question"),
    [
        ("我是问政策", True, ""),
        ("就想问问政策", True, ""),
        ("我是问政策的", True, ""),
        ("我是问政策，备案管几年", False, "备案管几年"),
        ("想问问政策上备案管几年", False, "想问问政策上备案管几年"),
        ("备案管几年", False, ""),
    ],
)
def test_who_only_asks_about_rules(said: str, only: bool, question: str) -> None:
    assert only_asks_rules(said) is only
    assert question_of_rules(said) == question


@pytest.mark.parametrize("said", ["我不是查我的，问政策", "我问的是政策，不是查我自己的", "我是问政策"])
def test_who_only_asks_for_rules(said: str) -> None:
    assert only_asks_rules(said)
