"""What staff write about the hotline: what is not right about it is told, and it counts on its days only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from base.staff_texts import STAFF_TEXTS, Dated, StaffText, days_off, message, worded, wrong


@pytest.fixture(autouse=True)
def nothing_set() -> Iterator[None]:
    yield
    STAFF_TEXTS.use({})


@pytest.mark.parametrize("which", StaffText)
def test_what_is_built_in_and_nothing_at_all_are_right(which: StaffText) -> None:
    assert wrong(which, which.about.built_in) == ""
    assert wrong(which, "") == ""
    assert "，群众会收不到" not in which.about.hint


@pytest.mark.parametrize(
    ("which", "text", "told"),
    [
        (StaffText.SMS_CODE, "您的验证码在短信里", "少了{验证码}"),
        (StaffText.SMS_CODE, "您的验证码是{验证码}，{姓名}您好", "不认识{姓名}"),
        (StaffText.SMS_FILED, "编号{编号}查询码{查询码}{期限}", "少了{材料}"),
        (StaffText.ANNOUNCEMENT, "停" * 201, "最多 200 个字，现在有 201 个"),
        (StaffText.ANNOUNCEMENT, "{热线}维护", "不认识{热线}"),
        (StaffText.HOURS, "周一至周五 8:30-17:00\n周末休息", "每行都要写几点到几点"),
        (StaffText.HOLIDAYS, "2027-02-05 至 2027-02-11 放假\n春节放假", "看不懂这一行：“春节放假”"),
        (StaffText.HOLIDAYS, "2027-02-30 放假", "看不懂"),
        (StaffText.HOLIDAYS, "2027-02-11 至 2027-02-05 放假", "看不懂"),
        (StaffText.HOLIDAYS, "2027-02-05 至 2028-02-05 放假", "看不懂"),
    ],
)
def test_what_is_not_right_is_told(which: StaffText, text: str, told: str) -> None:
    assert told in wrong(which, text)


def test_a_text_counts_on_its_days() -> None:
    STAFF_TEXTS.use({StaffText.ANNOUNCEMENT: Dated("系统维护", date(2026, 12, 20), date(2026, 12, 21))})
    shown = [STAFF_TEXTS.text(StaffText.ANNOUNCEMENT, date(2026, 12, day)) for day in (19, 20, 21, 22)]
    assert shown == ["", "系统维护", "系统维护", ""]
    assert STAFF_TEXTS.text(StaffText.HOURS) == ""


def test_a_short_message_is_filled_in_and_signed() -> None:
    assert message(StaffText.SMS_CODE, 验证码="123456").startswith("【济宁医保】您的验证码是123456，")
    STAFF_TEXTS.use({StaffText.SMS_CODE: Dated("验证码{验证码}，有事拨{热线}。")})
    assert message(StaffText.SMS_CODE, 验证码="1{热线}2") == "【济宁医保】验证码1{热线}2，有事拨12393。"
    assert worded(StaffText.SMS_CODE, 验证码="8") == "验证码8，有事拨12393。"


def test_days_off_and_days_worked() -> None:
    days = days_off("2027-02-05 至 2027-02-07 放假 春节\n\n2027-02-13上班")
    assert days == {
        date(2027, 2, 5): False,
        date(2027, 2, 6): False,
        date(2027, 2, 7): False,
        date(2027, 2, 13): True,
    }
