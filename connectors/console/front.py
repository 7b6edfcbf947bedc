"""The first page: what waits, for whoever is logged in."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from casework.roles import Permission
from connectors.console.items import PATHS
from connectors.console.session import MEMBER, PATH
from connectors.console.view import navigation, render
from knowledge.backoffice_models import Kind, Stage
from knowledge.editing import Editing
from knowledge.review import Review


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number and where to work on it."""

    count: int
    words: str
    path: str


class FrontPage:
    """`/console`."""

    def __init__(self, editing: Editing, review: Review) -> None:
        self._editing, self._review = editing, review

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Reviews that wait, drafts, what was sent back; then the menu in words."""
        member, tally = request[MEMBER], []
        if member.may(Permission.REVIEW):
            queue = await self._review.queue()
            mine = sum(version.author == member.username for version in queue)
            tally.append(Waiting(len(queue) - mine, "件等您审核", f"{PATH}/review"))
        if member.may(Permission.EDIT):
            for kind in (Kind.DOCUMENT, Kind.FAQ, Kind.GUIDE, Kind.SYNONYM):
                for stage, words in ((Stage.REJECTED, "被退回"), (Stage.DRAFT, "还是草稿")):
                    page = await self._editing.find(kind, stage=stage, page_size=1)
                    if page.total:
                        address = f"{PATH}{PATHS[kind]}?stage={stage.value}"
                        tally.append(Waiting(page.total, f"条{kind.label}{words}", address))
        return render(request, "front.html", {"tally": tally, "items": navigation(request)})
