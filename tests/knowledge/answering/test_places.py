"""Where the caller is insured decides; where they merely stay or are treated does not."""

from __future__ import annotations

import pytest

from knowledge.answering.places import Named, only_place, place_in


@pytest.mark.parametrize(
    "question",
    [
        "俺在北京跟着闺女住，看病用不用先备案",
        "去济南看病要不要备案",
        "在青岛看病能报吗",
        "我在济南住院了没备案",
        "备案到上海了，换一家医院行不行",
        "济南市中心医院能直接结算吗",
        "山东省内看病还用备案吗",
        "北京协和能直接报吗",
        "上海的医院能直接结算吗",
    ],
)
def test_a_place_of_stay_is_no_place_of_insurance(question: str) -> None:
    assert place_in(question).named is Named.NOTHING


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("济南的慢病多久审一次", "sd-jinan"),
        ("我在济南交的医保，慢病多久审批", "sd-jinan"),
        ("济南的尿毒症病人透析，慢特病能即时办吗", "sd-jinan"),
        ("济南互联网医院几家", "sd-jinan"),
        ("济南的互联网医院有几家", "sd-jinan"),
        ("邹城有几个医保站", "sd-jining-zoucheng"),
        ("任城镇上能办医保吗", "sd-jining"),
        ("从深圳回济宁上班，医保怎么转回来", "sd-jining"),
        ("省里的文件怎么规定", "sd"),
    ],
)
def test_a_named_place_of_insurance_decides(question: str, place: str) -> None:
    assert place_in(question).jurisdiction == place


@pytest.mark.parametrize("question", ["青岛参保的能报吗", "北京的医保怎么规定的", "那上海呢", "临沂的生育津贴怎么发"])
def test_other_pools_are_recognised(question: str) -> None:
    assert place_in(question).named is Named.ELSEWHERE


def test_only_a_place_is_a_change_of_place() -> None:
    assert only_place("那济南呢？") == "sd-jinan"
    assert only_place("俺是邹城的") == "sd-jining-zoucheng"
    assert only_place("俺家在曲阜") in (None, "sd-jining")
    assert only_place("济南慢病多久审") is None


def test_the_place_that_is_meant_and_not_the_one_that_is_not() -> None:
    assert place_in("不是济宁，我问的是济南的慢病").jurisdiction == "sd-jinan"
    assert place_in("省里说送药上门靠什么平台").jurisdiction == "sd"
