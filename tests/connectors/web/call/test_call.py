import asyncio

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from base.errors import EngineUnavailable, ServiceError
from connectors.web.call import calls as call
from connectors.web.chat.rate import RateLimit, RateLimiter
from tests.connectors.web.scripted import next_control, running
from tests.guard import GUARD_SECONDS, until
from voice.audio import FRAME_BYTES, SILENT_FRAME
from voice.line import Digit, Heard, Line


async def listen_until_hung_up(line: Line) -> None:
    async for _ in line.events():
        pass


async def closing(socket) -> tuple[dict[str, object], int | None]:
    """The last message of the call, and the code of the close after it."""
    last = await next_control(socket)
    while last["type"] != "ended":
        last = await next_control(socket)
    assert (await asyncio.wait_for(socket.receive(), GUARD_SECONDS)).type is WSMsgType.CLOSE
    return last, socket.close_code


async def test_a_call_hears_the_browser_and_is_heard():
    heard = []

    async def echo_one(line: Line) -> None:
        async for event in line.events():
            heard.append(event)
            if isinstance(event, Digit):
                break
            await line.play(event.pcm)
        await line.wait_played()
        await line.hang_up()

    frame = b"\x01\x02" * (FRAME_BYTES // 2)
    async with running(on_call=echo_one) as (client, calls), client.ws_connect("/ws/call") as socket:
        assert await next_control(socket) == {"type": "answered"}
        await socket.send_bytes(frame)
        assert (await socket.receive()).data == frame
        assert await next_control(socket) == {"type": "mark", "id": 1}
        await socket.send_json({"type": "digit", "key": "5"})
        await until(lambda: len(heard) == 2)
        assert calls.active == 1
        await socket.send_json({"type": "played", "id": 1})
        assert await closing(socket) == ({"type": "ended", "code": "hung_up", "text": ""}, 1000)
        await until(lambda: calls.active == 0)
    assert heard == [Heard(frame), Digit("5")]


async def test_hanging_up_at_any_moment_ends_the_call_cleanly():
    over = asyncio.Event()

    async def talk(line: Line) -> None:
        await line.play(bytes(320_000))
        await line.wait_played()
        over.set()

    async with running(on_call=talk) as (client, calls):
        async with client.ws_connect("/ws/call") as socket:
            await socket.receive()
        await asyncio.wait_for(over.wait(), GUARD_SECONDS)
        await until(lambda: calls.active == 0)


async def test_a_call_that_does_not_notice_the_hang_up_is_cancelled():
    cancelled = asyncio.Event()

    async def deaf(_line: Line) -> None:
        try:
            await asyncio.sleep(4 * GUARD_SECONDS)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with running(on_call=deaf) as (client, calls):
        calls._grace_seconds = 0.05
        async with client.ws_connect("/ws/call") as socket:
            await socket.receive()
        await asyncio.wait_for(cancelled.wait(), GUARD_SECONDS)


@pytest.mark.parametrize(
    ("send", "code"),
    [
        (lambda socket: socket.send_bytes(bytes(100)), "bad_frame"),
        (lambda socket: socket.send_str("这不是 JSON"), "bad_control"),
    ],
)
async def test_a_wrong_client_is_told_and_the_next_call_works(send, code):
    async with running(on_call=listen_until_hung_up) as (client, calls):
        async with client.ws_connect("/ws/call") as socket:
            await send(socket)
            last, close_code = await closing(socket)
        assert (last["code"], close_code) == (code, 1003)
        assert "刷新页面" in last["text"]
        await until(lambda: calls.active == 0)
        async with client.ws_connect("/ws/call") as socket:
            assert await next_control(socket) == {"type": "answered"}


async def test_a_message_that_is_far_too_big_ends_the_call():
    async with running(on_call=listen_until_hung_up) as (client, calls), client.ws_connect("/ws/call") as socket:
        await next_control(socket)
        await socket.send_bytes(bytes(100_000))
        message = await socket.receive()
        while message.type is WSMsgType.TEXT:
            message = await socket.receive()
        assert message.type is WSMsgType.CLOSE
        assert socket.close_code == 1009
        await until(lambda: calls.active == 0)


@pytest.mark.parametrize("query", ["encoding=opus", "rate_hz=8000", "rate_hz=x&encoding=pcm_s16le"])
async def test_another_sample_format_is_refused(query):
    async with running() as (client, _), client.ws_connect(f"/ws/call?{query}") as socket:
        last, close_code = await closing(socket)
        assert (last["code"], close_code) == ("bad_format", 1003)


async def test_one_call_too_many_is_told_to_wait():
    async with running(on_call=listen_until_hung_up, max_calls=1) as (client, calls):
        async with client.ws_connect("/ws/call") as first:
            await next_control(first)
            async with client.ws_connect("/ws/call") as second:
                last, close_code = await closing(second)
            assert (last["code"], close_code) == ("busy", 1013)
            assert "稍后" in last["text"] or "过一会儿" in last["text"]
        await until(lambda: calls.active == 0)
        async with client.ws_connect("/ws/call") as third:
            assert await next_control(third) == {"type": "answered"}


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (EngineUnavailable(), "engine_unavailable", EngineUnavailable.citizen_text),
        (ValueError("身份证370811"), "unexpected", ServiceError.citizen_text),
    ],
)
async def test_a_call_that_fails_tells_the_caller(error, code, text, capfd):
    async def fail(_line: Line) -> None:
        raise error

    async with running(on_call=fail) as (client, _), client.ws_connect("/ws/call") as socket:
        last, close_code = await closing(socket)
    assert (last["code"], last["text"], close_code) == (code, text, 1011)
    assert "370811" not in "".join(capfd.readouterr())


