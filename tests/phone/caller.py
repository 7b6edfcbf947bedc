"""A telephone made of Python: SIP by aiosipua, RTP by aiortp's packets and codec, every moment on one clock.

    async with SipCaller(port=5080) as phone:
        await phone.dial("12393")
        await phone.put_through()                         # before that, nobody hears what is said
        spoken = await phone.say(read_wav(question))      # in real time; spoken.last_voiced_at
        await phone.press("1#")
        await phone.listen(3.0)
        phone.heard.pcm()                                 # 16 kHz, gaps in the arrival are silence
        phone.heard.voice_after(spoken.last_voiced_at)    # when the answer began

Like a real phone it sends a packet every 20 ms from the answer to the hang-up, silence when it has nothing to say.
`is_mute` makes it send none then, as a phone that suppresses silence; `comfort_noise` one of that every 200 ms; `loses`
drops every nth packet of what it says. All times are `time.monotonic()` seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
from aiortp import RtpPacket
from aiortp.codecs import get_codec
from aiortp.dtmf import DTMF_EVENTS, DtmfEvent
from aiosipua import SipUAC, SipUAS
from aiosipua.dialog import DialogState
from aiosipua.message import SipMessage, SipRequest, SipResponse
from aiosipua.outgoing_call import OutgoingCall
from aiosipua.sdp import parse_sdp
from aiosipua.transport import SipTransport
from numpy.typing import NDArray

from tests.guard import GUARD_SECONDS
from tests.phone.recording import LINE_HZ, PACKET_SECONDS, VOICED_RMS, Packet, Recording
from voice.audio import from_float, resample, to_float

PACKET_SAMPLES = 160
_PCMU, _COMFORT_NOISE, _TELEPHONE_EVENT = 0, 13, 101
_COMFORT_NOISE_PACKETS = 10
_ULAW_SILENCE = b"\xff" * PACKET_SAMPLES
_SO_TIMESTAMPNS = 35


class CallRejected(Exception):
    """The far end did not take the call; `status` is SIP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Spoken:
    """When something said was sent."""

    first_voiced_at: float
    last_voiced_at: float
    """End of the last packet that holds voice: what a latency is counted from."""

    ended_at: float


