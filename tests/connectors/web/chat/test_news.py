"""The endpoint the page asks for what staff write."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.errors import ServiceError
from base.messages import Button, Reply
from connectors.web.chat import news
from connectors.web.chat.rate import RateLimit
from tests.connectors.web.scripted import NoNews
from tests.guard import until

SENDER = "web-" + "0a" * 16


@dataclass(frozen=True, slots=True)
class Said:
    id: int
    who: str
    reply: Reply


class ScriptedNews:
    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.is_full = False

    def is_for(self, name: str) -> bool:
        return name == SENDER

    def end(self) -> None: ...

    async def next(self, name: str, after: int) -> Sequence[Said]:
        self.asked.append((name, after))
        if self.is_full:
            raise ServiceError
        link = Reply("请评价：https://yibao.example/rating/GD1-ab 谢谢", buttons=(Button("好", "好"),))
        return [Said(8, "agent", Reply("<b>您好</b>")), Said(9, "assistant", link)]


async def test_news() -> None:
    app, scripted = web.Application(), ScriptedNews()
    news.setup(app, scripted)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/chat/news", params={"sender": SENDER, "after": "7"})
        assert await response.json() == [
            {"id": 8, "who": "agent", "text": "<b>您好</b>"},
            {
                "id": 9,
                "who": "assistant",
                "text": "请评价：https://yibao.example/rating/GD1-ab 谢谢",
                "buttons": [{"title": "好", "payload": "好"}],
                "links": [{"title": "打开这个链接", "url": "https://yibao.example/rating/GD1-ab"}],
                "link": "https://yibao.example/rating/GD1-ab",
            },
        ]
        assert response.headers["Cache-Control"] == "no-store"
        assert scripted.asked == [(SENDER, 7)]
        for query in ({}, {"sender": "wechat-o1"}, {"sender": SENDER, "after": "-1"}, {"sender": SENDER, "after": "x"}):
            assert (await client.get("/chat/news", params=query)).status == 400
        scripted.is_full = True
        response = await client.get("/chat/news", params={"sender": SENDER})
        assert response.status == 503
        assert response.headers["Retry-After"]


async def test_who_asks_too_often_is_told_to_come_later() -> None:
    app = web.Application()
    app.router.add_get("/chat/news", news.NewsEndpoint(ScriptedNews(), RateLimit(0.01, 1, 0.0)).handle)
    async with TestClient(TestServer(app)) as client:
        statuses = [(await client.get("/chat/news", params={"sender": SENDER})).status for _ in range(3)]
    assert statuses == [200, 429, 429]


async def test_what_staff_write_can_be_heard() -> None:
    app = web.Application()
    news.setup(app, ScriptedNews(), lambda text: f"/speech/{len(text)}")
    async with TestClient(TestServer(app)) as client:
        first, *_ = await (await client.get("/chat/news", params={"sender": SENDER})).json()
    assert first["listen"] == "/speech/9"


async def test_one_address_does_not_take_all_the_places_to_wait(monkeypatch) -> None:
    monkeypatch.setattr(news, "_MOST_OF_CLIENT", 2)
    app = web.Application()
    waiting = NoNews()
    news.setup(app, waiting)
    async with TestClient(TestServer(app)) as client:

        async def ask(number: int, address: str = "198.51.100.7") -> int:
            query = {"sender": f"web-{number:032x}"}
            return (await client.get("/chat/news", params=query, headers={"X-Forwarded-For": address})).status

        first = [asyncio.create_task(ask(number)) for number in range(2)]
        await until(lambda: waiting.waiting == 2)
        assert await ask(3) == 429
        other = asyncio.create_task(ask(4, "203.0.113.5"))
        await until(lambda: waiting.waiting == 3)
        waiting.end()
        assert await asyncio.gather(*first, other) == [200] * 3
        assert await ask(5) == 200, "who went away holds no place"
