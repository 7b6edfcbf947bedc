"""What is fixed or published is synthesised before anybody asks, while nobody is on a line."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog

from base.clock import utc_now
from base.settings import Settings
from base.tenant import TENANT
from bot import sayings
from bot.actions.server import local_today
from bot.flows import wording
from knowledge.answering.answer import Assistant
from knowledge.answering.usual import usual_spoken
from knowledge.insight.statistics import Statistics
from service.wiring.calls import Calls
from voice.engines import Voices

log = structlog.get_logger()

USUAL = 20
"""Beginnings of answers that are made before anything else: half of what callers ask is about so few matters."""
_ASKED_IN = timedelta(days=90)


async def speak_ahead(
    settings: Settings, voices: Voices, assistant: Assistant, statistics: Statistics, calls: Calls
) -> None:
    """First the prompts and how the answers begin that are asked for most, then how all begin, then the rest; what
    leads through an errand goes before the answers, for it is heard in every one."""
    began, pace = time.monotonic(), settings.pace
    pieces = await usual_pieces(settings, voices, assistant, statistics, USUAL)
    made = await voices.speaker.prepare_pieces(pieces, pace, busy=lambda: calls.busy)
    log.info("speech_usual_prepared", made=made, of=len(pieces), seconds=round(time.monotonic() - began, 1))
    texts = [*voices.prompts.texts(), *sayings.fixed_spoken(), *wording.fixed_spoken()]
    texts += await assistant.fixed_spoken(local_today())
    made = await voices.speaker.prepare(texts, pace, busy=lambda: calls.busy)
    log.info("speech_prepared", made=made)


async def usual_pieces(
    settings: Settings, voices: Voices, assistant: Assistant, statistics: Statistics, count: int
) -> list[str]:
    """Every piece of the prompts, and the beginnings of the `count` answers that are asked for most."""
    now = utc_now()
    asked = [topic.key for topic in await statistics.topics(now - _ASKED_IN, now)]
    known = (await assistant.search()).index.snapshot
    usual = usual_spoken(known, TENANT.jurisdiction, local_today(), asked)
    prompts = [piece for text in voices.prompts.texts() for piece in voices.speaker.sentences(text)]
    return [*dict.fromkeys(prompts), *voices.speaker.beginnings(usual)[:count]]
