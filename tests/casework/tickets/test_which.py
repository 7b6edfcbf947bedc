"""Which of several cases somebody means, by their own words."""

from __future__ import annotations

import pytest

from casework.filings.items import load
from casework.tickets.tickets import Kind
from casework.tickets.which import Case, named, number_in

ITEMS = load().items
PHONE = {"phone": "13900001234"}
PRENATAL = Case(
    "GD20261120-0033",
    item=ITEMS["maternity-prenatal"],
    answers={"expected": "济宁市第一人民医院", "amount": "136000", **PHONE},
)
NEWBORN = Case(
    "GD20261120-0035",
    item=ITEMS["enroll-resident"],
    answers={"who": "新生儿", "name": "赵小宝", "born": "2026-11-02", "town": "任城区阜桥街道", **PHONE},
)
SUZHOU = Case(
    "GD20261120-0036",
    item=ITEMS["remote-longterm"],
    answers={"place": "江苏省苏州市", "since": "2026-06-03", **PHONE},
)
BEIJING = Case(
    "GD20261120-0037",
    item=ITEMS["remote-referral"],
    answers={"place": "北京市", "hospital": "邹城市人民医院", "since": "2026-11-10", **PHONE},
)
CHRONIC = Case(
    "GD20261120-0038",
    item=ITEMS["chronic-recognition"],
    answers={"disease": "冠心病、糖尿病", "hospital": "济宁医学院附属医院", **PHONE},
)
COMPLAINT = Case("GD20261120-0039", Kind.COMPLAINT, told="我要投诉，县医院住院多收我钱了")
ALL = [COMPLAINT, CHRONIC, BEIJING, SUZHOU, NEWBORN, PRENATAL]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("我产检那个钱不是1360，是1630，写反了", PRENATAL),
        ("钱写反了，一千三百六写成一千六百三了", PRENATAL),
        ("孕检的报销再补一句，是双胞胎", PRENATAL),
        ("赵小宝的生日报错了，是11月3号", NEWBORN),
        ("尾号0033那个", PRENATAL),
        ("零零三五那个，再补一句", NEWBORN),
        ("编号GD20261120-0036", SUZHOU),
        ("撤苏州那个", SUZHOU),
        ("苏州备案撤回", SUZHOU),
        ("去北京的不去了，撤了吧", BEIJING),
        ("异地就医备案（长期居住）", SUZHOU),
        ("冠心病那个医院写错了", CHRONIC),
        ("多收钱那个投诉撤了没有", COMPLAINT),
        ("北京的别撤，把苏州的撤了", SUZHOU),
        ("那个单子上13900001234不对，赵小宝那件", NEWBORN),
    ],
)
def test_their_words_name_one(words: str, meant: Case) -> None:
    assert [case.number for case in named(words, ALL)] == [meant.number]


@pytest.mark.parametrize("words", ["再补一句，我下周一出差", "撤回", "刚才那个单子作废", "GD20261120-0099撤了"])
def test_they_name_none(words: str) -> None:
    assert named(words, ALL) == []


def test_filing_words_leave_open_which_kind() -> None:
    assert named("备案的那个快点给办", ALL) == [BEIJING, SUZHOU]


def test_two_like_each_other_are_told_apart_by_what_stands_in_them() -> None:
    earlier = Case("GD20261120-0041", item=ITEMS["maternity-prenatal"], answers={"amount": "20000"})
    assert named("产检200块那个撤了", [PRENATAL, earlier]) == [earlier]
    assert named("产检那个撤了", [PRENATAL, earlier]) == [PRENATAL, earlier]


def test_a_wrong_telephone_number_is_of_any_of_them() -> None:
    change = Case("GD20261120-0042", item=ITEMS["enroll-change"], answers={"what": "手机号", **PHONE})
    assert named("联系电话写错了，应该是13800002222", [NEWBORN, change]) == []
    assert named("改手机号那个撤了", [NEWBORN, change]) == [change]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("GD20261120-0036", "GD20261120-0036"),
        ("gd20261120 0036", "GD20261120-0036"),
        ("工单尾号零零三六", "0036"),
        ("0036那个", "0036"),
        ("花了1360块", ""),
        ("2026年办的", ""),
    ],
)
def test_a_number_as_they_say_it(words: str, number: str) -> None:
    assert number_in(words) == number