async def test_only_our_own_page_may_call():
    async with running(on_call=listen_until_hung_up) as (client, _):
        own = f"http://{client.host}:{client.port}"
        async with client.ws_connect("/ws/call", headers={"Origin": own}) as socket:
            assert await next_control(socket) == {"type": "answered"}
        for foreign in ("https://example.com", f"http://{client.host}:1", "null", ""):
            with pytest.raises(WSServerHandshakeError) as refused:
                await client.ws_connect("/ws/call", headers={"Origin": foreign})
            assert refused.value.status == 403


async def test_stopping_the_service_hangs_up():
    async with running(on_call=listen_until_hung_up) as (client, calls):
        socket = await client.ws_connect("/ws/call")
        await next_control(socket)
        await socket.send_bytes(SILENT_FRAME)
        calls.end_all()
        last, close_code = await closing(socket)
        assert (last["code"], close_code) == ("shutdown", 1001)


async def test_one_address_gets_half_of_the_lines_and_another_the_rest():
    proxied = {"X-Forwarded-For": "198.51.100.7"}
    async with running(on_call=listen_until_hung_up, max_calls=2) as (client, calls):
        headers = {**proxied, "Origin": str(client.make_url("/")).rstrip("/")}
        async with client.ws_connect("/ws/call") as first:
            assert await next_control(first) == {"type": "answered"}
            async with client.ws_connect("/ws/call") as second:
                last, _ = await closing(second)
            assert last["code"] == "busy"
            async with client.ws_connect("/ws/call", headers=headers) as other:
                assert await next_control(other) == {"type": "answered"}
        await until(lambda: calls.active == 0)
        async with client.ws_connect("/ws/call") as again:
            assert await next_control(again) == {"type": "answered"}


async def test_who_calls_again_and_again_is_told_to_wait():
    async with running(on_call=listen_until_hung_up) as (client, calls):
        calls._begun = RateLimiter(RateLimit(per_second=0.01, burst=1, patience_seconds=0.0))
        async with client.ws_connect("/ws/call") as first:
            assert await next_control(first) == {"type": "answered"}
        async with client.ws_connect("/ws/call") as second:
            last, _ = await closing(second)
        assert last["code"] == "busy"
        assert "打字" in last["text"]


async def test_a_call_without_end_is_ended_with_a_word(monkeypatch):
    monkeypatch.setattr(call, "LONGEST_SECONDS", 0.1)
    async with running(on_call=listen_until_hung_up) as (client, calls):
        async with client.ws_connect("/ws/call") as socket:
            last, _ = await closing(socket)
        assert last["code"] == "too_long"
        assert "二十分钟" in last["text"]
        await until(lambda: calls.active == 0)


async def test_only_our_own_page_and_this_machine_may_call():
    async with running(on_call=listen_until_hung_up) as (client, _):
        own = str(client.make_url("/")).rstrip("/")
        for headers in ({"Origin": "https://elsewhere.test"}, {"X-Forwarded-For": "198.51.100.7"}):
            with pytest.raises(WSServerHandshakeError) as refused:
                await client.ws_connect("/ws/call", headers=headers)
            assert refused.value.status == 403
        async with client.ws_connect("/ws/call", headers={"Origin": own, "X-Forwarded-For": "198.51.100.7"}) as socket:
            assert await next_control(socket) == {"type": "answered"}
