"""The chat endpoint: one typed message in, the assistant's replies out, in the shape of Rasa's REST channel.

    POST /webhooks/rest/webhook {"sender", "message", "metadata"?: {"message_id"?, ...}}
    200 [{"recipient_id", "text", "sources"?, "buttons"?, "spoken"?, "listen"?, "link"?,
          "emergency"?, "dial"?: [number]}, ...]
    4xx/5xx {"error": {"code", "text"}}      `text` is a sentence for the citizen

A source is {"doc_no", "clause", "title", "url"?}: `url` is where the clause can be read, with the words that answer
marked. `listen` is where the reply can be heard, `link` where the ticket it tells of can be followed; with
`emergency` a page shows red buttons that `dial`. A message whose
`message_id` was answered already is answered the same again, and not asked again (`connectors.web.chat.once`). An
empty or over-long but well-formed message is the dialogue's to answer: it knows how to ask again.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, NoReturn, Protocol

import structlog
from aiohttp import web

from base import bounded
from base.errors import BadInput, ServiceError
from base.messages import Reply, Source
from base.tenant import TENANT
from connectors.shared.addresses import throttled_as
from connectors.shared.json_body import as_written
from connectors.web.chat.once import Once, Shared
from connectors.web.chat.rate import CHAT, CHAT_AT_ONCE, CONVERSATION, Places, RateLimit, RateLimiter, TooFast
from connectors.web.pages.links import links_of, source_link
from language.danger import danger_in

MAX_BODY_BYTES = 64 * 1024
MAX_SENDER_CHARS = 128
_BODY_SECONDS = 10.0
_CHANNEL = "web"
_MESSAGE_ID = "message_id"
_MAX_ID_CHARS = 64
_CAN_LISTEN = "can_listen"
"""All that a client may say of itself, besides the message's name: whether what a person writes later arrives. The
number of a caller is what a phone line says: a web client could claim somebody's with it."""
_DANGER_CHARS = 200
_UNGUESSABLE_CHARS = 22
"""128 random bits, written as densely as names are."""
_THIS_MACHINE = ("", "127.0.0.1", "::/64")
_OR_CALL = f"等不及的，请打{TENANT.hotline}。"
_TOO_FAST = f"现在问的人多，或者您发得太快，请稍等几秒再发。{_OR_CALL}"
_log = structlog.get_logger()


class Dialogue(Protocol):
    """The assistant for one turn of text. An empty list: a person answers, see `connectors.web.chat.news`."""

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]: ...


@dataclass(frozen=True, slots=True)
class Message:
    """One well-formed request. `sender` is the client's own name for the conversation, `id` its name for the message,
    "" for none; `client` the address it comes from."""

    sender: str
    text: str
    metadata: Mapping[str, object] | None
    id: str = ""
    client: str = ""

    @property
    def conversation_id(self) -> str:
        """Our name for it. Prefixed, so that nobody can enter a phone or WeChat conversation through this door.

        Who knows a conversation's name shares what it has proven. A name that others may think of, too ("me"), is
        therefore known to its own address only; on this machine it stays as it is."""
        if len(self.sender) < _UNGUESSABLE_CHARS and self.client not in _THIS_MACHINE:
            return f"rest-{sha256(f'{self.client} {self.sender}'.encode()).hexdigest()[:32]}"
        return self.sender if self.sender.startswith("web-") else f"rest-{self.sender}"


class Chat:
    """Handles the endpoint, and asks for whoever else types. `reply_timeout_seconds` is the last resort: the dialogue
    has its own, shorter ones. `listen`: the address of the audio of a text, "" where nothing can be read aloud.
    `shared`: what was asked once, for all processes."""

    def __init__(
        self,
        dialogue: Dialogue,
        limit: RateLimit = CHAT,
        reply_timeout_seconds: float = 20.0,
        listen: Callable[[str], str] = lambda text: "",
        shared: Shared[list[Reply]] | None = None,
    ) -> None:
        self._dialogue = dialogue
        self._clients, self._conversations = RateLimiter(limit), RateLimiter(CONVERSATION)
        self._places = Places(CHAT_AT_ONCE, limit.patience_seconds)
        self._reply_timeout_seconds = reply_timeout_seconds
        self.listen = listen
        self._once: Once[list[Reply]] = Once(shared=shared)

    async def aclose(self) -> None:
        """Nothing is asked any more."""
        await self._once.aclose()

    async def handle(self, request: web.Request) -> web.Response:
        """One request, whatever it holds, to one JSON answer."""
        try:
            message = parse(await read_body(request))
            shown = await self.ask(throttled_as(request), message)
        except Refused as refusal:
            return _failure(refusal)
        except BadInput as error:
            return _failure(_refused(error))
        return web.json_response([{"recipient_id": message.sender, **reply} for reply in shown], dumps=as_written)

    async def ask(self, client: str, message: Message) -> list[dict[str, Any]]:
        """The replies to one message, as a page shows them. Raises Refused with a sentence for the citizen."""
        message = replace(message, client=client)
        try:
            await self._enter(client, message)
            async with asyncio.timeout(self._reply_timeout_seconds):
                async with self._place(client, message):
                    replies = await self._once.run(_key(message), lambda: self._reply(message))
        except TooFast as error:
            raise Refused(429, "too_fast", _TOO_FAST, error.retry_seconds) from error
        except BadInput as error:
            raise _refused(error) from error
        except TimeoutError as error:
            _log.warning("chat_failed", code="dialogue_timeout")
            raise Refused(504, "dialogue_timeout", ServiceError.citizen_text + _OR_CALL) from error
        except ServiceError as error:
            _log.warning("chat_failed", code=error.code)
            raise Refused(503, error.code, error.citizen_text + _OR_CALL) from error
        except Exception as error:  # the outer edge of one request: the citizen still gets a sentence
            _log.error("chat_failed", code="unexpected", kind=type(error).__name__)
            raise Refused(500, ServiceError.code, ServiceError.citizen_text + _OR_CALL) from error
        return [as_json(reply, self.listen(reply.to_say)) for reply in replies]

    async def _enter(self, client: str, message: Message) -> None:
        """Raises TooFast. Who is in danger waits behind nobody: that answer costs next to nothing."""
        try:
            await self._clients.enter(client)  # a conversation is named by its client: another name is no way round
            await self._conversations.enter(message.conversation_id)
        except TooFast:
            if not _tells_of_danger(message):
                raise

    def _place(self, client: str, message: Message) -> AbstractAsyncContextManager[None]:
        return nullcontext() if _tells_of_danger(message) else self._places.of(client)

    async def _reply(self, message: Message) -> list[Reply]:
        return await self._dialogue.reply(message.conversation_id, message.text, _CHANNEL, message.metadata)


