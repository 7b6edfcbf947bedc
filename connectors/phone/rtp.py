"""One call's audio as RTP on a UDP socket of our own: G.711 both ways, keys by RFC 4733.

Out goes a packet every 20 ms from the answer to the end, silence when there is nothing to say: a phone that gets
nothing loses its clock. Back comes 16 kHz PCM in frames of the service's length.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import soxr
from aiortp import RtpPacket
from aiortp.codecs import get_codec
from aiortp.dtmf import DtmfReceiver

from voice.audio import FRAME_BYTES, RATE_HZ, from_float, resample, to_float

PAYLOAD_TYPES = [8, 0]
"""G.711 A-law, which Chinese networks speak, and µ-law."""
LINE_HZ = 8_000
_PACKET_BYTES = LINE_HZ // 50
_PACKET_SECONDS = 0.02
_CATCH_UP_SECONDS = 0.2
"""A stall of ours up to this length is made up for; a phone's buffer takes so much."""
_HALF_OF_SEQUENCE = 0x8000
_STOPPED_PACKETS = 4
"""A phone that has sent nothing for so many packets' time was silent (before `voice.missing_frames` says so)."""


class Rtp(asyncio.DatagramProtocol):
    """Made by `open_rtp`. `on_frame` gets FRAME_BYTES of PCM, `on_key` one of 0-9 * #."""

    def __init__(self, on_frame: Callable[[bytes], None], on_key: Callable[[str], None]) -> None:
        self._on_frame = on_frame
        self._keys = DtmfReceiver(lambda key, _ticks: on_key(key) if key in "0123456789*#" else None)
        self._up = soxr.ResampleStream(LINE_HZ, RATE_HZ, 1, dtype="int16", vr=True)
        """The kind for ratios that vary: it alone gives a packet back for a packet. The others hold back 60 to 100 ms
        and give all of it at once."""
        self._unheard = 0
        self._heard = bytearray()
        self._last_heard: int | None = None
        self._packets: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._to: tuple[str, int] | None = None
        self._events_type = -1
        self._codec = get_codec(PAYLOAD_TYPES[0])
        self._payload_type = PAYLOAD_TYPES[0]
        self._sequence, self._timestamp = random.randrange(1 << 16), random.randrange(1 << 32)
        self._source = random.randrange(1 << 32)
        self.is_silenced = False
        """The far end has us on hold: nothing is sent."""

        self.port = 0
        self._socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self._socket, self.port = transport, transport.get_extra_info("sockname")[1]

    def agreed(self, payload_type: int, events_type: int, to: tuple[str, int]) -> None:
        """What the two sides settled on: one of PAYLOAD_TYPES, the type of telephone events (-1: none), and where the
        far end listens."""
        self._payload_type, self._events_type, self._to = payload_type, events_type, to
        self._codec = get_codec(payload_type)

    # --- out ----------------------------------------------------------------------------------------------------

    @property
    def queued_seconds(self) -> float:
        return len(self._packets) * _PACKET_SECONDS

    async def queue(self, pcm: bytes) -> None:
        """Add PCM of any length behind what is queued."""
        self._packets += await asyncio.to_thread(self._packed, pcm)

    def drop(self) -> None:
        """Nothing of what is queued is sent."""
        self._packets.clear()
        self._tell()

    async def change(self) -> None:
        """Return when packets were sent or dropped."""
        self._changed.clear()
        await self._changed.wait()

    async def run(self) -> None:
        """Send in real time until cancelled; and when the phone stops sending, hear out what it had said."""
        due = time.monotonic()
        while True:
            self._send(self._packets.popleft() if self._packets else self._codec.encode(bytes(2 * _PACKET_BYTES)))
            self._tell()
            self._unheard += 1
            if self._unheard == _STOPPED_PACKETS:
                self._take(bytes(2 * _PACKET_BYTES * _STOPPED_PACKETS))
            due = max(due + _PACKET_SECONDS, time.monotonic() - _CATCH_UP_SECONDS)
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        self._tell()
        if self._socket is not None:
            self._socket.close()

    def _packed(self, pcm: bytes) -> list[bytes]:
        narrow = from_float(resample(to_float(pcm), RATE_HZ, LINE_HZ))
        narrow += bytes(-len(narrow) % (2 * _PACKET_BYTES))
        encoded = self._codec.encode(narrow)
        return [encoded[at : at + _PACKET_BYTES] for at in range(0, len(encoded), _PACKET_BYTES)]

    def _send(self, payload: bytes) -> None:
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._timestamp = (self._timestamp + _PACKET_BYTES) & 0xFFFFFFFF
        if self._socket is not None and self._to is not None and not self.is_silenced:
            packet = RtpPacket(self._payload_type, 0, self._sequence, self._timestamp, self._source, payload)
            self._socket.sendto(packet.serialize(), self._to)

    def _tell(self) -> None:
        self._changed.set()

    # --- in -----------------------------------------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            packet = RtpPacket.parse(data)
            if packet.payload_type == self._events_type:
                self._keys.handle_packet(packet)
        except ValueError:
            return
        if packet.payload_type == self._payload_type and self._is_next(packet.sequence_number):
            self._to = addr  # where it comes from, whatever the phone believes its address to be
            self._unheard = 0
            self._take(self._codec.decode(packet.payload))

    def error_received(self, exc: Exception) -> None:
        """The far end's socket is gone: the call's end comes by SIP."""

    def _is_next(self, number: int) -> bool:
        """What comes twice, or too late to be put in its place, is left out."""
        is_next = self._last_heard is None or 0 < (number - self._last_heard) & 0xFFFF < _HALF_OF_SEQUENCE
        if is_next:
            self._last_heard = number
        return is_next

    def _take(self, narrow: bytes) -> None:
        self._heard += self._up.resample_chunk(np.frombuffer(narrow, dtype="<i2")).tobytes()
        while len(self._heard) >= FRAME_BYTES:
            frame = bytes(self._heard[:FRAME_BYTES])
            del self._heard[:FRAME_BYTES]
            self._on_frame(frame)


async def open_rtp(host: str, on_frame: Callable[[bytes], None], on_key: Callable[[str], None]) -> Rtp:
    """A socket on a free port of `host`. Raises OSError."""
    _, rtp = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Rtp(on_frame, on_key), local_addr=(host, 0)
    )
    return rtp
