"""GET|POST /wechat: the address given to the platform.

    GET   signature, timestamp, nonce, echostr: the platform checks that the address is ours
    POST  the same, or with encrypt_type=aes and msg_signature: one message or event as XML
          answered with a reply as XML, or with "success"

Refused with a status and a sentence: a wrong signature, an old one, one used for another message, what is no XML.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web
from prometheus_client import Counter

from base import bounded
from base.errors import BadInput, ServiceError
from connectors.wechat.inbound.replay import ReplayGuard
from connectors.wechat.platform.crypto import Forged, MessageCipher, check_signature, signature
from connectors.wechat.platform.wire import BadMessage, Incoming, incoming, read_xml, sealed_reply, text_reply

log = structlog.get_logger()

PATH = "/wechat"
MAX_BODY_BYTES = 2_000_000
_SUCCESS = "success"
_BODY_SECONDS = 10.0
RECEIVED = Counter("yibao_wechat_received_total", "Messages from the WeChat platform, by kind or refusal", ("kind",))


@dataclass(frozen=True, slots=True)
class Account:
    """How the platform and we know each other. `cipher` None: the account is in plain mode."""

    appid: str
    token: str
    cipher: MessageCipher | None
    allow_plain: bool


@dataclass(frozen=True, slots=True)
class _Delivery:
    message: Incoming
    is_sealed: bool


class Callback:
    """Handlers of the address. `answer`: what to answer a message with, "" for nothing now."""

    def __init__(self, account: Account, guard: ReplayGuard, answer: Callable[[Incoming], Awaitable[str]]) -> None:
        self._account, self._guard, self._answer = account, guard, answer

    async def verify(self, request: web.Request) -> web.Response:
        try:
            self._check_plain(request)
            self._guard.check_time(request.query.get("timestamp", ""))
        except Forged as error:
            return _refusal(403, error)
        return web.Response(text=request.query.get("echostr", ""))

    async def receive(self, request: web.Request) -> web.Response:
        try:
            delivery = await self._read(request)
            RECEIVED.labels(delivery.message.kind).inc()
            return self._reply(delivery, await self._answer(delivery.message))
        except Forged as error:
            return _refusal(403, error)
        except BadInput as error:
            return _refusal(413 if error.code == "wechat_too_large" else 400, error)
        except ServiceError as error:
            return _refusal(503, error)
        except Exception as error:  # the outer edge of one delivery: the platform will repeat it
            log.error("wechat_failed", code="unexpected", exc_info=error)
            return _refusal(500, ServiceError())

    async def _read(self, request: web.Request) -> _Delivery:
        """Nothing but the envelope of what a stranger sends is looked at."""
        is_sealed = request.query.get("encrypt_type") == "aes"
        if not is_sealed:
            if not self._account.allow_plain:
                raise Forged(code="wechat_plain")
            self._check_plain(request)
        body = await _body(request)
        root = read_xml(body)
        if is_sealed:
            sealed = (root.findtext("Encrypt") or "").strip()
            root = read_xml(self._open(request, sealed))
        query = request.query
        await self._guard.check(query.get("timestamp", ""), query.get("nonce", ""), body)
        return _Delivery(incoming(root), is_sealed)

    def _check_plain(self, request: web.Request) -> None:
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        check_signature(query.get("signature", ""), self._account.token, timestamp, nonce)

    def _open(self, request: web.Request, sealed: str) -> bytes:
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        check_signature(query.get("msg_signature", ""), self._account.token, timestamp, nonce, sealed)
        if self._account.cipher is None:
            raise Forged(code="wechat_no_key")
        return self._account.cipher.open(sealed)

    def _reply(self, delivery: _Delivery, text: str) -> web.Response:
        if not text:
            return web.Response(text=_SUCCESS)
        now = int(time.time())
        reply = text_reply(delivery.message, text, now)
        if delivery.is_sealed and self._account.cipher is not None:
            sealed, nonce = self._account.cipher.seal(reply), secrets.token_hex(8)
            reply = sealed_reply(sealed, signature(self._account.token, str(now), nonce, sealed), str(now), nonce)
        return web.Response(text=reply, content_type="application/xml")


def setup(app: web.Application, callback: Callback) -> None:
    """Mount the address on the service's application."""
    app.add_routes([web.get(PATH, callback.verify), web.post(PATH, callback.receive)])


async def _body(request: web.Request) -> bytes:
    try:
        return await bounded.read(request.content, MAX_BODY_BYTES, _BODY_SECONDS)
    except bounded.TooLong as error:
        raise BadMessage(code="wechat_too_large", citizen_text="这条消息太长了，请用一两句话说说您想问的。") from error
    except TimeoutError as error:
        raise BadMessage(code="wechat_too_slow") from error


def _refusal(status: int, error: ServiceError) -> web.Response:
    log.warning("wechat_refused", code=error.code)
    RECEIVED.labels("refused").inc()
    return web.Response(status=status, text=error.citizen_text)
