"""A call from a browser: `voice.line.Line` over one websocket. See `connectors.web.call.calls` for who drives it.

What travels, besides binary frames of PCM in the format of `voice.audio` (up: exactly 20 ms; down: at most 200 ms):

    down {"type": "answered"}                            the call has begun, start the microphone
         {"type": "mark", "id"}                          answer when the loudspeaker has reached this point
         {"type": "flush"}                               drop what is queued
         {"type": "caption", "who": "assistant"|"caller", "text", "dial"?: [number]}
         {"type": "ended", "code", "text"}               the last message; `text` may be empty
    up   {"type": "played", "id"}   {"type": "digit", "key"}   {"type": "hang_up"}
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from base.errors import BadInput
from connectors.web.call.playout import Playout
from voice.audio import FRAME_BYTES, RATE_HZ
from voice.line import Digit, Heard, LineEvent

MAX_HEARD = 250  # 5 s of frames nobody has fetched; then the oldest are lost, keys stay, as on any line
MAX_WAITING_SECONDS = 30.0
MAX_CONTROLS = 100
_PIECE_BYTES = RATE_HZ * 2
_STALL_SECONDS = 8.0
_FLUSH_SECONDS = 1.0
_BAD_AUDIO = "通话的声音格式不对，请刷新页面后再拨。"
_BAD_CONTROL = "通话出了点问题，请刷新页面后再拨。"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a call ended: a code for the log, and a sentence for the caller if they should be told."""

    code: str
    text: str = ""


class Socket(Protocol):
    """The part of aiohttp's WebSocketResponse that a line sends with."""

    async def send_bytes(self, data: bytes) -> None: ...

    async def send_str(self, data: str) -> None: ...


class WebLine:
    """One browser's call. Besides `Line`, the connector feeds it (`take_*`), runs `send` and may `end` it."""

    channel = "web"
    caller: str | None = None

    def __init__(self, socket: Socket) -> None:
        self.id = f"web-{secrets.token_hex(8)}"
        self.returned = False
        self.ending: Ending | None = None
        """Set once the call is over."""
        self._socket = socket
        self._heard: deque[LineEvent] = deque()
        self._controls: deque[str] = deque()
        self._playout = Playout()
        self._flushes = 0
        self._progress_at = 0.0
        self._changed = asyncio.Event()
        self._control("answered")

    # what the call uses

    async def events(self) -> AsyncIterator[LineEvent]:
        while True:
            await self._until(lambda: bool(self._heard))
            if self.ending:
                return
            yield self._heard.popleft()

    async def play(self, pcm: bytes) -> None:
        flushes = self._flushes
        for start in range(0, len(pcm), _PIECE_BYTES):
            await self._until(lambda: self._playout.waiting_seconds < MAX_WAITING_SECONDS)
            if self.ending or flushes != self._flushes:
                return
            self._playout.queue(pcm[start : start + _PIECE_BYTES])
            self._changed.set()

    async def wait_played(self) -> None:
        position = self._playout.queued_bytes
        await self._until(lambda: self._playout.heard_bytes >= position)

    async def flush(self) -> None:
        self._flushes += 1
        mark = self._playout.flush()
        self._note_progress()
        self._control("flush")
        self._control("mark", id=mark)
        try:
            async with asyncio.timeout(_FLUSH_SECONDS):
                await self._until(lambda: self._playout.is_played(mark))
        except TimeoutError:
            return  # a slow network: the browser falls silent when the message arrives, nothing more can be done here

    async def person_is_free(self) -> bool:
        return False  # who calls from the page is called back

    async def hand_over(self) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        self.end("hung_up")

    def caption(self, who: Literal["assistant", "caller"], text: str, *, dial: Sequence[str] = ()) -> None:
        """Show on the page what the assistant says or what was understood. Never waits."""
        self._control("caption", who=who, text=text, **({"dial": list(dial)} if dial else {}))

    # what the connector uses

    def take_audio(self, pcm: bytes) -> None:
        """A binary message from the browser. Raises BadInput unless it is one frame."""
        if len(pcm) != FRAME_BYTES:
            raise BadInput(code="bad_frame", citizen_text=_BAD_AUDIO)
        self._take(Heard(pcm))

    def take_control(self, text: str) -> None:
        """A text message from the browser. Raises BadInput unless it is one of the three we know."""
        match _fields(text):
            case {"type": "played", "id": int(mark)}:
                self._playout.played(mark)
                self._note_progress()
            case {"type": "digit", "key": str(key)} if len(key) == 1 and key in "0123456789*#":
                self._take(Digit(key))
            case {"type": "hang_up"}:
                self.end("caller_hung_up")
            case _:
                raise BadInput(code="bad_control", citizen_text=_BAD_CONTROL)

    async def send(self) -> None:
        """Send what is queued, in order and paced by what was heard, until the call ends. Run as one task."""
        try:
            while not self.ending:
                deadline = self._progress_at + _STALL_SECONDS if self._playout.awaits_client else None
                async with asyncio.timeout_at(deadline):
                    await self._send_next()
        except TimeoutError:
            self.end("client_stalled")
        except ConnectionError:
            self.end("client_gone")

    def end(self, code: str, text: str = "") -> Ending:
        """The call is over: everything that waits on this line returns. Only the first reason counts."""
        if self.ending is None:
            self.ending = Ending(code, text)
            self._changed.set()
        return self.ending

    # inside

    async def _send_next(self) -> None:
        if self._controls:
            await self._socket.send_str(self._controls.popleft())
            return
        awaited_before = self._playout.awaits_client
        chunk = self._playout.next_chunk()
        if chunk is None:
            await self._change()
            return
        if not awaited_before:
            self._note_progress()
        self._control("mark", id=chunk.mark)
        await self._socket.send_bytes(chunk.pcm)

    def _control(self, kind: str, **fields: object) -> None:
        self._controls.append(json.dumps({"type": kind, **fields}, ensure_ascii=False))
        if len(self._controls) > MAX_CONTROLS:
            self.end("client_stalled")
        self._changed.set()

    def _take(self, event: LineEvent) -> None:
        if len(self._heard) >= MAX_HEARD:
            oldest = next((i for i, kept in enumerate(self._heard) if isinstance(kept, Heard)), 0)
            del self._heard[oldest]
        self._heard.append(event)
        self._changed.set()

    def _note_progress(self) -> None:
        self._progress_at = asyncio.get_running_loop().time()
        self._changed.set()

    async def _until(self, is_met: Callable[[], bool]) -> None:
        while not self.ending and not is_met():
            await self._change()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


def _fields(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(code="bad_control", citizen_text=_BAD_CONTROL) from error
