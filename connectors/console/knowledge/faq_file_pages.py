"""FAQs as a workbook: out, in as drafts, and on to review together."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from base import aside
from base.clock import here, utc_now
from base.database import Database
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import FAQ_KINDS, GROUPS
from connectors.console.kit.multipart import read_parts
from connectors.console.kit.session import MEMBER, REFUSAL
from connectors.console.kit.sheets import as_download
from connectors.console.kit.view import back_to, render
from connectors.console.knowledge.items import PATHS
from knowledge.authoring import faq_import
from knowledge.authoring.dependents import Together
from knowledge.authoring.faq_import import Draft, RowsRefused, Wrong
from knowledge.authoring.faq_sheet import MOST_BYTES, CannotRead, Names
from knowledge.authoring.models import Stage
from knowledge.authoring.review import Review
from knowledge.authoring.versions import NoSuchItem
from staff import audit
from staff.audit import Action

_MOST_SHOWN = 100
"""Lines of what is wrong: who has more begins with these."""


class FaqFilePages:
    """`/console/faq/file`."""

    def __init__(self, database: Database, review: Review, together: Together, catalog: Catalog) -> None:
        self._database, self._review, self._together, self._catalog = database, review, together, catalog

    async def show(self, request: web.Request) -> web.StreamResponse:
        return self._page(request, Form())

    async def download(self, request: web.Request) -> web.StreamResponse:
        """All FAQs, which is the form for new ones, too."""
        packed = await aside.apart(faq_import.sheet, self._database.url, await self._names())
        await audit.note_alone(self._database, request[MEMBER].username, Action.EXPORTED, "faq")
        return as_download(packed, f"问答-{here(utc_now()):%Y%m%d-%H%M}.xlsx")

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """All rows become drafts, or none."""
        form = Form()
        wrong: Sequence[Wrong] = ()
        _, upload = await read_parts(request, MOST_BYTES)
        if upload is None or not upload.name:
            form.errors["file"] = "请先选择文件。"
        elif len(upload.data) > MOST_BYTES:
            form.errors["file"] = "文件太大，请分成几个文件。"
        else:
            who, names = request[MEMBER].username, await self._names()
            try:
                taken = await aside.apart(faq_import.take, self._database.url, upload.data, names, who)
                raise back_to(f"/faq/file/{taken.key}" if taken.key else "/faq/file", "" if taken.key else "faq_same")
            except (CannotRead, RowsRefused) as refusal:
                request[REFUSAL] = refusal.code
                form.errors["file"] = refusal.citizen_text
                wrong = refusal.rows if isinstance(refusal, RowsRefused) else ()
        return self._page(request, form, wrong)

    async def taken(self, request: web.Request) -> web.StreamResponse:
        """What came in with one file, and what stands against its publication."""
        rows = await self._drafts(request)
        blocking = [
            problem for first in _first_of_each(rows) for problem in (await self._together.outlook(first)).blocking
        ]
        context = {
            "rows": rows,
            "key": request.match_info["key"],
            "drafts": sum(row.stage is Stage.DRAFT for row in rows),
            "blocking": blocking,
            "paths": PATHS,
        }
        return render(request, "faq_file_taken.html", context)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """All of its drafts, each bundle to be reviewed at once."""
        for revision in _first_of_each(await self._drafts(request)):
            await self._review.submit(revision, who=request[MEMBER].username)
        raise back_to(f"/faq/file/{request.match_info['key']}", "submitted")

    async def discard(self, request: web.Request) -> web.StreamResponse:
        """A wrong file: all of it goes again."""
        for revision in _first_of_each(await self._drafts(request)):
            await self._review.discard(revision, who=request[MEMBER].username)
        raise back_to("/faq/file", "discarded")

    async def _drafts(self, request: web.Request) -> list[Draft]:
        rows = await faq_import.drafts(self._database, request.match_info["key"])
        if not rows:
            raise NoSuchItem
        return rows

    async def _names(self) -> Names:
        return Names(GROUPS, FAQ_KINDS, await self._catalog.places())

    def _page(self, request: web.Request, form: Form, wrong: Sequence[Wrong] = ()) -> web.Response:
        context = {"form": form, "limit": MOST_BYTES, "wrong": wrong[:_MOST_SHOWN], "count": len(wrong)}
        return render(request, "faq_file.html", context, status=200 if form.ok else 422)


def _first_of_each(rows: Sequence[Draft]) -> list[int]:
    """A draft of each bundle: what is done to it is done to all of its bundle."""
    return list({row.bundle: row.revision_id for row in rows if row.stage is Stage.DRAFT}.values())
