"""Which of the days in a story is the one that is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.apply.gathering import gathered
from casework.filings.items import load

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("item", "said", "field", "day"),
    [
        ("remote-longterm", "我明年3月1号去苏州，后年3月回来", "since", "2027-03-01"),
        ("remote-longterm", "我6月3号从济宁走的，6月5号到的北京，就在北京长住了", "since", "2026-06-05"),
        ("remote-longterm", "12月10号去上海，过完年2月20号回来", "since", "2026-12-10"),
        ("remote-longterm", "2026年9月1号到2027年3月1号都在青岛", "since", None),
        ("remote-referral", "医生让转到济南齐鲁医院，县人民医院11月20号开的转诊单", "since", "2026-11-20"),
        ("remote-referral", "邹城市人民医院，上礼拜三给转的", "since", "2026-11-25"),
        ("remote-referral", "11月20号县医院给转的，12月8号去齐鲁医院", "since", "2026-11-20"),
        ("remote-emergency", "10月2号在徐州中心医院急诊住的院，10月9号出的院", "admitted", "2026-10-02"),
        ("remote-emergency", "俺在北京协和医院住院呢，前天夜里送去的，还没出院", "admitted", "2026-11-28"),
        ("remote-emergency", "前天出的院", "admitted", None),
        ("remote-online-reimb", "我10月2号住院，15号出院，现在想报销", "admitted", "2026-10-02"),
    ],
)
def test_the_day_on_which_it_began(item: str, said: str, field: str, day: str | None) -> None:
    assert gathered(load().items[item], [said], TODAY).get(field) == day
