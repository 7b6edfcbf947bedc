"""A dialogue and a page whose answers are known beforehand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from connectors.web.call import OnCall, WebCalls
from connectors.web.rate import RateLimit
from connectors.web.routes import setup
from service.messages import Button, Reply, Source
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


async def nobody_answers(_line: Line) -> None:
    raise AssertionError("this test makes no call")


@asynccontextmanager
async def running(
    dialogue: ScriptedDialogue | None = None,
    on_call: OnCall = nobody_answers,
    *,
    max_calls: int = 8,
    limit: RateLimit | None = None,
) -> AsyncIterator[tuple[TestClient[web.Request, web.Application], WebCalls]]:
    """The page on a free port of loopback, a client for it, and its calls."""
    app = web.Application()
    calls = setup(app, dialogue or ScriptedDialogue(), on_call, max_calls=max_calls, limit=limit or RateLimit())
    async with TestClient(TestServer(app)) as client:
        yield client, calls


async def next_control(socket: ClientWebSocketResponse) -> dict[str, object]:
    """The next text message a browser would get."""
    message = await asyncio.wait_for(socket.receive(), 5)
    assert message.type is WSMsgType.TEXT, message
    fields: dict[str, object] = json.loads(message.data)
    return fields


async def soon(is_met: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait until something becomes true; a TimeoutError says that it did not."""
    async with asyncio.timeout(seconds):
        while not is_met():  # noqa: ASYNC110  what is watched belongs to the code under test, which has no event for it
            await asyncio.sleep(0.01)
