"""What moves together: the version of a document and the versions of its clauses that came with it.

A bundle is a name on revisions (`Revision.bundle`). A document's first upload bears its id, every new version of its
text the id and the number of the document's version: `jining-yb-2023-25@4`. So the document's history says which
clauses changed with which version, and taking the document back takes them back.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.errors import ServiceError
from knowledge.authoring import content as contents
from knowledge.authoring.content import ClauseContent, Content
from knowledge.authoring.models import Item, Kind, Revision
from knowledge.authoring.versions import PENDING, Version, add_version, item_of, version_of


class Unsettled(ServiceError):
    """Something of the document waits for its review: a version of the whole would run over it. `items`: what."""

    code = "unsettled"
    retryable = False
    citizen_text = "这份文件里还有没发布的修改。请先发布或者放弃它们，再做这一步。"

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(", ".join(item.id for item in items))
        self.items = tuple(items)


def name(document_id: str, version: int) -> str:
    """The bundle of a document's version."""
    return f"{document_id}@{version}"


async def roll_back(
    session: AsyncSession, document_id: str, to: int, *, base: int, who: str, note: str = ""
) -> Version:
    """The document as it was in version `to`, with the clauses that came, changed and went in versions since.

    What staff changed in single clauses apart from those versions stays. Raises NoSuchItem, Overtaken, Unsettled.
    """
    old = await version_of(session, Kind.DOCUMENT, document_id, to)
    clauses = await _clauses_then(session, document_id, to)
    bundle = name(document_id, base + 1) if clauses else None
    made = await add_version(
        session, Kind.DOCUMENT, document_id, old.content, base=base, who=who, note=note, bundle=bundle
    )
    for item, content in clauses:
        await add_version(session, Kind.CLAUSE, item.id, content, base=item.newest, who=who, note=note, bundle=bundle)
    return made


async def _clauses_then(session: AsyncSession, document_id: str, to: int) -> list[tuple[Item, Content]]:
    """The clauses that later versions touched, with what they said before."""
    found = []
    for clause_id, since in (await _touched(session, document_id, to)).items():
        item = await item_of(session, Kind.CLAUSE, clause_id)
        newest = await version_of(session, Kind.CLAUSE, clause_id, item.newest)
        if newest.stage in PENDING and not _is_of(newest.bundle, document_id):
            raise Unsettled([item])
        then = await _public_before(session, clause_id, since) or _dropped(newest.content)
        if newest.stage in PENDING or then != await _public(session, item, newest):
            found.append((item, then))
    return found


async def _touched(session: AsyncSession, document_id: str, to: int) -> dict[str, int]:
    """Clause id → its first version that came with a version of the document after `to`, on air or on the way."""
    rows = await session.scalars(
        select(Revision)
        .where(Revision.kind == Kind.CLAUSE, Revision.bundle.startswith(f"{document_id}@", autoescape=True))
        .where(or_(Revision.published_at.is_not(None), Revision.stage.in_(PENDING)))
        .order_by(Revision.version.desc())
    )
    return {row.item_id: row.version for row in rows if int(str(row.bundle).rpartition("@")[2]) > to}


async def _public_before(session: AsyncSession, clause_id: str, version: int) -> Content | None:
    data = await session.scalar(
        select(Revision.content)
        .where(Revision.kind == Kind.CLAUSE, Revision.item_id == clause_id, Revision.version < version)
        .where(Revision.published_at.is_not(None))
        .order_by(Revision.version.desc())
        .limit(1)
    )
    return contents.parse(Kind.CLAUSE, data) if data else None


async def _public(session: AsyncSession, item: Item, newest: Version) -> Content:
    if item.published is None:
        return _dropped(newest.content)
    return (await version_of(session, Kind.CLAUSE, item.id, item.published)).content


def _dropped(content: Content) -> Content:
    assert isinstance(content, ClauseContent)
    return content.model_copy(update={"dropped": True})


def _is_of(bundle: str | None, document_id: str) -> bool:
    return (bundle or "").partition("@")[0] == document_id
