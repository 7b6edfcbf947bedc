"""Where the time of a turn goes: one log line and one set of histograms per answered turn, and no words of anybody."""

from __future__ import annotations

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


def log_turn(call_id: str, channel: str, **stage_seconds: float) -> None:
    """Record one turn; `total` is from the end of the caller's speech to our first audio on the line."""
    TURNS.labels(channel).inc()
    for stage, seconds in stage_seconds.items():
        STAGE_SECONDS.labels(stage).observe(max(seconds, 0.0))
    log.info("turn", call=call_id, **{f"{stage}_ms": round(seconds * 1000) for stage, seconds in stage_seconds.items()})
