"""Whatever breaks, whenever it breaks: the caller hears something, nothing stays behind, the next call works."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from base.errors import SetupError
from connectors.phone import ari as ari_module
from connectors.phone.asterisk import Asterisk
from connectors.phone.connector import PhoneConnector
from connectors.phone.tree import AsteriskTree
from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import CallRejected, SipCaller
from tests.phone.conftest import (
    MAINTENANCE,
    TakeCalls,
    ari_of,
    config_in,
    connector_for,
    nothing_left,
    until_async,
)
from tests.phone.sounds import babble, likeness
from voice.line import Line

pytestmark = pytest.mark.phone

GREETING = babble(1.0, seed=7)


async def greet_and_stay(line: Line) -> None:
    await line.play(GREETING)
    async for _ in line.events():
        pass


async def hears_greeting(pbx: Asterisk) -> bool:
    """One whole call: dialled, greeted, hung up."""
    async with SipCaller(pbx.config.sip_port) as phone:
        await phone.dial()
        await phone.hears(0.9)
        await phone.listen(0.3)  # the rest of it
        return likeness(phone.heard.without_gaps(), GREETING) > 0.95


@pytest.fixture
async def own_asterisk(asterisk_tree: AsteriskTree, tmp_path: Path) -> AsyncIterator[Asterisk]:
    """One that a test may kill."""
    pbx = Asterisk(asterisk_tree, config_in(tmp_path), print)
    await pbx.start()
    yield pbx
    await pbx.stop()


@pytest.mark.parametrize("after_ms", [0, 1, 2, 3, 5, 8, 12, 20, 40, 80])
async def test_a_caller_who_hangs_up_at_any_instant_leaves_nothing(
    take_calls: TakeCalls, asterisk: Asterisk, after_ms: int
) -> None:
    connector = await take_calls(greet_and_stay)
    async with SipCaller(asterisk.config.sip_port) as impatient:
        impatient.ring()
        await asyncio.sleep(after_ms / 1000)
    await until(lambda: connector.calls == 0)
    assert await hears_greeting(asterisk)


async def test_a_caller_who_hangs_up_mid_word_ends_the_wait_for_the_end_of_the_sentence(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    ended = asyncio.Event()

    async def speak_long(line: Line) -> None:
        await line.play(babble(4 * GUARD_SECONDS))
        await line.wait_played()
        await line.flush()
        await line.play(b"\1\2" * 800)
        await line.hang_up()
        ended.set()

    await take_calls(speak_long)
    await phone.dial()
    await phone.hears(0.5)
    phone.hang_up()
    await asyncio.wait_for(ended.wait(), GUARD_SECONDS)


async def test_a_call_object_that_crashes_sends_its_caller_to_the_maintenance_prompt(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    async def crash(line: Line) -> None:
        await line.play(babble(0.5))
        raise ZeroDivisionError

    await take_calls(crash)
    await phone.dial()
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.95


async def test_a_broken_media_socket_ends_the_call_and_the_caller_hears_why(
    take_calls: TakeCalls, phone: SipCaller
) -> None:
    ended = asyncio.Event()

    async def stay(line: Line) -> None:
        line._media._socket._response.connection.transport.abort()  # type: ignore[attr-defined]
        async for _ in line.events():
            pass
        await line.wait_played()
        ended.set()

    await take_calls(stay)
    await phone.dial()
    await asyncio.wait_for(ended.wait(), GUARD_SECONDS)
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.95


async def test_a_killed_asterisk_ends_the_call_and_a_restarted_one_is_used_again(own_asterisk: Asterisk) -> None:
    ended = asyncio.Event()

    async def stay(line: Line) -> None:
        await greet_and_stay(line)
        ended.set()

    async with connector_for(own_asterisk, stay) as connector:
        async with SipCaller(own_asterisk.config.sip_port) as cut_off:
            await cut_off.dial()
            await cut_off.hears(0.3)
            assert own_asterisk.pid is not None
            os.kill(own_asterisk.pid, signal.SIGKILL)
            await asyncio.wait_for(ended.wait(), GUARD_SECONDS)
            await until(lambda: not connector.is_connected)
            assert await own_asterisk.wait() != 0
        await own_asterisk.start()
        await until(lambda: connector.is_connected)
        assert await hears_greeting(own_asterisk)


async def test_a_stopping_service_says_so_to_its_callers(asterisk: Asterisk, phone: SipCaller) -> None:
    ari = ari_of(asterisk)
    connector = PhoneConnector(ari, greet_and_stay, 5)
    running = asyncio.create_task(connector.run())
    await until(lambda: connector.is_connected)
    await phone.dial()
    await phone.hears(0.5)
    running.cancel()
    await asyncio.wait([running])
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.95
    await until_async(lambda: nothing_left(ari))
    await ari.aclose()


async def test_somebody_who_only_looked_at_our_events_does_not_keep_callers_from_us(
    asterisk: Asterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ari_module, "_OURS_SECONDS", 2.0)
    onlooker = ari_of(asterisk)
    async with connector_for(asterisk, greet_and_stay) as connector, SipCaller(asterisk.config.sip_port) as before:
        for is_in_a_call in (False, True):
            if is_in_a_call:
                await before.dial()
                await before.hears(0.5)
            looking = await onlooker._open_events()
            await until(lambda: not connector.is_connected)
            await looking.close()
            await until(lambda: connector.is_connected)
            assert await hears_greeting(asterisk)
        assert not before.far_end_left.is_set()
    await onlooker.aclose()


async def test_somebody_who_listens_on_and_takes_no_call_costs_a_caller_seconds_only(asterisk: Asterisk) -> None:
    onlooker = ari_of(asterisk)
    async with connector_for(asterisk, greet_and_stay) as connector:
        for _ in range(2):
            looking = await onlooker._open_events()
            await until(lambda: not connector.is_connected)
            assert await hears_greeting(asterisk)
            assert connector.is_connected, "and the next caller waits no more"
            assert await hears_greeting(asterisk)
            assert not looking.closed
            await looking.close()
    await onlooker.aclose()


@pytest.mark.parametrize("context", ["from-phone", "back"])
async def test_a_caller_whom_nobody_takes_hears_so(asterisk: Asterisk, phone: SipCaller, context: str) -> None:
    does_nothing = ari_of(asterisk)
    looking = await does_nothing._open_events()
    phone.ring()
    while (event := await looking.receive_json())["type"] != "StasisStart":
        pass
    if context == "back":
        await does_nothing.answer(event["channel"]["id"])
        await does_nothing.continue_in_dialplan(event["channel"]["id"], "back")
    await phone.answered()
    await phone.is_hung_up()
    assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.95
    await looking.close()
    await does_nothing.aclose()


SERVICE = """
import asyncio, sys
from connectors.phone.ari import Ari
from connectors.phone.connector import PhoneConnector

