"""From a draft to the public and back: draft → submitted → approved by a second person → published → taken down.

    review = Review(database)
    await review.submit(revision_id, who="wangfang")
    await review.approve(revision_id, who="lilei")          # raises OwnWork for an author
    await review.publish([revision_id], who="lilei")        # raises CannotPublish with every reason

Publishing raises the knowledge counter in the same transaction; every process polls it and answers from the new text
within seconds. What came with an uploaded document (a bundle) moves together.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base.clock import stored_now
from base.database import Database
from base.errors import ServiceError
from knowledge.authoring import content as contents
from knowledge.authoring import publishing
from knowledge.authoring import tables as live
from knowledge.authoring.models import Approval, Item, Kind, Revision, Stage
from knowledge.authoring.publishing import BrokenQuote, CannotPublish, Problem
from knowledge.authoring.versions import PENDING, NoSuchItem, Version, shown, to_version, which
from staff import audit
from staff.audit import Action

__all__ = ["BrokenQuote", "CannotPublish", "OwnWork", "Problem", "Review", "WrongStage"]

_DROPPED = "文件的新版本里没有这一条。"
_ORDER = {
    Kind.DOCUMENT: 0,
    Kind.FACT: 1,
    Kind.CLAUSE: 2,
    Kind.FAQ: 3,
    Kind.GUIDE: 4,
    Kind.SYNONYM: 5,
    Kind.STAFF_TEXT: 6,
}


class WrongStage(ServiceError):
    """The step does not fit where the revision stands; somebody else was probably quicker."""

    code = "wrong_stage"
    retryable = False
    citizen_text = "这一版的状态已经变了（可能别人先处理了），请刷新后再看。"


class OwnWork(ServiceError):
    """Nobody approves what they wrote, in whole or in part, nor approves twice."""

    code = "own_work"
    retryable = False
    citizen_text = "自己写的或已经审过的内容，要由另一位同事审核。"


class NeedsReason(ServiceError):
    """Rejecting and taking down need a reason."""

    code = "needs_reason"
    retryable = False
    citizen_text = "请写明原因。"


class Review:
    """Every step is one unit of work, with its entry in the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue(self, stages: Sequence[Stage] = (Stage.SUBMITTED, Stage.APPROVED)) -> list[Version]:
        """What waits, oldest first; of a bundle only its document."""
        async with self._database.session() as session:
            rows = await session.scalars(
                select(Revision)
                .where(Revision.stage.in_(stages))
                .options(selectinload(Revision.approvals))
                .order_by(Revision.id)
            )
            waiting = [to_version(row) for row in rows]
        documents = {version.bundle for version in waiting if version.kind is Kind.DOCUMENT}
        return [v for v in waiting if v.kind is Kind.DOCUMENT or v.bundle is None or v.bundle not in documents]

    async def bundle(self, revision_id: int) -> list[Version]:
        """The revision and what moves with it: the document first, then its clauses in order."""
        async with self._database.session() as session:
            return [to_version(row) for row in await _together(session, revision_id, PENDING)]

    async def get(self, revision_id: int) -> Version:
        """Raises NoSuchItem."""
        async with self._database.session() as session:
            return to_version(await _revision(session, revision_id))

    async def submit(self, revision_id: int, *, who: str) -> None:
        """DRAFT → SUBMITTED. Raises WrongStage."""
        await self._move(revision_id, Stage.DRAFT, Stage.SUBMITTED, Action.SUBMITTED, who)

    async def take_back(self, revision_id: int, *, who: str) -> None:
        """SUBMITTED → DRAFT, by the author or whoever sees a slip in time. Raises WrongStage."""
        await self._move(revision_id, Stage.SUBMITTED, Stage.DRAFT, Action.TAKEN_BACK, who)

    async def discard(self, revision_id: int, *, who: str) -> None:
        """DRAFT → DISCARDED: it stays in the history, and what is published stays published. Raises WrongStage."""
        async with self._database.session() as session:
            for row in await _together(session, revision_id, (Stage.DRAFT,)):
                await _set_stage(session, row, Stage.DISCARDED)
                await _show_published(session, row)
                audit.note(session, who, Action.DISCARDED, which(Kind(row.kind), row.item_id), detail=f"v{row.version}")

    async def reject(self, revision_id: int, *, who: str, reason: str) -> None:
        """SUBMITTED or APPROVED → REJECTED, with a reason for the author. Raises WrongStage, NeedsReason."""
        if not reason.strip():
            raise NeedsReason
        async with self._database.session() as session:
            for row in await _together(session, revision_id, (Stage.SUBMITTED, Stage.APPROVED)):
                row.answer_to_author = reason.strip()[:1000]
                await _set_stage(session, row, Stage.REJECTED)
                audit.note(session, who, Action.REJECTED, which(Kind(row.kind), row.item_id), detail=f"v{row.version}")

    async def approve(self, revision_id: int, *, who: str) -> Stage:
        """One more approval; APPROVED when there are enough, which is returned. Raises OwnWork, WrongStage."""
        async with self._database.session() as session:
            stage = Stage.SUBMITTED
            for row in await _together(session, revision_id, (Stage.SUBMITTED,)):
                if who in await _writers(session, row) or who in {a.approver for a in row.approvals}:
                    raise OwnWork
                row.approvals.append(Approval(author=row.author, approver=who, at=_now()))
                if len(row.approvals) >= row.needs:
                    await _set_stage(session, row, Stage.APPROVED)
                stage = Stage(row.stage)
                audit.note(session, who, Action.APPROVED, which(Kind(row.kind), row.item_id), detail=f"v{row.version}")
            return stage

    async def problems(self, revision_ids: Sequence[int]) -> list[Problem]:
        """What publishing these together would be refused for: shown to editor and reviewer before it comes to that.

        Everything is done and undone: the transaction is rolled back.
        """
        found: list[Problem] = []

        async def try_out() -> None:
            async with self._database.session() as session:
                rows = await _all_together(session, revision_ids, PENDING)
                found.extend(await publishing.problems_before(session, rows))
                if not found:
                    await publishing.write(session, rows)
                    found.extend(await publishing.problems_after(session, _items(rows)))
                raise _TriedOut

        with suppress(_TriedOut):
            await try_out()
        return found

    async def publish(self, revision_ids: Sequence[int], *, who: str, withdraw_broken: bool = False) -> list[Version]:
        """APPROVED → PUBLISHED, all of them or none. Raises CannotPublish, WrongStage.

        A clause whose new text no longer holds what published answers quote is refused, unless the answers' new
        versions are published with it, or `withdraw_broken` takes those answers down in the same moment.
        """
        async with self._database.session() as session:
            rows = await _all_together(session, revision_ids, (Stage.APPROVED,))
            refused = await publishing.problems_before(session, rows)
            changed = _items(rows)
            if not refused:
                await publishing.write(session, rows)
                for broken in await publishing.withdraw_broken(session, _items(rows)) if withdraw_broken else ():
                    changed.append((Kind.FAQ, broken.item_id))
                    gone = which(Kind.FAQ, broken.item_id)
                    audit.note(
                        session, who, Action.UNPUBLISHED, gone, detail=f"{broken.jurisdiction} {broken.clause_id}"
                    )
                refused = await publishing.problems_after(session, _items(rows))
            if refused:
                raise CannotPublish(refused)
            for row in rows:
                await _publish_revision(session, row)
                audit.note(session, who, Action.PUBLISHED, which(Kind(row.kind), row.item_id), detail=f"v{row.version}")
            await live.raise_version(session, changed)
            return [to_version(row) for row in rows]

    async def unpublish(self, kind: Kind, item_id: str, *, who: str, reason: str) -> None:
        """Take it down at once. Raises NeedsReason, WrongStage (it is not public), CannotPublish (answers quote it)."""
        if not reason.strip():
            raise NeedsReason
        async with self._database.session() as session:
            item = await session.get(Item, (kind, item_id))
            if item is None:
                raise NoSuchItem
            row = await _published(session, kind, item_id)
            if row is None:
                raise WrongStage
            row.answer_to_author = reason.strip()[:1000]
            row.stage = Stage.WITHDRAWN
            item.published = None
            if item.newest == row.version or item.stage == Stage.PUBLISHED:
                item.stage = Stage.WITHDRAWN
            await live.take_down(session, kind, item_id)
            if refused := await publishing.problems_after(session, [(kind, item_id)]):
                raise CannotPublish(refused)
            await live.raise_version(session, [(kind, item_id)])
            audit.note(session, who, Action.UNPUBLISHED, which(kind, item_id), detail=f"v{row.version}")

    async def _move(self, revision_id: int, before: Stage, after: Stage, what: Action, who: str) -> None:
        async with self._database.session() as session:
            for row in await _together(session, revision_id, (before,)):
                await _set_stage(session, row, after)
                audit.note(session, who, what, which(Kind(row.kind), row.item_id), detail=f"v{row.version}")


