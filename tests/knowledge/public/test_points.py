"""Service points: nothing until staff enter one, nothing odd when they do, and a trace of every change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from base.database import Database
from connectors.wechat.followers.service_points import ServicePoints as WeChatPoints
from connectors.wechat.platform.wire import Place
from knowledge.public.points import COUNTIES, InvalidPoint, NewPoint, PointChanged, ServicePoints
from service.wiring.points import located
from staff import audit

HALL = NewPoint("任城区医保大厅", "任城区", "红星路1号", "0537-1234567", "周一到周五 8:30—12:00", 35.41, 116.59)


async def test_it_begins_empty(database: Database):
    assert await ServicePoints(database).all() == []
    assert await WeChatPoints(located(database)).near(Place(35.4, 116.6)) == []


async def test_add_change_delete_each_leaves_its_entry(database: Database):
    points = ServicePoints(database)
    added = await points.add(HALL, who="bianji")
    await points.change(added.id, replace(HALL, hours="周一到周日"), revision=1, who="zhuguan")
    found = await points.get(added.id)
    assert found is not None
    assert (found.point.hours, found.revision) == ("周一到周日", 2)
    await points.delete(added.id, revision=2, who="zhuguan")
    assert await points.all() == []
    entries = (await audit.entries(database, which=f"service_point {added.id}")).entries
    assert [(entry.who, entry.what) for entry in reversed(entries)] == [
        ("bianji", "point_added"),
        ("zhuguan", "point_changed"),
        ("zhuguan", "point_deleted"),
    ]


async def test_two_who_change_at_once_do_not_overwrite_each_other(database: Database):
    points = ServicePoints(database)
    added = await points.add(HALL, who="bianji")
    await points.change(added.id, replace(HALL, phone="0537-7654321"), revision=1, who="bianji")
    with pytest.raises(PointChanged):
        await points.change(added.id, replace(HALL, phone=""), revision=1, who="zhuguan")
    with pytest.raises(PointChanged):
        await points.delete(added.id, revision=1, who="zhuguan")
    (left,) = await points.all()
    assert left.point.phone == "0537-7654321"
    assert (await audit.entries(database, who="zhuguan")).total == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "医" * 81}, "name"),
        ({"county": "历下区"}, "county"),
        ({"county": ""}, "county"),
        ({"address": "路" * 201}, "address"),
        ({"phone": "问老王"}, "phone"),
        ({"phone": "<script>"}, "phone"),
        ({"latitude": None}, "latitude"),
        ({"longitude": None}, "longitude"),
        ({"latitude": 116.59, "longitude": 35.41}, "latitude"),
        ({"latitude": float("nan")}, "latitude"),
        ({"longitude": float("inf")}, "longitude"),
    ],
)
async def test_what_is_refused_names_its_field(database: Database, change: dict[str, object], field: str):
    with pytest.raises(InvalidPoint) as refused:
        await ServicePoints(database).add(replace(HALL, **change), who="bianji")  # type: ignore[arg-type]
    assert field in refused.value.fields
    assert await ServicePoints(database).all() == []


async def test_they_come_county_by_county(database: Database):
    points = ServicePoints(database)
    for county in ("邹城市", "任城区", "梁山县"):
        await points.add(replace(HALL, county=county, name=f"{county}医保大厅"), who="bianji")
    assert [one.point.county for one in await points.all()] == sorted(
        ("邹城市", "任城区", "梁山县"), key=COUNTIES.index
    )
    assert len(await points.all("邹城市")) == 1


async def test_wechat_finds_those_with_a_place(database: Database):
    points = ServicePoints(database)
    await points.add(HALL, who="bianji")
    await points.add(replace(HALL, name="没有坐标的站", latitude=None, longitude=None), who="bianji")
    (reply,) = await WeChatPoints(located(database)).near(Place(35.4, 116.6))
    assert "任城区医保大厅" in reply.text
    assert "没有坐标的站" not in reply.text
