"""What staff write to a typed conversation: the page asks for it, and is answered as soon as there is something.

    GET /chat/news?sender=web-…&after=7
    200 [{"id", "who": "agent" | "assistant", "text", "buttons"?, "links"?, "listen"?}, ...]    [] after 25 s: ask again
    400 a sender that is not of our own page    429, 503 too many ask: ask again after `Retry-After` seconds

A sender is 128 random bits that only its page knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Protocol

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from base.errors import ServiceError
from base.messages import Link, Reply
from connectors.shared.addresses import throttled_as
from connectors.shared.json_body import as_written
from connectors.web.chat.rate import NEWS, NEWS_OF_PAGE, RateLimit, RateLimiter, TooFast
from connectors.web.pages.links import OPEN, links_of

log = structlog.get_logger()

_MOST_OF_CLIENT = 300
"""Pages of one address that wait at the same time: a third of all places (`casework.livechat.news.MOST_WAITERS`)."""
_AGAIN_SECONDS = "20"
_LINK = re.compile(r"https?://[\x21-\x7e]+")
"""An address that a person typed."""
_MOST_AFTER = 2**62


class Said(Protocol):
    """One thing said: `casework.livechat.book.Turn`."""

    @property
    def id(self) -> int: ...

    @property
    def who(self) -> str: ...

    @property
    def reply(self) -> Reply: ...


class Source(Protocol):
    """`casework.livechat.news.News`."""

    def is_for(self, name: str) -> bool: ...

    async def next(self, name: str, after: int, seconds: float = 25.0) -> Sequence[Said]:
        """Waits so long. Raises ServiceError when too many do."""

    async def is_expected(self, name: str) -> bool:
        """Whether a person answers this conversation, or is waited for."""

    def end(self) -> None:
        """Nobody waits on."""


class NewsEndpoint:
    """The handler. `listen`: the address of the audio of a text, "" where nothing can be read aloud."""

    def __init__(
        self, news: Source, limit: RateLimit = NEWS_OF_PAGE, listen: Callable[[str], str] = lambda text: ""
    ) -> None:
        self._news, self._listen = news, listen
        self._clients, self._pages = RateLimiter(NEWS), RateLimiter(limit)
        self._waiting = Counter[str]()

    async def handle(self, request: web.Request) -> web.Response:
        sender, after = request.query.get("sender", ""), request.query.get("after", "0")
        if not self._news.is_for(sender) or not re.fullmatch(r"\d{1,18}", after):
            return _answer([], status=400)
        client = throttled_as(request)
        try:
            await self._clients.enter(client)
            await self._pages.enter(sender)
            found = await self._next(client, sender, min(int(after), _MOST_AFTER))
        except TooFast:
            return _answer([], status=429)
        except (ServiceError, SQLAlchemyError, OSError) as error:
            log.warning("news_failed", code=getattr(error, "code", type(error).__name__))
            return _answer([], status=503)
        return _answer([as_json(said, self._listen(said.reply.to_say)) for said in found])

    async def _next(self, client: str, sender: str, after: int) -> Sequence[Said]:
        """Raises TooFast where too many pages of one address wait already."""
        if self._waiting[client] >= _MOST_OF_CLIENT:
            raise TooFast(float(_AGAIN_SECONDS))
        self._waiting[client] += 1
        try:
            return await self._news.next(sender, after)
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]


def setup(app: web.Application, news: Source, listen: Callable[[str], str] = lambda text: "") -> None:
    """Mount it. Who waits is answered when `app` shuts down."""
    app.router.add_get("/chat/news", NewsEndpoint(news, listen=listen).handle)

    async def end(_app: web.Application) -> None:
        news.end()

    app.on_shutdown.append(end)


def as_json(said: Said, listen: str = "") -> dict[str, Any]:
    """What the page shows; what is empty is left out. `links` are the addresses in it."""
    fields: dict[str, Any] = {"id": said.id, "who": said.who, "text": said.reply.text}
    if said.reply.buttons:
        fields["buttons"] = [asdict(button) for button in said.reply.buttons]
    links = links_of(said.reply) or tuple(Link(OPEN, found) for found in _LINK.findall(said.reply.text))
    if links:
        fields["links"] = [asdict(link) for link in links]
        fields["link"] = links[0].url
    if listen:
        fields["listen"] = listen
    return fields


def _answer(body: list[dict[str, Any]], status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"} | ({} if status == 200 else {"Retry-After": _AGAIN_SECONDS})
    return web.json_response(body, status=status, headers=headers, dumps=as_written)
