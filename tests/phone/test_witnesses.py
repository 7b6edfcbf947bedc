"""Two telephones that are not ours: baresip and sipp. Our own could agree with itself on what is wrong."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from base.errors import SetupError
from connectors.phone.asterisk import Asterisk
from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import SipCaller
from tests.phone.conftest import TakeCalls, free_port
from tests.phone.sounds import babble, likeness, voiced_seconds
from voice.audio import RATE_HZ, from_float, read_wav, resample, to_float
from voice.line import Digit, Heard, Line

pytestmark = pytest.mark.phone

PROMPT = babble(3.0, seed=21)
QUESTION = babble(2.0, seed=22)
HESITATION_SECONDS = 3
"""The far end answers first and connects the line behind it: whoever speaks before that is not heard."""


def need(program: str, package: str) -> str:
    if path := shutil.which(program):
        return path
    raise SetupError(f"apt-get install -y {package}")


class Listener:
    """A call object that speaks once and keeps what it hears."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.keys = ""
        self.has_spoken = False

    async def __call__(self, line: Line) -> None:
        speaking = asyncio.create_task(self._speak(line))
        async for event in line.events():
            if isinstance(event, Heard):
                self.heard += event.pcm
            elif isinstance(event, Digit):
                self.keys += event.key
        await speaking

    async def _speak(self, line: Line) -> None:
        await line.play(PROMPT)
        await line.wait_played()
        self.has_spoken = True


BARESIP_CONFIG = """poll_method epoll
sip_listen 127.0.0.1:{sip_port}
net_interface 127.0.0.1
rtp_ports 22000-22199
audio_source aufile,{says}
audio_player aubridge,sink
snd_path {directory}
ausrc_srate 8000
auplay_srate 8000
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
module aubridge.so
module_tmp account.so
module_app menu.so
"""


async def test_baresip_hears_the_prompt_and_is_heard(take_calls: TakeCalls, asterisk: Asterisk, tmp_path: Path) -> None:
    port = asterisk.config.sip_port
    listener = Listener()
    await take_calls(listener)
    account = f"<sip:13900000000@127.0.0.1:{port}>;regint=0"
    async with baresip(tmp_path, account, QUESTION, "-e", f"/dial sip:12393@127.0.0.1:{port}"):
        await until(lambda: listener.has_spoken and voiced_seconds(bytes(listener.heard)) >= 1.9)
    heard = read_wav(next(tmp_path.glob("dump-*-dec.wav")))
    assert likeness(heard, PROMPT) > 0.9
    assert likeness(bytes(listener.heard), QUESTION) > 0.9


async def test_an_agents_phone_and_the_caller_hear_each_other(
    take_calls: TakeCalls, asterisk: Asterisk, phone: SipCaller, tmp_path: Path
) -> None:
    frees = []

    async def hand_over(line: Line) -> None:
        while not await line.person_is_free():
            await asyncio.sleep(0.1)
        frees.append(True)
        await line.hand_over()

    await take_calls(hand_over)
    async with agent_at(asterisk, tmp_path):
        await phone.dial()
        await phone.hears(2.9)
        await phone.say(QUESTION)
        await phone.listen(2.0)  # nothing tells us what the agent's phone has written down
    assert frees == [True]
    assert likeness(phone.heard.without_gaps(), PROMPT) > 0.9
    assert likeness(read_wav(next(tmp_path.glob("dump-*-dec.wav"))), QUESTION) > 0.9


async def test_who_talks_already_is_not_free_and_is_not_rung(
    take_calls: TakeCalls, asterisk: Asterisk, phone: SipCaller, tmp_path: Path
) -> None:
    free: dict[str | None, bool] = {}

    async def hand_over(line: Line) -> None:
        if line.caller == "13800000000":
            while not await line.person_is_free():
                await asyncio.sleep(0.1)
            await line.hand_over()
        else:
            free[line.caller] = await line.person_is_free()

    await take_calls(hand_over)
    async with agent_at(asterisk, tmp_path):
        await phone.dial()
        await phone.hears(2.9)
        async with SipCaller(asterisk.config.sip_port, number="13800000002") as second:
            await second.dial()
            await second.is_hung_up()
    assert free == {"13800000002": False}
    assert len(list(tmp_path.glob("dump-*-dec.wav"))) == 1, "their phone had one call"


@asynccontextmanager
async def agent_at(asterisk: Asterisk, directory: Path) -> AsyncIterator[None]:
    """A member of staff with baresip as their phone: registered as agent1, takes every call, says PROMPT."""
    secret = asterisk.config.agent_password
    account = f"<sip:agent1@127.0.0.1:{asterisk.config.sip_port}>;auth_user=agent1;auth_pass={secret};regint=60"
    async with baresip(directory, account + ";answermode=auto", PROMPT):
        yield


@asynccontextmanager
async def baresip(directory: Path, account: str, says: bytes, *options: str) -> AsyncIterator[None]:
    """A running baresip that says `says` a while after the answer, as a person does, and leaves what it heard as
    `dump-*-dec.wav`."""
    program = need("baresip", "baresip-core")
    modules = next(path.parent for path in Path("/usr/lib").rglob("baresip/modules/g711.so"))
    speech = bytes(2 * RATE_HZ * HESITATION_SECONDS) + says
    write_wav_8k(directory / "says.wav", speech + bytes(2 * RATE_HZ * 120))  # the end of the file would hang up
    config = BARESIP_CONFIG.format(
        sip_port=free_port(socket.SOCK_DGRAM), says=directory / "says.wav", directory=directory, modules=modules
    )
    (directory / "config").write_text(config)
    (directory / "accounts").write_text(account + "\n")
    (directory / "contacts").write_text("")
    process = await asyncio.create_subprocess_exec(
        *(program, "-4", "-s", "-f", str(directory), *options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), GUARD_SECONDS)


SIPP_SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="call, two keys by SIP INFO, hang up">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13700000000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:13700000000@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13700000000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<pause milliseconds="2000"/>
{keys}
<pause milliseconds="500"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13700000000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 9 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"""

SIPP_KEY = """<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13700000000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {number} INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=160
]]></send>
<recv response="200"/>
<pause milliseconds="300"/>
"""


async def test_sipp_calls_three_times_and_its_info_keys_come_once(
    take_calls: TakeCalls, asterisk: Asterisk, tmp_path: Path
) -> None:
    sipp = need("sipp", "sip-tester")
    keys = "".join(SIPP_KEY.format(number=2 + index, key=key) for index, key in enumerate("48"))
    (tmp_path / "scenario.xml").write_text(SIPP_SCENARIO.replace("{keys}", keys))
    listener = Listener()
    await take_calls(listener)
    await run(
        *(sipp, f"127.0.0.1:{asterisk.config.sip_port}", "-sf", str(tmp_path / "scenario.xml"), "-s", "12393"),
        *("-m", "3", "-l", "1", "-i", "127.0.0.1", "-p", str(free_port(socket.SOCK_DGRAM)), "-mi", "127.0.0.1"),
        *("-mp", str(free_port(socket.SOCK_DGRAM)), "-nostdin", "-timeout", "90s", "-timeout_error"),
    )
    await until(lambda: len(listener.keys) >= 6)
    assert listener.keys == "484848"


def write_wav_8k(path: Path, pcm: bytes) -> None:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(from_float(resample(to_float(pcm), 16000, 8000)))


async def run(*command: str) -> None:
    """Run a program to its end; show what it said if it failed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 90 + GUARD_SECONDS)
    if process.returncode != 0:
        sys.stdout.write(output.decode(errors="replace"))
    assert process.returncode == 0
