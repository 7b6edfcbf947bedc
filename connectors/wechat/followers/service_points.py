"""The service points nearest to the citizen: only those that staff have entered, never an address from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from base.messages import Reply
from connectors.wechat.platform.wire import Place

SHOWN = 3
LISTED = 5
SEND_PLACE = "点输入框右边的“＋”，选“位置”发给我，我告诉您最近的是哪几个。"
_FARTHEST_METRES = 100_000
_EARTH_METRES = 6_371_000


@dataclass(frozen=True, slots=True)
class Point:
    """One service point of the stations table. Texts may be empty."""

    name: str
    address: str
    phone: str
    hours: str
    place: Place


class ServicePoints:
    """`points`: everything in the stations table that has a place."""

    def __init__(self, points: Callable[[], Awaitable[Sequence[Point]]]) -> None:
        self._points = points

    async def near(self, place: Place) -> list[Reply]:
        """The three nearest within 100 km; nothing if there are none."""
        by_distance = sorted(((metres(place, point.place), point) for point in await self._points()), key=_distance)
        near = [(distance, point) for distance, point in by_distance[:SHOWN] if distance <= _FARTHEST_METRES]
        if not near:
            return []
        lines = "\n\n".join(_line(distance, point) for distance, point in near)
        return [Reply(f"离您最近的医保服务点（直线距离）：\n\n{lines}\n\n去之前最好先打个电话问问。")]

    async def known(self) -> list[Reply]:
        """Some of them, and how to ask for the nearest; nothing if there are none."""
        points = await self._points()
        if not points:
            return []
        lines = "\n\n".join(_described(point.name, point) for point in points[:LISTED])
        more = f"\n\n登记了{len(points)}个，这里是{LISTED}个。" if len(points) > LISTED else ""
        return [Reply(f"{SEND_PLACE}\n\n已经登记的医保服务点：\n\n{lines}{more}\n\n去之前最好先打个电话问问。")]


def metres(one: Place, other: Place) -> float:
    """Along the earth's surface."""
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((other_north - north) / 2) ** 2
    east = math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(math.sqrt(half + math.cos(north) * math.cos(other_north) * east))


def _distance(entry: tuple[float, Point]) -> float:
    return entry[0]


def _line(distance: float, point: Point) -> str:
    far = f"{distance / 1000:.1f}公里" if distance >= 1000 else f"{max(10, round(distance, -1)):.0f}米"
    return _described(f"{point.name}，约{far}", point)


def _described(title: str, point: Point) -> str:
    details = [point.address, f"电话 {point.phone}" if point.phone else "", point.hours]
    return "\n".join([title, *(detail for detail in details if detail)])
