"""The line over a real websocket, with a scripted server in Asterisk's place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from connectors.phone.line import HEARD_LIMIT, AsteriskLine
from tests.guard import GUARD_SECONDS, until
from voice.audio import FRAME_BYTES
from voice.line import Digit, Heard


class Asterisk:
    """The other end of the media socket."""

    def __init__(self) -> None:
        self.socket = web.WebSocketResponse()
        self.is_open = asyncio.Event()
        self.is_over = asyncio.Event()

    async def media(self, request: web.Request) -> web.WebSocketResponse:
        await self.socket.prepare(request)
        self.is_open.set()
        await self.is_over.wait()
        await self.socket.close()
        return self.socket


@pytest.fixture
async def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
async def hung_up() -> list[str]:
    return []


@pytest.fixture
async def line(asterisk: Asterisk, hung_up: list[str]) -> AsyncIterator[AsteriskLine]:
    async def hang_up() -> None:
        hung_up.append("yes")

    app = web.Application()
    app.router.add_get("/", asterisk.media)
    async with TestServer(app) as server, ClientSession() as http:
        socket = await http.ws_connect(server.make_url("/"))
        async with AsteriskLine("call-1", None, socket, hang_up) as line:
            yield line
            asterisk.is_over.set()


async def test_audio_of_any_message_length_becomes_frames(line: AsteriskLine, asterisk: Asterisk) -> None:
    for size in (100, 540, 1280):
        await asterisk.socket.send_bytes(b"\1" * size)
    events = line.events()
    assert [await anext(events) for _ in range(3)] == [Heard(b"\1" * FRAME_BYTES)] * 3


async def test_a_late_reader_loses_the_oldest_audio_and_no_key(line: AsteriskLine, asterisk: Asterisk) -> None:
    await asterisk.socket.send_str(json.dumps({"event": "DTMF_END", "digit": "7"}))
    for number in range(HEARD_LIMIT + 50):
        await asterisk.socket.send_bytes(bytes([number % 256]) * FRAME_BYTES)
    await until(lambda: line.dropped_frames >= 51)
    assert line.dropped_frames == 51
    events = line.events()
    assert await anext(events) == Digit("7")
    assert await anext(events) == Heard(bytes([51]) * FRAME_BYTES)


async def test_a_lost_socket_ends_the_call_and_sends_the_caller_to_a_prompt(
    line: AsteriskLine, asterisk: Asterisk, hung_up: list[str]
) -> None:
    reading = asyncio.create_task(_all(line))
    asterisk.is_over.set()
    assert await asyncio.wait_for(reading, GUARD_SECONDS) == []
    assert line.onward == "maintenance"
    await line.play(b"\1\2" * 3200)
    await line.wait_played()
    await line.flush()
    await line.hang_up()
    assert hung_up == []


async def test_hanging_up_twice_is_once(line: AsteriskLine, hung_up: list[str]) -> None:
    await line.hang_up()
    await line.hang_up()
    assert hung_up == ["yes"]
    assert line.onward == ""
    assert await asyncio.wait_for(_all(line), GUARD_SECONDS) == []


async def test_a_hand_over_leaves_the_caller_on_the_line(line: AsteriskLine, hung_up: list[str]) -> None:
    await line.hand_over()
    await line.hang_up()
    assert hung_up == []
    assert line.onward == "agents"


async def _all(line: AsteriskLine) -> list[object]:
    return [event async for event in line.events()]
