"""The hotline's own texts: an administrator writes them, somebody else agrees, and they count."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from base.staff_texts import STAFF_TEXTS, StaffText
from language.calendar.working_days import add_working_days, arrange
from service.wiring.staff_texts import StaffTextsInUse
from tests.connectors.console.knowledge.test_items import changed, fields_of
from tests.connectors.console.office import Office


@pytest.fixture(autouse=True)
async def nothing_left() -> AsyncIterator[None]:
    yield
    STAFF_TEXTS.use({})
    arrange({})


async def publish(desk: Office, which: str, text: str, **days: str) -> None:
    path = f"/settings/{which}"
    async with desk.logged_in("guanli") as administrator, desk.logged_in("shenhe") as reviewer:
        fields = changed(fields_of(await administrator.open(path + "/edit")), text=text, **days)
        await administrator.send(path + "/edit", [*fields, ("then", "submit")])
        assert "等另一位同事审核" in administrator.text
        await reviewer.open("/review")
        link = re.findall(rf'href="/console(/review/\d+)">{StaffText(which).about.label}', reviewer.page)[0]
        await reviewer.open(link)
        assert text.split("\n")[0] in reviewer.text.replace(" ，", "，")
        await reviewer.send(link + "/approve", {})
        assert "已通过并发布" in reviewer.text


async def test_an_administrator_writes_and_a_reviewer_publishes(desk: Office) -> None:
    texts = StaffTextsInUse(desk.database)
    await texts.look()
    assert STAFF_TEXTS.text(StaffText.HOURS) == ""
    await publish(desk, "hours", "周一至周五 8:30-12:00，13:30-17:00")
    await texts.look()
    assert STAFF_TEXTS.text(StaffText.HOURS) == "周一至周五 8:30-12:00，13:30-17:00"
    await publish(desk, "announcement", "12月20日系统维护", valid_from="2026-12-19", valid_until="2026-12-20")
    await texts.look()
    assert STAFF_TEXTS.text(StaffText.ANNOUNCEMENT, date(2026, 12, 20)) == "12月20日系统维护"
    assert STAFF_TEXTS.text(StaffText.ANNOUNCEMENT, date(2026, 12, 21)) == ""
    async with desk.logged_in("shenhe") as reviewer:
        await reviewer.send("/settings/hours/unpublish", {"reason": "写错了"})
    await texts.look()
    assert STAFF_TEXTS.text(StaffText.HOURS) == ""


async def test_days_off_count_for_the_limits(desk: Office) -> None:
    assert add_working_days(date(2026, 11, 30), 1) == date(2026, 12, 1)
    await publish(desk, "holidays", "2026-12-01 至 2026-12-02 放假")
    await StaffTextsInUse(desk.database).look()
    assert add_working_days(date(2026, 11, 30), 1) == date(2026, 12, 3)


async def test_what_is_not_right_is_said_beside_the_field(desk: Office) -> None:
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/settings")
        assert "短信：验证码" in administrator.text
        assert "新建热线设置" not in administrator.text
        fields = fields_of(await administrator.open("/settings/sms-code/edit"))
        await administrator.send(
            "/settings/sms-code/edit", [*changed(fields, text="没有码"), ("then", "save")], expect=422
        )
        assert "少了{验证码}" in administrator.text
        assert "没有码" in administrator.page


async def test_who_changes_no_text(desk: Office) -> None:
    for name in ("bianji", "shenhe", "zuoxi"):
        async with desk.logged_in(name) as browser:
            await browser.open("/settings/hours/edit", expect=403)
            await browser.open("/settings/hours")
            assert "/settings/hours/edit" not in browser.page
