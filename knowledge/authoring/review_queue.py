"""What waits for a second pair of eyes, as a list shows it: counted and cut into pages by the database.

page = await ReviewQueue(database).page(kind=Kind.FAQ, number=1)
await ReviewQueue(database).count(not_by="lilei")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, select
from sqlalchemy.orm import aliased

from base.clock import as_aware
from base.database import Database
from knowledge.authoring.models import Approval, Item, Kind, Revision, Stage
from knowledge.models import SEED

_WAITING = (Stage.SUBMITTED, Stage.APPROVED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revision that waits; `approvals` of the `needs` that it needs are there."""

    revision_id: int
    kind: Kind
    title: str
    author: str
    note: str
    stage: Stage
    needs: int
    approvals: int
    created_at: datetime
    count: int
    """How many FAQs of one file it stands for; they are decided about together."""


@dataclass(frozen=True, slots=True)
class Page:
    """`kinds`: how many of each kind wait, whatever the page is narrowed to."""

    rows: Sequence[Waiting]
    total: int
    kinds: dict[Kind, int]


class ReviewQueue:
    """Of a bundle only its document is counted and shown; of the FAQs of a file the first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, kind: Kind | None = None, number: int = 1, page_size: int = 50) -> Page:
        """First submitted first; what came with the project's own files after what colleagues wait for."""
        where = [_is_waiting(), *([Revision.kind == kind] if kind else [])]
        approvals = select(func.count()).where(Approval.revision_id == Revision.id).scalar_subquery()
        wanted = (
            select(Revision.id, Revision.kind, Item.title, Revision.author, Revision.note, Revision.stage)
            .add_columns(Revision.needs, approvals, Revision.created_at, _in_file())
            .join(Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id))
            .where(*where)
            .order_by(case((Revision.author == SEED, 1), else_=0), Revision.id)
            .offset((number - 1) * page_size)
            .limit(page_size)
        )
        counted = select(Revision.kind, func.count()).where(_is_waiting()).group_by(Revision.kind)
        async with self._database.session() as session:
            kinds = {Kind(found): count for found, count in await session.execute(counted)}
            rows = [_row(*row) for row in await session.execute(wanted)]
        return Page(rows, kinds.get(kind, 0) if kind else sum(kinds.values()), kinds)

    async def count(self, *, not_by: str) -> int:
        """How many wait that somebody may decide about: not what they wrote themselves."""
        wanted = select(func.count()).select_from(Revision).where(_is_waiting(), Revision.author != not_by)
        async with self._database.session() as session:
            return await session.scalar(wanted) or 0


def _is_waiting() -> ColumnElement[bool]:
    document = aliased(Revision)
    with_document = exists().where(
        document.bundle == Revision.bundle, document.kind == Kind.DOCUMENT, document.stage.in_(_WAITING)
    )
    earlier = aliased(Revision)
    not_the_first = exists().where(
        earlier.bundle == Revision.bundle,
        earlier.kind == Kind.FAQ,
        earlier.stage.in_(_WAITING),
        earlier.id < Revision.id,
    )
    is_shown = (Revision.kind == Kind.DOCUMENT) | ~with_document
    return Revision.stage.in_(_WAITING) & is_shown & ((Revision.kind != Kind.FAQ) | ~not_the_first)


def _in_file() -> ScalarSelect[int]:
    """How many FAQs wait in the bundle of a revision."""
    other = aliased(Revision)
    same = (other.bundle == Revision.bundle) & (other.kind == Kind.FAQ) & other.stage.in_(_WAITING)
    return select(func.count()).select_from(other).where(same).scalar_subquery()


def _row(
    number: int,
    kind: str,
    title: str,
    author: str,
    note: str,
    stage: str,
    needs: int,
    approvals: int,
    created_at: datetime,
    in_file: int,
) -> Waiting:
    at = as_aware(created_at)
    return Waiting(number, Kind(kind), title, author, note, Stage(stage), needs, approvals, at, max(in_file, 1))
