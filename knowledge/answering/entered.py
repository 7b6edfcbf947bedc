"""What no document says and staff have entered: where the stations are, when people answer here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from base.database import Database
from knowledge.answering import composing, point_answers
from knowledge.answering.composing import Part
from knowledge.answering.point_answers import county_in
from knowledge.answering.replies import Answer, Declined, Reply
from knowledge.public.points import ServicePoints
from knowledge.retrieval.normalise import fold
from language.calendar import service_hours

_STATIONS = "gap-station-list"
"""The topic of where the stations are."""
_OFFICE = "gap-office-address"
"""The topic of where the bureau is and when it is open."""
_WHEN = re.compile(r"几点|周[末一二三四五六日天]|礼拜|星期|上班|下班|休息|值班|开门|关门|过节|过年|放假|时间|营业")


async def with_entered(database: Database, reply: Reply, said: str, home: str, on: date) -> Reply:
    """The reply, or what staff have entered in place of a decline; `said` may name the county, `home` is whose hotline
    it is."""
    if not isinstance(reply, Declined):
        return reply
    if reply.topic == _OFFICE and _WHEN.search(said):
        hours = service_hours.shown(on)
        return _answer(composing.hours_part(hours, on), _OFFICE, reply, home) if hours else reply
    if reply.topic != _STATIONS:
        return reply
    points = [one.point for one in await ServicePoints(database).all()]
    told = point_answers.points_part(points, county_in(fold(said), reply.place), on)
    if told is not None:
        return _answer(told, _STATIONS, reply, home)
    if not points:
        return reply
    told = point_answers.way_on(Part(reply.text, reply.spoken))
    return replace(reply, text=told.text, spoken=told.spoken)


def _answer(told: Part, topic: str, declined: Declined, home: str) -> Answer:
    return Answer(told.text, told.spoken, (), topic, declined.place or home, declined.confidence, False)
