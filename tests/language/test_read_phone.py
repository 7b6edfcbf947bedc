"""Telephone numbers as people call them out, type and correct them."""

from __future__ import annotations

import random

import pytest

from language.phone_numbers import read_phone
from language.unclear import Unclear, Why


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("13900000003，不对，是19900000003", "19900000003"),
        ("不是13900001111，是13900001112", "13900001112"),
        ("13900001112，不是13900001111", "13900001112"),
        ("记错了，不是13900001111是13900001112", "13900001112"),
        ("+8613900001234", "13900001234"),
        ("86 139 0000 1234", "13900001234"),
        ("013900001234", "13900001234"),
        ("1380000三个五1", "13800005551"),
        ("幺三九五个零幺二三", "13900000123"),
        ("139OOOO1234", "13900001234"),
        ("幺三八，零零零零，幺二三四", "13800001234"),
        ("俺的电话幺三八然后零零零零后面是幺二三四", "13800001234"),
        ("13800001234，不对，尾号是1235", "13800001235"),
        ("13800001234，最后一位错了，是6", "13800001236"),
        ("139 0000 1234，139 0000 1234", "13900001234"),
        ("幺三八，零零零零，幺二三四，哎不，幺二三五", "13800001235"),
        ("138 0000 1234 说错了 1243", "13800001243"),
        ("（0537）2967119", "05372967119"),
        ("零五三七二九六七一一九", "05372967119"),
        ("打我闺女的13800001234，一个人接", "13800001234"),
        ("我手机号是么三八洞五三拐幺两三四", "13805371234"),
    ],
)
def test_a_number_is_kept_in_one_form(said: str, number: str) -> None:
    assert read_phone(said) == number


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("13900001111或者13900001112", Why.SEVERAL),
        ("13900001111，13900001112", Why.SEVERAL),
        ("1380000123", Why.SHAPE),
        ("138000012345", Why.SHAPE),
        ("1990000000a", Why.SHAPE),
        ("13800001234，不对，是1390", Why.SHAPE),
        ("138 0000 1234，不对，9876", Why.SHAPE),
        ("2967119", Why.INCOMPLETE),
    ],
)
def test_what_is_no_one_number_is_asked(said: str, why: Why) -> None:
    with pytest.raises(Unclear) as unclear:
        read_phone(said)
    assert unclear.value.why is why


@pytest.mark.parametrize("said", ["不知道", "三个人", "第三个", "", "四个8"])
def test_few_digits_are_no_number(said: str) -> None:
    assert read_phone(said) is None


def test_whatever_is_said_it_is_a_number_or_a_question() -> None:
    pick = random.Random(14)
    alphabet = "零〇洞幺一二两三四五六七拐八九0123456789+-—（）() ，、OoXx叉个三五尾号不对是最后位86年月"
    for _ in range(20_000):
        said = "".join(pick.choices(alphabet, k=pick.randint(1, 20)))
        try:
            number = read_phone(said)
        except Unclear:
            continue
        assert number is None or number.isdigit(), said


def test_the_first_figure_as_a_recogniser_writes_it() -> None:
    assert read_phone("要三八零零零零一二三四，孩子的") == "13800001234"
    assert read_phone("我要查13900001111") == "13900001111"
