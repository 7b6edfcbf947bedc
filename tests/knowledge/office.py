"""A bureau with all of the project's knowledge, for tests told as staff live them."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import numpy as np

from base.database import Database
from knowledge.authoring.content import ClauseContent, DocumentContent, FaqContent
from knowledge.authoring.editing import Editing
from knowledge.authoring.importing import import_seed
from knowledge.authoring.models import Kind
from knowledge.authoring.review import Review
from knowledge.authoring.versions import Version
from knowledge.retrieval import snapshot
from knowledge.retrieval.index import Encoder, Floats
from knowledge.retrieval.search import SentenceEncoder
from tests.tables import make_tables

JINING_25 = "jining-yb-2023-25"
WANG, LI, ZHAO = "wangfang", "lilei", "zhaomin"
"""An editor, and two reviewers."""


async def make_template(folder: Path) -> Path:
    """A database file with the seed knowledge, to be worked with or copied."""
    return copied(await asyncio.to_thread(seeded), folder / "template.db")


@cache
def seeded() -> Path:
    """A database file with the seed knowledge, made once a run (seconds): tests copy it. Not on a running loop."""
    folder = Path(tempfile.mkdtemp(prefix="yibao-seeded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "seeded.db"

    async def make() -> None:
        async with opened(file) as database:
            await make_tables(database)
            await import_seed(database, lambda line: None)

    asyncio.run(make())
    return file


class Remembering:
    """An encoder that works out each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Floats] = {}

    def encode(self, texts: list[str]) -> Floats:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= zip(new, self._encoder.encode(new), strict=True)
        return np.stack([self._known[text] for text in texts]) if texts else self._encoder.encode(texts)


@cache
def remembering_encoder() -> Encoder:
    """The project's own, one for all tests of a run: each would spend seconds on the same texts."""
    return Remembering(SentenceEncoder())


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        yield database
    finally:
        await database.aclose()


def copied(template: Path, to: Path) -> Path:
    return Path(shutil.copy(template, to))


class Office:
    """The steps that most stories share."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.editing = Editing(database)
        self.review = Review(database)

    async def clause(self, clause_id: str) -> ClauseContent:
        content = (await self.editing.open(Kind.CLAUSE, clause_id)).content
        assert isinstance(content, ClauseContent)
        return content

    async def faq(self, faq_id: str) -> FaqContent:
        content = (await self.editing.open(Kind.FAQ, faq_id)).content
        assert isinstance(content, FaqContent)
        return content

    async def document(self, document_id: str) -> DocumentContent:
        content = (await self.editing.open(Kind.DOCUMENT, document_id)).content
        assert isinstance(content, DocumentContent)
        return content

    async def save(self, kind: Kind, item_id: str, content: object, *, who: str = WANG) -> Version:
        """Save on top of whatever is newest."""
        base = (await self.editing.open(kind, item_id)).version
        return await self.editing.save(kind, item_id, content, base=base, who=who)  # type: ignore[arg-type]

    async def approve(self, *versions: Version, by: str = LI) -> None:
        """Submit and approve."""
        for version in versions:
            await self.review.submit(version.revision_id, who=version.author)
            await self.review.approve(version.revision_id, who=by)

    async def publish(self, *versions: Version, by: str = LI) -> Sequence[Version]:
        """Submit, approve and publish together."""
        await self.approve(*versions, by=by)
        return await self.review.publish([version.revision_id for version in versions], who=by)

    async def on_air(self) -> snapshot.Snapshot:
        """What citizens are answered from now."""
        return await snapshot.read(self.database)
