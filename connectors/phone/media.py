"""The media socket of one call: Asterisk's chan_websocket protocol, typed. No timing here, see `playout`.

Audio is PCM in the format of `voice.audio` both ways, in binary messages. Ours must hold whole frames, since
Asterisk drops a partial one at a message's end, and stay under 65 kB, since a longer one ends the channel.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import structlog

from voice.audio import FRAME_BYTES
from voice.line import Digit, Heard

log = structlog.get_logger()

MESSAGE_BYTES = 50 * FRAME_BYTES
"""Longest message we send: 1 s, 32 kB."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Everything sent before mark `number` was played out."""

    number: int


@dataclass(frozen=True, slots=True)
class QueueFull:
    """Asterisk holds 18 s of our audio; it silently drops what comes after 20 s."""


MediaEvent = Heard | Digit | Marked | QueueFull


class MediaSocket:
    """Sends never raise: a socket that is gone is noticed by the one who reads `events`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def events(self) -> AsyncIterator[MediaEvent]:
        """What Asterisk sends, until the socket closes for whatever reason. The reader must never wait long:
        Asterisk's own audio thread would wait with it."""
        unframed = bytearray()
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                unframed += message.data
                while len(unframed) >= FRAME_BYTES:
                    yield Heard(bytes(unframed[:FRAME_BYTES]))
                    del unframed[:FRAME_BYTES]
            elif message.type is aiohttp.WSMsgType.TEXT and (event := parse_media_event(message.data)):
                yield event

    async def send(self, pcm: bytes) -> None:
        """Queue whole frames, at most MESSAGE_BYTES."""
        try:
            await self._socket.send_bytes(pcm)
        except ConnectionError:
            log.debug("media_socket_gone")

    async def mark(self, number: int) -> None:
        """Ask for `Marked(number)` when all that was sent before was played out. A flush drops the request."""
        await self._command(command="MARK_MEDIA", correlation_id=str(number))

    async def flush(self) -> None:
        """Drop what Asterisk has queued. No event confirms it: send a mark behind it."""
        await self._command(command="FLUSH_MEDIA")

    async def aclose(self) -> None:
        await self._socket.close()

    async def _command(self, **fields: str) -> None:
        try:
            await self._socket.send_str(json.dumps(fields))  # over 128 bytes Asterisk would ignore it
        except ConnectionError:
            log.debug("media_socket_gone")


def parse_media_event(text: str) -> Digit | Marked | QueueFull | None:
    """One JSON message → the event, None for those that tell us nothing."""
    try:
        message = json.loads(text)
        match message["event"]:
            case "DTMF_END":
                # ARI reports the same key press again; only this one is used, being in order with the audio.
                return Digit(str(message["digit"]))
            case "MEDIA_MARK_PROCESSED":
                return Marked(int(message["correlation_id"]))
            case "MEDIA_XOFF":
                return QueueFull()
            case "ERROR":
                log.warning("media_error")
    except (ValueError, KeyError, TypeError):
        log.warning("media_event_not_understood")
    return None
