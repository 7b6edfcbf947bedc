"""`/consent/{token}`: somebody asks to act for whoever opens it; two large buttons. Needs no JavaScript.

From the link in the principal's own WeChat. Looking changes nothing: messengers fetch links to show a preview. A press
needs the address, which nobody can guess, so no other page can make it; the first press counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from base.errors import ServiceError
from bot.flows.identify.whom import item_names
from casework.filings import items
from casework.people.authorisation_telling import day
from casework.people.authorisations import Authorisations
from casework.people.consents import LinkOver
from connectors.web.pages.form import typed
from connectors.web.pages.linked import HEADERS, render, setup_templates
from connectors.web.pages.office import Office

_OFFICE = Office()
_ANSWERS = {"yes": True, "no": False}
_NOTHING: Mapping[str, object] = {"asked": None, "matters": "", "until": "", "words": ""}


def setup(app: web.Application, authorisations: Authorisations, office: Office = _OFFICE) -> None:
    """Mount the page; the public page serves its style sheet."""
    setup_templates(app)
    pages = ConsentPages(authorisations, office)
    app.add_routes([web.get("/consent/{token}", pages.show), web.post("/consent/{token}", pages.answer)])


class ConsentPages:
    """The handlers."""

    def __init__(self, authorisations: Authorisations, office: Office) -> None:
        self._authorisations, self._office, self._known = authorisations, office, items.load()

    async def show(self, request: web.Request) -> web.Response:
        """Who asks, for what, until when, with the buttons; once answered, what was answered."""
        try:
            asked = await self._authorisations.look(request.match_info["token"])
        except ServiceError as error:
            return self._refused(request, error)
        matters, until = item_names(asked.items, self._known), day(asked.until)
        return self._page(request, {"asked": asked, "matters": matters, "until": until})

    async def answer(self, request: web.Request) -> web.Response:
        """Take the answer, then show the page by GET, so that going back sends nothing twice."""
        token, agrees = request.match_info["token"], _ANSWERS.get((await typed(request)).get("answer", ""))
        try:
            if agrees is not None:
                asked = await self._authorisations.look(token)
                await self._authorisations.answer(token, item_names(asked.items, self._known), agrees=agrees)
        except ServiceError as error:
            return self._refused(request, error)
        raise web.HTTPSeeOther(request.path, headers=HEADERS)

    def _refused(self, request: web.Request, error: ServiceError) -> web.Response:
        status = HTTPStatus.GONE if isinstance(error, LinkOver) else HTTPStatus.SERVICE_UNAVAILABLE
        return self._page(request, {"words": error.citizen_text}, status)

    def _page(self, request: web.Request, context: Mapping[str, object], status: int = HTTPStatus.OK) -> web.Response:
        return render(request, "consent.html", {"office": self._office, **_NOTHING, **context}, status)
