"""Syllables that are confused on a telephone or in Shandong are close; others are not."""

import pytest

from voice.sounds import TONE, difference


def test_the_same_syllable() -> None:
    assert difference("yi1", "yi1") == 0
    assert difference("yi1", "yi4") == pytest.approx(TONE)


@pytest.mark.parametrize(("one", "other"), [("zan4", "zhan4"), ("lan2", "nan2"), ("xin1", "xing1"), ("hui1", "fei1")])
def test_confusable(one: str, other: str) -> None:
    assert 0 < difference(one, other) < 0.75


def test_unlike() -> None:
    assert difference("bao3", "xin1") == 1
