"""From a delivery to its answer: once, in order, within the time the platform allows, and never lost.

delivery ──► claim ──► the citizen's turn, one after another ──► reply within 4 s, else a customer-service message
    └ repetition: the same answer again, or "success" while it is still being worked on
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from base.database import Database
from base.errors import ServiceError
from base.tenant import TENANT
from connectors.wechat.followers.followers import Choices, Followers
from connectors.wechat.inbound.arrivals import Arrivals, Orphan
from connectors.wechat.outbound.outgoing import OutgoingQueue
from connectors.wechat.platform.wire import Incoming

log = structlog.get_logger()

REPLY_SECONDS = 4.0
"""The platform repeats a delivery after 5 s."""
MAX_WAITING = 60
"""Messages of one citizen that wait for their turn: more than anybody's thumb sends in the second that an answer takes.
A program that sends more gets a sentence at once."""
MAX_TURNS = 400
_CLEAN_SECONDS = 600.0
_ADOPT_SECONDS = 5.0
_STOP_SECONDS = 3.0

TOO_FAST = "您发得太快了，我先答前面的。请等我答完，再发后面的问题。"
TOO_BUSY = f"现在问的人比较多，请过一分钟再发一次，也可以拨打{TENANT.hotline}。"
INTERRUPTED = "对不起，刚才系统中断了一下，您上一条消息没有答完。请再发一次。"

Respond = Callable[[Incoming], Awaitable[tuple[str, Choices]]]
"""One citizen's turn: what to write to them ("" for nothing), and what their next digit means."""


@dataclass(slots=True)
class _Queue:
    """One citizen's messages: claimed in the order they came, answered in the order they were claimed."""

    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    answering: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    """Deliveries and turns that use this queue; without any it goes."""
    turns: int = 0


class Inbox:
    """`answer` one delivery; `run` keeps what dead processes left going; `aclose` ends the turns."""

    def __init__(
        self,
        database: Database,
        arrivals: Arrivals,
        followers: Followers,
        queue: OutgoingQueue,
        respond: Respond,
        wake: Callable[[], None],
        reply_seconds: float = REPLY_SECONDS,
    ) -> None:
        self._database, self._arrivals, self._followers, self._queue = database, arrivals, followers, queue
        self._respond, self._wake, self._reply_seconds = respond, wake, reply_seconds
        self._queues: dict[str, _Queue] = {}
        self._turns: set[asyncio.Task[None]] = set()

    async def answer(self, message: Incoming) -> str:
        """What to answer this delivery with: a text, or "" for "success"."""
        if turn := await self._claim(message):
            await asyncio.wait({turn}, timeout=self._reply_seconds)
        else:
            log.info("wechat_repeated", kind=message.kind)
        return await self._arrivals.settle(message)

    async def run(self, *forget: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled: adopt what was left behind, forget what is old (and what `forget` forgets)."""
        rounds = 0
        while True:
            try:
                await self._adopt()
                if rounds % int(_CLEAN_SECONDS / _ADOPT_SECONDS) == 0:
                    for clean in (self._arrivals.forget_old, self._queue.forget_old, *forget):
                        await clean()
            except (SQLAlchemyError, OSError) as error:
                log.error("wechat_inbox_failed", code="database", kind=type(error).__name__)
            rounds += 1
            await asyncio.sleep(_ADOPT_SECONDS)

    async def _adopt(self) -> None:
        for orphan in await self._arrivals.adopt():
            log.warning("wechat_adopted", code="interrupted", started=orphan.started)
            self._begin(self._resume(orphan))

    async def aclose(self) -> None:
        """Turns get a moment to end; what is cut off then is taken up by the next process."""
        if self._turns:
            await asyncio.wait(set(self._turns), timeout=_STOP_SECONDS)
        for turn in tuple(self._turns):
            turn.cancel()
        await asyncio.gather(*self._turns, return_exceptions=True)

    async def _claim(self, message: Incoming) -> asyncio.Task[None] | None:
        """The message's turn, begun; None when this is not its first delivery."""
        with self._place(message.openid) as queue:
            async with queue.claiming:
                if not await self._arrivals.claim(message):
                    return None
                await self._followers.heard(message)
                if message.event == "unsubscribe":
                    await self._queue.drop_all(message.openid, "unsubscribed")
                elif await self._queue.release(message.openid):
                    self._wake()
                return self._begin(self._take(message))

    @contextmanager
    def _place(self, openid: str) -> Iterator[_Queue]:
        queue = self._queues.setdefault(openid, _Queue())
        queue.users += 1
        try:
            yield queue
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[openid]

    async def _take(self, message: Incoming) -> None:
        with self._place(message.openid) as queue:
            await self._take_place(message, queue)

    async def _take_place(self, message: Incoming, queue: _Queue) -> None:
        if queue.turns >= MAX_WAITING:
            log.warning("wechat_refused", code="too_fast")
            await self._deliver(message, TOO_FAST)
        elif len(self._turns) > MAX_TURNS:
            log.warning("wechat_refused", code="too_busy")
            await self._deliver(message, TOO_BUSY)
        else:
            await self._in_order(message, queue)

    async def _in_order(self, message: Incoming, queue: _Queue) -> None:
        queue.turns += 1
        try:
            async with queue.answering:
                if await self._arrivals.start(message):
                    await self._turn(message)
        except asyncio.CancelledError:
            await asyncio.shield(self._arrivals.abandon(message))
            raise
        finally:
            queue.turns -= 1

    async def _turn(self, message: Incoming) -> None:
        try:
            text, choices = await self._respond(message)
        except ServiceError as error:
            log.warning("wechat_turn_failed", kind=message.kind, code=error.code)
            text, choices = error.citizen_text, Choices()
        except Exception as error:  # the outer edge of one turn: the citizen still gets a sentence
            log.error("wechat_turn_failed", kind=message.kind, code="unexpected", exc_info=error)
            text, choices = ServiceError.citizen_text, Choices()
        if text:
            await self._followers.set_choices(message.openid, choices)
        await self._deliver(message, text)

    async def _resume(self, orphan: Orphan) -> None:
        if orphan.started:
            await self._deliver(orphan.message, INTERRUPTED)
        else:
            with self._place(orphan.message.openid) as queue:
                await self._in_order(orphan.message, queue)

    async def _deliver(self, message: Incoming, text: str) -> None:
        async with self._database.session() as session:
            if text and await self._arrivals.finish_as_reply(message, text, session):
                return
            if text:
                await self._queue.add(message.openid, text, session)
            await self._arrivals.finish(message, session)
        self._wake()

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        turn = asyncio.create_task(work, name="wechat turn")
        self._turns.add(turn)
        turn.add_done_callback(self._ended)
        return turn

    def _ended(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        if not turn.cancelled() and (error := turn.exception()):
            log.error("wechat_turn_lost", code="unexpected", exc_info=error)
