"""The search over what is published now: read once, renewed in the background when any process publishes.

current = CurrentSearch(database, encoder)
await current.refresh()
search = await current.get()          # at most VERSION_CHECK_SECONDS behind the database
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import structlog

from base.database import Database
from base.errors import EngineUnavailable
from knowledge.retrieval import snapshot
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.index import Encoder, Vectors
from knowledge.retrieval.search import Search

log = structlog.get_logger()

VERSION_CHECK_SECONDS = 1.0
_REBUILD_PATIENCE_SECONDS = 3.0


class CurrentSearch:
    """One per process, used on one event loop; close with `aclose`."""

    def __init__(
        self, database: Database, encoder: Encoder, weights: ranking.Weights | None = None, keep_in: Path | None = None
    ) -> None:
        """`keep_in`: a folder for the vectors of what is published."""
        self._database, self._vectors, self._weights = database, Vectors(encoder, keep_in), weights
        self._search: Search | None = None
        self._checked_at = 0.0
        self._rebuilding: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """True once something can be found."""
        return self._search is not None

    async def aclose(self) -> None:
        """Stop a rebuild that is under way."""
        if self._rebuilding is not None:
            self._rebuilding.cancel()
            await asyncio.gather(self._rebuilding, return_exceptions=True)

    async def refresh(self) -> None:
        """Read the published knowledge and build the index; the old one serves meanwhile."""
        if self._rebuilding is None or self._rebuilding.done():
            self._rebuilding = asyncio.create_task(self._rebuild(), name="knowledge rebuild")
        await asyncio.shield(self._rebuilding)

    async def get(self) -> Search:
        """The search as it is now. A rebuild is waited for, but not long: then the old one answers once more. Raises
        EngineUnavailable before the first `refresh`."""
        now = time.monotonic()
        if self._search is not None and now - self._checked_at >= VERSION_CHECK_SECONDS:
            self._checked_at = now
            if await snapshot.current_version(self._database) != self._search.index.snapshot.version:
                await asyncio.wait([asyncio.ensure_future(self.refresh())], timeout=_REBUILD_PATIENCE_SECONDS)
        if self._search is None:
            raise EngineUnavailable("knowledge not loaded")
        return self._search

    async def _rebuild(self) -> None:
        before = self._search
        if before is None:
            known = await snapshot.read(self._database)
            self._search = await asyncio.to_thread(
                lambda: Search(known, self._vectors, self._weights or ranking.load_weights())
            )
        else:
            known = await snapshot.read_again(self._database, before.index.snapshot)
            self._search = await asyncio.to_thread(before.renewed, known)
        log.info("knowledge_ready", version=known.version, topics=len(known.topics), clauses=len(known.clauses))
        if self._search.index.is_patchwork:
            self._search = await asyncio.to_thread(self._search.rebuilt)
