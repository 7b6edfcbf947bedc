"""Callers before typed messages: a flood of these leaves places in the engine that only calls get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from base.errors import EngineUnavailable
from bot.engine import CALLS_SHARE, RasaClient
from tests.guard import until


@asynccontextmanager
async def slow_engine() -> AsyncIterator[tuple[RasaClient, list[str]]]:
    """It answers callers at once and typed messages never; what reached it is listed by channel."""
    reached: list[str] = []
    over = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        channel = (await request.json())["channel"]
        reached.append(channel)
        if channel != "phone":
            await over.wait()
        return web.json_response([{"text": "要先备案。"}])

    app = web.Application()
    app.router.add_post("/webhooks/hotline/webhook", answer)
    async with TestServer(app) as server:
        client = RasaClient(f"http://127.0.0.1:{server.port}", "t", timeout_seconds=5, at_once=CALLS_SHARE + 2)
        try:
            yield client, reached
        finally:
            over.set()
            await client.aclose()


async def test_a_caller_is_answered_while_a_hundred_type() -> None:
    async with slow_engine() as (client, reached):
        typed = [asyncio.create_task(client.reply(f"web-{n}", "你好", "web", {})) for n in range(100)]
        await until(lambda: len(reached) == 2)
        [reply] = await client.reply("phone-1", "异地备案怎么办", "phone", {})
        assert reply.text == "要先备案。"
        assert reached == ["web", "web", "phone"]
        for task in typed:
            task.cancel()
        await asyncio.gather(*typed, return_exceptions=True)
        [again] = await client.reply("phone-1", "那济南呢", "phone", {})
        assert again.text == "要先备案。", "who stopped waiting holds no place"


async def test_who_waits_too_long_is_told_so() -> None:
    async with slow_engine() as (client, _):
        client._timeout_seconds = 0.2
        with pytest.raises(EngineUnavailable) as late:
            await client.reply("web-1", "你好", "web", {})
        assert late.value.code == "dialogue_timeout"


async def test_of_a_messages_metadata_the_engine_is_told_only_what_actions_read() -> None:
    bodies: list[dict[str, object]] = []

    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response([])

    app = web.Application()
    app.router.add_post("/webhooks/hotline/webhook", answer)
    async with TestServer(app) as server:
        client = RasaClient(f"http://127.0.0.1:{server.port}", "t")
        told = {"typed": "張偉", "spoken": True, "caller": "19900000001", "message_id": "7", "hypotheses": ["x"]}
        await client.reply("c1", "张伟", "wechat", told)
        await client.aclose()
    assert bodies[0]["metadata"] == {"typed": "張偉", "spoken": True, "caller": "19900000001"}
