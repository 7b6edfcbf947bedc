"""The stages of a turn, as staff read them."""

from __future__ import annotations

from service.wiring.timeline import told
from voice.turn_log import Stages


def test_times_and_what_may_have_been_said() -> None:
    assert told(Stages(0.38, 0.12, 0.07, 0.02, 0.8)) == "说完0.8秒后开口；等0.38，识别0.12，答0.07，合成0.02"
    others = ("一", "二", "三", "四", "五")
    words = told(Stages(0.38, 0.12, 0.07, 0.02, 0.8, others, is_foretold=True, is_joined=True))
    assert words.endswith("接着上一句说，合起来答；答复提前备好；也可能说的是：一／二／三／四")
