"""Complaints taken back, dropped, or never meant as such."""

from __future__ import annotations

import pytest

from language.complaints import asks_how_it_goes, asks_instead, drops_ticket, takes_complaint_back


@pytest.mark.parametrize(
    "said",
    [
        "不投诉了",
        "算了不投诉了",
        "我不想投诉了",
        "别登记了",
        "不反映了",
        "不告了",
        "没啥要投诉的，撤了吧",
        "不打算投诉那个医生了，气消了",
        "我没投诉过啊",
        "我不是要投诉",
        "你们咋说我投诉了，我没投诉",
        "俺没要投诉谁",
        "用不着投诉",
    ],
)
def test_a_complaint_is_taken_back(said: str) -> None:
    assert takes_complaint_back(said)


@pytest.mark.parametrize(
    "said",
    [
        "我要投诉",
        "不投诉了？",
        "我没投诉过，这是第一次，他们骂我",
        "我投诉了没人管",
        "不投诉不行",
        "为啥不能投诉",
        "不投诉了会怎样",
    ],
)
def test_a_complaint_stays(said: str) -> None:
    assert not takes_complaint_back(said)


@pytest.mark.parametrize(
    "said",
    [
        "没事了，不投诉了",
        "没事了",
        "算了算了",
        "算了，我自己去窗口",
        "不用登记了",
        "不用登记",
        "别给我打了",
        "甭给俺打电话了",
        "不用你们给我回电了",
        "我想开了，不投诉了，谢谢",
        "取消吧，孩子已经给我弄好了",
        "不麻烦你们了",
        "没啥事了，当我没说",
        "别记了，我不告了",
        "不用了",
        "那不用了，谢谢",
    ],
)
def test_who_wants_nothing_registered_any_more(said: str) -> None:
    assert drops_ticket(said)


@pytest.mark.parametrize(
    "said",
    [
        "窗口说今天不办了",
        "他们叫我算了",
        "这事不能就这么算了",
        "哪能就算了",
        "再不办我就去省里告",
        "你们就是不办",
        "就是不给我办了",
        "没事了吗",
        "算了，还是登记吧",
        "结算了三千块钱",
        "打电话没人接",
        "19900000006",
        "对，就这个号",
        "算了 给我转人工吧",
    ],
)
def test_what_drops_no_registration(said: str) -> None:
    assert not drops_ticket(said)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("我不是要投诉，我是想知道门诊报多少", "门诊报多少"),
        ("我不要投诉了我就问问投诉电话", "投诉电话"),
        ("不投诉了，就想问问居民医保几月份交", "居民医保几月份交"),
        ("不是投诉，住院能报多少", "住院能报多少"),
        ("投诉就不用了，给我说说慢特病", "慢特病"),
        ("投诉的事先算了，我想问问住院报多少", "住院报多少"),
        ("我没有要投诉，就问问门诊怎么报", "门诊怎么报"),
        ("别投诉了，问个事：异地备案咋办", "异地备案咋办"),
        ("不要投诉他们了，我自己去说说", ""),
        ("别投诉了，给我办备案吧", ""),
        ("投诉不用我登记吗", ""),
        ("我要投诉，他们不给报", ""),
        ("不投诉了", ""),
        ("不投诉了，谢谢", ""),
        ("不是我要投诉，是俺妈要投诉", ""),
    ],
)
def test_a_question_instead_of_a_complaint(text: str, question: str) -> None:
    assert asks_instead(text) == question


@pytest.mark.parametrize("text", ["不投了", "那我不投了吧", "不投诉了"])
def test_no_complaint_after_all(text: str) -> None:
    assert takes_complaint_back(text)


def test_how_a_complaint_goes_is_no_complaint() -> None:
    assert asks_how_it_goes("投诉进度咋样了")
    assert asks_how_it_goes("俺反映的那事处理得咋样了")
    assert not asks_how_it_goes("我要投诉窗口，问了三回进度都不给说，还骂人，气得俺")
