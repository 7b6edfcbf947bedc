"""服务点 as staff enter them."""

from __future__ import annotations

import pytest

from knowledge.public.points import NewPoint, ServicePoints
from tests.connectors.console.office import Office

FIELDS = {"name": "兖州区医保大厅", "county": "兖州区", "address": "九州大道", "phone": "0537-1234567", "hours": ""}
PLACE = {"latitude": "35.55", "longitude": "116.83"}


async def test_an_editor_adds_changes_and_deletes_a_point(desk: Office):
    async with desk.logged_in("bianji") as browser:
        await browser.open("/points")
        assert "还没有服务点" in browser.text
        await browser.open("/points/new")
        await browser.send("/points/new", {"revision": "0", **FIELDS, **PLACE})
        assert "已新增服务点" in browser.text
        (point,) = await ServicePoints(desk.database).all()
        assert point.point == NewPoint("兖州区医保大厅", "兖州区", "九州大道", "0537-1234567", "", 35.55, 116.83)
        await browser.open(f"/points/{point.id}/edit")
        changed = {"revision": "1", **FIELDS, "hours": "周一到周五", "latitude": "", "longitude": ""}
        await browser.send(f"/points/{point.id}/edit", changed)
        assert "没有填" in browser.text
        await browser.send(f"/points/{point.id}/delete", {"revision": "2"})
        assert "已删除服务点" in browser.text
        assert await ServicePoints(desk.database).all() == []


async def test_what_is_refused_is_shown_beside_its_field_with_what_was_typed(desk: Office):
    async with desk.logged_in("zhuguan") as browser:
        await browser.open("/points/new")
        await browser.send("/points/new", {"revision": "0", **FIELDS, "latitude": "北纬", "longitude": ""}, expect=422)
        assert "只写数字" in browser.text
        assert "兖州区医保大厅" in browser.page
        await browser.send("/points/new", {"revision": "0", **FIELDS, "name": "", **PLACE}, expect=422)
        assert "请写名称" in browser.text
        assert await ServicePoints(desk.database).all() == []


async def test_a_point_changed_meanwhile_is_not_overwritten(desk: Office):
    point = await ServicePoints(desk.database).add(NewPoint("站", "曲阜市"), who="bianji2")
    async with desk.logged_in("bianji") as browser:
        await browser.open(f"/points/{point.id}/edit")
        await ServicePoints(desk.database).change(point.id, NewPoint("新站", "曲阜市"), revision=1, who="bianji2")
        await browser.send(f"/points/{point.id}/edit", {"revision": "1", **FIELDS, **PLACE}, expect=422)
        assert "刚才被别的同事改过" in browser.text
        await browser.open("/points/999/edit", expect=404)


@pytest.mark.parametrize("username", ["shenhe", "zuoxi", "guanli"])
async def test_others_may_not(desk: Office, username: str):
    async with desk.logged_in(username) as browser:
        await browser.open("/points", expect=403)
        await browser.open("/password")
        await browser.send("/points/new", {"revision": "0", **FIELDS, **PLACE}, expect=403)
        assert "服务点</a>" not in browser.page
    assert await ServicePoints(desk.database).all() == []
