"""`POST /talk`: the same conversation for a browser without JavaScript, as a page.

    message=…    a question, or a pressed button
    look=1       “看看有没有回复”: what staff have written; waits a few seconds for it
    show=1       the same once more, in another print (`?view=elder`)

The page carries its conversation with it (`connectors.web.chat.carried`): nothing is kept here. What staff wrote
meanwhile is shown before the next answer, too. Where JavaScript runs, the page goes on from there.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from base.errors import BadInput, ServiceError
from connectors.shared.addresses import throttled_as
from connectors.web.chat import carried, news
from connectors.web.chat.carried import Carried, Seal, Turn
from connectors.web.chat.chat import Chat, Message, Refused, read_body
from connectors.web.chat.rate import NEWS, RateLimiter, TooFast
from connectors.web.pages.view import render

_LOOK_SECONDS = 6.0
_MAX_CHARS = 2_000
"""The dialogue itself asks for less; beyond this nobody typed it."""
_CONVERSATION = re.compile(r"web-[0-9a-f]{32}")
_CANNOT_LISTEN = {"can_listen": False}
"""No person can answer where nothing tells what they wrote."""
_EMPTY = "请先写下您想问的，再按“发送”。"
_TOO_LONG = "您写得太长了，请用一两句话说说您想问的。"
_SENT = "您的话已经发给工作人员了。"
_NOTHING_YET = "工作人员还没有回复。"
_NOT_LOOKED = "刚才没有看成，请过一会儿再按一次。"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """One submitted form. `before`: what the page carried; `looks`: wants to know what staff wrote; `shows`: wants to
    see the page once more."""

    text: str
    conversation: str
    before: str
    looks: bool = False
    shows: bool = False

    @property
    def once(self) -> str:
        """The same form sent twice has the same name; a page without `before` has a conversation of its own."""
        return sha256(f"{self.conversation} {self.before} {self.text}".encode()).hexdigest()


class Talk:
    """The handler. Without a `seal` the page shows the last turn only; without `said` no person can answer here."""

    def __init__(
        self, chat: Chat, seal: Seal | None, said: news.Source | None = None, look_seconds: float = _LOOK_SECONDS
    ) -> None:
        self._chat, self._seal, self._said, self._look_seconds = chat, seal, said, look_seconds
        self._looks = RateLimiter(NEWS)

    async def handle(self, request: web.Request) -> web.Response:
        """One form → the page with the answer, or with a sentence and what was typed."""
        try:
            asked = parse(await read_body(request))
        except BadInput as error:
            status = 413 if error.code == "body_too_large" else 400
            nothing = Asked("", new_conversation(), "")
            return _page(request, Carried(), nothing, trouble=error.citizen_text, status=status)
        before = carried.opened(asked.before, self._seal)
        if asked.looks:
            return await self._look(request, asked, before)
        if asked.shows:
            return await self._shown(request, asked, before)
        if not asked.text:
            return _page(request, before, asked, trouble=_EMPTY, status=422)
        return await self._ask(request, asked, before)

    async def _ask(self, request: web.Request, asked: Asked, before: Carried) -> web.Response:
        now = await self._with_news(asked, before, seconds=0)
        message = Message(
            asked.conversation,
            asked.text,
            None if self._said else _CANNOT_LISTEN,
            asked.once if self._seal else "",
        )
        try:
            replies = await self._chat.ask(throttled_as(request), message)
        except Refused as refusal:
            return _page(request, before, asked, trouble=refusal.words, draft=asked.text, status=refusal.status)
        now = Carried([*now.turns, Turn(asked.text, replies)], now.heard)
        return await self._shown(request, asked, now, note="" if replies else _SENT)

    async def _look(self, request: web.Request, asked: Asked, before: Carried) -> web.Response:
        try:
            await self._looks.enter(throttled_as(request))
            now = await self._with_news(asked, before, seconds=self._look_seconds)
        except (ServiceError, SQLAlchemyError, OSError, TooFast) as error:
            log.warning("look_failed", code=getattr(error, "code", type(error).__name__))
            return await self._shown(request, asked, before, note=_NOT_LOOKED)
        return await self._shown(request, asked, now, note="" if now.heard > before.heard else _NOTHING_YET)

    async def _with_news(self, asked: Asked, before: Carried, seconds: float) -> Carried:
        """With what staff wrote since. Raises what the source raises, when it is waited for; else it can wait."""
        if self._said is None or not self._said.is_for(asked.conversation):
            return before
        try:
            found = await self._said.next(asked.conversation, before.heard, seconds)
        except (ServiceError, SQLAlchemyError, OSError):
            if seconds:
                raise
            return before
        if not found:
            return before
        replies = [news.as_json(one, self._chat.listen(one.reply.to_say)) for one in found]
        return Carried([*before.turns, Turn("", replies)], found[-1].id)

    async def _shown(self, request: web.Request, asked: Asked, now: Carried, note: str = "") -> web.Response:
        page = Asked("", asked.conversation, carried.sealed(now, self._seal))
        return _page(request, now, page, note=note, waits=await self._waits(asked.conversation))

    async def _waits(self, conversation: str) -> bool:
        """Whether a person answers or is waited for, so that there is something to look for."""
        try:
            return self._said is not None and await self._said.is_expected(conversation)
        except (SQLAlchemyError, OSError) as error:
            log.warning("look_failed", code=type(error).__name__)
            return True


def parse(body: bytes) -> Asked:
    """A form's body. A conversation that is none of ours becomes a new one. Raises BadInput."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise BadInput(code="bad_form", citizen_text="没有收完整，请再试一次。") from error
    text = _field(fields, "message").strip()
    if len(text) > _MAX_CHARS:
        raise BadInput(code="body_too_large", citizen_text=_TOO_LONG)
    conversation = _field(fields, "conversation")
    if not _CONVERSATION.fullmatch(conversation):
        conversation = new_conversation()
    looks, shows = bool(_field(fields, "look")), bool(_field(fields, "show"))
    return Asked(text, conversation, _field(fields, "before"), looks, shows)


