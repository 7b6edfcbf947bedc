"""Puts to use the texts that staff publish (`base.staff_texts`): within seconds, in every process."""

from __future__ import annotations

from base.database import Database
from base.staff_texts import STAFF_TEXTS, StaffText, days_off
from knowledge.public.staff_texts import published
from knowledge.retrieval.snapshot import current_version
from language.calendar import working_days

EVERY_SECONDS = 2.0


class StaffTextsInUse:
    """`look` regularly. What was read last counts on while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database, self._seen = database, -1

    async def look(self) -> None:
        """Read them, if anything was published since the last time."""
        version = await current_version(self._database)
        if version == self._seen:
            return
        found = await published(self._database)
        STAFF_TEXTS.use(found)
        holidays = found.get(StaffText.HOLIDAYS)
        working_days.arrange(days_off(holidays.text) if holidays else {})
        self._seen = version