class _TriedOut(Exception):
    """Ends a trial: nothing of it is kept."""


async def _revision(session: AsyncSession, revision_id: int) -> Revision:
    found: Revision | None = await session.scalar(
        select(Revision).where(Revision.id == revision_id).options(selectinload(Revision.approvals))
    )
    if found is None:
        raise NoSuchItem
    return found


async def _together(session: AsyncSession, revision_id: int, stages: Sequence[Stage]) -> list[Revision]:
    """The revision and the rest of its bundle, those that are in `stages`. Raises WrongStage when it is not itself."""
    asked = await _revision(session, revision_id)
    if asked.stage not in stages:
        raise WrongStage
    if asked.bundle is None:
        return [asked]
    rows = await session.scalars(
        select(Revision)
        .where(Revision.bundle == asked.bundle, Revision.stage.in_(stages))
        .options(selectinload(Revision.approvals))
    )
    return sorted(rows, key=_in_order)


async def _all_together(session: AsyncSession, revision_ids: Sequence[int], stages: Sequence[Stage]) -> list[Revision]:
    """Everything that moves with any of these, each once, documents before clauses before what quotes them."""
    found: dict[int, Revision] = {}
    for revision_id in revision_ids:
        found |= {row.id: row for row in await _together(session, revision_id, stages)}
    return sorted(found.values(), key=_in_order)


