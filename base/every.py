"""Work that is done again and again, as long as the service runs.

own(stack, every(2.0, outbox.deliver, "outbox"), "outbox")
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from prometheus_client import Counter

from base.tasks import finished

log = structlog.get_logger()

FINISH_SECONDS = 5.0
"""So long a service that ends waits for the round it is in: what the far side has taken would be forgotten."""
FAILURES = Counter("yibao_background_failures_total", "Rounds of background work that failed, by work", ("work",))


async def every(
    seconds: float, job: Callable[[], Coroutine[Any, Any, object]], name: str, *, at_once: bool = True
) -> None:
    """Do `job`, wait `seconds`, and so on until cancelled; `at_once=False` waits first. A round that fails is told in
    the log and does not end the work: the next one is another try. How much a job says it did is told.
    """
    if not at_once:
        await asyncio.sleep(seconds)
    while True:
        try:
            if isinstance(done := await finished(job(), FINISH_SECONDS), int) and done:
                log.info("background_work", work=name, done=done)
        except Exception as error:  # the outer edge of the task: it must not end
            FAILURES.labels(name).inc()
            log.error("background_work_failed", work=name, code=getattr(error, "code", type(error).__name__))
        await asyncio.sleep(seconds)
