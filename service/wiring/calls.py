"""Every call of the service, whichever line it came on: shared engines, a count, a gauge, and who is told that it is
over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

import structlog
from prometheus_client import Gauge

from base.messages import Reply
from service.wiring.timeline import told
from voice.call import Call, Engines
from voice.dialogue import Dialogue
from voice.line import Line
from voice.turn_log import Stages

log = structlog.get_logger()

ACTIVE = Gauge("yibao_calls_active", "Calls going on now")


class Errands(Protocol):
    """`bot.flows.manager.Errands`, as far as a call needs it."""

    def picked_up(self, conversation: str, caller: str | None) -> None: ...
    async def hung_up(self, conversation: str, *, handed_over: bool = False) -> None: ...
    async def take_back(self, conversation: str) -> None: ...


class Calls:
    """`take` is what connectors call for each line they answer."""

    def __init__(
        self,
        dialogue: Dialogue,
        engines: Engines,
        errands: Errands,
        *ended: Callable[[str], Awaitable[None]],
        note: Callable[[str, str, str], None] = lambda _conversation, _channel, _words: None,
    ) -> None:
        """`errands` and each of `ended` are told when a call is over: whoever was proven in it is not any more. `note`:
        where staff read how a turn went (conversation, channel, words)."""
        self._dialogue, self._engines, self._errands, self._ended = dialogue, engines, errands, ended
        self._note = note
        self.active = 0

    @property
    def busy(self) -> bool:
        """Whether anybody is on a line: work that can wait then waits."""
        return self.active > 0

    async def take(self, line: Line) -> None:
        """One call, from answer to hang-up."""
        self.active += 1
        ACTIVE.set(self.active)
        dialogue = _Followed(self._dialogue, self._errands)
        self._errands.picked_up(line.id, line.caller)
        try:
            await Call(line, dialogue, self._engines, partial(self._note_turn, line)).run()
        finally:
            self.active -= 1
            ACTIVE.set(self.active)
            await self._over(line.id, handed_over=dialogue.hands_over)

    def _note_turn(self, line: Line, stages: Stages) -> None:
        self._note(line.id, line.channel, told(stages))

    async def _over(self, line_id: str, *, handed_over: bool) -> None:
        hung_up: Callable[[str], Awaitable[None]] = partial(self._errands.hung_up, handed_over=handed_over)
        for ended in (hung_up, *self._ended):
            try:
                await ended(line_id)
            except Exception as error:  # the outer edge of a call; proof runs out by itself in half an hour
                log.error("call_end_not_noted", kind=type(error).__name__)


class _Followed:
    """The dialogue of one call, of which is known whether its last answer gave the caller to a person."""

    def __init__(self, dialogue: Dialogue, errands: Errands) -> None:
        self._dialogue, self._errands = dialogue, errands
        self.hands_over = False

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        replies = await self._dialogue.reply(conversation_id, text, channel, metadata)
        self.hands_over = any(reply.transfer for reply in replies)
        return replies

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        return await self._dialogue.peek(conversation_id, text, channel, metadata)

    async def is_open(self, conversation_id: str) -> bool:
        return await self._dialogue.is_open(conversation_id)

    async def take_back(self, conversation_id: str) -> None:
        self.hands_over = False
        await self._errands.take_back(conversation_id)
        await self._dialogue.take_back(conversation_id)
