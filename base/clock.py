"""The one clock: aware times in the code, UTC without a zone in the tables, the bureau's own time for people.

now: Clock = utc_now           # a test passes another
row.at = as_stored(now())      # into a table
here(row.at), day_here(row.at) # out of it, to be shown
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")
"""All of China; without summer time."""
NEVER = datetime(1970, 1, 1)
"""As stored: before anything that happens here."""
Clock = Callable[[], datetime]
"""The time, aware."""


def utc_now() -> datetime:
    """Aware."""
    return datetime.now(UTC)


def stored_now() -> datetime:
    return as_stored(utc_now())


def as_stored(at: datetime) -> datetime:
    """An aware time as the tables keep it: UTC, naive."""
    return at.astimezone(UTC).replace(tzinfo=None)


def as_aware(at: datetime) -> datetime:
    """A time out of a table, in UTC; an aware one stays."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def here(at: datetime) -> datetime:
    """What the clock on the wall said then; `at` is aware or out of a table."""
    return as_aware(at).astimezone(HERE)


def day_here(at: datetime) -> date:
    """Which day it was here; `at` is aware or out of a table."""
    return here(at).date()


def midnight(day: date) -> datetime:
    """When the day begins here, as the tables keep it."""
    return as_stored(datetime(day.year, day.month, day.day, tzinfo=HERE))
