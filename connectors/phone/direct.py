"""A SIP line without a PBX: whoever dials it from a softphone on this machine talks to the assistant.

    INVITE ──► codec agreed, RTP opened ──► 200 ──► on_call(line) ──► BYE

For trying out and for tests: no registration, no encryption, loopback only. Queues, agents, trunks and recordings are a
PBX's work (`connectors.phone.connector`); the call itself is the same.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Literal

import structlog
from aiosipua import SipUAS
from aiosipua.incoming_call import IncomingCall
from aiosipua.message import SipRequest, SipResponse
from aiosipua.sdp import MediaDescription
from aiosipua.sdp_negotiate import SdpNegotiationError, negotiate_sdp
from aiosipua.transport import SipTransport

from connectors.phone.rtp import PAYLOAD_TYPES, Rtp, open_rtp
from language.phone_numbers import national
from voice.line import Digit, Heard, Hold, Line, LineEvent

log = structlog.get_logger()

HEARD_LIMIT = 250
"""Frames kept for a reader that is late: 5 s. The oldest go first, keys and holds stay."""
_MOST_QUEUED_SECONDS = 15.0
_NOT_ACCEPTABLE, _BUSY, _UNSUPPORTED = 488, 486, 420

OnCall = Callable[[Line], Awaitable[None]]


class DirectLine:
    """One answered caller: a `voice.line.Line` over RTP."""

    channel = "phone"
    returned = False

    def __init__(self, caller: str | None, hang_up: Callable[[], object]) -> None:
        self.id = f"sip-{secrets.token_hex(8)}"
        self.caller = caller
        self.rtp: Rtp | None = None
        self._hang_up = hang_up
        self._inbox: deque[LineEvent] = deque()
        self._arrived = asyncio.Event()
        self._ended = False
        self._queued = 0

    # what the call uses

    async def events(self) -> AsyncIterator[LineEvent]:
        while not self._ended:
            if self._inbox:
                yield self._inbox.popleft()
            else:
                self._arrived.clear()
                await self._arrived.wait()

    async def play(self, pcm: bytes) -> None:
        while self.rtp and not self._ended and self.rtp.queued_seconds > _MOST_QUEUED_SECONDS:
            await self.rtp.change()
        if self.rtp and not self._ended:
            await self.rtp.queue(pcm)

    async def wait_played(self) -> None:
        while self.rtp and not self._ended and self.rtp.queued_seconds:
            await self.rtp.change()

    async def flush(self) -> None:
        if self.rtp:
            self.rtp.drop()

    def caption(self, who: Literal["caller", "assistant"], text: str, *, dial: Sequence[str] = ()) -> None:
        """A telephone has no screen."""

    async def person_is_free(self) -> bool:
        return False

    async def hand_over(self) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        if not self._ended:
            self.caller_left()
            self._hang_up()

    # what the connector uses

    def caller_left(self) -> None:
        """The call is over. Safe to call twice."""
        self._ended = True
        self._arrived.set()
        if self.rtp:
            self.rtp.close()

    def put_on_hold(self, on: bool) -> None:
        if self.rtp and self.rtp.is_silenced is not on:
            self.rtp.is_silenced = on
            self.take(Hold(on))

    def take(self, event: LineEvent) -> None:
        if len(self._inbox) >= HEARD_LIMIT:
            oldest = next((i for i, kept in enumerate(self._inbox) if isinstance(kept, Heard)), 0)
            del self._inbox[oldest]
        self._inbox.append(event)
        self._arrived.set()


class DirectSip:
    """`run` it as a task; cancelling that task ends every call. `max_calls` at once, more hear the busy tone."""

    def __init__(self, on_call: OnCall, port: int, max_calls: int, host: str = "127.0.0.1") -> None:
        self._on_call, self._max_calls, self._host = on_call, max_calls, host
        self._uas = SipUAS(_Udp(local_addr=(host, port)))
        self._uas.on_invite = self._invited
        self._uas.on_reinvite = self._reinvited
        self._uas.on_bye = self._left
        self._uas.on_ack_timeout = self._left
        self._lines: dict[str, DirectLine] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def calls(self) -> int:
        return len(self._lines)

    @property
    def port(self) -> int:
        return int(self._uas.transport.local_addr[1])

    async def start(self) -> None:
        """From now on calls are taken. Raises OSError when the port is somebody else's."""
        await self._uas.start()

    async def aclose(self) -> None:
        """End every call and free the port."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._uas.stop()

    def _invited(self, call: IncomingCall) -> None:
        if len(self._lines) >= self._max_calls:
            call.reject(_BUSY, "Busy Here")
        elif call.invite.get_header("require"):
            call.reject(_UNSUPPORTED, "Bad Extension")
        elif (audio := _plain_audio(call)) is None:
            call.reject(_NOT_ACCEPTABLE, "Not Acceptable Here")
        else:
            line = self._lines[call.call_id] = DirectLine(national(call.caller), call.hangup)
            task = asyncio.create_task(self._take(call, line, audio), name=f"sip call {line.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take(self, call: IncomingCall, line: DirectLine, audio: MediaDescription) -> None:
        """One caller, from the INVITE to the last trace removed. Never raises."""
        log.info("call_started", call=line.id)
        sending: asyncio.Task[None] | None = None
        try:
            rtp = line.rtp = await open_rtp(
                self._host, lambda pcm: line.take(Heard(pcm)), lambda k: line.take(Digit(k))
            )
            call.accept(self._agree(call, rtp, audio))
            sending = asyncio.create_task(rtp.run(), name=f"sip audio {line.id}")
            await self._on_call(line)
        except SdpNegotiationError:
            call.reject(_NOT_ACCEPTABLE, "Not Acceptable Here")
        except Exception as error:  # the outer edge of the call
            log.error("call_failed", call=line.id, code=getattr(error, "code", type(error).__name__))
        finally:
            await line.hang_up()
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            line.caller_left()
            del self._lines[call.call_id]
            log.info("call_ended", call=line.id)

    def _agree(self, call: IncomingCall, rtp: Rtp, audio: MediaDescription) -> Any:
        """The answer to the offer. Raises SdpNegotiationError."""
        events = next((codec.payload_type for codec in audio.codecs if codec.encoding_name == "telephone-event"), -1)
        offer = call.sdp_offer
        if offer is None or offer.rtp_address is None:
            raise SdpNegotiationError("an offer without an address")
        answer, chosen = negotiate_sdp(offer, self._host, rtp.port, PAYLOAD_TYPES, max(events, 0))
        rtp.agreed(chosen, events, offer.rtp_address)
        return answer

    def _reinvited(self, call: IncomingCall) -> None:
        """Put on hold, or taken back; nothing else is negotiated anew."""
        line, audio = self._lines.get(call.call_id), _plain_audio(call)
        if line is None or line.rtp is None or audio is None:
            call.reject(_NOT_ACCEPTABLE, "Not Acceptable Here")
            return
        try:
            call.accept(self._agree(call, line.rtp, audio))
        except SdpNegotiationError:
            call.reject(_NOT_ACCEPTABLE, "Not Acceptable Here")
        else:
            line.put_on_hold(audio.direction in ("sendonly", "inactive"))

    def _left(self, call: IncomingCall, _request: object = None) -> None:
        if line := self._lines.get(call.call_id):
            line.caller_left()


def _plain_audio(call: IncomingCall) -> MediaDescription | None:
    """The audio that is offered; None for none, or for encrypted audio, of which we have no key."""
    audio = call.sdp_offer.audio if call.sdp_offer else None
    return audio if audio and audio.proto.upper() == "RTP/AVP" else None


class _Udp(SipTransport, asyncio.DatagramProtocol):
    """The library's own asserts a class that asyncio's sockets do not have before Python 3.12."""

    _socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self._socket = transport
        self.local_addr = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._dispatch(data, addr)

    async def start(self) -> None:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=self.local_addr)

    def send(self, message: SipRequest | SipResponse, addr: tuple[str, int]) -> None:
        if self._socket is not None:
            self._socket.sendto(bytes(message), addr)

    async def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
