"""Staff write: every save is a new version with its author and time; nothing is overwritten, nothing is lost.

    editing = Editing(database)
    open_ = await editing.open(Kind.CLAUSE, "jining-yb-2023-25.m01")
    await editing.save(Kind.CLAUSE, open_.id, content, base=open_.version, who="wangfang")   # raises Conflict

What is saved is a draft; `knowledge.review` brings it to the public.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from casework import audit
from casework.audit import Action
from knowledge import content as contents
from knowledge.backoffice_models import Item, Kind, Revision, Stage
from knowledge.content import ClauseContent, Content, DocumentContent, FaqContent, GuideContent
from service.database import Database
from service.errors import ServiceError

PENDING = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED)
"""Stages of a revision that a newer one takes over."""
_NEEDS = {Kind.FACT: 2}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item, as history shows it. Times are aware, UTC."""

    revision_id: int
    kind: Kind
    item_id: str
    version: int
    stage: Stage
    content: Content
    author: str
    note: str
    answer_to_author: str
    approvers: tuple[str, ...]
    needs: int
    bundle: str | None
    created_at: datetime
    published_at: datetime | None

    @property
    def title(self) -> str:
        return contents.title_of(self.content)


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


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. `before`/`after` are text, "" where there was none; the console marks words in them."""

    path: str
    before: str
    after: str


class NoSuchItem(ServiceError):
    """The id is not known."""

    code = "no_such_item"
    retryable = False
    citizen_text = "没有找到这一条，可能已被撤下。"


class Conflict(ServiceError):
    """Somebody else saved meanwhile. Nothing was overwritten: here are theirs, yours, and what both started from."""

    code = "conflict"
    retryable = False
    citizen_text = "您编辑期间，别人已经保存了新版本。请对照两份内容，合并后再保存。"

    def __init__(self, base: Version | None, theirs: Version, yours: Content) -> None:
        super().__init__()
        self.base, self.theirs, self.yours = base, theirs, yours


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

        Clauses come in the order of their documents, everything else newest first.
        """
        wanted = [Item.kind == kind, *(Item.words.contains(word, autoescape=True) for word in text.split()[:8])]
        if stage:
            wanted.append(Item.stage == stage)
        if place:
            wanted.append(Item.place.contains(f" {place} ", autoescape=True))
        if parent:
            wanted.append(Item.parent == parent)
        order = (Item.parent, Item.position, Item.id) if kind is Kind.CLAUSE else (Item.updated_at.desc(), Item.id)
        return await self._page(wanted, order, page, page_size)

    async def _page(self, wanted: list[ColumnElement[bool]], order: Sequence[Any], page: int, page_size: int) -> Page:
        async with self._database.session() as session:
            total = await session.scalar(select(func.count()).select_from(Item).where(*wanted)) or 0
            rows = await session.scalars(
                select(Item).where(*wanted).order_by(*order).offset((max(page, 1) - 1) * page_size).limit(page_size)
            )
            return Page(total, [_listed(row) for row in rows])

    async def open(self, kind: Kind, item_id: str) -> Opened:
        """Raises NoSuchItem. Starts from the newest version, or, when that was taken down, from it all the same."""
        async with self._database.session() as session:
            item = await _item(session, kind, item_id)
            newest = await version_of(session, kind, item_id, item.newest)
            published = await version_of(session, kind, item_id, item.published) if item.published else None
        return Opened(kind, item_id, item.newest, newest.content, newest.stage, published, newest)

    async def history(self, kind: Kind, item_id: str) -> list[Version]:
        """Every version, newest first. Raises NoSuchItem."""
        async with self._database.session() as session:
            await _item(session, kind, item_id)
            rows = await session.scalars(
                select(Revision)
                .where(Revision.kind == kind, Revision.item_id == item_id)
                .options(selectinload(Revision.approvals))
                .order_by(Revision.version.desc())
            )
            return [to_version(row) for row in rows]

    async def create(self, kind: Kind, content: Content, *, who: str, note: str = "", item_id: str = "") -> Version:
        """A new item, as a draft."""
        async with self._database.session() as session:
            return await add_item(session, kind, item_id or _new_id(kind), content, who=who, note=note)

    async def create_document(
        self, document: DocumentContent, clauses: Sequence[ClauseContent], *, who: str, note: str = ""
    ) -> Version:
        """An uploaded document with its clauses: a bundle, reviewed and published together through the document.

        The clauses' own `document` is ignored: they become clauses of this one. Returns the document's version.
        """
        document_id = _new_id(Kind.DOCUMENT)
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
        except (_Overtaken, IntegrityError) as error:
            raise await self._conflict(kind, item_id, base, content) from error

    async def roll_back(self, kind: Kind, item_id: str, to: int, *, base: int, who: str) -> Version:
        """A new version with the content of version `to`; like every version it is reviewed before it is published."""
        async with self._database.session() as session:
            old = await version_of(session, kind, item_id, to)
        made = await self.save(kind, item_id, old.content, base=base, who=who, note=f"恢复到第{to}版")
        await audit.note_alone(self._database, who, Action.ROLLED_BACK, which(kind, item_id), detail=f"v{to}")
        return made

    async def _conflict(self, kind: Kind, item_id: str, base: int, yours: Content) -> Conflict:
        async with self._database.session() as session:
            item = await _item(session, kind, item_id)
            theirs = await version_of(session, kind, item_id, item.newest)
            started = await version_of(session, kind, item_id, base) if 1 <= base <= item.newest else None
        return Conflict(started, theirs, yours)


