"""`/points`: what the documents say of the service network, and the points that staff have entered.

The plan is told as a plan, in the document's words, with its source and year. Until staff enter a point, the page says
that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from aiohttp import web

from connectors.web.pages.links import document_link
from connectors.web.pages.view import render
from knowledge.answering.network import Network, Told
from knowledge.public.points import COUNTIES, ServicePoints
from knowledge.public.published import Cited, Published


class PointPages:
    """The handler."""

    def __init__(
        self, points: ServicePoints, network: Network, reading: Published, *, today: Callable[[], date]
    ) -> None:
        self._points, self._network, self._reading, self._today = points, network, reading, today

    async def show(self, request: web.Request) -> web.Response:
        """The points, of one county if asked, then the plan."""
        county = request.query.get("county", "")
        county = county if county in COUNTIES else ""
        every = await self._points.all()
        cited = await self._reading.cited(self._network.clauses, self._today())
        places = await self._reading.places()
        context = {
            "county": county,
            "counties": [name for name in COUNTIES if any(one.point.county == name for one in every)],
            "points": [one.point for one in every if county in ("", one.point.county)],
            "network": self._network if cited else None,
            "place_name": places.get(self._network.place, ("", None))[0],
            "plan": _stated(self._network.plan, cited),
            "citywide": [(told.place, rows) for told in self._network.citywide if (rows := _stated(told, cited))],
        }
        return render(request, "points.html", context)


def _stated(told: Told, cited: dict[str, Cited]) -> list[tuple[str, Cited, str]]:
    """Quotes with their source and a link that opens the clause with the quote marked; what stands in nothing that is
    on air is left out."""
    return [
        (text, cited[clause], document_link(cited[clause].document, clause, [text]))
        for clause, text in told.quotes
        if clause in cited
    ]
