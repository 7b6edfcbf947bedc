"""Staff write: every save is a new version with its author and time; nothing is overwritten, nothing is lost.

    editing = Editing(database)
    open_ = await editing.open(Kind.CLAUSE, "jining-yb-2023-25.m01")
    await editing.save(Kind.CLAUSE, open_.id, content, base=open_.version, who="wangfang")   # raises Conflict

What is saved is a draft; `knowledge.authoring.review` brings it to the public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from base.clock import as_aware
from base.database import Database
from base.errors import ServiceError
from knowledge.authoring import bundles
from knowledge.authoring import content as contents
from knowledge.authoring.content import ClauseContent, Content, DocumentContent
from knowledge.authoring.models import Item, Kind, Revision, Stage
from knowledge.authoring.versions import (
    Overtaken,
    Version,
    add_item,
    add_version,
    item_of,
    new_id,
    to_version,
    version_of,
    which,
)
from staff import audit
from staff.audit import Action


@dataclass(frozen=True, slots=True)
class Opened:
    """What an editor starts from: `version` goes back with the save. `published` is what citizens are answered from."""

    kind: Kind
    id: str
    version: int
    content: Content
    stage: Stage
    published: Version | None
    newest: Version


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list."""

    kind: Kind
    id: str
    title: str
    parent: str
    places: tuple[str, ...]
    stage: Stage
    newest: int
    published: int | None
    missing: int
    author: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """`total` items match; `items` are those of the page."""

    total: int
    items: Sequence[Listed]


class Conflict(ServiceError):
    """Somebody else saved meanwhile. Nothing was overwritten: here are theirs, yours, and what both started from."""

    code = "conflict"
    retryable = False
    citizen_text = "您编辑期间，别人已经保存了新版本。请对照两份内容，合并后再保存。"

    def __init__(self, base: Version | None, theirs: Version, yours: Content) -> None:
        super().__init__()
        self.base, self.theirs, self.yours = base, theirs, yours

    def is_sent_twice(self, who: str) -> bool:
        """What was saved meanwhile is the same, by the same person: a form that came a second time."""
        return self.theirs.author == who and self.theirs.content == self.yours


