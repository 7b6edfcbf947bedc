"""How fit the knowledge is: gaps that a document answers by now, documents that end soon, guides with holes.

health = Health(database, gaps)
found = await health.look()        # at once; what takes seconds is worked out in the background and kept
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from base.clock import day_here, utc_now
from base.database import Database
from knowledge.authoring.gaps import Filled, Gaps
from knowledge.authoring.models import Item, Kind, Stage
from knowledge.models import Document, KnowledgeState

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """A document on air, and its last day: past, or within `SOON`."""

    document_id: str
    title: str
    doc_no: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Fitness:
    """`answerable` is None while it is being worked out."""

    answerable: Sequence[Filled] | None
    ending: Sequence[Ending]
    holed_guides: int


class Health:
    """One per console. `today` is passed in so that a test can choose the day."""

    def __init__(
        self, database: Database, gaps: Gaps | None, today: Callable[[], date] = lambda: day_here(utc_now())
    ) -> None:
        self._database, self._gaps, self._today = database, gaps, today
        self._version = -1
        self._answerable: Sequence[Filled] | None = None
        self._working: asyncio.Task[None] | None = None

    async def look(self) -> Fitness:
        """What is known now; begins to work out what a newer state of the knowledge made old."""
        async with self._database.session() as session:
            version = await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0
            ending = await session.execute(
                select(Document.id, Document.title, Document.doc_no, Document.valid_until)
                .where(Document.live, Document.valid_until.is_not(None), Document.valid_until <= self._today() + SOON)
                .order_by(Document.valid_until)
            )
            holed = await session.scalar(
                select(func.count()).where(
                    Item.kind == Kind.GUIDE, Item.missing > 0, Item.stage.not_in((Stage.WITHDRAWN, Stage.DISCARDED))
                )
            )
            endings = [Ending(*row[:3], last) for row in ending if (last := row[3]) is not None]
        if version != self._version and (self._working is None or self._working.done()):
            self._working = asyncio.create_task(self._work_out(version), name="answerable gaps")
        return Fitness(self._answerable if version == self._version else None, endings, holed or 0)

    async def aclose(self) -> None:
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work_out(self, version: int) -> None:
        self._answerable = await self._gaps.answerable() if self._gaps else []
        self._version = version
