"""Times are turned one way into tables and one way out, by one module."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from base.clock import HERE, as_aware, as_stored, day_here, here
from base.settings import ROOT

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
"""Half past one in the night here."""
_BY_HAND = re.compile(r"ZoneInfo\(|replace\(tzinfo=|datetime\.now\(|utcnow\(|\btimezone\(")


def test_into_a_table_and_out_of_it() -> None:
    kept = as_stored(EVENING.astimezone(timezone(timedelta(hours=-5))))
    assert kept == datetime(2026, 11, 20, 17, 30)
    assert as_aware(kept) == EVENING
    assert as_aware(EVENING.astimezone(HERE)) == EVENING


def test_people_see_the_bureaus_own_time_and_day() -> None:
    for at in (EVENING, as_stored(EVENING), EVENING.astimezone(HERE)):
        assert f"{here(at):%H:%M}" == "01:30"
        assert day_here(at) == date(2026, 11, 21)


def test_nobody_else_turns_them() -> None:
    floors = ("staff", "language", "casework", "knowledge", "voice", "bot", "connectors", "service")
    files = [file for floor in floors for file in sorted((ROOT / floor).rglob("*.py"))]
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        if "components" not in file.parts  # the engine's own, on another Python
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if _BY_HAND.search(line)
    ]
    assert found == []