class Editing:
    """All writing of staff, and looking at what was written. One unit of work a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self,
        kind: Kind,
        *,
        text: str = "",
        stage: Stage | None = None,
        place: str = "",
        parent: str = "",
        page: int = 1,
        page_size: int = 50,
    ) -> Page:
        """A page of a list; `text` is looked for literally, every word of it, in all of the newest version's text.

        Clauses come in the order of their documents, settings in their own, everything else newest first.
        """
        wanted = [Item.kind == kind, *(Item.words.contains(word, autoescape=True) for word in text.split()[:8])]
        # A draft that was given up before it was ever published is found only by who looks for such.
        wanted.append(Item.stage == stage if stage else Item.stage != Stage.DISCARDED)
        if place:
            wanted.append(Item.place.contains(f" {place} ", autoescape=True))
        if parent:
            wanted.append(Item.parent == parent)
        has_order = kind in (Kind.CLAUSE, Kind.STAFF_TEXT)
        order = (Item.parent, Item.position, Item.id) if has_order else (Item.updated_at.desc(), Item.id)
        return await self._page(wanted, order, page, page_size)

    async def _page(self, wanted: list[ColumnElement[bool]], order: Sequence[Any], page: int, page_size: int) -> Page:
        async with self._database.session() as session:
            total = await session.scalar(select(func.count()).select_from(Item).where(*wanted)) or 0
            rows = await session.scalars(
                select(Item).where(*wanted).order_by(*order).offset((max(page, 1) - 1) * page_size).limit(page_size)
            )
            return Page(total, [_listed(row) for row in rows])

    async def open(self, kind: Kind, item_id: str) -> Opened:
        """Raises NoSuchItem. Starts from the newest version, or, when that was taken down, from it all the same; when
        it was a draft that was given up, from what is published."""
        async with self._database.session() as session:
            item = await item_of(session, kind, item_id)
            newest = await version_of(session, kind, item_id, item.newest)
            published = await version_of(session, kind, item_id, item.published) if item.published else None
        if newest.stage is Stage.DISCARDED and published is not None:
            newest = published
        return Opened(kind, item_id, item.newest, newest.content, newest.stage, published, newest)

    async def newest(self, kind: Kind, item_ids: Sequence[str]) -> dict[str, Content]:
        """id → what its newest version says; ids that are not known are left out. For a page's worth of ids."""
        wanted = (
            select(Revision.item_id, Revision.content)
            .join(
                Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id) & (Item.newest == Revision.version)
            )
            .where(Revision.kind == kind, Revision.item_id.in_(item_ids))
        )
        async with self._database.session() as session:
            rows = await session.execute(wanted)
            return {row.item_id: contents.parse(kind, row.content) for row in rows}

    async def history(self, kind: Kind, item_id: str) -> list[Version]:
        """Every version, newest first. Raises NoSuchItem."""
        async with self._database.session() as session:
            await item_of(session, kind, item_id)
            rows = await session.scalars(
                select(Revision)
                .where(Revision.kind == kind, Revision.item_id == item_id)
                .options(selectinload(Revision.approvals))
                .order_by(Revision.version.desc())
            )
            return [to_version(row) for row in rows]

    async def create(self, kind: Kind, content: Content, *, who: str, note: str = "", item_id: str = "") -> Version:
        """A new item, as a draft. Raises Conflict when there is one with this id: the form came a second time."""
        item_id = item_id or new_id(kind)
        try:
            async with self._database.session() as session:
                return await add_item(session, kind, item_id, content, who=who, note=note)
        except IntegrityError as error:
            raise await self._conflict(kind, item_id, 0, content) from error

    async def create_document(
        self,
        document: DocumentContent,
        clauses: Sequence[ClauseContent],
        *,
        who: str,
        note: str = "",
        document_id: str = "",
    ) -> Version:
        """An uploaded document with its clauses: a bundle, reviewed and published together through the document.

        The clauses' own `document` is ignored: they become clauses of this one. Returns the document's version. Raises
        Conflict when there is one with this id.
        """
        document_id = document_id or new_id(Kind.DOCUMENT)
        try:
            return await self._add_document(document_id, document, clauses, who=who, note=note)
        except IntegrityError as error:
            raise await self._conflict(Kind.DOCUMENT, document_id, 0, document) from error

    async def _add_document(
        self, document_id: str, document: DocumentContent, clauses: Sequence[ClauseContent], *, who: str, note: str
    ) -> Version:
        async with self._database.session() as session:
            made = await add_item(session, Kind.DOCUMENT, document_id, document, who=who, note=note, bundle=document_id)
            for position, clause in enumerate(clauses):
                own = clause.model_copy(update={"document": document_id, "position": position})
                clause_id = f"{document_id}.{position + 1:03d}"
                await add_item(session, Kind.CLAUSE, clause_id, own, who=who, note=note, bundle=document_id)
            return made

    async def save(self, kind: Kind, item_id: str, content: Content, *, base: int, who: str, note: str = "") -> Version:
        """A new version on top of version `base`. Raises Conflict when `base` is no longer the newest, NoSuchItem."""
        try:
            async with self._database.session() as session:
                return await add_version(session, kind, item_id, content, base=base, who=who, note=note)
        except (Overtaken, IntegrityError) as error:
            raise await self._conflict(kind, item_id, base, content) from error

    async def roll_back(self, kind: Kind, item_id: str, to: int, *, base: int, who: str) -> Version:
        """A new version with the content of version `to`; like every version it is reviewed before it is published.

        A document comes back with its clauses. Raises Conflict, NoSuchItem, Unsettled.
        """
        note = f"恢复到第{to}版"
        async with self._database.session() as session:
            old = await version_of(session, kind, item_id, to)
        try:
            async with self._database.session() as session:
                if kind is Kind.DOCUMENT:
                    made = await bundles.roll_back(session, item_id, to, base=base, who=who, note=note)
                else:
                    made = await add_version(session, kind, item_id, old.content, base=base, who=who, note=note)
        except (Overtaken, IntegrityError) as error:
            raise await self._conflict(kind, item_id, base, old.content) from error
        await audit.note_alone(self._database, who, Action.ROLLED_BACK, which(kind, item_id), detail=f"v{to}")
        return made

    async def _conflict(self, kind: Kind, item_id: str, base: int, yours: Content) -> Conflict:
        async with self._database.session() as session:
            item = await item_of(session, kind, item_id)
            theirs = await version_of(session, kind, item_id, item.newest)
            started = await version_of(session, kind, item_id, base) if 1 <= base <= item.newest else None
        return Conflict(started, theirs, yours)


def _listed(row: Item) -> Listed:
    return Listed(
        kind=Kind(row.kind),
        id=row.id,
        title=row.title,
        parent=row.parent,
        places=tuple(row.place.split()),
        stage=Stage(row.stage),
        newest=row.newest,
        published=row.published,
        missing=row.missing,
        author=row.author,
        updated_at=as_aware(row.updated_at),
    )
