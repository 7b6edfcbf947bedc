"""What is said of what was handed in, by its words alone."""

from __future__ import annotations

import pytest

from bot.actions.taken_back import adds_words, asks_if_there, may_take_value_out, takes_part_out
from language.stance import asks_if_withdrawn, drops, keeps_filing


@pytest.mark.parametrize(
    "words",
    ["那还在不在？", "还在吗", "我那个还在吧", "苏州备案还在吧 没给我撤了吧", "投诉还在不在"],
)
def test_asks_whether_it_is_still_there(words: str) -> None:
    assert asks_if_there(words) or asks_if_withdrawn(words)


@pytest.mark.parametrize(
    "words", ["医院还在不在老地方", "窗口中午还在吗", "这个药还在目录里吗", "我还在等着", "那还不在"]
)
def test_asks_of_something_else(words: str) -> None:
    assert not asks_if_there(words)


@pytest.mark.parametrize(
    "words", ["那个投诉撤了没有？", "撤不撤", "没给我撤了吧", "没撤吧", "没有把苏州的撤掉吧", "真撤了吗"]
)
def test_asks_whether_it_was_taken_back_and_asks_for_nothing(words: str) -> None:
    assert asks_if_withdrawn(words)
    assert not keeps_filing(words)


@pytest.mark.parametrize("words", ["能不能撤了", "撤了吧", "没撤的都撤了", "撤苏州那个"])
def test_asks_no_such_thing(words: str) -> None:
    assert not asks_if_withdrawn(words)


@pytest.mark.parametrize(
    "words",
    ["冠心病先不要了，从那个申请里去掉", "把冠心病从刚才的里面删掉", "申请里冠心病划掉", "从交的那个单子上拿掉高血压"],
)
def test_takes_a_part_out(words: str) -> None:
    assert takes_part_out(words)


@pytest.mark.parametrize(
    "words",
    ["从系统里把我的信息删掉", "那个申请删掉", "能从申请里去掉冠心病吗", "从卡里扣掉的钱", "申请不要了"],
)
def test_takes_no_part_out(words: str) -> None:
    assert not takes_part_out(words)


@pytest.mark.parametrize("words", ["冠心病先不要了", "去掉冠心病", "高血压不办了", "把冠心病划掉"])
def test_may_take_a_value_out(words: str) -> None:
    assert may_take_value_out(words)


@pytest.mark.parametrize("words", ["不办转移了", "取消掉", "津贴不报了，算了"])
def test_an_item_is_named_by_who_drops_it(words: str) -> None:
    assert drops(words)


@pytest.mark.parametrize(
    "words",
    [
        "再补一句，产前检查那个是双胞胎",
        "尾号0005那个再补一句，我下周一出差",
        "给我添一条，孩子户口也上了",
        "俺再加一句",
    ],
)
def test_adds_to_what_was_handed_in(words: str) -> None:
    assert adds_words(words)


@pytest.mark.parametrize("words", ["补充一句啥意思", "我要补备案", "再补点材料行不行", "加条件", "报销少了要补钱"])
def test_adds_nothing(words: str) -> None:
    assert not adds_words(words)