async def stay(line):
    async for _ in line.events():
        pass

async def main():
    await PhoneConnector(Ari(*sys.argv[1:]), stay, 5).run()

asyncio.run(main())
"""


async def test_callers_left_by_a_killed_service_are_told_by_the_next_one(asterisk: Asterisk, phone: SipCaller) -> None:
    config, ari = asterisk.config, ari_of(asterisk)
    access = (config.ari_url, config.ari_user, config.ari_password, config.app)
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVICE, *access, stdout=subprocess.PIPE)
    assert service.stdout is not None
    assert b"phone_connected" in await asyncio.wait_for(service.stdout.readline(), GUARD_SECONDS)
    await phone.dial()
    await phone.put_through()
    service.kill()
    await service.wait()
    assert not await nothing_left(ari)
    async with connector_for(asterisk, greet_and_stay):
        await phone.is_hung_up()
        assert likeness(phone.heard.without_gaps(), MAINTENANCE) > 0.95
    await ari.aclose()


GARBAGE = [
    b"",
    b"\0" * 200,
    b"\xff" * 1400,
    "你好".encode(),
    b"INVITE\r\n\r\n",
    b"INVITE sip:12393@127.0.0.1 SIP/2.0\r\n\r\n",
    b"INVITE sip:12393@127.0.0.1 SIP/2.0\r\nVia: \r\nFrom: \r\nTo: \r\nCall-ID: \r\nCSeq: \r\n\r\n",
    b"INVITE sip:" + b"1" * 5000 + b"@x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\n\r\n",
    b"INVITE sip:12393@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKy\r\nMax-Forwards: 70\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:12393@b>\r\nCall-ID: g1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:9>\r\n"
    b"Content-Type: application/sdp\r\nContent-Length: 20\r\n\r\nv=0\r\nm=audio x RTP/\r\n",
    b"BYE sip:12393@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKz\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:b@b>;tag=2\r\nCall-ID: g2\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
]


async def test_garbage_on_the_sip_port_harms_no_one(take_calls: TakeCalls, asterisk: Asterisk) -> None:
    await take_calls(greet_and_stay)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in GARBAGE * 3:
            sender.sendto(datagram, ("127.0.0.1", asterisk.config.sip_port))
    await asyncio.sleep(0.3)
    assert await hears_greeting(asterisk)


async def test_an_unknown_number_is_refused(asterisk: Asterisk, phone: SipCaller) -> None:
    phone.ring("99999")
    with pytest.raises(CallRejected) as refusal:
        await phone.answered()
    assert refusal.value.status == 404


async def test_a_taken_port_is_named_before_anything_is_started(
    asterisk: Asterisk, asterisk_tree: AsteriskTree
) -> None:
    beside = replace(asterisk.config, directory=asterisk.config.directory.with_name("second"))
    with pytest.raises(SetupError, match=str(asterisk.config.sip_port)):
        await Asterisk(asterisk_tree, beside, print).start()
