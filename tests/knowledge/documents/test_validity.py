"""From when to when a document holds is read from its own words."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents.validity import looks_like_navigation, validity

ISSUED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("本办法自2026年12月1日起施行，有效期至2031年11月30日。", date(2026, 12, 1), date(2031, 11, 30)),
        ("十、本通知自2027年1月1日起执行，有效期五年。", date(2027, 1, 1), date(2031, 12, 31)),
        ("本通知自印发之日起施行，有效期为2年。", ISSUED, date(2028, 11, 19)),
        ("本办法自２０２６年１２月１日起实施。", date(2026, 12, 1), None),
        ("原办法自2021年1月1日起施行，现予废止。本办法自2026年12月1日起施行。", date(2026, 12, 1), None),
        ("每年自1月1日起缴费，有效期内的材料不用再交。", None, None),
        ("电子凭证有效期5年。", None, None),
        ("自2026年12月1日起办理备案。", None, None),
    ],
)
def test_it_is_read_where_the_document_says_it(text: str, begins: date | None, ends: date | None) -> None:
    found = validity(text, ISSUED)
    assert (found.begins, found.ends) == (begins, ends)
    assert bool(found.words) == bool(begins or ends)


def test_a_menu_is_no_title() -> None:
    assert looks_like_navigation("无障碍阅读|长者模式|繁體|今天是首页政务公开")
    assert not looks_like_navigation("济宁市医疗保障局关于优化门诊慢特病资格认定的通知")