def _items(rows: Sequence[Revision]) -> list[publishing.Changed]:
    return [(Kind(row.kind), row.item_id) for row in rows]


def _in_order(row: Revision) -> tuple[int, str, int]:
    return _ORDER[Kind(row.kind)], row.item_id, row.id


async def _set_stage(session: AsyncSession, row: Revision, stage: Stage) -> None:
    row.stage = stage
    await session.execute(
        update(Item)
        .where(Item.kind == row.kind, Item.id == row.item_id, Item.newest == row.version)
        .values(stage=stage, updated_at=_now())
    )
    await session.flush()


async def _show_published(session: AsyncSession, row: Revision) -> None:
    """Lists show what citizens are answered from again, where there is such a thing."""
    published = await _published(session, Kind(row.kind), row.item_id)
    if published is None:
        return
    content = contents.parse(Kind(row.kind), published.content)
    await session.execute(
        update(Item)
        .where(Item.kind == row.kind, Item.id == row.item_id, Item.newest == row.version)
        .values(stage=Stage.PUBLISHED, author=published.author, **shown(content))
    )


async def _writers(session: AsyncSession, row: Revision) -> set[str]:
    """Everybody who wrote at it since it was last published."""
    before = await _published(session, Kind(row.kind), row.item_id)
    since = before.version if before else 0
    authors = await session.scalars(
        select(Revision.author).where(
            Revision.kind == row.kind,
            Revision.item_id == row.item_id,
            Revision.version > since,
            Revision.version <= row.version,
        )
    )
    return set(authors)


async def _published(session: AsyncSession, kind: Kind, item_id: str) -> Revision | None:
    found: Revision | None = await session.scalar(
        select(Revision)
        .where(Revision.kind == kind, Revision.item_id == item_id, Revision.stage == Stage.PUBLISHED)
        .options(selectinload(Revision.approvals))
    )
    return found


async def _publish_revision(session: AsyncSession, row: Revision) -> None:
    before = await _published(session, Kind(row.kind), row.item_id)
    if before is not None and before.id != row.id:
        before.stage = Stage.REPLACED
    row.published_at = _now()
    is_dropped = bool(row.content.get("dropped"))
    if is_dropped:
        row.answer_to_author = _DROPPED
    await _set_stage(session, row, Stage.WITHDRAWN if is_dropped else Stage.PUBLISHED)
    item = await session.get_one(Item, (row.kind, row.item_id))
    item.published = None if is_dropped else row.version


def _now() -> datetime:
    return stored_now()
