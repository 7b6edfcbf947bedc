"""Words whose usual reading is wrong here."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypinyin.contrib.tone_convert import to_tone3

from language.aloud.readings import respelled, syllables

_PLACES = Path(__file__).parent / "data" / "place_pinyin.txt"


def test_local_and_medical_words() -> None:
    assert syllables("任城区") == ["ren2", "cheng2", "qu1"]
    assert syllables("大夫说是中风") == ["dai4", "fu5", "shuo1", "shi4", "zhong4", "feng1"]
    assert syllables("重新缴费") == ["chong2", "xin1", "jiao3", "fei4"]


def test_what_is_not_chinese_stays() -> None:
    assert syllables("好, A") == ["hao3", ", ", "A"] or syllables("好, A")[0] == "hao3"
    assert syllables("") == []


@pytest.mark.parametrize(
    ("text", "char", "reading"),
    [
        ("身份证的照片", "片", "pian4"),
        ("最长三个月", "长", "chang2"),
        ("多长时间能办好", "长", "chang2"),
        ("长住外地", "长", "chang2"),
        ("长护险", "长", "chang2"),
        ("排长队", "长", "chang2"),
        ("科室的组长", "长", "zhang3"),
        ("以参保地为准", "为", "wei2"),
        ("您还得补交", "得", "dei3"),
        ("得先备案", "得", "dei3"),
        ("获得先进", "得", "de2"),
        ("我给您查查", "查", "cha2"),
        ("用不着", "着", "zhao2"),
        ("要重办一次", "重", "chong2"),
        ("重点人群", "重", "zhong4"),
        ("济医保字", "济", "ji3"),
        ("特困供养", "供", "gong1"),
        ("脑卒中", "卒", "cu4"),
        ("颈椎病", "椎", "zhui1"),
        ("脊柱", "脊", "ji3"),
        ("还款", "还", "huan2"),
        ("量血压", "量", "liang2"),
        ("任先生", "任", "ren2"),
        ("单女士", "单", "shan4"),
        ("核对好了，解振华", "解", "xie4"),
        ("曾祥瑞", "曾", "zeng1"),
        ("查慧敏", "查", "zha1"),
        ("查询进度", "查", "cha2"),
        ("单位电话", "单", "dan1"),
        ("任何人", "任", "ren4"),
    ],
)
def test_characters_with_two_readings(text: str, char: str, reading: str) -> None:
    han = [one for one in text if one != "，"]
    read = [one for one in syllables(text) if one != "，"]
    assert read[han.index(char)] == reading


def test_places_of_the_country_and_of_shandong() -> None:
    """All prefectures, and the counties of Shandong, against a table with its source."""
    lines = [line for line in _PLACES.read_text("utf-8").splitlines() if not line.startswith("#")]
    wanted = {
        name: [to_tone3(one, neutral_tone_with_five=True) for one in reading.split()]
        for name, reading in (line.split("\t") for line in lines)
    }
    assert len(wanted) > 480
    assert {name: syllables(name) for name in wanted} == wanted


def test_a_respelled_text_is_as_long_as_before() -> None:
    assert respelled("任先生，单位的事") == "仁先生，单位的事"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("一月一日", "yi1 yue4 yi1 ri4"),
        ("十一月", "shi2 yi1 yue4"),
        ("一级医院", "yi1 ji2 yi1 yuan4"),
        ("一个月", "yi2 ge4 yue4"),
        ("记得带身份证", "ji4 de5 dai4"),
        ("获得备案资格", "huo4 de2 bei4 an4"),
    ],
)
def test_the_one_of_a_date_or_rank_keeps_its_tone(text: str, read: str) -> None:
    assert read in " ".join(syllables(text))
