"""Syllables that are confused on a telephone or in Shandong are close; others are not."""

import pytest

from language.aloud.sounds import TONE, closest, difference


def test_the_same_syllable() -> None:
    assert difference("yi1", "yi1") == 0
    assert difference("yi1", "yi4") == pytest.approx(TONE)


@pytest.mark.parametrize(("one", "other"), [("zan4", "zhan4"), ("lan2", "nan2"), ("xin1", "xing1"), ("hui1", "fei1")])
def test_confusable(one: str, other: str) -> None:
    assert 0 < difference(one, other) < 0.75


def test_unlike() -> None:
    assert difference("bao3", "xin1") == 1


def test_the_closest_of_a_short_list_and_none_when_nothing_sounds_like_it() -> None:
    diseases = ("高血压", "糖尿病", "冠心病")
    for heard, meant in (("勾续压", "高血压"), ("糖药病", "糖尿病"), ("关行病。", "冠心病"), ("我有高血呀", "高血压")):
        assert closest(heard, diseases, 0.4) == meant
    assert closest("我要转人工", diseases, 0.4) is None
    assert closest("", diseases, 0.4) is None
    assert closest("gaoxueya", diseases, 0.4) is None


def test_two_that_sound_the_same_are_no_answer() -> None:
    assert closest("式州", ("市州", "世州"), 0.4) is None


@pytest.mark.parametrize("heard", ["落河", "罗河"])
def test_a_place_is_compared_as_it_is_read(heard: str) -> None:
    assert closest(heard, ("漯河", "洛阳"), 0.25, whole=True) == "漯河"
