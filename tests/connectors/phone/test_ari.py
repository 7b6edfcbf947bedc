import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.phone import ari as module
from connectors.phone.ari import Ari, AriError, AriGone, Channel, Connected, Disconnected, Entered, Left, parse_event
from tests.guard import GUARD_SECONDS, until

CALLER = {
    "id": "yibao-1.2",
    "caller": {"name": "", "number": "13800000000"},
    "dialplan": {"app_name": "Stasis", "app_data": "yibao,in"},
}


def test_a_caller_arrives_and_leaves() -> None:
    channel = Channel("yibao-1.2", "13800000000", "yibao")
    assert parse_event(json.dumps({"type": "StasisStart", "args": ["in"], "channel": CALLER})) == Entered(
        channel, ("in",)
    )
    assert parse_event(json.dumps({"type": "StasisEnd", "channel": CALLER})) == Left(channel)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "{}", '{"type": "StasisStart"}', '{"type": "ChannelVarset"}'])
def test_what_we_do_not_use_or_understand_is_passed_over(text: str) -> None:
    assert parse_event(text) is None


class Pbx:
    """An HTTP server that answers as Asterisk does, with the status a test wants."""

    def __init__(self) -> None:
        self.status = 204
        self.answers = asyncio.Event()
        self.answers.set()
        self.connections = 0
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.looks: list[list[str] | None] = []
        """What the next looks at our application find in it; None: nobody has it. None left to find: "busy"."""
        self.taken_over = self.stays_open = False
        self.channels: list[dict[str, object]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path, dict(request.query)))
        if request.path == "/ari/events":
            self.connections += 1
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_str(json.dumps({"type": "StasisStart", "args": ["in"], "channel": CALLER}))
            if self.taken_over:
                await socket.send_str(json.dumps({"type": "ApplicationReplaced", "application": "yibao"}))
            if self.taken_over or self.stays_open:  # as Asterisk does: open and silent
                await socket.receive()
            await socket.close()
            return socket
        if request.path == "/ari/applications/yibao":
            inside = self.looks.pop(0) if self.looks else ["somebody-elses"]
            return web.Response(status=404) if inside is None else web.json_response({"channel_ids": inside})
        if request.path == "/ari/channels" and self.taken_over:
            return web.json_response(self.channels)
        await self.answers.wait()
        return web.Response(status=self.status, text="no json")


@pytest.fixture
async def pbx() -> Pbx:
    return Pbx()


@pytest.fixture
async def address(pbx: Pbx) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pbx.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))
        pbx.answers.set()


@pytest.fixture
async def ari(address: str) -> AsyncIterator[Ari]:
    client = Ari(address, "user", "password", timeout_seconds=GUARD_SECONDS)
    yield client
    await client.aclose()


async def test_a_caller_goes_on_in_the_dialplan(ari: Ari, pbx: Pbx) -> None:
    await ari.continue_in_dialplan("yibao-1.2", "agents")
    query = {"context": "agents", "extension": "s", "priority": "1"}
    assert pbx.asked == [("POST", "/ari/channels/yibao-1.2/continue", query)]


@pytest.mark.parametrize("status", [404, 409, 412])
async def test_a_channel_that_is_gone_is_told_from_a_failure(ari: Ari, pbx: Pbx, status: int) -> None:
    pbx.status = status
    with pytest.raises(AriGone):
        await ari.answer("yibao-1.2")


async def test_failures_and_nonsense_all_raise_our_error(ari: Ari, pbx: Pbx) -> None:
    for pbx.status in (401, 500, 200):
        with pytest.raises(AriError) as failure:
            await ari.channels()
        assert not isinstance(failure.value, AriGone)


async def test_silence_raises_our_error(address: str, pbx: Pbx) -> None:
    pbx.answers.clear()
    impatient = Ari(address, "user", "password", timeout_seconds=0.1)
    with pytest.raises(AriError, match="Timeout"):
        await impatient.answer("yibao-1.2")
    await impatient.aclose()


async def test_events_say_when_the_connection_broke_and_came_back(ari: Ari, pbx: Pbx) -> None:
    seen = []
    async with asyncio.timeout(GUARD_SECONDS), aclosing(ari.events()) as events:
        async for event in events:
            seen.append(type(event))
            if len(seen) == 5:
                break
    assert seen == [Connected, Entered, Disconnected, Connected, Entered]
    assert pbx.connections == 2


@pytest.mark.parametrize(
    "looks",
    [[["somebody-elses"], [], None], [["yibao-1.2", "somebody-elses"], [], ["yibao-1.2"]]],
    ids=["when nobody has it", "when only our own calls are in it"],
)
async def test_who_lost_the_application_takes_it_again_when_it_is_free(
    ari: Ari, pbx: Pbx, looks: list[list[str] | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "_OURS_SECONDS", 0.02)
    pbx.taken_over, pbx.looks = True, looks
    seen = []
    async with asyncio.timeout(GUARD_SECONDS), aclosing(ari.events()) as events:
        async for event in events:
            seen.append(type(event))
            if len(seen) == 4:
                break
    assert seen == [Connected, Entered, Disconnected, Connected]
    assert pbx.looks == []


async def test_who_has_the_application_and_takes_no_call_loses_it(
    ari: Ari, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "_UNTAKEN_SECONDS", 0.03)
    pbx.taken_over, pbx.channels = True, [CALLER]
    seen = []
    async with asyncio.timeout(GUARD_SECONDS), aclosing(ari.events()) as events:
        async for event in events:
            seen.append(type(event))
            if len(seen) == 4:
                break
    assert seen == [Connected, Entered, Disconnected, Connected]


async def test_while_somebody_else_has_the_application_and_takes_calls_it_is_left_to_them(
    ari: Ari, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "_UNTAKEN_SECONDS", 0.03)
    pbx.taken_over, pbx.channels = True, [CALLER, {**CALLER, "id": ari.media_of("yibao-1.2")}]

    async def listen() -> None:
        async with aclosing(ari.events()) as events:
            async for _ in events:
                pass

    listening = asyncio.create_task(listen())
    await until(lambda: len([path for _, path, _ in pbx.asked if path.endswith("/applications/yibao")]) >= 5)
    assert pbx.connections == 1
    listening.cancel()
    await asyncio.wait([listening])


async def test_an_application_that_was_lost_in_any_other_way_is_noticed(
    ari: Ari, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WATCH_SECONDS", 0.01)
    pbx.stays_open, pbx.looks = True, [["yibao-1.2"], None, ["yibao-1.2"]]
    seen = []
    async with asyncio.timeout(GUARD_SECONDS), aclosing(ari.events()) as events:
        async for event in events:
            seen.append(type(event))
            if len(seen) == 4:
                break
    assert seen == [Connected, Entered, Disconnected, Connected]