def _tells_of_danger(message: Message) -> bool:
    return danger_in(message.text[:_DANGER_CHARS]) is not None


class Refused(Exception):
    """A message that was not answered: HTTP status, a code, and a sentence for the citizen."""

    def __init__(self, status: int, code: str, words: str, retry_seconds: float = 0.0) -> None:
        super().__init__(code)
        self.status, self.code, self.words, self.retry_seconds = status, code, words, retry_seconds


def parse(body: bytes) -> Message:
    """A request body → a message. Raises BadInput whose code says what was wrong."""
    try:
        fields = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput(code="bad_json", citizen_text="这条消息没有发完整，请再发一次。") from error
    if not isinstance(fields, dict):
        raise BadInput(code="bad_message", citizen_text="这条消息的格式不对，请刷新页面后再试。")
    return Message(_sender(fields), _text(fields), _metadata(fields), _id(fields))


def as_json(reply: Reply, listen: str = "") -> dict[str, Any]:
    """One reply as the client gets it; what is empty is left out."""
    fields: dict[str, Any] = {"text": reply.text}
    if reply.sources:
        fields["sources"] = [_source_as_json(source) for source in reply.sources]
    if reply.buttons:
        fields["buttons"] = [asdict(button) for button in reply.buttons]
    if reply.spoken:
        fields["spoken"] = reply.spoken
    if listen:
        fields["listen"] = listen
    if links := links_of(reply):
        fields["links"] = [asdict(link) for link in links]
        fields["link"] = links[0].url
    if reply.emergency:
        fields |= {"emergency": True, "dial": list(reply.to_dial)}
    return fields


def _source_as_json(source: Source) -> dict[str, str]:
    fields = {"doc_no": source.doc_no, "clause": source.clause, "title": source.title}
    link = source_link(source)
    return {**fields, "url": link} if link else fields


async def read_body(request: web.Request) -> bytes:
    """The body, within our limits of size and time. Raises BadInput."""
    try:
        return await bounded.read(request.content, MAX_BODY_BYTES, _BODY_SECONDS)
    except bounded.TooLong as error:
        raise BadInput(code="body_too_large", citizen_text="这条消息太长了，请用一两句话说说您想问的。") from error
    except TimeoutError as error:
        raise BadInput(code="body_too_slow", citizen_text="这条消息没有发完整，请再发一次。") from error


def _sender(fields: Mapping[str, object]) -> str:
    sender = fields.get("sender")
    if not isinstance(sender, str) or not sender.strip() or not sender.isprintable():
        raise BadInput(code="bad_sender", citizen_text="这条消息缺少会话编号，请刷新页面后再试。")
    if len(sender) > MAX_SENDER_CHARS:
        raise BadInput(code="sender_too_long", citizen_text="这条消息的会话编号太长，请刷新页面后再试。")
    return sender


def _text(fields: Mapping[str, object]) -> str:
    text = fields.get("message")
    if not isinstance(text, str):
        raise BadInput(code="bad_message", citizen_text="这条消息里没有文字，请输入您想问的问题。")
    return text.encode("utf-8", "replace").decode()  # JSON may smuggle in half a surrogate pair


def _metadata(fields: Mapping[str, object]) -> Mapping[str, object] | None:
    metadata = fields.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadInput(code="bad_metadata", citizen_text="这条消息的格式不对，请刷新页面后再试。")
    if metadata is None:
        return None
    can_listen = metadata.get(_CAN_LISTEN)
    return {_CAN_LISTEN: can_listen} if isinstance(can_listen, bool) else {}


def _id(fields: Mapping[str, object]) -> str:
    metadata = fields.get("metadata")
    found = metadata.get(_MESSAGE_ID) if isinstance(metadata, dict) else None
    return found if isinstance(found, str) and len(found) <= _MAX_ID_CHARS else ""


def _key(message: Message) -> str:
    """The text belongs to it: a client that names all its messages alike is answered each time."""
    return f"{message.conversation_id} {message.id} {message.text}" if message.id else ""


def _refused(error: BadInput) -> Refused:
    return Refused(413 if error.code == "body_too_large" else 400, error.code, error.citizen_text)


def _failure(refusal: Refused) -> web.Response:
    body = {"error": {"code": refusal.code, "text": refusal.words}}
    response = web.json_response(body, status=refusal.status, dumps=as_written)
    if refusal.retry_seconds:
        response.headers["Retry-After"] = str(math.ceil(refusal.retry_seconds))
    return response


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
