"""Puts to use what staff publish about the hotline itself: within seconds, in every process."""

from __future__ import annotations

from base.bureau import BUREAU, Setting, days_off
from base.database import Database
from knowledge.public.settings import published
from knowledge.retrieval.snapshot import current_version
from language import working_days

EVERY_SECONDS = 2.0


class Settings:
    """`look` regularly. What was read last counts on while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database, self._seen = database, -1

    async def look(self) -> None:
        """Read them, if anything was published since the last time."""
        version = await current_version(self._database)
        if version == self._seen:
            return
        found = await published(self._database)
        BUREAU.use(found)
        holidays = found.get(Setting.HOLIDAYS)
        working_days.arrange(days_off(holidays.text) if holidays else {})
        self._seen = version
