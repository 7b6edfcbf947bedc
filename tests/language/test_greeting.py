from __future__ import annotations

import pytest

from language.greeting import says_more_than_greeting


@pytest.mark.parametrize(
    "said",
    [
        "同志你好 我退休教师 想问一下 职工退休医保 最少得交多少年",
        "同志你好 俺是农民 俺问问卡里多少钱",
        "大夫你好 我是村里的 想问个事 卡丢了咋弄",
        "你好，异地备案咋办",
    ],
)
def test_a_matter_behind_the_greeting(said: str) -> None:
    assert says_more_than_greeting(said)


@pytest.mark.parametrize("said", ["你好，我想问一下", "同志你好，我是退休教师", "喂，你好你好", "早上好", "备案咋办"])
def test_nothing_but_a_greeting_or_none_at_all(said: str) -> None:
    assert not says_more_than_greeting(said)
