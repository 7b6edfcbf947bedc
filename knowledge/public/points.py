"""Service points that staff have entered. Nothing is here until they do: no document gives a single address.

points = ServicePoints(database)
await points.add(NewPoint(name="…", county="任城区"), who="wangfang")
await points.all(county="任城区")
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Float, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base, Database
from base.errors import ServiceError
from base.tenant import TENANT
from staff import audit
from staff.audit import Action

COUNTIES = TENANT.areas
_PHONE = re.compile(r"[0-9][0-9\-、，, 转/]{2,38}[0-9]")
LATITUDES, LONGITUDES = TENANT.latitudes, TENANT.longitudes
"""The city and some room: a place outside is a slip, most often the two numbers in each other's field."""


class InvalidPoint(ServiceError):
    """What was typed cannot be saved. `fields`: field → what to do, in Chinese."""

    code = "invalid_point"
    retryable = False
    citizen_text = "有几处还需要补全或改正。"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class PointChanged(ServiceError):
    """Somebody else changed or deleted it meanwhile."""

    code = "point_changed"
    retryable = False
    citizen_text = "这个服务点刚才被别的同事改过或删除了，请看一下现在的内容再改。"


class ServicePointRow(Base):
    """One service point. `revision` counts its changes: a form that started from an older one is refused."""

    __tablename__ = "service_point"
    __table_args__ = (CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_whole"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    county: Mapped[str] = mapped_column(String(20), index=True)
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    hours: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    revision: Mapped[int] = mapped_column(Integer, default=1)


@dataclass(frozen=True, slots=True)
class NewPoint:
    """What staff type. Empty: not known. Coordinates in degrees, both or neither, as a phone's map shows them."""

    name: str
    county: str
    address: str = ""
    phone: str = ""
    hours: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """A point as it is now; `revision` goes back with a change."""

    id: int
    revision: int
    point: NewPoint


class ServicePoints:
    """The table. Every change leaves its audit entry in the same unit of work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, county: str = "") -> list[ServicePoint]:
        """Every point, or those of a county, in the order of the counties and then of their names."""
        wanted = select(ServicePointRow).order_by(ServicePointRow.name, ServicePointRow.id)
        if county:
            wanted = wanted.where(ServicePointRow.county == county)
        async with self._database.session() as session:
            found = [_point(row) for row in await session.scalars(wanted)]
        return sorted(found, key=lambda one: COUNTIES.index(one.point.county))

    async def get(self, point_id: int) -> ServicePoint | None:
        async with self._database.session() as session:
            row = await session.get(ServicePointRow, point_id)
            return _point(row) if row else None

    async def add(self, point: NewPoint, *, who: str) -> ServicePoint:
        """Raises InvalidPoint."""
        check(point)
        async with self._database.session() as session:
            row = ServicePointRow(revision=1, **asdict(point))
            session.add(row)
            await session.flush()
            audit.note(session, who, Action.POINT_ADDED, _which(row.id), detail=point.name)
            return _point(row)

    async def change(self, point_id: int, point: NewPoint, *, revision: int, who: str) -> None:
        """Raises InvalidPoint; PointChanged when it is not what `revision` was."""
        check(point)
        mine = (ServicePointRow.id == point_id, ServicePointRow.revision == revision)
        async with self._database.session() as session:
            done: Any = await session.execute(
                update(ServicePointRow).where(*mine).values(revision=revision + 1, **asdict(point))
            )
            if not done.rowcount:
                raise PointChanged
            audit.note(session, who, Action.POINT_CHANGED, _which(point_id), detail=point.name)

    async def delete(self, point_id: int, *, revision: int, who: str) -> None:
        """Raises PointChanged."""
        async with self._database.session() as session:
            row = await session.get(ServicePointRow, point_id)
            name = row.name if row else ""
            mine = (ServicePointRow.id == point_id, ServicePointRow.revision == revision)
            done: Any = await session.execute(delete(ServicePointRow).where(*mine))
            if not done.rowcount:
                raise PointChanged
            audit.note(session, who, Action.POINT_DELETED, _which(point_id), detail=name)


def check(point: NewPoint) -> None:
    """Raises InvalidPoint that names every field to put right."""
    found: dict[str, str] = {}
    most = {"name": 80, "address": 200, "phone": 40, "hours": 200}
    found |= {name: f"最多写 {size} 个字。" for name, size in most.items() if len(getattr(point, name)) > size}
    if not point.name.strip():
        found["name"] = "请写名称。"
    if point.county not in COUNTIES:
        found["county"] = "请选县（市、区）。"
    if point.phone and not _PHONE.fullmatch(point.phone):
        found["phone"] = f"电话只写数字和横线，比如 {TENANT.area_code}-1234567。"
    if (point.latitude is None) != (point.longitude is None):
        found["longitude" if point.longitude is None else "latitude"] = "纬度和经度要一起写，不知道就都不写。"
    for name, (low, high) in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        value = getattr(point, name)
        if value is not None and not low <= value <= high:
            found[name] = (
                f"{TENANT.city}的{'纬度' if name == 'latitude' else '经度'}在 {low:g} 到 {high:g} 之间，请核对。"
            )
    if found:
        raise InvalidPoint(found)


def _point(row: ServicePointRow) -> ServicePoint:
    point = NewPoint(row.name, row.county, row.address, row.phone, row.hours, row.latitude, row.longitude)
    return ServicePoint(row.id, row.revision, point)


def _which(point_id: int) -> str:
    return f"service_point {point_id}"
