"""The text turn: one message in, replies out, whatever happens.

clean → is somebody in danger? → Rasa (which calls back for actions) → replies

Speech enters it after the recogniser and leaves it before the synthesiser; typed messages are the same turn.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.cleaning import clean
from bot.emergency import is_emergency
from bot.sayings import say
from service.errors import BadInput, EngineUnavailable
from service.messages import Reply

log = structlog.get_logger()

MAX_CONVERSATIONS = 5000
_SAY_AGAIN = re.compile(r"再[说讲念]|没听[清见懂]|重复|说[的了]?啥|^[啥么]$|什么$")


class Engine(Protocol):
    """What answers in the ordinary case: `bot.engine.RasaClient`."""

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """Possibly nothing. Raises EngineUnavailable."""


@dataclass(slots=True)
class _Conversation:
    """Its turns go one at a time; `direct` is what we said last if it was said without the engine."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0
    direct: list[Reply] = field(default_factory=list)


class Dialogue:
    """Text turns of all conversations, on the event loop. Never raises and never returns nothing."""

    def __init__(self, engine: Engine, max_conversations: int = MAX_CONVERSATIONS) -> None:
        self._engine = engine
        self._max_conversations = max_conversations
        self._conversations: OrderedDict[str, _Conversation] = OrderedDict()

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        """Answer one message. Messages of one conversation are answered in the order they came."""
        async with self._in_order(conversation_id) as conversation:
            try:
                message = clean(text)
            except BadInput as error:
                conversation.direct = [say(f"utter_{error.code}")]
            else:
                conversation.direct = _without_engine(message, conversation.direct)
            return conversation.direct or await self._ask_engine(conversation_id, message, channel, metadata or {})

    async def _ask_engine(self, sender: str, message: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        try:
            replies = await self._engine.reply(sender, message, channel, metadata)
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)
            return [say("utter_engine_down")]
        except Exception as error:  # the outer edge of a turn: a caller must never meet silence
            log.error("turn_failed", exc_info=error)
            return [say("utter_trouble")]
        return replies or [say("utter_trouble")]

    @asynccontextmanager
    async def _in_order(self, conversation_id: str) -> AsyncIterator[_Conversation]:
        conversation = self._conversations.setdefault(conversation_id, _Conversation())
        self._conversations.move_to_end(conversation_id)
        conversation.turns += 1
        self._forget_idle()
        try:
            async with conversation.lock:
                yield conversation
        finally:
            conversation.turns -= 1

    def _forget_idle(self) -> None:
        """Over the limit, the longest unused conversations without a running turn go."""
        while len(self._conversations) > self._max_conversations:
            idle = next((key for key, value in self._conversations.items() if not value.turns), None)
            if idle is None:
                return
            del self._conversations[idle]


def _without_engine(message: str, said_before: list[Reply]) -> list[Reply]:
    """What must be said at once: to somebody in danger, and again if they did not catch it. Else nothing."""
    if is_emergency(message):
        log.info("emergency")
        return [say("utter_emergency")]
    if said_before and _SAY_AGAIN.search(message):
        return said_before
    return []
