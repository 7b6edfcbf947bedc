"""`/rating/{token}`, the link in a message: five large buttons, then a few words if one likes. Needs no JavaScript.

Looking at a link changes nothing: messengers fetch links to show a preview of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from casework.tickets.ratings import MOST_WORDS_CHARS, CannotRate, Ratings, Score
from connectors.web.pages.form import typed
from connectors.web.pages.linked import HEADERS, render, setup_templates
from connectors.web.pages.office import Office

CHANNEL = "web"
_OFFICE = Office()


def setup(app: web.Application, ratings: Ratings, office: Office = _OFFICE) -> None:
    """Mount the page; the public page serves its style sheet."""
    setup_templates(app)
    pages = RatingPages(ratings, office)
    app.add_routes([web.get("/rating/{token}", pages.show), web.post("/rating/{token}", pages.rate)])


class RatingPages:
    """The handlers."""

    def __init__(self, ratings: Ratings, office: Office) -> None:
        self._ratings, self._office = ratings, office

    async def show(self, request: web.Request) -> web.Response:
        """The buttons; after rating, thanks, and the buttons again while the rating can be changed."""
        try:
            found = await self._ratings.look(request.match_info["token"])
        except CannotRate as refusal:
            return self._calm(request, refusal)
        return self._page(request, {"found": found, "scores": tuple(Score), "words": ""})

    async def rate(self, request: web.Request) -> web.Response:
        """Take the rating, or the words to it, then show the page by GET, so that going back sends nothing twice."""
        token, fields = request.match_info["token"], await typed(request)
        score = _SCORES.get(fields.get("score", ""))
        try:
            if score is not None:
                await self._ratings.rate(token, score, CHANNEL)
            elif words := fields.get("words", ""):
                await self._ratings.comment(token, words)
        except CannotRate as refusal:
            return self._calm(request, refusal)
        raise web.HTTPSeeOther(request.path, headers=HEADERS)

    def _calm(self, request: web.Request, refusal: CannotRate) -> web.Response:
        context = {"found": None, "scores": (), "words": refusal.citizen_text}
        return self._page(request, context, HTTPStatus.GONE)

    def _page(self, request: web.Request, context: Mapping[str, object], status: int = HTTPStatus.OK) -> web.Response:
        whole = {"office": self._office, "most": MOST_WORDS_CHARS, **context}
        return render(request, "rating.html", whole, status)


_SCORES = {str(score.value): score for score in Score}
