"""审计: who did what, for whoever may look."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aiohttp import web

from base.clock import HERE
from base.database import Database
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.paging import PAGE_SIZE, Paged, page_number
from connectors.console.kit.session import MEMBER, PATH
from connectors.console.kit.view import moment, render
from connectors.console.knowledge.items import PATHS
from connectors.console.staff import audit_words
from staff import audit
from staff.audit import Action

_ACTIONS = {action.value: action.label for action in Action}
_AT_ONCE = 200
_MOST_EXPORTED = 20_000
"""Entries, the newest of those that match."""


class AuditPages:
    """`/console/audit`."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database, self._catalog = database, catalog

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The log, newest first, narrowed by person, deed, thing and days."""
        form, number = Form(request.query), page_number(request)
        page, people = await self._found(form, number, PAGE_SIZE)
        titles = await self._titles(page.entries)
        rows = [
            (entry, audit_words.thing(entry.which, titles, people), audit_words.detail(entry, people))
            for entry in page.entries
        ]
        paths = {kind.value: path for kind, path in PATHS.items()}
        context = {
            "form": form,
            "paged": Paged(rows, page.total, number, request),
            "actions": _ACTIONS,
            "people": people,
            "paths": paths,
            "table": str(request.rel_url.with_path(f"{PATH}/audit.csv")),
            "most": _MOST_EXPORTED,
        }
        return render(request, "audit.html", context)

    async def export(self, request: web.Request) -> web.StreamResponse:
        """The same as a table for a spreadsheet; that it was fetched is in the log, too."""
        form = Form(request.query)
        await audit.note_alone(self._database, request[MEMBER].username, Action.EXPORTED, "audit")
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": 'attachment; filename="audit.csv"',
                "Cache-Control": "no-store",
            }
        )
        await response.prepare(request)
        await response.write(_csv([("时间", "谁", "做了什么", "对象", "说明")], "\ufeff"))
        for number in range(1, _MOST_EXPORTED // _AT_ONCE + 1):
            page, people = await self._found(form, number, _AT_ONCE)
            titles = await self._titles(page.entries)
            rows = [
                (
                    moment(entry.at),
                    people.get(entry.who, entry.who),
                    _ACTIONS.get(entry.what, entry.what),
                    audit_words.thing(entry.which, titles, people),
                    audit_words.detail(entry, people),
                )
                for entry in page.entries
            ]
            await response.write(_csv(rows))
            if len(rows) < _AT_ONCE:
                break
        await response.write_eof()
        return response

    async def _titles(self, entries: Sequence[audit.Entry]) -> dict[tuple[str, str], str]:
        parts = (entry.which.partition("/") for entry in entries)
        return await self._catalog.titles((kind, id) for kind, _, id in parts)

    async def _found(self, form: Form, number: int, size: int) -> tuple[audit.Page, dict[str, str]]:
        since, until = form.period("since", "until")
        what, people = form.get("what"), await self._catalog.people()
        who = form.get("who").strip()
        page = await audit.entries(
            self._database,
            who=next((username for username, name in people.items() if name == who), who),
            what=Action(what) if what in set(Action) else None,
            which=form.get("which").strip(),
            since=datetime(since.year, since.month, since.day, tzinfo=HERE) if since else None,
            until=datetime(until.year, until.month, until.day, tzinfo=HERE) + timedelta(days=1) if until else None,
            page=number,
            page_size=size,
        )
        return page, people


def _csv(rows: Iterable[Sequence[str]], before: str = "") -> bytes:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    out.write(before)
    csv.writer(out).writerows(
        [[f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row] for row in rows]
    )
    return out.getvalue().encode()
