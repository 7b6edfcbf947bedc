"""Diseases as people name them: each is that disease, or it is asked."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from language.diseases import read_disease, sounding_like
from language.unclear import Unclear


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("颈椎病", "颈椎病"),
        ("冠状动脉粥样硬化", "冠状动脉粥样硬化"),
        ("系统性硬化症", "系统性硬化症"),
        ("脑卒中", "脑卒中"),
        ("中风", "中风"),
        ("心肌梗死", "心肌梗死"),
        ("乙肝", "乙肝"),
        ("丙肝", "丙肝"),
        ("肾衰竭", "肾衰竭"),
        ("慢性阻塞性肺疾病", "慢性阻塞性肺疾病"),
        ("阿尔茨海默病", "阿尔茨海默病"),
        ("重症肌无力", "重症肌无力"),
        ("俺娘有乙肝肝硬化，还有高血压三级", "乙肝肝硬化、高血压三级"),
        ("我有高血压还有糖尿病", "高血压、糖尿病"),
        ("不是糖尿病，是高血压", "高血压"),
        ("没有高血压，有糖尿病", "糖尿病"),
        ("癌症，乳腺癌", "乳腺癌"),
        ("得了两年糖尿病", "糖尿病"),
        ("羊角风", "羊角风"),
        ("去年查出来的糖尿病", "糖尿病"),
        ("大前年脑梗过，腿脚不灵", "脑梗"),
        ("今年五月确诊的肺癌", "肺癌"),
        ("前阵子查的冠心病", "冠心病"),
        ("前列腺增生", "前列腺增生"),
        ("心绞痛", "心绞痛"),
        ("三叉神经痛", "三叉神经痛"),
        ("尘肺", "尘肺"),
        ("骨质疏松好几年了", "骨质疏松"),
        ("支扩", "支扩"),
        ("克罗恩", "克罗恩"),
        ("脑供血不足", "脑供血不足"),
        ("糖尿病足", "糖尿病足"),
    ],
)
def test_a_disease_is_kept_as_it_was_said(said: str, kept: str) -> None:
    assert read_disease(said) == kept


@pytest.mark.parametrize("said", ["就是不舒服", "慢性病", "腰疼", "肺上长瘤", "什么病都行", "心脏不好", "不知道", ""])
def test_what_is_no_disease_is_asked(said: str) -> None:
    assert read_disease(said) is None


def test_what_only_sounds_like_one_is_asked_back() -> None:
    with pytest.raises(Unclear) as unclear:
        sounding_like("勾续压")
    assert unclear.value.choices == ("高血压",)


def test_whatever_is_said_it_is_a_disease_or_a_question() -> None:
    pick = random.Random(14)
    for _ in range(10_000):
        said = "".join(pick.choices("高血压糖尿病肝硬化癌症有得了我俺的不是，还和年三级中风", k=pick.randint(1, 14)))
        with suppress(Unclear):
            read_disease(said)


@pytest.mark.parametrize(("said", "likely"), [("糖料病", "糖尿病"), ("尿独症，透析呢", "尿毒症")])
def test_a_name_that_no_disease_has_is_asked(said: str, likely: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_disease(said)
    assert unclear.value.choices == (likely,)


@pytest.mark.parametrize(
    ("said", "likely"),
    [
        ("隔一天洗一回血", "尿毒症透析"),
        ("在医院里透析着哩", "尿毒症透析"),
        ("前年换的肾，顿顿吃药", "肾移植术后抗排异治疗"),
        ("去年换过肝", "肝移植术后抗排异治疗"),
        ("心脏里下了三个支架", "冠心病"),
        ("搭过桥，天天吃药", "冠心病"),
        ("血糖高，一天扎四回胰岛素", "糖尿病"),
        ("半拉身子动不了", "脑卒中后遗症"),
    ],
)
def test_a_disease_told_by_its_treatment_is_asked_and_never_written_down(said: str, likely: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_disease(said)
    assert unclear.value.choices == (likely,)


@pytest.mark.parametrize("said", ["胃里放了支架", "做了个手术", "换了个药"])
def test_a_treatment_of_many_names_none(said: str) -> None:
    assert read_disease(said) is None
