"""The service points that staff have entered, as the official account wants them: those with a place on the map."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from base.database import Database
from connectors.wechat.followers.service_points import Point
from connectors.wechat.platform.wire import Place
from knowledge.public.points import ServicePoints


def located(database: Database) -> Callable[[], Awaitable[Sequence[Point]]]:
    """What `connectors.wechat.followers.service_points` asks every time, so that a change is there at once."""
    table = ServicePoints(database)

    async def points() -> Sequence[Point]:
        every = [one.point for one in await table.all()]
        return [
            Point(point.name, point.address, point.phone, point.hours, Place(point.latitude, point.longitude))
            for point in every
            if point.latitude is not None and point.longitude is not None
        ]

    return points
