"""What became of a turn and where its time went: one object a turn, for tests and the console; one log line and one set
of histograms, which hold no words of anybody."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from prometheus_client import Counter, Histogram

log = structlog.get_logger()

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 4.0, 8.0)
STAGE_SECONDS = Histogram(
    "yibao_turn_stage_seconds",
    "Seconds each stage added between the caller's last word and our first",
    ("stage",),
    buckets=_BUCKETS,
)
TURNS = Counter("yibao_turns_total", "Turns answered on a line", ("channel",))


@dataclass(frozen=True, slots=True)
class Stages:
    """One answered turn. All times in seconds; `total` from the end of the caller's speech to our first audio."""

    wait: float
    recognition: float
    dialogue: float
    synthesis: float
    total: float
    others: tuple[str, ...] = ()
    """What may have been said instead, best first."""

    is_foretold: bool = False
    """The answer was begun before the dialogue had the turn (`voice.ahead`)."""

    is_joined: bool = False
    """The caller went on after we had begun; both halves were answered as one (`voice.halves`)."""


def log_turn(call_id: str, channel: str, stages: Stages) -> None:
    """Record one turn."""
    TURNS.labels(channel).inc()
    seconds = {name: getattr(stages, name) for name in ("wait", "recognition", "dialogue", "synthesis", "total")}
    for stage, value in seconds.items():
        STAGE_SECONDS.labels(stage).observe(max(value, 0.0))
    log.info("turn", call=call_id, **{f"{stage}_ms": round(value * 1000) for stage, value in seconds.items()})
