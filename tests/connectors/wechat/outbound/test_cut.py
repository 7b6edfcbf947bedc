from __future__ import annotations

import pytest

from connectors.wechat.outbound.cut import MAX_BYTES, cut, size


def test_what_fits_stays_whole():
    assert cut("要备案。") == ("要备案。", "")
    assert cut("医" * 682 + "ab")[1] == ""


def test_a_long_answer_is_cut_after_a_sentence():
    text = "异地就医要先备案。" * 100
    first, rest = cut(text)
    assert first.endswith("。")
    assert size(first) <= MAX_BYTES
    assert first + rest == text
    assert size(first) > MAX_BYTES - size("异地就医要先备案。"), "as much as fits"


def test_a_sentence_too_long_is_cut_after_a_clause_and_at_worst_anywhere():
    first, rest = cut("参保人在外地长期居住的，" * 100)
    assert first.endswith("，")
    assert rest.startswith("参保人")
    first, rest = cut("医" * 1000)
    assert first + rest == "医" * 1000
    assert size(first) <= MAX_BYTES


@pytest.mark.parametrize("emoji", ["😀", "👨‍👩‍👧", "👍🏽", "❤️"])
def test_an_emoji_is_never_torn_apart(emoji):
    for lead in range(20):
        first, rest = cut("x" * lead + emoji * 50, max_bytes=100)
        assert first + rest == "x" * lead + emoji * 50
        assert first.removeprefix("x" * lead).replace(emoji, "") == ""
