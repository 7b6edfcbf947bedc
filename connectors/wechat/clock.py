"""Time as the tables of this channel keep it: UTC, naive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]
NEVER = datetime(1970, 1, 1)


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
