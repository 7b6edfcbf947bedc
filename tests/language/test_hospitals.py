"""Hospitals as people name them: nothing is cut off where a name begins, nothing is put in its place."""

from __future__ import annotations

import random

import pytest

from language.hospitals import read_hospital
from language.unclear import Unclear


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("上海市第六人民医院", "上海市第六人民医院"),
        ("去上海华山医院", "上海华山医院"),
        ("在上海瑞金医院", "上海瑞金医院"),
        ("上饶市人民医院", "上饶市人民医院"),
        ("都江堰市医疗中心", "都江堰市医疗中心"),
        ("积水潭医院", "积水潭医院"),
        ("新华医院", "新华医院"),
        ("玉泉医院", "玉泉医院"),
        ("协和医院", "协和医院"),
        ("北京协和", "北京协和"),
        ("301", "301"),
        ("济宁市第一人民医院给转的", "济宁市第一人民医院"),
        ("俺住的是附院", "附院"),
        ("不是湘雅二医院，是湘雅三医院", "湘雅三医院"),
        ("济宁医学院附属医院，不对，是济宁市中医院", "济宁市中医院"),
        ("俺镇上的卫生院，小孟镇卫生院", "小孟镇卫生院"),
        ("去年在郑大一附院", "郑大一附院"),
        ("昨天在济宁市第一人民医院住的院", "济宁市第一人民医院"),
        ("上个月去的省立医院", "省立医院"),
        ("今年三月份在北京301医院", "北京301医院"),
        ("2026年8月3日在泰安市中心医院", "泰安市中心医院"),
        ("前年到上海中山医院做的手术", "上海中山医院"),
        ("我姐夫在仁爱医院", "仁爱医院"),
        ("昨天晚上突然不舒服，送到了邹城市人民医院", "邹城市人民医院"),
        ("梁山县人民医院王医生给我转的", "梁山县人民医院"),
        ("春天医院", "春天医院"),
        ("前天夜里俺拉着俺爹去的济宁市第一人民医院", "济宁市第一人民医院"),
        ("2025年12月在北京安贞医院做的支架", "北京安贞医院"),
        ("孙女婿给找的青岛大学附属医院", "青岛大学附属医院"),
        ("济宁市中西医结合医院李主任开的", "济宁市中西医结合医院"),
        ("八月湖卫生院", "八月湖卫生院"),
        ("婆婆庄卫生院", "婆婆庄卫生院"),
        ("济宁市和平医院和平分院", "济宁市和平医院和平分院"),
    ],
)
def test_a_hospital_is_kept_as_it_was_said(said: str, name: str) -> None:
    assert read_hospital(said) == name


@pytest.mark.parametrize(
    "said", ["那个楼上的地方", "不知道", "医院", "县医院", "村卫生室", "我家附近的医院", "哪个医院都行吗", ""]
)
def test_what_names_none_is_asked(said: str) -> None:
    assert read_hospital(said) is None


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("济宁市中医院，济宁市第一人民医院", ("济宁市中医院", "济宁市第一人民医院")),
        ("济宁市中医院和济宁市一院", ("济宁市中医院", "济宁市一院")),
        ("嘉祥县人民医院或者中医院", ("嘉祥县人民医院", "中医院")),
        ("济宁市第一人民医院还是附院来着", ("济宁市第一人民医院", "附院")),
        ("从济宁市第一人民医院转到上海瑞金医院", ("济宁市第一人民医院", "上海瑞金医院")),
    ],
)
def test_of_two_hospitals_it_is_asked_which(said: str, both: tuple[str, str]) -> None:
    with pytest.raises(Unclear) as unclear:
        read_hospital(said)
    assert unclear.value.choices == both


def test_whatever_is_said_it_is_a_hospital_or_a_question() -> None:
    pick = random.Random(14)
    for _ in range(5_000):
        said = "".join(
            pick.choices("上海北京去到在的是俺住市第一人民医院附中心卫生301，。不对 看病协和", k=pick.randint(1, 16))
        )
        try:
            read_hospital(said)
        except Unclear:
            continue


@pytest.mark.parametrize("said", ["人民医院", "第一人民医院", "中医院", "县人民医院", "在妇幼保健院生的"])
def test_a_hospital_that_every_town_has_is_asked(said: str) -> None:
    with pytest.raises(Unclear):
        read_hospital(said)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("附院，就是青岛大学的", "青岛大学附属医院"),
        ("附院，不是一院，济宁医学院的", "济宁医学院附属医院"),
        ("就在是非桥卫生院", "是非桥卫生院"),
        ("金乡县人民医院", "金乡县人民医院"),
        ("济宁二院，第二医院", "济宁二院"),
        ("人民医院，嘉祥县人民医院", "嘉祥县人民医院"),
    ],
)
def test_whose_it_is_may_be_told_behind_it(said: str, name: str) -> None:
    assert read_hospital(said) == name
