"""在线对话: everything going on, on every channel, and one conversation's page, both kept up to date by htmx.

A page that is open asks again every few seconds; that is also how the desk knows that its member of staff is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from base.clock import day_here, utc_now
from casework.livechat.book import CITIZEN, Line, State, Turn
from casework.livechat.citizen import Citizens
from casework.livechat.closing import KINDS, Closing
from casework.livechat.fixed import FixedReplies
from casework.livechat.pictures import LivePictures
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.tickets.changes import StepRefused
from connectors.console.chat.suggestion import Answers, suggestion
from connectors.console.kit.catalog import Catalog
from connectors.console.kit.citizens_file import citizens_file
from connectors.console.kit.forms import Form
from connectors.console.kit.labels import CHANNELS
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from connectors.web.pages.links import source_link
from staff.roles import StaffMember

_COLOURS = {State.WAITING: "late", State.PERSON: "soon", State.BOT: "fine", State.CLOSED: "past"}


@dataclass(frozen=True, slots=True)
class Live:
    """What the pages are made of."""

    steps: LiveSteps
    closing: Closing
    presence: Presence
    answers: Answers
    pictures: LivePictures


_MOST_BESIDE = 30
_SHOWS = {"waiting": "只看等人工的", "mine": "我接管的", "person": "有人在答的"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation's state as it is shown: a colour's class, and words that say the same."""

    line: Line
    now: datetime
    holder: str

    @property
    def colour(self) -> str:
        return _COLOURS[self.line.state]

    @property
    def words(self) -> str:
        if self.line.waiting_since and self.line.state is State.WAITING:
            return f"等人工，已等{spell(int((self.now - self.line.waiting_since).total_seconds()))}"
        return f"{self.holder}在答" if self.line.state is State.PERSON else self.line.state.label

    @property
    def mark(self) -> str:
        """Changes when the page's buttons must."""
        return f"{self.line.state.value}-{self.line.person}"


