"""What somebody commits themselves on: the word of the promise, and nothing that only sounds like it."""

from __future__ import annotations

import pytest

from bot.flows.apply.committing import makes_promise


@pytest.mark.parametrize(
    "text",
    [
        "俺活八十二了没撒过谎，同意。",
        "行，我同意，往下走吧",
        "同意。门牌号写的俺闺女家，都是真的",
        "我承诺，都是真的",
        "俺也愿意",
        "可以，同意",
    ],
)
def test_the_word_itself_makes_the_promise(text: str) -> None:
    assert makes_promise(text)


@pytest.mark.parametrize(
    "text",
    [
        "我不太同意",
        "俺娘同意",
        "同一个医院",
        "医生同意转院了",
        "同意是同意，不过城市不对",
        "要是同意了会咋样",
        "同意，可俺想先改下电话",
        "等俺儿同意了再说",
        "没说愿意不愿意",
    ],
)
def test_nothing_that_only_sounds_like_it_does(text: str) -> None:
    assert not makes_promise(text)
