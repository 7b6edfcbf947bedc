"""答不上来: what citizens asked and nobody answered well, grouped by meaning; a click makes an FAQ draft of a group."""

from __future__ import annotations

from aiohttp import web

from connectors.console.forms import Form
from connectors.console.paging import PAGE_SIZE, Paged, offset, page_number
from connectors.console.session import MEMBER
from connectors.console.view import back_to, render
from connectors.console.words import CHANNELS, OUTCOMES, week_words
from knowledge.unanswered import Unanswered

_PERIODS = {"4": "最近 4 周", "8": "最近 8 周", "26": "最近半年"}
_MOST_IDS = 20_000


class UnansweredPages:
    """`/console/unanswered`."""

    def __init__(self, unanswered: Unanswered) -> None:
        self._unanswered = unanswered

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The largest groups first."""
        form, number = Form(request.query), page_number(request)
        weeks = form.get("weeks") if form.get("weeks") in _PERIODS else "8"
        channel = form.get("channel") if form.get("channel") in CHANNELS else ""
        groups = await self._unanswered.groups(weeks=int(weeks), channel=channel)
        first = offset(number)
        context = {
            "paged": Paged(groups[first : first + PAGE_SIZE], len(groups), number, request),
            "form": form,
            "weeks": weeks,
            "channel": channel,
            "periods": _PERIODS,
            "channels": CHANNELS,
            "outcomes": OUTCOMES,
            "week_words": week_words,
            "most": max((group.count for group in groups), default=1),
        }
        return render(request, "unanswered.html", context)

    async def draft(self, request: web.Request) -> web.StreamResponse:
        """An FAQ draft with the group's questions as its wordings; the editor writes the answer next."""
        form = Form(await request.post())
        ids = [int(part) for part in form.get("ids").split(",")[:_MOST_IDS] if part.isascii() and part.isdecimal()]
        made = await self._unanswered.draft(ids, who=request[MEMBER].username, title=form.text("title", most=300))
        raise back_to(f"/faq/{made.item_id}/edit")
