"""Short answers to questions that have few answers."""

from __future__ import annotations

import pytest

from voice.closed_answers import is_doubtful_number, is_id_number, may_be_place, meant, place_said

WHERE, WHO = "您要去哪个城市看病？", "请按键输入您的身份证号，也可以慢慢说。"
ID = "11010519491231002X"


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        ("居府", "曲阜"),
        ("微上线", "微山县"),
        ("眼周期", "兖州区"),
        ("家乡", "嘉祥县"),
        ("那去北京", "那去北京"),
        ("被京", "北京"),
    ],
)
def test_the_nearest_place_by_sound_where_a_place_was_asked(heard: str, place: str) -> None:
    assert meant(heard, (), WHERE).removesuffix("县") == place.removesuffix("县")
    assert meant(heard, (), "您有什么医保问题，请直接说。") == heard


@pytest.mark.parametrize("text", ["我还没想好去哪里看病", "转人工", "你说的什么意思", "我不知道"])
def test_what_is_no_place_stays(text: str) -> None:
    assert meant(text, (), WHERE) == text


def test_a_loop_is_cut_where_the_number_is_whole() -> None:
    assert meant(ID + ID[:10], (), WHO) == ID
    assert meant("12345612", (), "请把短信里的六位数字说给我。验证码是六位。") == "123456"


def test_of_several_numbers_the_one_that_can_be_one_is_taken() -> None:
    assert meant("110105194912310021", ("110105194912310023", ID), WHO) == ID
    assert meant("我没有带", (ID,), WHO) == "我没有带"


def test_a_number_heard_nearly_whole_that_can_be_none_is_looked_for_in_other_hearings() -> None:
    assert is_doubtful_number(f"{ID[:7]}{ID[8:]}", WHO)
    assert is_doubtful_number("110105194912310021", WHO)
    assert not is_doubtful_number(ID, WHO)
    assert not is_doubtful_number(ID[:6], WHO)
    assert not is_doubtful_number("我没有带", WHO)
    assert not is_doubtful_number(ID[:17], "您有什么医保问题，请直接说。")
    assert meant(f"{ID[:7]}{ID[8:]}", (ID,), WHO) == ID


RIGHT, SUBMIT = "您的号码是三七零八开头，尾号零零二一，对吗？", "都对，就说提交，或者按一。哪里不对，您直接说。"


@pytest.mark.parametrize(
    ("heard", "others", "said"),
    [
        ("十雷。", (), "是嘞"),
        ("重", (), "中"),
        ("不重。", (), "不中"),
        ("堆", (), "对"),
        ("带", ("对。", "代"), "对。"),
        ("部队", ("布对",), "不对"),
        ("没有", (), "没有"),
        ("带", ("对", "不对"), "带"),
        ("今天天气", ("对",), "对"),
        ("今天下午去住院", ("对",), "今天下午去住院"),
        ("", ("对",), ""),
    ],
)
def test_a_yes_or_no_that_was_written_in_other_characters(heard: str, others: tuple[str, ...], said: str) -> None:
    assert meant(heard, others, RIGHT) == said
    assert meant(heard, others, SUBMIT) == heard, "nothing is handed in by a sound"
    assert meant(heard, others, "您有什么医保问题，请直接说。") == heard


def test_the_check_character() -> None:
    assert is_id_number(ID)
    assert not is_id_number(ID[:-1] + "1")


TOLD = "手机上用国家医保服务平台手机软件就能办。"


@pytest.mark.parametrize(
    ("text", "confidence", "seconds", "asked", "may_be"),
    [
        ("西南。", 0.3, 0.6, TOLD, True),
        ("", 0.2, 0.5, TOLD, True),
        ("伤害。", 0.8, 0.6, TOLD, True),
        ("知道了。", 0.5, 0.6, TOLD, False),
        ("不用了", 0.5, 0.6, TOLD, False),
        ("再说一遍。", 0.6, 0.8, TOLD, False),
        ("医保卡", 0.5, 0.6, TOLD, False),
        ("西南。", 0.95, 0.6, TOLD, False),
        ("西南。", 0.3, 2.4, TOLD, False),
        ("西南。", 0.3, 0.6, "您的号码是三七零八开头，对吗？", False),
        ("西南。", None, 0.6, TOLD, False),
    ],
)
def test_few_unsure_sounds_behind_an_answer_may_be_a_place(
    text: str, confidence: float | None, seconds: float, asked: str, may_be: bool
) -> None:
    assert may_be_place(text, confidence, seconds, asked) == may_be


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        (("西南", "汽南"), "济南"),
        (("沈啊", "新岛", "青岛"), "青岛"),
        (("吻上县。",), "汶上县"),
        (("再德州?", "在德州"), "德州"),
        (("去道链", "直到练"), ""),
        (("梅廷县",), ""),
        (("材料", "海榴"), ""),
        (("济南的医院",), ""),
        ((), ""),
    ],
)
def test_the_place_is_said_by_all_of_the_sounds_or_none_is(heard: tuple[str, ...], place: str) -> None:
    assert place_said(heard) == place
