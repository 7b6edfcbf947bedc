"""The caller's end of a call, whatever it is: a phone behind Asterisk, a browser softphone, a scripted test caller."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """20 ms of what the caller's side sent: PCM in the format of `voice.audio`, FRAME_BYTES long."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Digit:
    """One key the caller pressed: 0-9, * or #."""

    key: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The caller put us on hold (to take another call, to fetch a card), or (`on` false) took us back."""

    on: bool


LineEvent = Heard | Digit | Hold


class Line(Protocol):
    """One answered call. Made by a connector, used by exactly one `voice.call.Call`, on the event loop.

    None of the methods may raise because the caller hung up: after a hang-up `play` and `flush` do nothing,
    and `wait_played` returns at once. A fault of the line itself (media socket lost) counts as a hang-up.
    """

    id: str
    """Names the call in logs. Never a phone number."""

    caller: str | None
    """The calling number if the network gave one that can be called back (`language.phone_numbers.national`). Personal
    data: never logged."""

    channel: str
    """"phone" or "web"."""

    returned: bool
    """The caller was given to a person on this call before, and nobody took it."""

    async def person_is_free(self) -> bool:
        """Whether `hand_over` would find somebody now. False for a line that has nobody behind it."""

    async def hand_over(self) -> None:
        """Give the caller to a person: for us the call ends; if nobody takes it, it comes back `returned`."""

    def events(self) -> AsyncIterator[LineEvent]:
        """What comes from the caller, in order and in real time, until the call ends. Iterated once.

        A caller whose phone sends nothing (no RTP, comfort noise) yields nothing: that is silence, and whoever
        waits for it needs a clock of its own (`voice.missing_frames`).
        """

    async def play(self, pcm: bytes) -> None:
        """Queue audio of any length behind what is already queued; returns when it is queued (which may take
        as long as the line needs to accept it), not when it was heard."""

    async def wait_played(self) -> None:
        """Return when everything queued so far was played out, or flushed, or the call ended."""

    async def flush(self) -> None:
        """Drop everything queued and silence the line at once (barge-in). Returns when it is silent."""

    def caption(self, who: Literal["caller", "assistant"], text: str, *, dial: Sequence[str] = ()) -> None:
        """Show what was understood or is being said, where the caller has a screen; a phone does nothing.
        `dial`: numbers that the caller is to be able to dial at once."""

    async def hang_up(self) -> None:
        """End the call; `events` then ends. Safe to call twice or after the caller has gone."""
