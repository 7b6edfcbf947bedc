"""统计: how much was asked, about what, with what outcome; as plots drawn here and as tables of the same numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from base import aside
from base.clock import day_here, utc_now
from base.database import Database
from connectors.console.kit import charts
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import CHANNELS, OUTCOMES, week_words
from connectors.console.kit.session import MEMBER
from connectors.console.kit.sheets import Sheet, as_download, workbook
from connectors.console.kit.view import render
from connectors.console.knowledge.items import PATHS
from knowledge.insight.statistics import Count, Period, Statistics
from staff import audit
from staff.audit import Action

_PERIODS = {"1": "最近一周", "4": "最近 4 周", "12": "最近 12 周", "26": "最近半年", "52": "最近一年"}
_PARTS = {
    "答复了": ("answered",),
    "没答好（把握不大、没听明白、答不上来）": ("low_confidence", "unclear", "declined"),
    "转人工或差评": ("handed_over", "bad_rating"),
}
"""What a plot can show and be read; the table has every outcome."""
_IN_PLOTS = 12
"""Lines of a table that its plot shows."""
_EXPORTED = 500
_NO_TOPIC = "没有对上问答"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    weeks: str
    channel: str

    @property
    def since(self) -> datetime:
        return utc_now() - timedelta(weeks=int(self.weeks))


class StatisticsPages:
    """`/console/statistics` and its plots."""

    def __init__(self, statistics: Statistics, database: Database) -> None:
        self._statistics, self._database = statistics, database
        self._plots: dict[str, Callable[[Asked], Awaitable[bytes]]] = {
            "weeks": self._weeks_plot,
            "hours": self._hours_plot,
            "channels": self._channels_plot,
            "topics": self._topics_plot,
            "clauses": self._clauses_plot,
        }

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The tables; the plots are pictures beside them."""
        asked, now = _asked(request), utc_now()
        before = asked.since - (now - asked.since)
        context = {
            "whole": await self._statistics.altogether(asked.since, now, asked.channel),
            "before": await self._statistics.altogether(before, asked.since, asked.channel),
            "hours": await self._statistics.by_hour(asked.since, now, asked.channel),
            "form": Form(request.query),
            "asked": asked,
            "periods": _PERIODS,
            "channels": CHANNELS,
            "outcomes": OUTCOMES,
            "weeks": await self._statistics.by_week(asked.since, now, asked.channel),
            "week_words": week_words,
            "paths": {kind.value: path for kind, path in PATHS.items()},
            "by_channel": await self._statistics.by_channel(asked.since, now),
            "topics": await self._statistics.topics(asked.since, now, asked.channel),
            "clauses": await self._statistics.clauses(asked.since, now, asked.channel),
        }
        return render(request, "statistics.html", context)

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The tables of the page as a workbook."""
        asked, now = _asked(request), utc_now()
        sheets = [
            _periods_sheet("每周", "周一", await self._statistics.by_week(asked.since, now, asked.channel), week_words),
            _periods_sheet("各渠道", "渠道", await self._statistics.by_channel(asked.since, now), _channel),
            _counts_sheet("问得最多的事", await self._statistics.topics(asked.since, now, asked.channel, _EXPORTED)),
            _counts_sheet("用得最多的条款", await self._statistics.clauses(asked.since, now, asked.channel, _EXPORTED)),
            Sheet(
                "钟点",
                (("钟点", 14), ("共问", 10)),
                [
                    (f"{hour}点", count)
                    for hour, count in enumerate(await self._statistics.by_hour(asked.since, now, asked.channel))
                ],
            ),
        ]
        packed = await aside.think(workbook, sheets)
        which = f"statistics {asked.weeks} {asked.channel}".strip()
        await audit.note_alone(self._database, request[MEMBER].username, Action.EXPORTED, which)
        return as_download(packed, f"统计-{_PERIODS[asked.weeks]}-{day_here(now)}.xlsx")

    async def plot(self, request: web.Request) -> web.StreamResponse:
        """One plot as SVG."""
        draw = self._plots.get(request.match_info["name"])
        if draw is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=await draw(_asked(request)), content_type="image/svg+xml", headers=headers)

    async def _weeks_plot(self, asked: Asked) -> bytes:
        weeks = await self._statistics.by_week(asked.since, utc_now(), asked.channel)
        return await aside.think(charts.stacked, [week_words(week.key) for week in weeks], _series(weeks))

    async def _hours_plot(self, asked: Asked) -> bytes:
        hours = await self._statistics.by_hour(asked.since, utc_now(), asked.channel)
        return await aside.think(charts.stacked, [str(hour) for hour in range(24)], {"提问": hours})

    async def _channels_plot(self, asked: Asked) -> bytes:
        channels = await self._statistics.by_channel(asked.since, utc_now())
        labels = [CHANNELS.get(row.key, row.key) for row in channels]
        return await aside.think(charts.stacked, labels, _series(channels))

    async def _topics_plot(self, asked: Asked) -> bytes:
        return await _bars(await self._statistics.topics(asked.since, utc_now(), asked.channel, _IN_PLOTS))

    async def _clauses_plot(self, asked: Asked) -> bytes:
        return await _bars(await self._statistics.clauses(asked.since, utc_now(), asked.channel, _IN_PLOTS))


def _periods_sheet(title: str, head: str, periods: Sequence[Period], name: Callable[[str], str]) -> Sheet:
    columns = ((head, 14), ("共问", 10), *((word, 12) for word in OUTCOMES.values()))
    rows = [(name(one.key), one.asked, *(getattr(one, key) for key in OUTCOMES)) for one in periods]
    return Sheet(title, columns, rows)


def _counts_sheet(title: str, counts: Sequence[Count]) -> Sheet:
    return Sheet(title, ((title, 60), ("次数", 10)), [(count.label or _NO_TOPIC, count.count) for count in counts])


def _channel(key: str) -> str:
    return CHANNELS.get(key, key)


def _series(periods: Sequence[Period]) -> dict[str, list[int]]:
    return {
        name: [sum(getattr(period, part) for part in parts) for period in periods] for name, parts in _PARTS.items()
    }


async def _bars(counts: Sequence[Count]) -> bytes:
    rows = [(count.label or _NO_TOPIC, count.count) for count in counts]
    return await aside.think(charts.bars, rows, "次")


def _asked(request: web.Request) -> Asked:
    weeks, channel = request.query.get("weeks", ""), request.query.get("channel", "")
    return Asked(weeks if weeks in _PERIODS else "12", channel if channel in CHANNELS else "")
