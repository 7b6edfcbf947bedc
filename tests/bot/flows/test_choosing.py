"""What is said to our own question between two things: any word that fits only one of them takes it."""

from __future__ import annotations

import pytest

from bot.flows.apply.choosing import one_of
from tests.casework.office import Caller, Office

TWO = ("北京市", "辽宁省朝阳市")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("辽宁那个", "辽宁省朝阳市"),
        ("是辽宁的", "辽宁省朝阳市"),
        ("辽宁省的吧", "辽宁省朝阳市"),
        ("北京", "北京市"),
        ("不是北京那个", "辽宁省朝阳市"),
        ("不是辽宁的，是北京的", "北京市"),
        ("都不是", ""),
        ("北京还是辽宁", ""),
        ("辽宁那个报销多少", ""),
        ("随便", ""),
    ],
)
def test_which_of_two_cities(said: str, meant: str) -> None:
    assert one_of(TWO, said) == meant


def test_of_other_things_too() -> None:
    assert one_of(("济宁市第一人民医院", "济宁市中医院"), "中医院那个") == "济宁市中医院"
    assert one_of(("19900000001", "19900008866"), "尾号8866那个") == "19900008866"
    assert one_of(("张桂兰", "孙桂英"), "桂什么那个") == ""


async def longterm(office: Office, *answers: str, channel: str = "web") -> Caller:
    elder = office.caller(channel)
    await elder.wants("file_item", "办长期居住备案")
    await elder.proves("elder")
    for answer in answers:
        await elder.says(answer)
    return elder


@pytest.mark.parametrize(
    ("said", "city"),
    [
        ("辽宁那个", "辽宁省朝阳市"),
        ("第二个", "辽宁省朝阳市"),
        ("后面那个", "辽宁省朝阳市"),
        ("2", "辽宁省朝阳市"),
        ("前一个", "北京市"),
        ("第一个", "北京市"),
        ("北京的那个朝阳", "北京市"),
        ("朝阳市那个", "辽宁省朝阳市"),
        ("不是北京的", "辽宁省朝阳市"),
    ],
)
async def test_a_word_that_fits_one_answers_which(office: Office, said: str, city: str) -> None:
    elder = await longterm(office, "朝阳")
    assert f"备案到哪里：{city}" in await elder.says(said)


async def test_the_same_word_again_is_no_choice(office: Office) -> None:
    elder = await longterm(office, "朝阳")
    assert "北京市，还是辽宁省朝阳市" in await elder.says("朝阳")


async def test_asked_in_a_correction_it_is_answered_the_same_way(office: Office) -> None:
    elder = await longterm(office, "苏州")
    heard = await elder.says("不对，是苏州河边的普陀区")
    assert "上海市" in heard
    assert "浙江省舟山市" in heard
    assert "备案到哪里：浙江省舟山市" in await elder.says("浙江那个")
