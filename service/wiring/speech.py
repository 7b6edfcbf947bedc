"""Hearing and speaking, loaded when the chat answers already: whoever calls meanwhile is greeted with what is recorded,
and waits only for what is not there yet ("请稍等")."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from prometheus_client import Gauge

from base.errors import EngineUnavailable
from voice.audio import RATE_HZ, from_float
from voice.engines import Voices

LOADED = Gauge("yibao_speech_loaded", "1 when nobody who calls waits for a model to be loaded")


async def load(voices: Voices) -> None:
    """Raises EngineUnavailable when it cannot be loaded."""
    LOADED.set(0)
    await voices.load()
    LOADED.set(1)


async def hear_something(voices: Voices) -> None:
    """The first recognition takes longest: ours, not a caller's."""
    utterance = voices.engines.recogniser.utterance()
    utterance.feed(from_float(np.random.default_rng(0).normal(0, 0.05, RATE_HZ).astype(np.float32)))
    with suppress(EngineUnavailable):  # no recogniser: callers will be told
        await utterance.transcript()
    utterance.close()
