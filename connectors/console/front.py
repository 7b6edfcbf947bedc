"""The first page: what waits, for whoever is logged in."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from base.clock import day_here, utc_now
from casework.tickets.board import TicketBoard
from casework.tickets.board import Waiting as TicketsWaiting
from connectors.console.kit.session import MEMBER, PATH
from connectors.console.kit.view import navigation, render
from connectors.console.knowledge.items import PATHS
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind, Stage
from knowledge.authoring.review_queue import ReviewQueue
from knowledge.insight.health import Health
from knowledge.insight.unanswered import Unanswered
from language.calendar.working_days import unknown_year
from staff.accounts import StaffAccounts
from staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number and where to work on it."""

    count: int
    words: str
    path: str


class FrontPage:
    """`/console`. Without a board it says nothing of tickets."""

    def __init__(
        self,
        editing: Editing,
        queue: ReviewQueue,
        unanswered: Unanswered,
        health: Health,
        accounts: StaffAccounts,
        board: TicketBoard | None = None,
    ) -> None:
        self._editing, self._queue, self._board = editing, queue, board
        self._unanswered, self._health, self._accounts = unanswered, health, accounts

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Tickets and reviews that wait, drafts, what was sent back; then the menu in words."""
        member, tally = request[MEMBER], []
        if self._board is not None and member.may(Permission.TICKETS):
            tally += _of_tickets(await self._board.waiting(member))
            if year := unknown_year(day_here(utc_now())):
                tally.append(Waiting(year, "年的放假安排还没装上，期限先按法定节日算", f"{PATH}/tickets"))
        if member.may(Permission.REVIEW):
            count = await self._queue.count(not_by=member.username)
            tally.append(Waiting(count, "件等您审核", f"{PATH}/review"))
        if member.may(Permission.EDIT):
            for kind in (Kind.DOCUMENT, Kind.FAQ, Kind.GUIDE, Kind.SYNONYM, Kind.STAFF_TEXT):
                for stage, words in ((Stage.REJECTED, "被退回"), (Stage.DRAFT, "还是草稿")):
                    page = await self._editing.find(kind, stage=stage, page_size=1)
                    if page.total:
                        address = f"{PATH}{PATHS[kind]}?stage={stage.value}"
                        tally.append(Waiting(page.total, f"条{kind.label}{words}", address))
        asked = await self._unanswered.largest() if member.may(Permission.QUESTIONS) else ()
        if member.may(Permission.QUESTIONS):
            fitness = await self._health.look()
            if fitness.answerable:
                words = "条“没有写”现在有文件写到了"
                tally.append(Waiting(len(fitness.answerable), words, f"{PATH}/health"))
            if fitness.ending:
                tally.append(Waiting(len(fitness.ending), "份文件快到期或已到期", f"{PATH}/health"))
        before = await self._accounts.login_before(member.username)
        context = {"asked": asked, "tally": tally, "items": navigation(request), "before": before}
        return render(request, "front.html", context)


def _of_tickets(waiting: TicketsWaiting) -> list[Waiting]:
    """What waits for the member always, what is late only when something is."""
    tally = [
        Waiting(waiting.unowned, "件工单没人接", f"{PATH}/tickets?whose=unowned"),
        Waiting(waiting.mine, "件工单在您手里", f"{PATH}/tickets?whose=mine"),
    ]
    if waiting.offered:
        tally.append(Waiting(waiting.offered, "件等您接受移交", f"{PATH}/tickets?whose=offered"))
    if waiting.overdue:
        tally.append(Waiting(waiting.overdue, "件工单已超期", f"{PATH}/tickets?whose=overdue"))
    if waiting.supervised:
        tally.append(Waiting(waiting.supervised, "件督办的工单没办结", f"{PATH}/tickets?whose=supervised"))
    if waiting.extension:
        tally.append(Waiting(waiting.extension, "件等主管批延期", f"{PATH}/tickets?whose=extension"))
    if waiting.not_told:
        words = "件决定待录入核心系统"
        tally.append(Waiting(waiting.not_told, words, f"{PATH}/tickets?whose=not_told"))
    return tally