def new_conversation() -> str:
    """A name that nobody can guess."""
    return f"web-{secrets.token_hex(16)}"


def _field(fields: Mapping[str, list[str]], name: str) -> str:
    """The last of the name: a pressed button comes after what stands in the form."""
    return fields.get(name, [""])[-1]


def _whole(reply: Mapping[str, Any]) -> dict[str, Any]:
    """A reply with every field that the page asks for: the JSON leaves out what is empty."""
    sources = [{"url": "", **source} for source in reply.get("sources", ())]
    nothing = {"who": "", "listen": "", "links": [], "buttons": [], "emergency": False, "dial": []}
    return {**nothing, **reply, "sources": sources, "text": without_addresses(reply)}


def without_addresses(reply: Mapping[str, Any]) -> str:
    """The text as a page shows it: what stands below as a button is no row of letters above."""
    text = str(reply["text"])
    for link in reply.get("links", ()):
        text = text.replace(link["url"], f"按下面的“{link['title']}”")
    return text


def _page(
    request: web.Request,
    shown: Carried,
    asked: Asked,
    *,
    trouble: str = "",
    note: str = "",
    waits: bool = False,
    draft: str = "",
    status: int = 200,
) -> web.Response:
    context = {
        "turns": [Turn(turn.question, [_whole(reply) for reply in turn.replies]) for turn in shown.turns],
        "heard": shown.heard,
        "conversation": asked.conversation,
        "before": asked.before,
        "draft": draft,
        "trouble": trouble,
        "note": note,
        "waits": waits,
    }
    response = render(request, "index.html", context, status, here="/")
    # Not "no-store": the way back to it would be a question whether to send the form again, which nobody understands.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
