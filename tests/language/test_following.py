"""Questions that only mean something after the one before."""

from __future__ import annotations

import pytest

from language.following import and_what_of, asks_supposing, says_which_insurance


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("新生儿呢", "新生儿"),
        ("那大学生呢？", "大学生"),
        ("哦，住院呢", "住院"),
        ("那没备案呢", "没备案"),
        ("要是急诊呢", "急诊"),
        ("外地户口的嘞", "外地户口的"),
    ],
)
def test_what_a_question_goes_on_to(said: str, what: str) -> None:
    assert and_what_of(said) == what


@pytest.mark.parametrize(
    "said",
    [
        "你呢",
        "还有呢",
        "那然后呢",
        "别的呢",
        "依据呢",
        "我还没说呢",
        "听着呢",
        "正找呢",
        "怎么办呢",
        "那得多久呢",
        "新生儿",
    ],
)
def test_what_names_nothing_to_ask_about(said: str) -> None:
    assert not and_what_of(said)


@pytest.mark.parametrize(
    "said",
    ["要是没备案呢", "要是没备案咋办", "万一卡丢了怎么办", "急诊的话呢", "那要是我没备案还能报吗", "如果退休了还交吗"],
)
def test_what_is_only_supposed(said: str) -> None:
    assert asks_supposing(said)


@pytest.mark.parametrize("said", ["要是能办就给我办一个吧", "我没备案", "没备案能报吗", "如果可以，提交"])
def test_what_is_so_or_wished(said: str) -> None:
    assert not asks_supposing(said)


def test_who_says_which_insurance_they_asked_about_means_the_question_before() -> None:
    assert says_which_insurance("不是，俺说的是职工的。") == "职工"
    assert says_which_insurance("我问的是居民医保呀") == "居民医保"
    assert not says_which_insurance("居民的")
    assert not says_which_insurance("不是，我说的是糖尿病")
    assert not says_which_insurance("俺问的是居民的，一年交多少钱")
