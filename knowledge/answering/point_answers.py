"""Service points in an answer: what staff have entered of the county that is asked about, and never anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from base.tenant import TENANT
from knowledge.answering.composing import Part
from knowledge.answering.places import county_of
from knowledge.public.points import COUNTIES, NewPoint

_SHOWN = 3
_NAMES = {name[:-1] if len(name) == 3 else name.removeprefix(TENANT.city): name for name in COUNTIES}
"""任城 → 任城区, 高新区 → 济宁高新区: how people say it."""
_WAY_TEXT = "全部服务点在网页“附近的服务点”里；微信里把您的位置发过来，我给您找最近的。"
_WAY_SPOKEN = "您说在哪个县市区，比如任城区，我就给您念。"


def county_in(question: str, place: str | None) -> str:
    """The county that a folded question names, else the caller's own where it is known; "" otherwise."""
    named = next((county for said, county in _NAMES.items() if said in question), "")
    return named or county_of(place)


def points_part(points: Sequence[NewPoint], county: str, on: date) -> Part | None:
    """What is told of a county's points; None when there is none of it in the table."""
    mine = [point for point in points if point.county == county]
    if not mine:
        return None
    shown = mine[:_SHOWN]
    rest = f"{county}一共登记了{len(mine)}个，其余的在网页“附近的服务点”里。" if len(mine) > _SHOWN else ""
    source = f"（来源：本局服务点表，{on.year}年{on.month}月{on.day}日查）"
    said = "。".join(_line(point, "，") for point in shown)
    more = f"一共登记了{len(mine)}个，先说{_SHOWN}个。" if rest else ""
    return Part(
        "\n".join([*(_line(point, "，") for point in shown), *([rest] if rest else []), source]),
        f"按本局登记的服务点，{county}有：{more}{said}。",
    )


def way_on(said: Part) -> Part:
    """What is said of the stations in general, and how to come to those in the table."""
    return Part(f"{said.text}\n{_WAY_TEXT}", f"{said.spoken}{_WAY_SPOKEN}")


def _line(point: NewPoint, joint: str) -> str:
    details = [point.address, f"电话{point.phone}" if point.phone else "", point.hours]
    return joint.join([point.name, *(detail for detail in details if detail)])
