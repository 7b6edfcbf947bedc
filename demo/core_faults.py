"""Things that go wrong at the stand-in, as many times as a test asks for, and the count of what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HANG_SECONDS = 60.0
_HUGE_BYTES = 3_000_000


class Kind(StrEnum):
    SLOW = "slow"
    """The right answer after `seconds`."""
    ERROR = "500"
    BUSY = "429"
    """With Retry-After: `seconds`, in whole seconds."""
    GARBAGE = "garbage"
    """A page, with status 200, as a proxy sends it."""
    HANG = "hang"
    DROP = "drop"
    """The question is worked on, and the connection is lost before the answer."""
    TRUNCATED = "truncated"
    """The connection is lost in the middle of the answer."""
    HUGE = "huge"
    WRONG_TYPE = "wrong_type"
    """The right fields, with numbers for words and words for numbers."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    seconds: float


class Faults:
    """One queue for all questions: the next one takes the next fault. Asking for new ones forgets the old."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._calls: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/_faults", self._order), web.get("/_calls", self._count)]

    def guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            self._calls[request.path] += 1
            fault = self._waiting.popleft() if self._waiting else None
            return await _spoilt(request, handler, fault) if fault else await handler(request)

        return guarded

    async def _order(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            fault = Fault(Kind(asked["kind"]), float(asked.get("seconds", 0.5)))
            self._waiting = deque([fault] * int(asked["next"]))
        except (ValueError, KeyError, TypeError):
            return web.json_response({"kinds": [*Kind], "wanted": {"next": 1, "kind": "500"}}, status=400)
        self._calls.clear()
        return web.json_response({})

    async def _count(self, _request: web.Request) -> web.Response:
        return web.json_response(self._calls)


async def _spoilt(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        case Kind.HANG:
            await asyncio.sleep(_HANG_SECONDS)
        case Kind.ERROR:
            return web.json_response({"error": {"code": "internal", "message": "系统错误"}}, status=500)
        case Kind.BUSY:
            error = {"error": {"code": "busy", "message": "请求太多"}}
            return web.json_response(error, status=429, headers={"Retry-After": str(int(fault.seconds))})
        case Kind.GARBAGE:
            return web.Response(text="<html>系统维护中</html>", content_type="text/html")
        case Kind.HUGE:
            return web.json_response(text="[" + " " * _HUGE_BYTES + "]")
        case _:
            return await _altered(request, await handler(request), fault.kind)
    return await handler(request)


async def _altered(request: web.Request, answer: web.StreamResponse, kind: Kind) -> web.StreamResponse:
    body = answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""
    if kind is Kind.WRONG_TYPE:
        return web.json_response(_twisted(json.loads(body)))
    if kind is Kind.TRUNCATED:
        half = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
        await half.prepare(request)
        await half.write(body[: len(body) // 2])
        answer = half
    if request.transport is not None:
        request.transport.close()
    return answer


def _twisted(value: Any) -> Any:
    """Every value in another type."""
    match value:
        case dict():
            return {name: _twisted(entry) for name, entry in value.items()}
        case list():
            return [_twisted(entry) for entry in value] or {}
        case str():
            return 7
        case None:
            return []
        case _:
            return str(value)
