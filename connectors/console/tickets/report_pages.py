"""工作量 and 月报, for the 主管: who has how much, and the two monthly tables with this system's figures."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from base import aside
from base.clock import Clock, as_aware, day_here
from base.database import Database
from casework.livechat.waiting_times import waited
from casework.tickets.duties import MOST_CHARS, Charge, Duties
from casework.tickets.months import Month
from casework.tickets.workload import Workload
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.session import MEMBER
from connectors.console.kit.sheets import as_download
from connectors.console.kit.view import back_to, render
from connectors.console.tickets.monthly import measures, monthly
from connectors.console.tickets.monthly_xlsx import ASSIGNMENT, DISPATCH, TABLES, workbook
from connectors.console.tickets.pages import Colours
from staff import audit
from staff.audit import Action

_MONTHS = 13
_COLUMNS = {
    "department": "责任科室",
    "person": "责任人",
    "phone": "责任人电话",
    "leader": "分管领导",
    "leader_phone": "领导电话",
}
"""Fields of a `Charge`, as the page names them."""


class ReportPages:
    """`/console/load` and `/console/reports`."""

    def __init__(self, database: Database, workload: Workload, catalog: Catalog, now: Clock) -> None:
        self._database, self._workload, self._catalog, self._now = database, workload, catalog, now
        self._duties = Duties(database, now)

    async def load(self, request: web.Request) -> web.StreamResponse:
        """Load by person and kind, what is overdue, what bad ratings opened, how content people were this month."""
        overdue, follow_ups = await self._workload.overdue(), await self._workload.follow_ups()
        month = Month.of(self._today)
        context = {
            "loads": await self._workload.of_staff(),
            "kinds": await self._workload.by_kind(),
            "counties": await self._workload.by_county(),
            "waits": await waited(self._database, as_aware(month.since), as_aware(month.until)),
            "overdue": [(line, Colours(line)) for line in overdue],
            "follow_ups": [(line, Colours(line)) for line in follow_ups],
            "to_call_back": sum(line.is_to_call_back for line in follow_ups),
            "figures": (await monthly(self._database, month)).figures,
            "month": month,
            "topics": await self._catalog.topics(line.topic for line in [*overdue, *follow_ups]),
            "people": await self._catalog.people(),
        }
        return render(request, "load.html", context)

    async def reports(self, request: web.Request) -> web.StreamResponse:
        """What the tables of a month will say, and where to fetch them."""
        month = self._month(request)
        found = await monthly(self._database, month)
        rows = [(measure, found.done(measure.number)) for measure in await measures(self._database, DISPATCH.annex)]
        context = {
            "form": Form(request.query),
            "month": month,
            "months": {str(one): one.words for one in _recent(Month.of(self._today), month)},
            "rows": rows,
            "figures": found.rows,
        }
        return render(request, "reports.html", context)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """One table as a workbook."""
        table = TABLES.get(request.match_info["table"])
        if table is None:
            raise web.HTTPNotFound
        month = self._month(request)
        rows, found = await measures(self._database, table.annex), await monthly(self._database, month)
        packed = await aside.think(workbook, table, rows, found, await self._duties.all())
        which = f"{request.match_info['table']} {month}"
        await audit.note_alone(self._database, request[MEMBER].username, Action.REPORTED, which)
        return as_download(packed, f"{table.title[-5:]}-{month}.xlsx")

    async def duties(self, request: web.Request) -> web.StreamResponse:
        """Who answers for each measure, one row each."""
        context = {
            "rows": await measures(self._database, ASSIGNMENT.annex),
            "charges": await self._duties.all(),
            "nobody": Charge(),
            "columns": _COLUMNS,
            "most": MOST_CHARS,
        }
        return render(request, "duties.html", context)

    async def save_duties(self, request: web.Request) -> web.StreamResponse:
        """The whole page."""
        form = Form(await request.post())
        numbers = [measure.number for measure in await measures(self._database, ASSIGNMENT.annex)]
        charges = {number: Charge(**{name: form.text(f"{number}.{name}") for name in _COLUMNS}) for number in numbers}
        await self._duties.put(request[MEMBER], charges)
        raise back_to("/reports/duties", "duties_saved")

    def _month(self, request: web.Request) -> Month:
        """The one asked for; this month when none was."""
        return Month.parsed(request.query.get("month", "")) or Month.of(self._today)

    @property
    def _today(self) -> date:
        return day_here(self._now())


def _recent(newest: Month, asked: Month) -> list[Month]:
    """What can be chosen: the last thirteen months, and the one that was asked for."""
    months = [newest]
    while len(months) < _MONTHS:
        months.append(months[-1].before)
    return months if asked in months else [asked, *months]
