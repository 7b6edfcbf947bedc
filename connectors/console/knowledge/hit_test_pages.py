"""试答: type a question, see what would be answered and why; keep it, and see later whether the answer changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from base.errors import BadInput
from base.tenant import TENANT
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import CHANNELS, OUTCOMES
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from knowledge.insight.hit_test import HitTests, Report, Run


class HitTestPages:
    """`/console/hit-test`."""

    def __init__(self, tests: HitTests, catalog: Catalog) -> None:
        self._tests, self._catalog = tests, catalog

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The form and the test questions asked so far."""
        return await self._page(request, Form(request.query))

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Try a question."""
        form = Form(await request.post())
        place = form.choice("place", await self._catalog.places(), needed="请选地区。")
        channel = form.choice("channel", CHANNELS, needed="请选渠道。")
        on = form.day("on")
        if not form.ok:
            return await self._page(request, form)
        try:
            who = request[MEMBER].username
            before, asked = form.get("before").strip(), form.get("question").strip()
            asked = f"{before}\n{asked}" if before and asked else asked
            run = await self._tests.ask(asked, place=place, on=on, channel=channel, who=who)
        except BadInput as refusal:
            form.errors["question"] = refusal.citizen_text
            return await self._page(request, form)
        return await self._page(request, form, run=run)

    async def rerun_all(self, request: web.Request) -> web.StreamResponse:
        """Ask every test question again and say which answers changed."""
        report = await self._tests.rerun_all(who=request[MEMBER].username)
        return await self._page(request, Form(), report=report)

    async def history(self, request: web.Request) -> web.StreamResponse:
        """Every different answer that one test question got."""
        runs = await self._tests.history(int(request.match_info["test"]))
        if not runs:
            raise web.HTTPNotFound
        return render(request, "hit_test_history.html", {"runs": runs, **await self._names()})

    async def forget(self, request: web.Request) -> web.StreamResponse:
        await self._tests.forget(int(request.match_info["test"]))
        raise back_to("/hit-test")

    async def _page(
        self, request: web.Request, form: Form, *, run: Run | None = None, report: Report | None = None
    ) -> web.Response:
        context = {
            "form": form,
            "place": form.get("place") or TENANT.jurisdiction,
            "channel": form.get("channel") or "phone",
            "run": run,
            "report": report,
            "latest": await self._tests.latest(),
            **await self._names(),
        }
        return render(request, "hit_test.html", context, status=200 if form.ok else 422)

    async def _names(self) -> Mapping[str, Any]:
        people = await self._catalog.people()
        return {"places": await self._catalog.places(), "channels": CHANNELS, "outcomes": OUTCOMES, "people": people}
