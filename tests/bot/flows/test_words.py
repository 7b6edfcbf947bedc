"""Yes and no, as they are said, keyed, and as a telephone line leaves them."""

from __future__ import annotations

import pytest

from bot.flows.small_words import Heard, before_question
from bot.understood import Guess


def heard(text: str, intent: str = "nlu_fallback") -> Heard:
    return Heard(text, intent, "phone")


@pytest.mark.parametrize(
    "text",
    ["对，提交。", "提交吧", "都对", "没错", "俺同意", "1", "对提角", "提脚。", "都对提教", "安通意", "终提交吧"],
)
def test_a_clear_yes(text: str) -> None:
    assert heard(text).is_clear_yes
    assert not heard(text).is_no


@pytest.mark.parametrize(
    "text", ["不对", "2", "不提角", "先不提脚。", "部队", "不同意", "又不对的", "不对不是这个", "我不通意。"]
)
def test_a_no(text: str) -> None:
    assert heard(text).is_no
    assert not heard(text).is_yes


def test_no_is_no_whatever_the_engine_thinks() -> None:
    assert not heard("不提角", "affirm").is_yes


@pytest.mark.parametrize(
    "text", ["怎么提交", "提交要带啥", "对吗", "提交不了吧", "费", "队伍", "12", "我想问问提交以后几天办好", "提交3"]
)
def test_nothing_is_committed_on_less(text: str) -> None:
    assert not heard(text).is_yes


def test_a_mumble_is_no_clear_yes() -> None:
    assert heard("嗯").is_yes
    assert not heard("嗯").is_clear_yes


@pytest.mark.parametrize(
    "text", ["都对都对，恁给交上去吧。", "没错，交吧交吧，谢谢恁", "那行，先提交吧", "中，恁给点上吧", "那好"]
)
def test_yes_in_the_words_of_the_place(text: str) -> None:
    assert heard(text).is_clear_yes


@pytest.mark.parametrize("text", ["给我报销的钱打到卡里", "帮我弄一下地址", "先不交", "那不行", "按以前那个", "点错了"])
def test_a_wish_for_something_else_is_no_yes(text: str) -> None:
    assert not heard(text).is_yes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("137590，看岔了，135790", "135790"),
        ("135，790", "135790"),
        ("一三五七九零，五分钟内有效", "135790"),
        ("一三五，七九", "13579"),
        ("再发一遍", ""),
    ],
)
def test_of_two_codes_the_last_counts_and_one_may_come_in_parts(text: str, code: str) -> None:
    assert heard(text).code == code


@pytest.mark.parametrize(
    ("text", "told", "question"),
    [
        ("北京昌平。那回来还给报不？", "北京昌平", "那回来还给报不？"),
        ("九月一号，押金交了退不退", "九月一号", "押金交了退不退"),
        ("那回来还给报不？", "", ""),
        ("北京昌平", "", ""),
    ],
)
def test_what_is_told_before_a_question(text: str, told: str, question: str) -> None:
    assert before_question(text) == (told, question)


def test_what_was_learnt_decides_whether_it_asks() -> None:
    said = "小区叫个啥丽景湾，杭州"
    assert heard(said).asks
    assert not Heard(said, "ask_policy", "chat", kind=Guess("value", 0.9)).asks
    assert not Heard("高血压和糖尿病", "ask_policy", "chat", kind=Guess("question", 0.9)).asks
    assert Heard("高血压和糖尿病两样一块办我问一下", "ask_policy", "chat", kind=Guess("question", 0.9)).asks
