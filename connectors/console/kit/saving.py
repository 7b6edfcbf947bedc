"""Where a saved form leads to: submitted when that was asked for and nothing stands against it."""

from __future__ import annotations

from aiohttp import web

from connectors.console.kit.forms import Form
from connectors.console.kit.session import REFUSAL
from connectors.console.kit.view import back_to
from knowledge.authoring.dependents import Together
from knowledge.authoring.models import Stage
from knowledge.authoring.publishing import CannotPublish
from knowledge.authoring.review import Review
from knowledge.authoring.versions import Version


class Saving:
    """What follows a save, the same for everything that has versions."""

    def __init__(self, review: Review, together: Together) -> None:
        self._review, self._together = review, together

    async def next_page(
        self, request: web.Request, form: Form, made: Version, path: str, *, saved: str = "saved"
    ) -> web.HTTPSeeOther:
        """`path`: the item's page, which says what stands against submitting it; `saved`: its word for a draft."""
        if made.stage is Stage.SUBMITTED:  # by the same form, which came twice
            return back_to(path, "submitted")
        if form.get("then") != "submit":
            return back_to(path, saved)
        if (await self._together.outlook(made.revision_id)).blocking:
            request[REFUSAL] = CannotPublish.code
            return back_to(path, "not_submitted")
        await self._review.submit(made.revision_id, who=made.author)
        return back_to(path, "submitted")
