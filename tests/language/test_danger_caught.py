"""Caught in something, missing, a house to be set on fire; and cards and machines that only sound like it."""

from __future__ import annotations

import pytest

from language.danger import danger_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("孙子脑袋卡护栏里了", "injury"),
        ("俺娘的手夹在绞肉机里出不来了", "injury"),
        ("孩子头卡在栏杆缝里拔不出来", "injury"),
        ("俺爹失踪一天一夜了", "missing"),
        ("隔壁的要拿汽油点房子", "violence"),
        ("他扬言要烧了俺家", "violence"),
    ],
)
def test_danger(text: str, kind: str) -> None:
    assert danger_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "社保卡卡在自助机里拿不出来",
        "手机卡在机器里取不出来了",
        "二手卡能在机器上用不",
        "失踪人口的医保咋办",
        "系统死了吧，登不上去",
        "累得要吐血，排了三天队",
        "他威胁要点我的名",
    ],
)
def test_none(text: str) -> None:
    assert danger_in(text) is None
