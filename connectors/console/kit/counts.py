"""What waits, as numbers beside the menu of every page; and that its person has the console open (在线).

Pages ask for it every ten seconds; it puts off no session's end.
"""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import func, select

from base.database import Database
from casework.livechat.book import State
from casework.livechat.models import LiveConversation
from casework.livechat.presence import Presence
from casework.tickets.board import TicketBoard
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import render
from knowledge.authoring.review_queue import ReviewQueue
from staff.roles import Permission


class Counts:
    """`/console/counts`. Without a board it says nothing of tickets, without `presence` nothing of conversations."""

    def __init__(
        self, database: Database, queue: ReviewQueue, board: TicketBoard | None, presence: Presence | None
    ) -> None:
        self._database, self._queue, self._board, self._presence = database, queue, board, presence

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Only numbers; for htmx, which puts each where it belongs."""
        member, counts = request[MEMBER], {}
        if member.may(Permission.TICKETS) and self._presence:
            await self._presence.seen(member.username)
            counts["live"] = await self._waiting()
        if member.may(Permission.TICKETS) and self._board:
            waiting = await self._board.waiting(member)
            counts["tickets"] = waiting.unowned + waiting.offered
        if member.may(Permission.REVIEW):
            counts["review"] = await self._queue.count(not_by=member.username)
        return render(request, "counts.html", {"counts": counts})

    async def _waiting(self) -> int:
        wanted = select(func.count()).where(LiveConversation.state == State.WAITING.value)
        async with self._database.session() as session:
            return await session.scalar(wanted) or 0
