"""Calls from the page: accept the websocket, run the call over it, and leave nothing behind however it ends.

    GET /ws/call?encoding=pcm_s16le&rate_hz=16000     messages: see `connectors.web.call.line`

A refusal is said in the websocket (an "ended" message, then a close with a code), because a browser tells its page
nothing about a refused handshake.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from base.errors import BadInput, ServiceError
from connectors.shared.addresses import is_direct_loopback, throttled_as
from connectors.web.call.line import Ending, WebLine
from connectors.web.chat.rate import CALL, RateLimit, RateLimiter, TooFast
from voice.audio import RATE_HZ
from voice.line import Line

OnCall = Callable[[Line], Awaitable[None]]
_MAX_MESSAGE_BYTES = 4096
_HEARTBEAT_SECONDS = 10.0
_CLOSE_SECONDS = 2.0
LONGEST_SECONDS = 20 * 60.0
"""A line of which there are eight is nobody's for good; a telephone call costs its caller something."""
_TOO_MANY = Ending("busy", "现在通话的人比较多，请过一会儿再拨，也可以直接打字提问。")
_TOO_LONG = "这次通话已经有二十分钟，先挂断了。还要问的话，请再拨一次，或者直接打字。"
_CLOSE_CODES = {
    "bad_format": WSCloseCode.UNSUPPORTED_DATA,
    "bad_frame": WSCloseCode.UNSUPPORTED_DATA,
    "bad_control": WSCloseCode.UNSUPPORTED_DATA,
    "busy": WSCloseCode.TRY_AGAIN_LATER,
    "shutdown": WSCloseCode.GOING_AWAY,
}
_log = structlog.get_logger()


class WebCalls:
    """All calls that came through the page. `grace_seconds`: what a call may take to notice that it is over."""

    def __init__(self, on_call: OnCall, max_calls: int, grace_seconds: float = 5.0, limit: RateLimit = CALL) -> None:
        self._on_call = on_call
        self._max_calls = max_calls
        self._grace_seconds = grace_seconds
        self._lines: set[WebLine] = set()
        self._begun = RateLimiter(limit)
        self._of_client = Counter[str]()

    @property
    def active(self) -> int:
        """Calls going on now."""
        return len(self._lines)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One websocket from handshake to close."""
        if not is_same_origin(request):
            raise web.HTTPForbidden(text="只能从本网站的页面拨打。")
        socket = web.WebSocketResponse(
            max_msg_size=_MAX_MESSAGE_BYTES, heartbeat=_HEARTBEAT_SECONDS, timeout=_CLOSE_SECONDS, compress=False
        )
        await socket.prepare(request)
        client = throttled_as(request)
        if refusal := await self._refusal(request, client):
            await _close(socket, refusal)
        else:
            await self._serve(socket, client)
        return socket

    def end_all(self) -> None:
        """The service is stopping: hang up everywhere."""
        for line in self._lines:
            line.end("shutdown", "系统正在重启，请过一会儿再拨。")

    async def _refusal(self, request: web.Request, client: str) -> Ending | None:
        asked = (request.query.get("encoding", "pcm_s16le"), request.query.get("rate_hz", str(RATE_HZ)))
        if asked != ("pcm_s16le", str(RATE_HZ)):
            return Ending("bad_format", "您这个浏览器不能在网页里说话。请打字，或者打电话。")
        if self.active >= self._max_calls or self._of_client[client] >= (self._max_calls + 1) // 2:
            return _TOO_MANY  # half of the lines for one address: behind it may be a whole hospital
        try:
            await self._begun.enter(client)
        except TooFast:
            return _TOO_MANY
        return None

    async def _serve(self, socket: web.WebSocketResponse, client: str) -> None:
        line = WebLine(socket)
        self._lines.add(line)
        self._of_client[client] += 1
        _log.info("web_call_started", call=line.id)
        try:
            await self._run(socket, line)
        finally:
            self._lines.discard(line)
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]
            _log.info("web_call_ended", call=line.id, code=line.ending.code if line.ending else "cancelled")

    async def _run(self, socket: web.WebSocketResponse, line: WebLine) -> None:
        talking = asyncio.create_task(self._talk(line), name=f"{line.id} call")
        reading = asyncio.create_task(_read(socket, line), name=f"{line.id} reader")
        sending = asyncio.create_task(line.send(), name=f"{line.id} sender")
        try:
            going_on = {talking, reading, sending}
            done, _ = await asyncio.wait(going_on, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                line.end("too_long", _TOO_LONG)
            await _stop(reading, sending)
            await _close(socket, line.end("finished"))
            await asyncio.wait({talking}, timeout=self._grace_seconds)
        finally:
            line.end("cancelled")
            await _stop(talking, reading, sending)

    async def _talk(self, line: WebLine) -> None:
        try:
            await self._on_call(line)
        except ServiceError as error:
            _log.warning("web_call_failed", call=line.id, code=error.code)
            line.end(error.code, error.citizen_text)
        except Exception as error:  # the outer edge of one call: the caller is told, the next call works
            _log.error("web_call_failed", call=line.id, code="unexpected", kind=type(error).__name__)
            line.end("unexpected", ServiceError.citizen_text)


def is_same_origin(request: web.Request) -> bool:
    """Whether our own page asks: a browser names the page. A program that names none is let in on this machine only.

    A reverse proxy in front must pass the Host header on.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return is_direct_loopback(request)
    return urlsplit(origin).netloc.lower() == request.host.lower()


async def _read(socket: web.WebSocketResponse, line: WebLine) -> None:
    try:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                line.take_audio(message.data)
            elif message.type is WSMsgType.TEXT:
                line.take_control(message.data)
    except BadInput as error:
        line.end(error.code, error.citizen_text)
    else:
        line.end("client_gone")


async def _close(socket: web.WebSocketResponse, ending: Ending) -> None:
    code = _CLOSE_CODES.get(ending.code, WSCloseCode.INTERNAL_ERROR if ending.text else WSCloseCode.OK)
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(2 * _CLOSE_SECONDS):
            await socket.send_str(json.dumps({"type": "ended", "code": ending.code, "text": ending.text}))
            await socket.close(code=code, message=ending.code.encode())


async def _stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
