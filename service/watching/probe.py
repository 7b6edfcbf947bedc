"""A real question to the dialogue once a minute: an engine that takes messages and answers none is not healthy.

It goes to the engine as a citizen's would, through Rasa and the knowledge, in a conversation of its own that begins
anew each time. It leaves nothing behind: no statistics, no unanswered question, nothing a member of staff would see.
"""

from __future__ import annotations

import asyncio

import structlog
from prometheus_client import Gauge

from base.errors import EngineUnavailable, ServiceError
from bot.rescue import Engine
from bot.sayings import say

log = structlog.get_logger()

CHANNEL = CONVERSATION = "probe"
"""Of every question asked from here; what keeps count leaves it out."""
QUESTION = "异地就医怎么备案"
_EVERY_SECONDS, _AGAIN_SECONDS = 60.0, 10.0
_ENOUGH = 3
"""Replies: more than these to one question are none."""
_EXCUSES = {"", say("utter_trouble").text, ServiceError.citizen_text, EngineUnavailable.citizen_text}
"""What is said where there is no answer."""

ANSWERS = Gauge("yibao_dialogue_answers", "1 if the last question of the health check was answered, else 0")


class Probe:
    """Whether a question is answered. `run` it in the background; until the first answer is in, it says no."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.answers = False

    async def run(self) -> None:
        """Ask again and again, sooner after a failure, until cancelled. The first question is `ask`ed before."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS if self.answers else _AGAIN_SECONDS)
            await self.ask()

    async def ask(self) -> None:
        """One question. Never raises."""
        try:
            await self._engine.begin_anew(CONVERSATION, keep=False)
            replies = await self._engine.reply(CONVERSATION, QUESTION, CHANNEL, {})
            answered = 0 < len(replies) <= _ENOUGH and not {reply.text for reply in replies} & _EXCUSES
            failed = "" if answered else "no_answer"
        except EngineUnavailable as error:
            answered, failed = False, error.code
        if not answered:
            log.error("probe_not_answered", code=failed)
        self.answers = answered
        ANSWERS.set(answered)
