"""When people work: said in one way everywhere, and that nobody does only where there is no doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from base.clock import HERE
from base.staff_texts import STAFF_TEXTS, Dated, StaffText
from language.aloud.spoken import spoken
from language.calendar.service_hours import nobody_works, shown

OFFICE = "周一至周五 8:30-12:00，13:30-17:00\n周六 9:00-11:00"


@pytest.fixture(autouse=True)
def _nothing_written() -> Iterator[None]:
    yield
    STAFF_TEXTS.use({})


def write(text: str) -> None:
    STAFF_TEXTS.use({StaffText.HOURS: Dated(text)})


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=HERE)


def test_without_any_nothing_is_said_and_nobody_is_said_to_be_away() -> None:
    assert shown() == ""
    assert not nobody_works(at("2026-12-02", "03:00"))


@pytest.mark.parametrize("text", [OFFICE, "周一至周五 8:30-12:00，13:30-17:00。\n\n周六 9:00-11:00。；"])
def test_on_one_line_with_one_stop(text: str) -> None:
    write(text)
    assert shown() == "周一至周五 8:30-12:00，13:30-17:00；周六 9:00-11:00"
    said = spoken(f"人工服务时间是{shown()}。")
    assert said.startswith("人工服务时间是周一至周五八点半到十二点")
    assert said.endswith("十一点。")


# 2026-12-02 is a Wednesday, -04 a Friday, -05 a Saturday, -06 a Sunday; 2026-10-01 a Thursday and a holiday
@pytest.mark.parametrize(
    ("text", "day", "clock", "nobody"),
    [
        (OFFICE, "2026-12-02", "03:00", True),
        (OFFICE, "2026-12-02", "08:29", True),
        (OFFICE, "2026-12-02", "08:30", False),
        (OFFICE, "2026-12-02", "12:30", True),
        (OFFICE, "2026-12-02", "17:00", True),
        (OFFICE, "2026-12-05", "10:00", False),
        (OFFICE, "2026-12-05", "15:00", True),
        (OFFICE, "2026-12-06", "10:00", True),
        (OFFICE, "2026-10-01", "10:00", True),
        ("工作日 8:30—17:00（法定节假日除外）", "2026-12-06", "10:00", True),
        ("工作日 8：30～17：00", "2026-12-04", "16:59", False),
        ("每天 8:00-20:00", "2026-10-01", "10:00", False),
        ("每天 8:00-20:00", "2026-12-06", "21:00", True),
        ("每天 20:00-6:00", "2026-12-06", "23:00", False),
        ("星期一到星期五 上午8:30到12:00，下午2:00到5:30", "2026-12-02", "15:00", False),
        ("星期一到星期五 上午8:30到12:00，下午2:00到5:30", "2026-12-02", "18:00", True),
        ("周一至周五 8:30-17:00，周六日休息", "2026-12-06", "10:00", True),
        ("周一至周五 8:30-17:00 周六、周日 9:00-11:00", "2026-12-05", "10:00", False),
        ("周六日 9:00-11:00", "2026-12-06", "10:00", False),
        ("周一、周三 9:00-11:00", "2026-12-04", "10:00", True),
        ("8:30-17:00", "2026-12-06", "10:00", False),
        ("8:30-17:00", "2026-12-06", "20:00", True),
        ("周一至周五 8:30开门", "2026-12-06", "03:00", False),
        ("周一至周五 8:30-17:00", "2026-10-10", "10:00", False),  # a Saturday worked in exchange for a holiday
    ],
)
def test_that_nobody_works_is_said_only_without_a_doubt(text: str, day: str, clock: str, nobody: bool) -> None:
    write(text)
    assert nobody_works(at(day, clock)) is nobody
