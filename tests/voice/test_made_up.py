"""What nobody said, and what callers do say."""

from __future__ import annotations

import pytest

from voice.hints import hint
from voice.made_up import Hearing

ID = "请按键输入您的身份证号，也可以慢慢说。"


@pytest.mark.parametrize(
    "text",
    ["对对对对对", "好好好好好", "我要给你们工作人员点赞", "好，下次再见", "参保缴费", "八八八八八", "怎么订阅通知",
     "北京，上海", "任城区", "住院、报销、转院", "居民医保怎么缴费，怎么报销", "谢谢您",
     "高血压、糖尿病、冠心病、脑梗", "高血压糖尿病冠心病"],
)  # fmt: skip
def test_what_callers_say_is_taken(text: str) -> None:
    assert not Hearing(text, 0.8, 0.05, 2.5, "").is_made_up


@pytest.mark.parametrize(
    "text",
    ["哈" * 30, "请不吝点赞订阅转发打赏支持明镜与点点栏目", "感谢您的观看", "我们下期节目再见",
     "缴费、参保、账户余额、电子凭证、生育津贴", "报销、缴费、参保、账户余额、电子凭证、生育津贴。",
     "医保热线、异地就医、备案", "个人账户账户余额亲情账户", "曲阜邹城微山县鱼台县", ""],
)  # fmt: skip
def test_captions_loops_and_the_hints_themselves_are_nobodys_words(text: str) -> None:
    assert Hearing(text, 0.8, 0.05, 6.0, "").is_made_up


def test_the_hints_hold_the_question_and_fit_its_kind() -> None:
    assert hint("您要去哪个城市？").startswith("济宁、任城区")
    assert hint("您的号码对吗？").startswith("对、不对")
    assert hint("您有什么问题，请直接说。").endswith("您有什么问题、请直接说。")
    assert "370112" in hint(ID)
    assert "，" not in hint(ID)


def test_a_faint_yes_or_no_counts_where_one_is_asked_and_nothing_is_handed_in_with_it() -> None:
    for text in ("中。", "不中", "嗯"):
        assert not Hearing(text, 0.2, 0.05, 1.0, "您的号码对吗？").is_made_up
        assert Hearing(text, 0.2, 0.05, 1.0, "都对，就说提交，或者按一。").is_made_up
        assert Hearing(text, 0.2, 0.4, 1.0, "您的号码对吗？").is_made_up, "as noise comes"
        assert Hearing(text, 0.2, 0.05, 1.0, "您要去哪个城市？").is_made_up
