"""Versions of what staff write, as they are stored: each with its author and time, none ever overwritten.

`knowledge.authoring.editing` is what staff do with them, `knowledge.authoring.review` brings them to the public.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base.clock import as_aware, stored_now
from base.errors import ServiceError
from base.staff_texts import StaffText
from knowledge.authoring import content as contents
from knowledge.authoring.content import ClauseContent, Content, FaqContent, GuideContent, StaffTextContent
from knowledge.authoring.models import Item, Kind, Revision, Stage
from staff import audit
from staff.audit import Action

PENDING = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED)
"""Stages of a revision that a newer one takes over."""
_NEEDS = {Kind.FACT: 2}
_KEY = re.compile("[0-9a-f]{10}")


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


class Overtaken(Exception):
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
    session: AsyncSession,
    kind: Kind,
    item_id: str,
    content: Content,
    *,
    base: int,
    who: str,
    note: str = "",
    bundle: str | None = None,
) -> Version:
    """The next version, in the caller's unit of work; without a `bundle` in that of the version that it takes over.
    Raises NoSuchItem and Overtaken."""
    if not isinstance(content, contents.TYPES[kind]):
        raise TypeError(f"{kind} cannot hold {type(content).__name__}")
    await item_of(session, kind, item_id)
    now = _now()
    taken = await session.execute(
        update(Item)
        .where(Item.kind == kind, Item.id == item_id, Item.newest == base)
        .values(newest=base + 1, stage=Stage.DRAFT, author=who, updated_at=now, **shown(content))
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Overtaken
    before = await _row(session, kind, item_id, base)
    if bundle is None and before.stage in (*PENDING, Stage.REJECTED):
        bundle = before.bundle
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
        created_at=as_aware(row.created_at),
        published_at=as_aware(row.published_at) if row.published_at else None,
    )


def shown(content: Content) -> dict[str, Any]:
    """The columns of `Item` that come from the content."""
    text = " ".join(value for _, value in _flat("", content.to_json()) if value)
    places, parent, position, missing = [getattr(content, "jurisdiction", "")], "", 0, 0
    if isinstance(content, FaqContent):
        places, parent = [answer.jurisdiction for answer in content.answers], content.group
    if isinstance(content, ClauseContent):
        places, parent, position = [], content.document, content.position
    if isinstance(content, StaffTextContent):
        position = list(StaffText).index(content.setting)
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


async def item_of(session: AsyncSession, kind: Kind, item_id: str) -> Item:
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


def new_id(kind: Kind, key: str = "") -> str:
    """An id that is free; with a `key` (`new_key`) always the same one, so that a form sent twice makes one item."""
    return f"{kind.value}-{key if _KEY.fullmatch(key) else new_key()}"


def new_key() -> str:
    """What a form carries that makes something new."""
    return secrets.token_hex(5)


def _now() -> datetime:
    return stored_now()
