"""The buttons of a ticket's page: each does one step and shows the page again, with a sentence that says what happened.

A step that is refused (somebody was faster, a reason is missing) shows the page as it is now, what was typed included.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from base.errors import BadInput, ServiceError
from casework.filings.view import FilingDesk
from casework.tickets.changes import MOST_NOTE_CHARS, StepRefused, checked
from casework.tickets.routing import Routing
from casework.tickets.tickets import NotFound
from casework.tickets.work import TicketWork
from connectors.console.kit.forms import Form
from connectors.console.kit.guard import Handler
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to
from connectors.console.tickets.pages import TicketPages
from staff.roles import NotAllowed, Permission, StaffMember

_APART = re.compile(r"[\s,，、;；]+")
Step = Callable[[str, StaffMember, Form], Awaitable[None]]


class TicketSteps:
    """`handlers`: the last part of the address → who handles it."""

    def __init__(self, pages: TicketPages, work: TicketWork, routing: Routing, filings: FilingDesk | None) -> None:
        self._pages, self._work, self._routing, self._filings = pages, work, routing, filings
        self.handlers: dict[str, Handler] = {
            "take": self._handler("taken", lambda number, who, form: work.take(number, who)),
            "offer": self._handler("offered", lambda number, who, form: work.offer(number, who, to=form.get("to"))),
            "withdraw": self._handler("offer_withdrawn", lambda number, who, form: work.withdraw_offer(number, who)),
            "accept": self._handler("accepted", lambda number, who, form: work.accept(number, who)),
            "decline": self._handler("declined", self._decline),
            "assign": self._handler("assigned", lambda number, who, form: work.assign(number, who, to=form.get("to"))),
            "note": self._handler("noted", lambda number, who, form: work.note(number, who, form.text("note"))),
            "called-back": self._handler(
                "called_back", lambda number, who, form: work.called_back(number, who, form.text("called"))
            ),
            "close": self._handler("closed", self._close),
            "reopen": self._handler("reopened", self._reopen),
            "dispatch": self._handler("dispatched", self._dispatch),
            "hand-back": self._handler(
                "returned", lambda number, who, form: routing.hand_back(number, who, reason=form.text("returned"))
            ),
            "ask-extension": self._handler("extension_asked", self._ask_extension),
            "answer-extension": self._handler("extension_answered", self._answer_extension),
            "merge": self._handler(
                "merged", lambda number, who, form: routing.merge(number, who, into=form.text("into"))
            ),
            "supervise": self._handler(
                "supervised", lambda number, who, form: routing.supervise(number, who, words=form.text("demand"))
            ),
            "label": self._handler(
                "labelled", lambda number, who, form: routing.label(number, who, _APART.split(form.text("labels")))
            ),
            "approve": self._handler("decided", self._approve),
            "refuse": self._handler("decided", self._refuse),
            "end-withdrawn": self._handler("decided", self._end_withdrawn),
            "entered": self._handler("entered", self._entered),
            "supplement": self._handler("supplement_asked", self._supplement),
        }

    def _handler(self, done: str, step: Step) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            number, form = request.match_info["number"], Form(await request.post())
            try:
                await step(number, request[MEMBER], form)
            except (StepRefused, BadInput) as refusal:
                return await self._refused(request, form, refusal.citizen_text, HTTPStatus.CONFLICT)
            except (NotAllowed, NotFound):
                raise
            except ServiceError:  # the core system, as a rule; its words are for citizens
                words = "医保业务系统暂时连不上，这一步没有完成，请稍后再试。"
                return await self._refused(request, form, words, HTTPStatus.SERVICE_UNAVAILABLE)
            raise back_to(f"/tickets/{number}", done)

        return handle

    async def _refused(self, request: web.Request, form: Form, words: str, status: HTTPStatus) -> web.Response:
        form.errors[""] = words
        return await self._pages.page(request, form, status=status)

    async def _decline(self, number: str, member: StaffMember, form: Form) -> None:
        await self._work.decline_offer(number, member, reason=form.text("reason")[:MOST_NOTE_CHARS])

    async def _close(self, number: str, member: StaffMember, form: Form) -> None:
        if await self._is_filing(number):  # its state and its message to the citizen must not be left behind
            raise StepRefused(citizen_text="帮办事项请用“同意”“不同意”或“群众撤回”办结，群众才会收到通知。")
        await self._work.close(number, member, form.text("outcome"))

    async def _reopen(self, number: str, member: StaffMember, form: Form) -> None:
        if await self._is_filing(number):
            raise StepRefused(citizen_text="帮办事项已经决定。还要办的，请群众重新提交。")
        await self._work.reopen(number, member, reason=form.text("reason"))

    async def _dispatch(self, number: str, member: StaffMember, form: Form) -> None:
        await self._routing.dispatch(
            number,
            member,
            county=form.get("county"),
            department=form.text("department"),
            reason=form.text("dispatched"),
        )

    async def _ask_extension(self, number: str, member: StaffMember, form: Form) -> None:
        days = form.number("days", 0)
        await self._routing.ask_extension(number, member, days=days, reason=form.text("extension"))

    async def _answer_extension(self, number: str, member: StaffMember, form: Form) -> None:
        agreed, reason = form.get("agreed") == "yes", form.text("extension_reason")
        await self._routing.answer_extension(number, member, agreed=agreed, reason=reason)

    async def _approve(self, number: str, member: StaffMember, form: Form) -> None:
        desk = await self._desk(number, member)
        await desk.decide(number, approved=True, reason=form.text("decision")[:MOST_NOTE_CHARS], by=member.username)

    async def _refuse(self, number: str, member: StaffMember, form: Form) -> None:
        reason = checked(form.text("decision"), "不同意的，请写明理由，群众会看到。")
        desk = await self._desk(number, member)
        await desk.decide(number, approved=False, reason=reason, by=member.username)

    async def _end_withdrawn(self, number: str, member: StaffMember, form: Form) -> None:
        desk = await self._desk(number, member)
        await desk.withdraw(number, reason=form.text("decision")[:MOST_NOTE_CHARS], by=member.username)

    async def _entered(self, number: str, member: StaffMember, form: Form) -> None:
        member.require(Permission.TICKETS)
        if self._filings is None:
            raise StepRefused
        await self._filings.entered(number, by=member.username)

    async def _supplement(self, number: str, member: StaffMember, form: Form) -> None:
        what = checked(form.text("what"), "请写明还缺什么，群众会看到。")
        desk = await self._desk(number, member)
        await desk.ask_supplement(number, what=what, by=member.username)

    async def _is_filing(self, number: str) -> bool:
        return self._filings is not None and await self._filings.view(number) is not None

    async def _desk(self, number: str, member: StaffMember) -> FilingDesk:
        """Raises unless the ticket is theirs to decide."""
        await self._work.require_work(number, member)
        if self._filings is None:
            raise NotFound(citizen_text="这个工单不是帮办事项。")
        return self._filings
