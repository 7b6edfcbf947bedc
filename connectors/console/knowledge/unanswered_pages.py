"""答不上来: what citizens asked and nobody answered well, grouped by meaning; drafted, put aside, merged, handed on."""

from __future__ import annotations

from aiohttp import web

from base.errors import BadInput
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import CHANNELS, OUTCOMES, week_words
from connectors.console.kit.paging import PAGE_SIZE, Paged, page_number
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from knowledge.insight.unanswered import Show, Unanswered
from staff.accounts import StaffAccounts
from staff.roles import Permission

_PERIODS = {"1": "这一周", "4": "最近 4 周", "8": "最近 8 周", "26": "最近半年"}
_SHOWN = {Show.OPEN.value: "要处理的", Show.MINE.value: "交给我的", Show.IGNORED.value: "不用答的"}


class UnansweredPages:
    """`/console/unanswered`."""

    def __init__(self, unanswered: Unanswered, accounts: StaffAccounts) -> None:
        self._unanswered, self._accounts = unanswered, accounts

    async def show(self, request: web.Request) -> web.StreamResponse:
        """The largest groups first."""
        form, number, member = Form(request.query), page_number(request), request[MEMBER]
        weeks = form.get("weeks") if form.get("weeks") in _PERIODS else "8"
        channel = form.get("channel") if form.get("channel") in CHANNELS else ""
        show = Show(form.get("show")) if form.get("show") in _SHOWN else Show.OPEN
        page = await self._unanswered.page(
            weeks=int(weeks), channel=channel, show=show, who=member.username, number=number, page_size=PAGE_SIZE
        )
        context = {
            "paged": Paged(page.groups, page.total, number, request),
            "waiting": page.waiting,
            "form": form,
            "weeks": weeks,
            "channel": channel,
            "show": show.value,
            "shown": _SHOWN,
            "periods": _PERIODS,
            "channels": CHANNELS,
            "outcomes": OUTCOMES,
            "week_words": week_words,
            "editors": await self._editors(),
            "most": max((group.count for group in page.groups), default=1),
        }
        return render(request, "unanswered.html", context)

    async def draft(self, request: web.Request) -> web.StreamResponse:
        """An FAQ draft with the group's questions as its wordings; the editor writes the answer next."""
        made = await self._unanswered.draft(_group(request), who=request[MEMBER].username)
        raise back_to(f"/faq/{made.item_id}/edit")

    async def ignore(self, request: web.Request) -> web.StreamResponse:
        """Not to be answered; or, with `on=no`, to be answered after all."""
        is_on = (await request.post()).get("on") != "no"
        await self._unanswered.ignore(_group(request), who=request[MEMBER].username, on=is_on)
        raise back_to(
            "/unanswered" if is_on else "/unanswered?show=ignored", "asked_ignored" if is_on else "asked_shown"
        )

    async def assign(self, request: web.Request) -> web.StreamResponse:
        """To an editor, or to nobody."""
        to = str((await request.post()).get("to", ""))
        if to and to not in await self._editors():
            raise BadInput(citizen_text="请选一位能改问答的同事。")
        await self._unanswered.assign(_group(request), to, who=request[MEMBER].username)
        raise back_to("/unanswered", "asked_assigned")

    async def merge(self, request: web.Request) -> web.StreamResponse:
        """Into another group of the list."""
        into = Form(await request.post()).number("into", 0)
        await self._unanswered.merge(_group(request), into, who=request[MEMBER].username)
        raise back_to("/unanswered", "asked_merged")

    async def _editors(self) -> dict[str, str]:
        """Who can write an answer: username → name."""
        everybody = await self._accounts.everybody()
        return {member.username: member.name for member in everybody if member.may(Permission.EDIT)}


def _group(request: web.Request) -> int:
    return int(request.match_info["group"])
