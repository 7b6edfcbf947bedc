"""Takes every caller that Asterisk sends us, and leaves nothing behind: no channel, no bridge, no task.

    caller's channel ──┐
                       ├── bridge          one task per call: put through → on_call(line) → clean up
    media channel ─────┘
       └── websocket ── AsteriskLine

Wherever we cannot speak ourselves (set-up failed, the call object crashed, the media socket broke, we are shutting
down, a former run left a caller behind), the caller is sent to the dialplan's `maintenance` prompt: no one is left
in silence. More callers than `max_calls` are sent to its `busy` prompt. A caller still ringing when we (re)connect is
taken like any other. The dialplan itself ends the wait of a caller whom nobody takes: until they are put through, their
call may last a few seconds only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial

import structlog

from connectors.phone.ari import Ari, AriError, AriGone, Channel, Connected, Disconnected, Entered, Left, PutOnHold
from connectors.phone.line import AsteriskLine
from language.phone_numbers import national
from voice.line import Line

log = structlog.get_logger()

OnCall = Callable[[Line], Awaitable[None]]
"""Lives through one call: returns when it is over, however it ended."""

_READY_AGENTS = "QUEUE_MEMBER(agents,ready)"
"""Counted at the moment of asking. The queue's own device (Queue:agents_avail) hears of no agent whose time after a
call (wrapuptime) is over, and would call them busy until their phone's next event."""
_JOIN_SECONDS = 5.0
_SETTLE_SECONDS = 0.5


class _Leg:
    """What the event stream tells about one call that is being put through or going on."""

    def __init__(self) -> None:
        self.media_joined = asyncio.Event()
        self.caller_left = False
        self.line: AsteriskLine | None = None

    def leave(self) -> None:
        self.caller_left = True
        if self.line:
            self.line.caller_left()


