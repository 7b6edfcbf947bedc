"""Sends what the queue holds, within the platform's rules, for as long as the service runs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from base.database import Database
from base.tasks import finished
from connectors.wechat.followers.followers import Followers, Quota
from connectors.wechat.outbound.outgoing import OutgoingQueue, Owed
from connectors.wechat.platform.api import PlatformApi, Tokens
from connectors.wechat.platform.errors import PlatformBusy, PlatformError, TokenRefused, Unreachable, WindowClosed

log = structlog.get_logger()

POLL_SECONDS = 1.0
_TOGETHER = 8
_UNEXPECTED_PAUSE_SECONDS = 5.0
_FINISH_SECONDS = 5.0
"""So long a service that ends waits for what it is just sending: the platform's yes would be forgotten and the message
sent twice, its no would wait for the end of the lease."""
SENT = Counter("yibao_wechat_sent_total", "Messages to the WeChat platform, by outcome", ("outcome",))


class Sender:
    """`run` it as a task; `wake` it when something was queued."""

    def __init__(
        self, database: Database, queue: OutgoingQueue, followers: Followers, api: PlatformApi, tokens: Tokens
    ) -> None:
        self._database, self._queue, self._followers = database, queue, followers
        self._api, self._tokens = api, tokens
        self._work = asyncio.Event()

    def wake(self) -> None:
        self._work.set()

    async def run(self) -> None:
        """Until cancelled; what was begun is finished then. A failing database or platform is waited for."""
        while True:
            self._work.clear()
            try:
                while await finished(self.send_due(), _FINISH_SECONDS):
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.error("wechat_queue_failed", code="database", kind=type(error).__name__)
                await asyncio.sleep(_UNEXPECTED_PAUSE_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._work.wait(), POLL_SECONDS)

    async def send_due(self) -> int:
        """One round: everything that may go now, citizens side by side. Returns how many messages were tried."""
        due = await self._queue.claim(_TOGETHER)
        await asyncio.gather(*(self._send(owed) for owed in due))
        return len(due)

    async def _send(self, owed: Owed) -> None:
        if owed.kind == "notice":
            await self._send_notice(owed)
        else:
            await self._send_text(owed)

    async def _send_text(self, owed: Owed) -> None:
        async with self._database.session() as session:
            quota = await self._followers.take_quota(owed.follower_hash, session)
        if quota is None:
            await self._hold(owed, "quota")
            return
        body = {"touser": owed.openid, "msgtype": "text", "text": {"content": owed.text}}
        await self._attempt(owed, "/cgi-bin/message/custom/send", body, quota)

    async def _send_notice(self, owed: Owed) -> None:
        async with self._database.session() as session:
            allowed = await self._followers.take_notice(owed.follower_hash, session)
        if not allowed or owed.notice is None:
            await self._queue.as_text(owed)
            return
        body = {"touser": owed.openid, **owed.notice}
        await self._attempt(owed, "/cgi-bin/message/subscribe/bizsend", body, "notice")

    async def _attempt(self, owed: Owed, path: str, body: dict[str, Any], quota: Quota) -> None:
        try:
            await self._api.post(self._tokens, path, body)
        except PlatformError as error:
            await self._failed(owed, error, quota)
        else:
            await self._queue.sent(owed)
            SENT.labels("sent").inc()

    async def _failed(self, owed: Owed, error: PlatformError, quota: Quota) -> None:
        code = str(error.errcode or error.code)
        if isinstance(error, PlatformBusy | TokenRefused):
            if error.errcode:  # it said no: nothing was sent, nothing used up
                await self._followers.give_back(owed.follower_hash, quota)
            await self._settle(owed, "retry", code)
        elif isinstance(error, WindowClosed):
            await self._followers.close_window(owed.follower_hash, owed.claimed_at)
            await self._hold(owed, code)
        elif isinstance(error, Unreachable) and owed.kind == "text":
            await self._settle(owed, "dropped", code)
        elif isinstance(error, Unreachable):
            await self._followers.no_notices(owed.follower_hash)
            await self._queue.as_text(owed)
        else:
            await self._settle(owed, "held", code)

    async def _hold(self, owed: Owed, code: str) -> None:
        """Until they write again; who has just done so found nothing to let go."""
        await self._settle(owed, "held", code)
        async with self._database.session() as session:
            is_open = await self._followers.may_be_written_to(owed.openid, session)
        if is_open:
            await self._queue.release(owed.openid)

    async def _settle(self, owed: Owed, outcome: str, code: str) -> None:
        log.warning("wechat_not_sent", outcome=outcome, code=code, attempts=owed.attempts)
        SENT.labels(outcome).inc()
        settle = {"held": self._queue.hold, "dropped": self._queue.drop, "retry": self._queue.retry}[outcome]
        await settle(owed, code)