class _Rtp:
    """The audio socket. The kernel stamps each packet's arrival: our own delays are not the line's."""

    def __init__(self, host: str, recording: Recording) -> None:
        self.recording = recording
        self._codec = get_codec(_PCMU)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind((host, 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def send(self, packet: RtpPacket, to: tuple[str, int]) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            self._socket.sendto(packet.serialize(), to)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            while True:
                data, notes, _, _ = self._socket.recvmsg(2048, 64)
                self._take(data, _arrival(notes))

    def _take(self, data: bytes, at: float) -> None:
        with contextlib.suppress(ValueError):
            packet = RtpPacket.parse(data)
            if packet.payload_type == _PCMU:
                pcm = self._codec.decode(packet.payload)
                self.recording.packets.append(Packet(at, packet.sequence_number, packet.timestamp, pcm))


def _arrival(notes: list[tuple[int, int, bytes]]) -> float:
    """The kernel's wall-clock stamp of a packet, on the monotonic clock."""
    seconds, nanoseconds = struct.unpack("qq", notes[0][2])
    return float(time.monotonic() - (time.time() - (seconds + nanoseconds / 1e9)))


class _SipUdp(SipTransport, asyncio.DatagramProtocol):
    """aiosipua's own UDP transport asserts a class that asyncio's does not have before Python 3.12."""

    _udp: Any = None

    def connection_made(self, transport: Any) -> None:
        self._udp = transport
        self.local_addr = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._dispatch(data, addr)

    async def start(self) -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=self.local_addr)

    def send(self, message: SipRequest | SipResponse, addr: tuple[str, int]) -> None:
        self._udp.sendto(bytes(message), addr)

    async def stop(self) -> None:
        self._udp.close()


class SipCaller:
    """One phone, one call. Leaving `async with` hangs up."""

    def __init__(
        self,
        port: int,
        host: str = "127.0.0.1",
        number: str = "13800000000",
        *,
        is_mute: bool = False,
        comfort_noise: bool = False,
        loses: int = 0,
        offers: str = "0",
    ) -> None:
        self.heard = Recording()
        self.answered_at = 0.0
        self.far_end_left = asyncio.Event()
        """Set when the other side hung up."""

        self.far_end_left_at = 0.0
        self._far_end = (host, port)
        self._number = number
        self._is_mute = is_mute or comfort_noise
        self._offers = offers
        self._comfort_noise, self._loses = comfort_noise, loses
        self._is_holding = False
        self._quiet_packets = self._said_packets = 0
        self._is_cancelled = False
        self._sip = _SipUdp(local_addr=(host, 0))
        self._uac = SipUAC(self._sip)
        self._uas = SipUAS(self._sip, uac=self._uac)
        self._uas.on_bye = self._on_bye
        self._rtp: _Rtp | None = None
        self._call: OutgoingCall | None = None
        self._media: tuple[str, int] | None = None
        self._outbox: asyncio.Queue[tuple[bytes, asyncio.Future[float] | None]] = asyncio.Queue()
        self._keys: asyncio.Queue[tuple[str, asyncio.Future[float]]] = asyncio.Queue()
        self._sender: asyncio.Task[None] | None = None
        self._codec = get_codec(_PCMU)
        self._sequence = random.randrange(65536)
        self._timestamp = random.randrange(2**32)
        self._ssrc = random.randrange(2**32)

    async def __aenter__(self) -> Self:
        await self._uas.start()
        self._rtp = _Rtp(self._far_end[0], self.heard)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.hang_up()
        await self._settle()
        if self._sender:
            self._sender.cancel()
            await asyncio.wait([self._sender])
        if self._rtp:
            self._rtp.close()
        await self._uas.stop()
        await asyncio.sleep(0)

    async def dial(self, extension: str = "12393", timeout: float = GUARD_SECONDS) -> None:
        """Call, and return when answered; from then on packets go out. Raises CallRejected, TimeoutError."""
        self.ring(extension)
        await self.answered(timeout)

    def ring(self, extension: str = "12393") -> None:
        """Send the INVITE and return at once."""
        host, port = self._far_end
        self._call = self._uac.send_invite(
            f"sip:{self._number}@{self._sip.local_addr[0]}:{self._sip.local_addr[1]}",
            f"sip:{extension}@{host}:{port}",
            self._far_end,
            parse_sdp(self._offer()),
        )

    async def answered(self, timeout: float = GUARD_SECONDS) -> None:
        """Wait for the answer to `ring`."""
        call = self._ringing()
        try:
            await call.wait_answered(timeout)
        except RuntimeError as error:
            raise CallRejected(call._reject_code, call._reject_reason) from error
        if call.sdp_answer is None or call.sdp_answer.rtp_address is None:
            raise CallRejected(0, "answered without audio")
        self.answered_at = self.heard.started_at = time.monotonic()
        self._media = call.sdp_answer.rtp_address
        self._sender = asyncio.create_task(self._send_in_real_time(), name="caller sender")

    @property
    def codec(self) -> int:
        """Payload type the far end chose from the offer."""
        answer = self._ringing().sdp_answer
        return int(answer.media[0].formats[0]) if answer else -1

    async def put_through(self, timeout: float = GUARD_SECONDS) -> None:
        """Wait for the first packet from the far end: it answers first, and only then connects the line behind it.

        Whoever speaks or presses before that is not heard; a person waits for the greeting. Raises TimeoutError.
        """
        async with asyncio.timeout(timeout):
            while not self.heard.packets:
                await self.listen(PACKET_SECONDS)

    async def hears(self, seconds: float, timeout: float = GUARD_SECONDS) -> None:
        """Wait until so many seconds of voice have come since the answer, pauses not counted. Raises TimeoutError."""
        voiced, looked_at = 0.0, 0  # each packet is looked at once: with many callers, looking costs them their sound
        try:
            async with asyncio.timeout(seconds + timeout):
                while voiced < seconds:
                    new, looked_at = self.heard.packets[looked_at:], len(self.heard.packets)
                    voiced += Recording(packets=new).voiced_seconds()
                    await self.listen(0.1)
        except TimeoutError as error:
            raise TimeoutError(f"heard {voiced:.2f} s of voice, not {seconds}") from error

    async def is_hung_up(self, timeout: float = GUARD_SECONDS) -> None:
        """Wait until the far end has hung up. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self.far_end_left.wait()

    def hang_up(self) -> None:
        """End the call in whatever state it is: CANCEL while it rings, BYE afterwards."""
        call, self._media = self._call, None
        if call is None or self.far_end_left.is_set():
            return
        if call.cancel(self._uac):
            # aiosipua now forgets the call; but the answer may be on its way already, and then wants ACK and BYE.
            call.dialog.state = DialogState.EARLY
            self._uac._calls[call.call_id] = call
            self._is_cancelled = True
        else:
            call.hangup(self._uac)

    async def hold(self, *, on: bool = True) -> None:
        """Put the far end on hold as phones do (re-INVITE, sendonly), or take it back; nothing is sent meanwhile."""
        call = self._ringing()
        self._is_holding = on
        direction = "sendonly" if on else "sendrecv"
        self._uac.send_reinvite(call.dialog, parse_sdp(self._offer(direction)), self._far_end)
        await self.listen(0.3)

    async def say(self, pcm: bytes) -> Spoken:
        """Send audio (format of `voice.audio`) in real time; returns when its last packet was sent."""
        samples = np.frombuffer(from_float(resample(to_float(pcm), 16000, LINE_HZ)), dtype="<i2")
        packets = [samples[i : i + PACKET_SAMPLES] for i in range(0, len(samples), PACKET_SAMPLES)]
        packets[-1] = np.pad(packets[-1], (0, PACKET_SAMPLES - len(packets[-1])))
        sent = [self._queue(self._codec.encode(packet.tobytes())) for packet in packets]
        times = await asyncio.gather(*sent)
        voiced = [at for at, packet in zip(times, packets, strict=True) if _rms(packet) >= VOICED_RMS] or times
        return Spoken(voiced[0], voiced[-1] + PACKET_SECONDS, times[-1])

    async def press(self, keys: str) -> list[float]:
        """Press keys as RFC 4733 events of 100 ms with 100 ms between; returns when each was pressed."""
        done = []
        for key in keys:
            future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            self._keys.put_nowait((key, future))
            done.append(await future)
            await self.listen(0.1)
        return done

    async def listen(self, seconds: float) -> None:
        """Stay on the line, saying nothing."""
        await asyncio.sleep(seconds)

    async def _settle(self) -> None:
        """A CANCEL that crossed the answer is followed by a BYE; and the far end's last word is waited for."""
        if self._call and self._is_cancelled:
            with contextlib.suppress(TimeoutError, RuntimeError):
                await self._call.wait_answered(GUARD_SECONDS)
                self._call.hangup(self._uac)
        await asyncio.sleep(0.02)

    def _ringing(self) -> OutgoingCall:
        if self._call is None:
            raise RuntimeError("dial first")
        return self._call

    def _queue(self, payload: bytes) -> asyncio.Future[float]:
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._outbox.put_nowait((payload, future))
        return future

    async def _send_in_real_time(self) -> None:
        """One packet per 20 ms by an absolute schedule, so that a late one does not delay all that follow."""
        due = time.monotonic()
        while self._media:
            if not self._keys.empty():
                key, done = self._keys.get_nowait()
                due = await self._send_key(key, due)
                if not done.done():
                    done.set_result(time.monotonic())
                continue
            payload, sent = (_ULAW_SILENCE, None) if self._outbox.empty() else self._outbox.get_nowait()
            self._send_audio(payload, is_said=sent is not None)
            if sent and not sent.done():
                sent.set_result(time.monotonic())
            due = await self._next(due)

    def _send_audio(self, payload: bytes, *, is_said: bool) -> None:
        """One packet, or none, or comfort noise, as this phone does it."""
        if self._is_holding:
            return
        if is_said:
            self._quiet_packets, self._said_packets = 0, self._said_packets + 1
            if self._loses and self._said_packets % self._loses == 0:
                return
        elif self._is_mute:
            if self._comfort_noise and self._quiet_packets % _COMFORT_NOISE_PACKETS == 0:
                self._send(_COMFORT_NOISE, b"\x40", self._timestamp)
            self._quiet_packets += 1
            return
        self._send(_PCMU, payload, self._timestamp)

    async def _send_key(self, key: str, due: float) -> float:
        """RFC 4733: growing durations under one timestamp, then the end three times."""
        began = self._timestamp
        for packet in range(1, 8):
            event = DtmfEvent(DTMF_EVENTS[key], packet >= 5, 10, min(packet, 5) * PACKET_SAMPLES)
            self._send(_TELEPHONE_EVENT, event.serialize(), began, marker=int(packet == 1))
            due = await self._next(due)
        return due

    async def _next(self, due: float) -> float:
        self._timestamp = (self._timestamp + PACKET_SAMPLES) % 2**32
        due += PACKET_SECONDS
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        return due

    def _send(self, payload_type: int, payload: bytes, timestamp: int, marker: int = 0) -> None:
        self._sequence = (self._sequence + 1) % 65536
        packet = RtpPacket(payload_type, marker, self._sequence, timestamp, self._ssrc, payload)
        if self._rtp and self._media:
            self._rtp.send(packet, self._media)

    def _offer(self, direction: str = "sendrecv") -> str:
        if self._rtp is None:
            raise RuntimeError("enter the caller first")
        host, port = self._rtp.address
        return (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {self._offers} {_COMFORT_NOISE} {_TELEPHONE_EVENT}\r\na=rtpmap:{_PCMU} PCMU"
            f"/8000\r\na=rtpmap:{_COMFORT_NOISE} CN/8000\r\n"
            f"a=rtpmap:{_TELEPHONE_EVENT} telephone-event/8000\r\na=fmtp:{_TELEPHONE_EVENT} 0-16\r\na={direction}\r\n"
        )

    def _on_bye(self, _call: object, _request: SipMessage) -> None:
        self.far_end_left_at = time.monotonic()
        self.far_end_left.set()
        self._media = None


def _rms(samples: NDArray[np.int16]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
