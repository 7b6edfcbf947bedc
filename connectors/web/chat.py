"""The chat endpoint: one typed message in, the assistant's replies out, in the shape of Rasa's REST channel.

    POST /webhooks/rest/webhook {"sender", "message", "metadata"?}
    200 [{"recipient_id", "text", "sources"?, "buttons"?, "spoken"?}, ...]
    4xx/5xx {"error": {"code", "text"}}      `text` is a sentence for the citizen

An empty or over-long but well-formed message is the dialogue's to answer: it knows how to ask again.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NoReturn, Protocol

import structlog
from aiohttp import web

from connectors.web.rate import RateLimit, RateLimiter, TooFast
from service.errors import BadInput, ServiceError
from service.messages import Reply

MAX_BODY_BYTES = 64 * 1024
MAX_SENDER_CHARS = 128
_BODY_SECONDS = 10.0
_CHANNEL = "web"
_log = structlog.get_logger()


class Dialogue(Protocol):
    """The assistant for one turn of text. Never returns an empty list."""

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]: ...


@dataclass(frozen=True, slots=True)
class Message:
    """One well-formed request. `sender` is the client's own name for the conversation."""

    sender: str
    text: str
    metadata: Mapping[str, object] | None

    @property
    def conversation_id(self) -> str:
        """Our name for it. Prefixed, so that nobody can enter a phone or WeChat conversation through this door."""
        return self.sender if self.sender.startswith("web-") else f"rest-{self.sender}"


class Chat:
    """Handles the endpoint. `reply_timeout_seconds` is the last resort: the dialogue has its own, shorter ones."""

    def __init__(self, dialogue: Dialogue, limit: RateLimit, reply_timeout_seconds: float = 20.0) -> None:
        self._dialogue = dialogue
        self._limiter = RateLimiter(limit)
        self._reply_timeout_seconds = reply_timeout_seconds

    async def handle(self, request: web.Request) -> web.Response:
        """One request, whatever it holds, to one JSON answer."""
        try:
            message = parse(await _read_body(request))
            await asyncio.sleep(self._limiter.reserve(f"{request.remote} {message.sender}", time.monotonic()))
            async with asyncio.timeout(self._reply_timeout_seconds):
                replies = await self._dialogue.reply(message.conversation_id, message.text, _CHANNEL, message.metadata)
        except TooFast as error:
            return _too_fast(error)
        except BadInput as error:
            return _failure(413 if error.code == "body_too_large" else 400, error)
        except TimeoutError:
            _log.warning("chat_failed", code="dialogue_timeout")
            return _failure(504, ServiceError(code="dialogue_timeout"))
        except ServiceError as error:
            _log.warning("chat_failed", code=error.code)
            return _failure(503, error)
        except Exception as error:  # the outer edge of one request: the citizen still gets a sentence
            _log.error("chat_failed", code="unexpected", kind=type(error).__name__)
            return _failure(500, ServiceError())
        return web.json_response([as_json(message.sender, reply) for reply in replies], dumps=_dumps)


def parse(body: bytes) -> Message:
    """A request body → a message. Raises BadInput whose code says what was wrong."""
    try:
        fields = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput(code="bad_json", citizen_text="这条消息没有发完整，请再发一次。") from error
    if not isinstance(fields, dict):
        raise BadInput(code="bad_message", citizen_text="这条消息的格式不对，请刷新页面后再试。")
    return Message(_sender(fields), _text(fields), _metadata(fields))


def as_json(sender: str, reply: Reply) -> dict[str, Any]:
    """One reply as the client gets it; what is empty is left out."""
    fields: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
    if reply.sources:
        fields["sources"] = [asdict(source) for source in reply.sources]
    if reply.buttons:
        fields["buttons"] = [asdict(button) for button in reply.buttons]
    if reply.spoken:
        fields["spoken"] = reply.spoken
    return fields


async def _read_body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for part in request.content.iter_any():
                body += part
                if len(body) > MAX_BODY_BYTES:
                    raise BadInput(code="body_too_large", citizen_text="这条消息太长了，请用一两句话说说您想问的。")
    except TimeoutError as error:
        raise BadInput(code="body_too_slow", citizen_text="这条消息没有发完整，请再发一次。") from error
    return bytes(body)


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
    return metadata


def _too_fast(error: TooFast) -> web.Response:
    refused = BadInput(code="too_fast", citizen_text="您发得太快了，请稍等几秒再发。")
    response = _failure(429, refused)
    response.headers["Retry-After"] = str(math.ceil(error.retry_seconds))
    return response


def _failure(status: int, error: ServiceError) -> web.Response:
    body = {"error": {"code": error.code, "text": error.citizen_text}}
    return web.json_response(body, status=status, dumps=_dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
