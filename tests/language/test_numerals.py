"""Numbers in words."""

from __future__ import annotations

import random

import cn2an
import pytest

from language.numbers.numerals import number, said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((0, "零"), (10, "十"), (12, "十二"), (110, "一百一十"), (1001, "一千零一"), (2000, "二千")),
        *(
            (10010, "一万零一十"),
            (120_000, "十二万"),
            (20_005, "二万零五"),
            (10**8 + 2000, "一亿零二千"),
            (10**15, "一千万亿"),
        ),
    ],
)
def test_a_number_is_said_as_people_say_it(value: int, words: str) -> None:
    assert said(value) == words


def test_every_number_is_another_library_s_too_and_is_understood_again() -> None:
    chance = random.Random(1)
    some = [*range(12_000), *(chance.randrange(10 ** chance.randrange(4, 9)) for _ in range(3000))]
    assert [value for value in some if said(value) != cn2an.an2cn(str(value), "low")] == []
    assert [value for value in some if value > 200 and number(said(value)) != value] == []
