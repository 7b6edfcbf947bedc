"""Which year's contribution was asked about is answered before the list."""

from __future__ import annotations

from tests.casework.office import Office


async def test_a_year_that_is_not_there_is_said_to_be_missing(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "俺2035年的交费查一下")
    told = await caller.proves("elder")
    assert "2035年的缴费，没有查到您的记录" in told
    assert "缴费记录：" in told, "and what there is follows"


async def test_no_year_is_missed_where_none_was_asked_about(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查查缴费记录")
    assert "没有查到" not in await caller.proves("elder")


async def test_months_that_the_system_does_not_tell_are_not_passed_over(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "十月份的交费到账没")
    assert "没有写是哪几个月" in await caller.proves("son")