class LivePages:
    """Handlers of `/console/live` and below; the buttons are in `live_buttons`."""

    def __init__(self, live: Live, catalog: Catalog, replies: FixedReplies, citizens: Citizens | None = None) -> None:
        self.live, self._catalog, self._replies, self._citizens = live, catalog, replies, citizens

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Who waits stands first."""
        member = request[MEMBER]
        context = await self._lines(request)
        people, online = context["people"], await self.live.presence.online()
        colleagues = [people.get(name, name) for name in online if name != member.username]
        is_on = await self.live.presence.is_on(member.username)
        more = {"is_on": is_on, "colleagues": colleagues, "form": Form(request.query), "shows": _SHOWS}
        return render(request, "live.html", {**context, **more})

    async def lines(self, request: web.Request) -> web.StreamResponse:
        """The list alone; `beside`: the short one beside a conversation."""
        context = await self._lines(request)
        if beside := Form(request.query).number("beside", 0):
            shown = {**context, "queue": context["lines"][:_MOST_BESIDE], "current": beside}
            return render(request, "live_queue.html", shown)
        return render(request, "live_lines.html", context)

    async def fixed(self, request: web.Request) -> web.StreamResponse:
        """常用语: everybody reads them, a 主管 changes them."""
        return render(request, "live_replies.html", {"replies": await self._replies.all(), "form": Form(request.query)})

    async def change_fixed(self, request: web.Request) -> web.StreamResponse:
        form, member = Form(await request.post()), request[MEMBER]
        try:
            if form.get("drop"):
                await self._replies.drop(member, form.number("drop", 0))
            else:
                await self._replies.put(member, form.text("name"), form.text("text"))
        except StepRefused as refusal:
            form.errors["text"] = refusal.citizen_text
            context = {"replies": await self._replies.all(), "form": form}
            return render(request, "live_replies.html", context, status=422)
        raise back_to("/live/replies", "fixed_changed")

    async def switch(self, request: web.Request) -> web.StreamResponse:
        """Comes to the desk, or leaves it."""
        member, is_on = request[MEMBER], Form(await request.post()).get("on") == "yes"
        await self.live.presence.switch(member.username, is_on=is_on)
        await self.live.steps.note_presence(member, is_on=is_on)
        raise back_to("/live", "live_on" if is_on else "live_off")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """One conversation; the look is written into the audit log."""
        return await self.page(request, Form())

    async def page(self, request: web.Request, form: Form, status: int = 200) -> web.Response:
        """`form`: a refused one, shown again."""
        member = request[MEMBER]
        await self.live.presence.seen(member.username)
        line, turns = await self.live.steps.look(int(request.match_info["id"]), member)
        context = await self._conversation(member, line, turns)
        queue = await self._lines(request)
        more = {
            "form": form,
            "queue": queue["lines"][:_MOST_BESIDE],
            "citizen": await self._citizens.of(line.name, member) if self._citizens else None,
            "replies": await self._replies.all() if context["is_mine"] else (),
        }
        return render(request, "live_one.html", {**context, **more}, status=status)

    async def news(self, request: web.Request) -> web.StreamResponse:
        """What was said since, for a page that stands open. When somebody else has it now, the page is made anew;
        not under the hands of who was writing: they are told."""
        member, query = request[MEMBER], Form(request.query)
        await self.live.presence.seen(member.username)
        after, mark = query.number("after", 0), query.get("mark")
        line, turns = await self.live.steps.news(int(request.match_info["id"]), member, after)
        context = await self._conversation(member, line, turns, after)
        has_changed = context["shown"].mark != mark
        was_mine = mark == f"{State.PERSON.value}-{member.username}"
        if has_changed and not was_mine:
            return web.Response(headers={"HX-Refresh": "true"})
        if not turns and not has_changed:
            return web.Response(status=204)
        response = render(request, "live_news.html", {**context, "is_lost": has_changed})
        if any(turn.who == CITIZEN for turn in turns):
            response.headers["HX-Trigger"] = "citizen-said"
        return response

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """What a citizen sent, as materials are served; the look is written into the audit log."""
        number, turn = int(request.match_info["id"]), int(request.match_info["turn"])
        media_type, contents = await self.live.pictures.look(number, turn, request[MEMBER])
        return citizens_file(media_type, contents, f"对话{number}-图片{turn}")

    async def suggestion(self, request: web.Request) -> web.StreamResponse:
        """What the knowledge says to the citizen's last question that it can answer."""
        member = request[MEMBER]
        _, turns = await self.live.steps.news(int(request.match_info["id"]), member, 0)
        said = [turn.reply.text for turn in turns if turn.who == CITIZEN and not turn.file]
        suggested = await suggestion(self.live.answers, said, day_here(utc_now()))
        sources = [(source, source_link(source)) for source in suggested.answer.sources] if suggested else []
        last = said[-1] if said else ""
        return render(request, "live_suggestion.html", {"suggested": suggested, "sources": sources, "last": last})

    async def _lines(self, request: web.Request) -> dict[str, Any]:
        member, form = request[MEMBER], Form(request.query)
        await self.live.presence.seen(member.username)
        people, now = await self._catalog.people(), utc_now()
        lines = [Shown(line, now, people.get(line.person, line.person)) for line in await self.live.steps.lines(member)]
        waiting = sum(one.line.state is State.WAITING for one in lines)
        lines = [one for one in lines if _is_wanted(one.line, form, member.username)]
        return {"lines": lines, "waiting": waiting, "people": people, "channels": CHANNELS}

    async def _conversation(
        self, member: StaffMember, line: Line, turns: Sequence[Turn], after: int = 0
    ) -> dict[str, Any]:
        people = await self._catalog.people()
        is_mine = line.state is State.PERSON and line.person == member.username
        return {
            "line": line,
            "current": line.id,
            "shown": Shown(line, utc_now(), people.get(line.person, line.person)),
            "turns": turns,
            "after": turns[-1].id if turns else after,
            "people": people,
            "channels": CHANNELS,
            "kinds": {kind.value: kind.value for kind in KINDS},
            "is_mine": is_mine,
            "may_take": line.is_reachable and not is_mine and self.live.steps.may_take(line, member),
        }


def _is_wanted(line: Line, form: Form, username: str) -> bool:
    """By what the list is narrowed to: who answers, the channel, words of the citizen's last sentence."""
    show, channel, words = form.get("show"), form.get("channel"), form.get("q").split()
    is_shown = {
        "waiting": line.state is State.WAITING,
        "mine": line.state is State.PERSON and line.person == username,
        "person": line.state is State.PERSON,
    }.get(show, True)
    said = line.asked.reply.text if line.asked else ""
    return is_shown and channel in ("", line.channel) and all(word in said for word in words)


def spell(seconds: int) -> str:
    """90 → 1分30秒."""
    minutes, rest = divmod(max(seconds, 0), 60)
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"
