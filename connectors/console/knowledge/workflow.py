"""What an editor does with a version besides writing it: submit, take back, discard; and taking down what is public."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from connectors.console.kit.forms import Form
from connectors.console.kit.session import MEMBER, REFUSAL
from connectors.console.kit.view import back_to
from connectors.console.knowledge.items import ItemPages, Sort
from knowledge.authoring.publishing import CannotPublish
from knowledge.authoring.review import Review


class WorkflowPages:
    """Handlers for one kind; the form says which revision it showed, so nobody submits what they have not seen."""

    def __init__(self, sort: Sort, review: Review, pages: ItemPages) -> None:
        self._sort, self._review, self._pages = sort, review, pages

    async def submit(self, request: web.Request) -> web.StreamResponse:
        await self._review.submit(await _revision(request), who=request[MEMBER].username)
        raise self._back(request, "submitted")

    async def take_back(self, request: web.Request) -> web.StreamResponse:
        await self._review.take_back(await _revision(request), who=request[MEMBER].username)
        raise self._back(request, "taken_back")

    async def discard(self, request: web.Request) -> web.StreamResponse:
        await self._review.discard(await _revision(request), who=request[MEMBER].username)
        raise self._back(request, "discarded")

    async def unpublish(self, request: web.Request) -> web.StreamResponse:
        form, who = Form(await request.post()), request[MEMBER].username
        try:
            await self._review.unpublish(self._sort.kind, request.match_info["id"], who=who, reason=form.text("reason"))
        except CannotPublish as refusal:
            request[REFUSAL] = refusal.code
            form.errors[""] = "没有撤下：下面的问答引用着它。请先改这些问答，或者先撤下它们。"
            return await self._pages.page(request, form, refusal.problems, status=HTTPStatus.CONFLICT)
        raise self._back(request, "unpublished")

    def _back(self, request: web.Request, done: str) -> web.HTTPSeeOther:
        return back_to(f"{self._sort.path}/{request.match_info['id']}", done)


async def _revision(request: web.Request) -> int:
    return Form(await request.post()).number("revision", 0)
