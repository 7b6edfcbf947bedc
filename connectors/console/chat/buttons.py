"""The buttons of a conversation's page: take over, say, give back, end.

A step that is refused (somebody was faster, nothing was written) shows the page as it is now, what was typed included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from casework.livechat.closing import KINDS, Ending
from casework.tickets.changes import StepRefused
from casework.tickets.tickets import Kind
from connectors.console.chat.pages import LivePages
from connectors.console.kit.forms import Form
from connectors.console.kit.guard import Handler
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from staff.roles import StaffMember

Step = Callable[[int, StaffMember, Form], Awaitable[str]]
"""Returns the path to go to and, after a space, the code of the sentence it shows (`words.DONE`)."""


class LiveButtons:
    """`handlers`: the last part of the address → who handles it."""

    def __init__(self, pages: LivePages) -> None:
        self._pages, self._live = pages, pages.live
        self.handlers: dict[str, Handler] = {
            "take": self._handler(self._take),
            "say": self._say,
            "give-back": self._handler(self._give_back),
            "end": self._handler(self._end),
            r"pictures/{turn:\d{1,12}}/attach": self._attach,
        }

    def _handler(self, step: Step) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            form = Form(await request.post())
            try:
                path, _, done = (await step(int(request.match_info["id"]), request[MEMBER], form)).partition(" ")
            except StepRefused as refusal:
                form.errors[""] = refusal.citizen_text
                return await self._pages.page(request, form, status=HTTPStatus.CONFLICT)
            raise back_to(path, done)

        return handle

    async def _say(self, request: web.Request) -> web.StreamResponse:
        """With htmx only the box is emptied and the page asks for its news; without it the page comes again."""
        number, form = int(request.match_info["id"]), Form(await request.post())
        try:
            line = await self._live.steps.say(number, request[MEMBER], form.text("text"))
        except StepRefused as refusal:
            form.errors[""] = refusal.citizen_text
            if not request.headers.get("HX-Request"):
                return await self._pages.page(request, form, status=HTTPStatus.CONFLICT)
            return render(request, "live_box.html", {"form": form, "channel": ""})
        if not request.headers.get("HX-Request"):
            raise back_to(f"/live/{number}")
        response = render(request, "live_box.html", {"form": Form(), "channel": line.channel})
        response.headers["HX-Trigger"] = "desk-said"
        return response

    async def _attach(self, request: web.Request) -> web.StreamResponse:
        """A picture becomes material of the citizen's filing; the citizen is told."""
        number, turn = int(request.match_info["id"]), int(request.match_info["turn"])
        try:
            await self._live.pictures.attach(number, turn, request[MEMBER])
        except StepRefused as refusal:
            form = Form()
            form.errors[""] = refusal.citizen_text
            return await self._pages.page(request, form, status=HTTPStatus.CONFLICT)
        raise back_to(f"/live/{number}")

    async def _take(self, number: int, member: StaffMember, form: Form) -> str:
        await self._live.steps.take(number, member)
        return f"/live/{number} live_taken"

    async def _give_back(self, number: int, member: StaffMember, form: Form) -> str:
        await self._live.steps.give_back(number, member)
        return "/live live_given_back"

    async def _end(self, number: int, member: StaffMember, form: Form) -> str:
        if form.get("kind") not in KINDS:
            raise StepRefused(citizen_text="请选种类。")
        is_done = form.get("left") != "yes"
        phone = "".join(form.get("phone").split()).replace("-", "")
        ending = Ending(Kind(form.get("kind")), form.text("outcome"), phone, is_done=is_done)
        ticket = await self._live.closing.end(number, member, ending)
        return f"/tickets/{ticket} {'closed' if is_done else 'taken'}"
