"""The net under the engine: whatever it does, a turn ends with a sentence, and the next turn can be heard.

An engine that answers nothing twice, or runs away (the same sentence again and again), has lost its way in this
conversation. It is made to begin anew there with everything still open (form, ticket, topic, place), and where that
does not help, with nothing. The citizen hears one plain sentence about it; whoever asks for a person gets one.
"""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import structlog
from cachetools import LRUCache
from prometheus_client import Counter

from base.errors import EngineUnavailable
from base.messages import Command, Reply
from bot.emergency import help_in
from bot.sayings import say
from language.danger import hint_of_danger
from language.person_wanted import wants_person

log = structlog.get_logger()

TROUBLE = Counter("yibao_turn_trouble", "Turns that the dialogue engine did not answer as it should", ("kind",))

_MANY = 3
"""Replies: more are right only where none of them is said twice."""
_SILENT_AT_MOST = 5000


class Trouble(StrEnum):
    """What was wrong with a turn; the label of the metric."""

    DOWN = "down"
    FAILED = "failed"
    EMPTY = "empty"
    RUNAWAY = "runaway"


class Engine(Protocol):
    """What answers in the ordinary case: `bot.engine.RasaClient`."""

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """Possibly nothing. Raises EngineUnavailable."""

    async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """What `reply` would answer, with nothing done; possibly nothing. Raises EngineUnavailable."""

    async def begin_anew(self, sender: str, *, keep: bool) -> None:
        """Forget how this conversation went; with `keep`, what is open in it stays open. Raises EngineUnavailable."""

    async def is_open(self, sender: str) -> bool:
        """Whether something waits for an answer in it. Raises EngineUnavailable."""

    async def take_back(self, sender: str) -> None:
        """As if the last message had not been said. Raises EngineUnavailable."""


class Rescue:
    """Asks the engine; never raises, never returns nothing. For the turns of one conversation one after the other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._silent: LRUCache[str, None] = LRUCache(_SILENT_AT_MOST)

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """The engine's replies, or what is to be said in their place."""
        replies, trouble = await self._asked(sender, text, channel, metadata)
        was_silent = sender in self._silent
        self._silent.pop(sender, None)
        for_person = text == Command.PERSON or wants_person(text)
        match trouble:
            case None:
                return replies
            case Trouble.DOWN:
                transfers = for_person and metadata.get("can_transfer") is True
                danger = hint_of_danger(text)  # nobody else can hear it now
                down = say("utter_transfer" if transfers else "utter_engine_down")
                return [help_in(danger), down] if danger else [down]
            case Trouble.RUNAWAY if not for_person:  # the turn has done something: it is not asked again
                await self._begin_anew(sender, keep=True)
                return [say("utter_say_it_again")]
            case Trouble.EMPTY | Trouble.FAILED if not (was_silent or for_person):
                self._silent[sender] = None
                return [say("utter_trouble")]
        return await self._again(sender, text, channel, metadata)

    async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """What it would answer; nothing where that cannot be told."""
        try:
            return await self._engine.peek(sender, text, channel, metadata)
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)
            return []

    async def is_open(self, sender: str) -> bool:
        """Whether something waits for an answer; in doubt it does."""
        try:
            return await self._engine.is_open(sender)
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)
            return True

    async def take_back(self, sender: str) -> None:
        """As if the last message had not been said; where that cannot be, it was said twice."""
        try:
            await self._engine.take_back(sender)
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)

    async def _again(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        """The same message to a conversation begun anew: first with what was open, then with nothing."""
        for keep in (True, False):
            await self._begin_anew(sender, keep=keep)
            replies, trouble = await self._asked(sender, text, channel, metadata)
            if trouble is None:
                return [say("utter_taken_up_again"), *replies]
        self._silent[sender] = None
        return [say("utter_trouble")]

    async def _asked(
        self, sender: str, text: str, channel: str, metadata: Mapping[str, object]
    ) -> tuple[list[Reply], Trouble | None]:
        trouble: Trouble | None = None
        replies: list[Reply] = []
        try:
            replies = await self._engine.reply(sender, text, channel, metadata)
            trouble = Trouble.EMPTY if not replies else Trouble.RUNAWAY if _runs_away(replies) else None
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)
            trouble = _OF_CODE.get(error.code, Trouble.DOWN)
        except Exception as error:  # the outer edge of a turn: a caller must never meet silence
            log.error("turn_failed", exc_info=error)
            trouble = Trouble.FAILED
        if trouble is not None:
            TROUBLE.labels(trouble).inc()
        return replies, trouble

    async def _begin_anew(self, sender: str, *, keep: bool) -> None:
        log.error("conversation_begun_anew", keep=keep)
        try:
            await self._engine.begin_anew(sender, keep=keep)
        except EngineUnavailable as error:
            log.warning("dialogue_unavailable", code=error.code)


_OF_CODE = {"dialogue_runaway": Trouble.RUNAWAY, "dialogue_turn_failed": Trouble.FAILED}
"""What the engine itself tells of a turn (bot/components/channel.py)."""


def _runs_away(replies: list[Reply]) -> bool:
    return len(replies) > _MANY and max(Counts(reply.text for reply in replies).values()) > 1