class PhoneConnector:
    """`run` it as a task; cancelling that task ends every call with the maintenance prompt and cleans up."""

    def __init__(self, ari: Ari, on_call: OnCall, max_calls: int, longest_call_seconds: int = 7200) -> None:
        self.is_connected = False
        """Do callers reach us now?"""

        self._ari = ari
        self._on_call = on_call
        self._max_calls = max_calls
        self._longest_call_seconds = longest_call_seconds
        self._legs: dict[str, _Leg] = {}
        self._bridge_prefix = f"{ari.app}-bridge-"

    @property
    def calls(self) -> int:
        """Calls being put through or going on."""
        return len(self._legs)

    async def run(self) -> None:
        """Take calls until cancelled; survives restarts of Asterisk."""
        async with asyncio.TaskGroup() as tasks, aclosing(self._ari.events()) as events:
            async for event in events:
                match event:
                    case Connected():
                        self.is_connected = True
                        log.info("phone_connected")
                        tasks.create_task(self._clear_leftovers(tasks), name="phone leftovers")
                    case Disconnected():
                        self.is_connected = False
                        log.warning("phone_disconnected")
                    case Entered(channel, ("in", *more)):
                        self._take_in(tasks, channel, returned=bool(more))
                    case Entered(channel):
                        if leg := self._legs.get(self._ari.caller_of(channel.id)):
                            leg.media_joined.set()
                    case PutOnHold(channel, on):
                        if (leg := self._legs.get(channel.id)) and leg.line:
                            leg.line.put_on_hold(on)
                    case Left(channel):
                        if leg := self._legs.get(channel.id):
                            leg.leave()

    def _take_in(self, tasks: asyncio.TaskGroup, caller: Channel, *, returned: bool) -> None:
        tasks.create_task(self._take(caller, returned=returned), name=f"phone call {caller.id}")

    async def _take(self, caller: Channel, *, returned: bool) -> None:
        """One caller, from Asterisk's announcement to the last trace removed. Never raises.

        `returned`: no agent took the call; it was ours before and is never one too many.
        """
        if caller.id in self._legs:
            return  # announced, and found ringing
        if len(self._legs) >= self._max_calls and not returned:
            log.warning("call_refused", call=caller.id, code="all_lines_taken")
            await self._send_on(caller.id, "busy")
            return
        leg = self._legs[caller.id] = _Leg()
        log.info("call_started", call=caller.id)
        onward = "maintenance"
        try:
            async with self._put_through(caller, leg, returned=returned) as line:
                await self._on_call(line)
            onward = line.onward
        except AriGone:
            log.info("call_not_put_through", call=caller.id)  # mostly: hung up while it rang
        except Exception as error:  # the outer edge of the call: whatever it was, the caller must hear something
            log.error("call_failed", call=caller.id, code=getattr(error, "code", type(error).__name__))
        finally:
            del self._legs[caller.id]  # first: whom no agent takes is back before we know that the sending succeeded
            await self._send_on(caller.id, onward)
            log.info("call_ended", call=caller.id, onward=onward)

    @asynccontextmanager
    async def _put_through(self, caller: Channel, leg: _Leg, *, returned: bool) -> AsyncIterator[AsteriskLine]:
        """A line to the caller. They hear ringing until everything behind it stands, so never an empty line."""
        media, bridge = self._ari.media_of(caller.id), self._bridge_prefix + caller.id
        async with AsyncExitStack() as cleanup:
            cleanup.push_async_callback(self._remove, self._ari.destroy_bridge, bridge)
            await self._ari.create_bridge(bridge)
            cleanup.push_async_callback(self._remove, self._ari.hang_up, media)
            connection = await self._ari.create_media_channel(media)
            socket = await self._ari.open_media(connection)
            hang_up = partial(self._remove, self._ari.hang_up, caller.id)
            number = national(caller.caller)
            is_free = partial(self._person_is_free, caller.id)
            line = AsteriskLine(caller.id, number, socket, hang_up, is_free, returned=returned)
            await cleanup.enter_async_context(line)
            async with asyncio.timeout(_JOIN_SECONDS):
                await leg.media_joined.wait()
            await self._ari.limit(caller.id, self._longest_call_seconds)
            await self._ari.answer(caller.id)
            await self._ari.add_to_bridge(bridge, caller.id, media)
            leg.line = line
            if leg.caller_left:
                line.caller_left()
            yield line

    async def _person_is_free(self, caller: str) -> bool:
        """Whether the queue has a member who could take this call now."""
        try:
            return int(await self._ari.value(caller, _READY_AGENTS) or 0) > 0
        except (AriError, ValueError) as error:
            log.warning("agents_unknown", code=getattr(error, "code", "no_number"))
            return False

    async def _send_on(self, caller: str, context: str) -> None:
        """Give the caller to a context of the dialplan, or hang up when there is none or it cannot be done."""
        try:
            if context:
                await self._ari.continue_in_dialplan(caller, context)
                return
        except AriGone:
            return
        except AriError as error:
            log.error("caller_not_sent_on", call=caller, code=error.code)
        await self._remove(self._ari.hang_up, caller)

    async def _remove(self, remove: Callable[[str], Awaitable[None]], what: str) -> None:
        """Remove a channel or bridge; that it is gone already is fine."""
        try:
            await remove(what)
        except AriGone:
            pass
        except AriError as error:
            log.warning("leftover_stays", what=what, code=error.code, status=error.status)

    async def _clear_leftovers(self, tasks: asyncio.TaskGroup) -> None:
        """After a (re)connection: end calls that ended unseen, take callers whom nobody answered, and remove what a
        former run of ours left behind."""
        known = set(self._legs)
        try:
            channels, bridges = await self._ari.channels(), await self._ari.bridges()
        except AriError as error:
            log.warning("leftovers_unknown", code=error.code, status=error.status)
            return
        for gone in known - {channel.id for channel in channels}:
            if leg := self._legs.get(gone):
                leg.leave()
        await asyncio.sleep(_SETTLE_SECONDS)  # whoever came since the connection is announced, and known, by then
        for bridge in bridges:
            if bridge.startswith(self._bridge_prefix) and bridge.removeprefix(self._bridge_prefix) not in self._legs:
                await self._remove(self._ari.destroy_bridge, bridge)
        for channel in channels:
            caller = self._ari.caller_of(channel.id)
            if channel.application != self._ari.app or caller in self._legs:
                continue
            if channel.is_ringing and caller == channel.id:
                log.warning("leftover_taken", channel=channel.id)
                self._take_in(tasks, channel, returned=False)
            else:
                log.warning("leftover_removed", channel=channel.id)
                await self._send_on(channel.id, "maintenance" if caller == channel.id else "")