def changes(before: Content | None, after: Content) -> list[FieldChange]:
    """The fields that differ, in the order of the form; lists are compared by position, long texts left whole."""
    old = dict(_flat("", before.to_json())) if before else {}
    new = dict(_flat("", after.to_json()))
    paths = list(new) + [path for path in old if path not in new]
    return [
        FieldChange(path, old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def _flat(path: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _flat(f"{path}.{name}".lstrip("."), inner)]
    if isinstance(value, list) and all(isinstance(inner, str) for inner in value):
        return [(path, "\n".join(value))]
    if isinstance(value, list):
        return [pair for number, inner in enumerate(value) for pair in _flat(f"{path}.{number}", inner)]
    if isinstance(value, bool):
        return [(path, "是" if value else "否")]
    return [(path, "" if value is None else str(value))]


class _Overtaken(Exception):
    """`base` is not the newest version any more."""


async def add_item(
    session: AsyncSession,
    kind: Kind,
    item_id: str,
    content: Content,
    *,
    who: str,
    note: str = "",
    bundle: str | None = None,
) -> Version:
    """A new item with its first version, in the caller's unit of work."""
    now = _now()
    session.add(Item(kind=kind, id=item_id, newest=1, stage=Stage.DRAFT, author=who, updated_at=now, **shown(content)))
    await session.flush()
    revision = _revision(kind, item_id, 1, content, who, note, bundle, now)
    session.add(revision)
    await session.flush()
    audit.note(session, who, Action.SAVED, which(kind, item_id), detail="v1")
    return to_version(revision)


async def add_version(
    session: AsyncSession, kind: Kind, item_id: str, content: Content, *, base: int, who: str, note: str = ""
) -> Version:
    """The next version, in the caller's unit of work. Raises NoSuchItem and, inside this module, _Overtaken."""
    if not isinstance(content, contents.TYPES[kind]):
        raise TypeError(f"{kind} cannot hold {type(content).__name__}")
    await _item(session, kind, item_id)
    now = _now()
    taken = await session.execute(
        update(Item)
        .where(Item.kind == kind, Item.id == item_id, Item.newest == base)
        .values(newest=base + 1, stage=Stage.DRAFT, author=who, updated_at=now, **shown(content))
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise _Overtaken
    before = await _row(session, kind, item_id, base)
    bundle = before.bundle if before.stage in (*PENDING, Stage.REJECTED) else None
    if before.stage in PENDING:
        before.stage = Stage.REPLACED
    revision = _revision(kind, item_id, base + 1, content, who, note, bundle, now)
    session.add(revision)
    await session.flush()
    audit.note(session, who, Action.SAVED, which(kind, item_id), detail=f"v{base + 1}")
    return to_version(revision)


async def version_of(session: AsyncSession, kind: Kind, item_id: str, number: int) -> Version:
    """Raises NoSuchItem."""
    return to_version(await _row(session, kind, item_id, number))


def to_version(row: Revision) -> Version:
    """`row` with its approvals loaded."""
    return Version(
        revision_id=row.id,
        kind=Kind(row.kind),
        item_id=row.item_id,
        version=row.version,
        stage=Stage(row.stage),
        content=contents.parse(Kind(row.kind), row.content),
        author=row.author,
        note=row.note,
        answer_to_author=row.answer_to_author,
        approvers=tuple(approval.approver for approval in row.approvals),
        needs=row.needs,
        bundle=row.bundle,
        created_at=row.created_at.replace(tzinfo=UTC),
        published_at=row.published_at.replace(tzinfo=UTC) if row.published_at else None,
    )


def shown(content: Content) -> dict[str, Any]:
    """The columns of `Item` that come from the content."""
    text = " ".join(value for _, value in _flat("", content.to_json()) if value)
    places, parent, position, missing = [getattr(content, "jurisdiction", "")], "", 0, 0
    if isinstance(content, FaqContent):
        places, parent = [answer.jurisdiction for answer in content.answers], content.group
    if isinstance(content, ClauseContent):
        places, parent, position = [], content.document, content.position
    if isinstance(content, GuideContent):
        missing = len(contents.missing_elements(content))
        every = [statement for name in contents.ELEMENTS for statement in content.element(name)]
        places = sorted({statement.scope for statement in every})
    return {
        "title": contents.title_of(content),
        "words": text,
        "place": f" {' '.join(places)} "[:200],
        "parent": parent,
        "position": position,
        "missing": missing,
    }


def which(kind: Kind, item_id: str) -> str:
    """How the audit log names an item."""
    return f"{kind.value}/{item_id}"


def _revision(
    kind: Kind, item_id: str, number: int, content: Content, who: str, note: str, bundle: str | None, now: datetime
) -> Revision:
    return Revision(
        kind=kind,
        item_id=item_id,
        version=number,
        content=content.to_json(),
        stage=Stage.DRAFT,
        author=who,
        note=note[:500],
        answer_to_author="",
        needs=_NEEDS.get(kind, 1),
        bundle=bundle,
        created_at=now,
        approvals=[],
    )


async def _item(session: AsyncSession, kind: Kind, item_id: str) -> Item:
    found = await session.get(Item, (kind, item_id), populate_existing=True)
    if found is None:
        raise NoSuchItem
    return found


async def _row(session: AsyncSession, kind: Kind, item_id: str, number: int) -> Revision:
    found: Revision | None = await session.scalar(
        select(Revision)
        .where(Revision.kind == kind, Revision.item_id == item_id, Revision.version == number)
        .options(selectinload(Revision.approvals))
    )
    if found is None:
        raise NoSuchItem
    return found


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
        updated_at=row.updated_at.replace(tzinfo=UTC),
    )


def _new_id(kind: Kind) -> str:
    return f"{kind.value}-{secrets.token_hex(5)}"


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
