"""Yes and no, as they are said, keyed, and as a telephone line leaves them."""

from __future__ import annotations

import pytest

from bot.flows.small_words import Heard


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
