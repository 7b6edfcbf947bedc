"""审计: who did what, for whoever may look."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from casework import audit
from casework.audit import Action
from connectors.console.catalog import Catalog
from connectors.console.forms import Form
from connectors.console.items import PATHS
from connectors.console.paging import PAGE_SIZE, Paged, page_number
from connectors.console.view import render
from service.database import Database

_ZONE = ZoneInfo("Asia/Shanghai")


class AuditPages:
    """`/console/audit`."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database, self._catalog = database, catalog

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The log, newest first, narrowed by person, deed, thing and days."""
        form = Form(request.query)
        since, until = form.period("since", "until")
        what, people = form.get("what"), await self._catalog.people()
        who = form.get("who").strip()
        page = await audit.entries(
            self._database,
            who=next((username for username, name in people.items() if name == who), who),
            what=Action(what) if what in set(Action) else None,
            which=form.get("which").strip(),
            since=datetime(since.year, since.month, since.day, tzinfo=_ZONE) if since else None,
            until=datetime(until.year, until.month, until.day, tzinfo=_ZONE) + timedelta(days=1) if until else None,
            page=page_number(request),
            page_size=PAGE_SIZE,
        )
        paged = Paged(page.entries, page.total, page_number(request), request)
        actions = {action.value: action.label for action in Action}
        paths = {kind.value: path for kind, path in PATHS.items()}
        context = {"form": form, "paged": paged, "actions": actions, "people": people, "paths": paths}
        return render(request, "audit.html", context)
