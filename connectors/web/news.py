"""What staff write to a typed conversation: the page asks for it, and is answered as soon as there is something.

    GET /chat/news?sender=web-…&after=7
    200 [{"id", "who": "agent" | "assistant", "text", "buttons"?, "link"?, "listen"?}, ...]     [] after 25 s: ask again
    400 a sender that is not of our own page    429, 503 too many ask: ask again after `Retry-After` seconds

A sender is 128 random bits that only its page knows.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from connectors.web.rate import RateLimit, RateLimiter, TooFast
from service.errors import ServiceError
from service.messages import Reply

log = structlog.get_logger()

_LIMIT = RateLimit(per_second=2.0, burst=10, patience_seconds=1.0)
_AGAIN_SECONDS = "20"
_LINK = re.compile(r"https?://[\x21-\x7e]+")
_MOST_AFTER = 2**62


class Said(Protocol):
    """One thing said: `casework.live.book.Turn`."""

    @property
    def id(self) -> int: ...

    @property
    def who(self) -> str: ...

    @property
    def reply(self) -> Reply: ...


class Source(Protocol):
    """`casework.live.news.News`."""

    def is_for(self, name: str) -> bool: ...

    async def next(self, name: str, after: int, seconds: float = 25.0) -> Sequence[Said]:
        """Waits so long. Raises ServiceError when too many do."""

    async def is_expected(self, name: str) -> bool:
        """Whether a person answers this conversation, or is waited for."""

    def end(self) -> None:
        """Nobody waits on."""


class NewsEndpoint:
    """The handler. `listen`: the address of the audio of a text, "" where nothing can be read aloud."""

    def __init__(self, news: Source, limit: RateLimit = _LIMIT, listen: Callable[[str], str] = lambda text: "") -> None:
        self._news, self._limiter, self._listen = news, RateLimiter(limit), listen

    async def handle(self, request: web.Request) -> web.Response:
        sender, after = request.query.get("sender", ""), request.query.get("after", "0")
        if not self._news.is_for(sender) or not re.fullmatch(r"\d{1,18}", after):
            return _answer([], status=400)
        try:
            await asyncio.sleep(self._limiter.reserve(sender, time.monotonic()))
            found = await self._news.next(sender, min(int(after), _MOST_AFTER))
        except TooFast:
            return _answer([], status=429)
        except (ServiceError, SQLAlchemyError, OSError) as error:
            log.warning("news_failed", code=getattr(error, "code", type(error).__name__))
            return _answer([], status=503)
        return _answer([as_json(said, self._listen(said.reply.to_say)) for said in found])


def setup(app: web.Application, news: Source, listen: Callable[[str], str] = lambda text: "") -> None:
    """Mount it. Who waits is answered when `app` shuts down."""
    app.router.add_get("/chat/news", NewsEndpoint(news, listen=listen).handle)

    async def end(_app: web.Application) -> None:
        news.end()

    app.on_shutdown.append(end)


def as_json(said: Said, listen: str = "") -> dict[str, Any]:
    """What the page shows; what is empty is left out. `link` is the address in the text, for a page to make it one."""
    fields: dict[str, Any] = {"id": said.id, "who": said.who, "text": said.reply.text}
    if said.reply.buttons:
        fields["buttons"] = [asdict(button) for button in said.reply.buttons]
    if found := _LINK.search(said.reply.text):
        fields["link"] = found[0]
    if listen:
        fields["listen"] = listen
    return fields


def _answer(body: list[dict[str, Any]], status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"} | ({} if status == 200 else {"Retry-After": _AGAIN_SECONDS})
    return web.json_response(body, status=status, headers=headers, dumps=_dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
