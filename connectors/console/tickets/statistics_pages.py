"""统计: how much was asked, about what, with what outcome; as plots drawn here and as tables of the same numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from base import aside
from base.clock import utc_now
from connectors.console.kit import charts
from connectors.console.kit.forms import Form
from connectors.console.kit.view import render
from connectors.console.kit.words import CHANNELS, OUTCOMES, week_words
from connectors.console.knowledge.items import PATHS
from knowledge.insight.statistics import Count, Period, Statistics

_PERIODS = {"4": "最近 4 周", "12": "最近 12 周", "26": "最近半年", "52": "最近一年"}
_PARTS = {
    "答复了": ("answered",),
    "没答好（把握不大、没听明白、答不上来）": ("low_confidence", "unclear", "declined"),
    "转人工或差评": ("handed_over", "bad_rating"),
}
"""What a plot can show and be read; the table has every outcome."""
_IN_PLOTS = 12
"""Lines of a table that its plot shows."""


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

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics
        self._plots: dict[str, Callable[[Asked], Awaitable[bytes]]] = {
            "weeks": self._weeks_plot,
            "channels": self._channels_plot,
            "topics": self._topics_plot,
            "clauses": self._clauses_plot,
        }

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The tables; the plots are pictures beside them."""
        asked, now = _asked(request), utc_now()
        context = {
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

    async def _channels_plot(self, asked: Asked) -> bytes:
        channels = await self._statistics.by_channel(asked.since, utc_now())
        labels = [CHANNELS.get(row.key, row.key) for row in channels]
        return await aside.think(charts.stacked, labels, _series(channels))

    async def _topics_plot(self, asked: Asked) -> bytes:
        return await _bars(await self._statistics.topics(asked.since, utc_now(), asked.channel, _IN_PLOTS))

    async def _clauses_plot(self, asked: Asked) -> bytes:
        return await _bars(await self._statistics.clauses(asked.since, utc_now(), asked.channel, _IN_PLOTS))


def _series(periods: Sequence[Period]) -> dict[str, list[int]]:
    return {
        name: [sum(getattr(period, part) for part in parts) for period in periods] for name, parts in _PARTS.items()
    }


async def _bars(counts: Sequence[Count]) -> bytes:
    rows = [(count.label or "没有对上问答", count.count) for count in counts]
    return await aside.think(charts.bars, rows, "次")


def _asked(request: web.Request) -> Asked:
    weeks, channel = request.query.get("weeks", ""), request.query.get("channel", "")
    return Asked(weeks if weeks in _PERIODS else "12", channel if channel in CHANNELS else "")
