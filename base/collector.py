"""Full rounds of Python's garbage collector come when nobody is on the line.

    collector.rest()                                       # while loading: all of it stays
    collector.settle()                                     # when everything is loaded
    own(stack, every(collector.EVERY_SECONDS, lambda: collector.round_if_due(lambda: not calls.busy), "collector"), …)

A full round looks through all that lives, in the middle of whatever runs: 75 ms with 10,000 published questions that
were read anew since the start (tests/connectors/console/test_lag.py), which a caller hears as a gap. The small ones go
on as ever.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

EVERY_SECONDS = 20.0
_NEVER = 1_000_000_000
_DUE, _OVERDUE = 10, 500
"""Middle rounds since the last full one: as many as Python itself waits for, and when memory comes first."""


def rest() -> None:
    """No rounds until `settle`: looking through what is being loaded, again and again, takes a fifth of the time."""
    gc.disable()


def settle() -> None:
    """What is there now stays and is looked through no more; full rounds only by `round_if_due` from now on."""
    gc.enable()
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


async def round_if_due(is_quiet: Callable[[], bool]) -> None:
    """One full round, if there was enough to do since the last one and it disturbs nobody, or cannot wait."""
    since = gc.get_count()[2]
    if since >= _OVERDUE or (since >= _DUE and is_quiet()):
        gc.collect()
