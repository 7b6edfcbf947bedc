"""Which words end a turn, and which leave it open."""

from __future__ import annotations

import pytest

from voice.completeness import is_complete


@pytest.mark.parametrize(
    "text",
    [
        "俺跟着闺女在北京住了两年了，头里备过一回案，今年还得再备不",
        "来之前没备案，出院前补上能直接结算吗？",
        "医保转移接续现在要几天。",
        "办门诊慢性病要带啥材料",
        "这个事去哪办",
        "一共有几种",
        "孩子刚生下来咋办",
        "中，那俺挂了，再见",
    ],
)
def test_a_question_or_a_goodbye_is_complete(text: str) -> None:
    assert is_complete(text)


@pytest.mark.parametrize(
    "text",
    ["", "我妈在南京住着院", "来之前没", "俺想问一下，", "我不", "那个不", "俺有糖尿病的资格", "北京", "幺九九零零"],
)
def test_anything_else_may_go_on(text: str) -> None:
    assert not is_complete(text)
