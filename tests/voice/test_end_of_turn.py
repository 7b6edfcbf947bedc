"""How long whom is waited for; and what a question expects."""

from __future__ import annotations

import pytest

from voice.end_of_turn import Waits, wait
from voice.expected import Expected, expected, fits

WAITS = Waits()
ID = "先核对一下您是谁。请按键输入您的身份证号，叉号按星号键，也可以慢慢说。"
SUBMIT = "请您核对。都对，就说提交，或者按一。"


@pytest.mark.parametrize(
    ("asked", "text", "verdict", "seconds"),
    [
        ("", "异地就医怎么备案", 0.98, WAITS.surely),
        ("", "我妈在北京住院", 0.97, WAITS.surely),
        ("", "我妈在北京住院", 0.93, WAITS.likely),
        ("", "我妈在北京住院", 0.2, WAITS.open),
        ("", "异地就医怎么办", 0.2, WAITS.surely),
        ("", "我想问一下那个", 0.99, WAITS.unfinished),
        ("", "俺老伴在", 0.97, WAITS.unfinished),
        ("", "嗯", 0.97, WAITS.likely),
        ("", "", 0.97, WAITS.unfinished),
        ("", "我的身份证号是", 0.98, WAITS.number),
        ("", "身份证号是三七零八", 0.985, WAITS.number),
        (ID, "三七零八二九", 0.99, WAITS.number),
        (ID, "370829196501010023", 0.1, WAITS.surely),
        (ID, "我没带身份证", 0.98, WAITS.surely),
        ("您的号码是三七零八开头，尾号一二三四，对吗？", "对", 0.02, WAITS.surely),
        ("您的号码是三七零八开头，尾号一二三四，对吗？", "不对", 0.02, WAITS.surely),
        ("您要去哪个城市看病？", "去北京", 0.1, WAITS.surely),
        (SUBMIT, "对", 0.99, WAITS.open),
        (SUBMIT, "提交吧", 0.99, WAITS.open),
    ],
)
def test_by_the_sound_the_words_and_the_question(asked: str, text: str, verdict: float, seconds: float) -> None:
    assert wait(WAITS, verdict, text, asked) == seconds


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("请把短信里的六位数字说给我。没收到，就说重新发。", Expected.DIGITS),
        ("您有什么医保问题，请直接说。", Expected.ANYTHING),
        ("您要去哪个城市？", Expected.PLACE),
        ("您长期住在哪个省，哪个市？", Expected.PLACE),
        ("申请哪种病？比如高血压，糖尿病。", Expected.DISEASE),
        ("平时在哪家医院看？", Expected.HOSPITAL),
        ("您是在济宁参保的吗？", Expected.YES_NO),
    ],
)
def test_the_kind_of_answer(asked: str, kind: Expected) -> None:
    assert expected(asked) is kind


def test_a_code_is_whole_with_six_digits() -> None:
    assert fits("请把短信里的六位数字说给我。", "一二三四五六")
    assert not fits("请把短信里的六位数字说给我。", "一二三四")
