"""A dialogue and a page whose answers are known beforehand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from base.errors import EngineUnavailable
from base.messages import Button, Reply, Source
from connectors.web.call.calls import OnCall, WebCalls
from connectors.web.chat import news
from connectors.web.chat.rate import RateLimit
from connectors.web.routes import setup
from tests.guard import GUARD_SECONDS
from voice.line import Line

ANSWER = Reply(
    text="要备案。2023年起，在外地长期居住的，承诺一下就能备案，不用再交居住证。",
    spoken="要先备案。",
    sources=(Source("济医保字〔2023〕25号", "第七条", "关于优化医疗保障服务的通知"),),
    buttons=(Button("怎么备案？", "异地就医怎么备案"), Button("转人工", "转人工")),
)


class ScriptedDialogue:
    """Answers everything with `replies`; keeps what it was asked. A test may replace `answer`."""

    def __init__(self, *replies: Reply) -> None:
        self.asked: list[tuple[str, str, str, Mapping[str, object] | None]] = []
        self.replies = list(replies or (ANSWER,))
        self.answer: Callable[[str], Awaitable[list[Reply]]] = self._answer

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        self.asked.append((conversation_id, text, channel, metadata))
        return await self.answer(text)

    async def _answer(self, _text: str) -> list[Reply]:
        return self.replies


@dataclass(frozen=True, slots=True)
class Written:
    """What a member of staff wrote."""

    id: int
    reply: Reply
    who: str = "agent"


class NoNews:
    """Nobody of the staff writes, until a test says so (`said`); a page that asks waits until the end."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self.said: list[news.Said] = []
        self.expected = False
        self.is_down = False
        self.waiting = 0

    def is_for(self, name: str) -> bool:
        return True

    async def is_expected(self, name: str) -> bool:
        return self.expected

    async def next(self, name: str, after: int, seconds: float = 25.0) -> list[news.Said]:
        if self.is_down:
            raise EngineUnavailable
        found = [said for said in self.said if said.id > after]
        if not found and seconds > 10:
            self.waiting += 1
            await self._over.wait()
        return found

    def end(self) -> None:
        self._over.set()


async def nobody_answers(_line: Line) -> None:
    raise AssertionError("this test makes no call")


@asynccontextmanager
async def running(
    dialogue: ScriptedDialogue | None = None,
    on_call: OnCall = nobody_answers,
    *,
    max_calls: int = 8,
    limit: RateLimit | None = None,
    said: NoNews | None = None,
    **more: Any,
) -> AsyncIterator[tuple[TestClient[web.Request, web.Application], WebCalls]]:
    """The page on a free port of loopback, a client for it, and its calls. `more`: arguments of `setup`."""
    app = web.Application()
    said = said or NoNews()
    calls = setup(
        app,
        dialogue or ScriptedDialogue(),
        on_call,
        max_calls=max_calls,
        limit=limit or RateLimit(),
        said=said,
        **more,
    )
    news.setup(app, said)
    async with TestClient(TestServer(app)) as client:
        yield client, calls


async def next_control(socket: ClientWebSocketResponse) -> dict[str, object]:
    """The next text message a browser would get."""
    message = await asyncio.wait_for(socket.receive(), GUARD_SECONDS)
    assert message.type is WSMsgType.TEXT, message
    fields: dict[str, object] = json.loads(message.data)
    return fields
