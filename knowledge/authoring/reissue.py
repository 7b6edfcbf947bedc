"""A new version of a document from a new file: what stays the same clause keeps its id, its history, its quotes.

    reissues = Reissues(database)
    present = await reissues.present("jining-yb-2023-25")               # what citizens are answered from, and `seen`
    parts = [NewPart(was="jining-yb-2023-25.m01", content=…), NewPart(was="", content=…)]
    await reissues.save(document_id, document, parts, seen=present.seen, who="wangfang")   # Conflict, Unsettled

What is saved is a draft: the document, the clauses that changed, new ones, and those that are dropped, one bundle that
is reviewed and published together. Until then the published text answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from knowledge.authoring import bundles, lost_quotes
from knowledge.authoring.bundles import Unsettled
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.editing import Conflict
from knowledge.authoring.lost_quotes import Losing
from knowledge.authoring.models import Item, Kind, Revision, Stage
from knowledge.authoring.versions import PENDING, Overtaken, Version, add_item, add_version, item_of, version_of, which
from knowledge.documents.completeness import squeeze
from knowledge.documents.matching import unnumbered
from staff import audit
from staff.audit import Action

_COUNTED = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Held:
    """A clause as it is now, and the number of its newest version."""

    id: str
    content: ClauseContent
    newest: int


@dataclass(frozen=True, slots=True)
class Present:
    """A document as it is now: what is published of it, or, before anything was, its newest versions in order.

    `pending`: what waits for its review; before it is settled no new version can be saved.
    """

    id: str
    document: DocumentContent
    newest: int
    clauses: tuple[Held, ...]
    pending: tuple[Item, ...]

    @property
    def seen(self) -> dict[str, int]:
        """id → number of the newest version, of the document and its clauses: goes back with the save."""
        return {self.id: self.newest, **{clause.id: clause.newest for clause in self.clauses}}

    def clause(self, clause_id: str) -> Held | None:
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


@dataclass(frozen=True, slots=True)
class NewPart:
    """A clause of the new text, and the id of the clause that it was; "" when it is new."""

    was: str
    content: ClauseContent


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving would do: the versions of known clauses (`before` → `after`), new clauses, and those that go."""

    kept: tuple[tuple[Held, ClauseContent], ...]
    new: tuple[ClauseContent, ...]
    gone: tuple[Held, ...]

    @property
    def changed(self) -> list[tuple[Held, ClauseContent]]:
        return [(held, after) for held, after in self.kept if held.content != after]

    @property
    def renumbered(self) -> list[tuple[Held, ClauseContent]]:
        """Those of the changed whose words are the same: only a number is another, printed or ours."""
        return [(held, after) for held, after in self.changed if is_renumbered(held.content, after)]

    @property
    def moved(self) -> list[tuple[Held, ClauseContent]]:
        """Those of the changed that only stand in another place."""
        return [(held, after) for held, after in self.changed if _said(held.content) == _said(after)]

    @property
    def changes_nothing(self) -> bool:
        return not (self.changed or self.new or self.gone)

    @property
    def texts(self) -> dict[str, str | None]:
        """What each present clause will say; None: nothing."""
        return {
            **{held.id: after.text for held, after in self.kept},
            **{held.id: None for held in self.gone},
        }


def is_renumbered(before: ClauseContent, after: ClauseContent) -> bool:
    """The words are the same, and not the number."""
    words = [(unnumbered(content.heading), unnumbered(content.text)) for content in (before, after)]
    return words[0] == words[1] and _said(before) != _said(after)


def _said(content: ClauseContent) -> tuple[str, str, str]:
    return content.number, content.heading, content.text


def carried(before: ClauseContent, found: ClauseContent) -> ClauseContent:
    """The known clause with the words of the file. What staff gave it stays: kind, tags, audience, days; a heading of
    their own, unless the file prints another; and a number of their own kind (g1 where the importer counts s1-1)."""
    is_same = squeeze(before.text) == squeeze(found.text)
    heading = squeeze(found.heading)
    is_printed_anew = heading in squeeze(found.text) and heading not in squeeze(before.text)
    counts_alike = _COUNTED.sub("", before.number) == _COUNTED.sub("", found.number)
    return before.model_copy(
        update={
            "text": before.text if is_same else found.text,
            "heading": found.heading if is_printed_anew and not is_same else before.heading,
            "number": found.number if counts_alike else before.number,
            "position": found.position,
        }
    )


def plan(present: Present, parts: Sequence[NewPart]) -> Plan:
    """`parts` in the order of the new text; what `was` names must be of the document, each at most once."""
    kept: list[tuple[Held, ClauseContent]] = []
    new: list[ClauseContent] = []
    last = -1
    for part in parts:
        held = present.clause(part.was)
        last = max(last + 1, held.content.position if held else 0)
        content = part.content.model_copy(update={"document": present.id, "position": last})
        if held:
            kept.append((held, carried(held.content, content)))
        else:
            new.append(content)
    known = {held.id for held, _ in kept}
    return Plan(tuple(kept), tuple(new), tuple(held for held in present.clauses if held.id not in known))


class Reissues:
    """New versions of whole documents. One unit of work a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def present(self, document_id: str) -> Present:
        """Raises NoSuchItem."""
        async with self._database.session() as session:
            return await _present(session, document_id)

    async def losing(self, new: Plan) -> list[Losing]:
        """Published answers whose quotes the new text does not hold, and guides that stand on clauses that go."""
        async with self._database.session() as session:
            return await lost_quotes.losing(session, new.texts)

    async def save(
        self,
        document_id: str,
        document: DocumentContent,
        parts: Sequence[NewPart],
        *,
        seen: Mapping[str, int],
        who: str,
        note: str = "",
    ) -> Version:
        """The draft; returns the document's version. Raises Conflict when anything is newer than what was `seen`,
        Unsettled when something else of the document waits for its review."""
        try:
            async with self._database.session() as session:
                present = await _present(session, document_id)
                if newer := _newer(present, seen):
                    raise Conflict(None, await version_of(session, *newer), document)
                if present.pending:
                    raise Unsettled(present.pending)
                return await _save(session, present, document, plan(present, parts), who, note)
        except (Overtaken, IntegrityError) as error:
            async with self._database.session() as session:
                item = await item_of(session, Kind.DOCUMENT, document_id)
                theirs = await version_of(session, Kind.DOCUMENT, document_id, item.newest)
            raise Conflict(None, theirs, document) from error


async def _present(session: AsyncSession, document_id: str) -> Present:
    item = await item_of(session, Kind.DOCUMENT, document_id)
    document = (await version_of(session, Kind.DOCUMENT, document_id, item.published or item.newest)).content
    assert isinstance(document, DocumentContent)
    own = (Item.kind == Kind.CLAUSE, Item.parent == document_id)
    items = list(await session.scalars(select(Item).where(*own).order_by(Item.position, Item.id)))
    rows = await session.execute(
        select(Revision.item_id, Revision.content, Item.newest)
        .join(Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id))
        .where(*own, Revision.version == func.coalesce(Item.published, Item.newest))
        .where(Item.published.is_not(None) if item.published else Item.stage.not_in((Stage.WITHDRAWN, Stage.DISCARDED)))
    )
    clauses = [Held(row.item_id, ClauseContent.model_validate(row.content), row.newest) for row in rows]
    clauses.sort(key=lambda held: (held.content.position, held.id))
    pending = tuple(row for row in (item, *items) if row.stage in PENDING)
    return Present(document_id, document, item.newest, tuple(clauses), pending)


def _newer(present: Present, seen: Mapping[str, int]) -> tuple[Kind, str, int] | None:
    """What somebody saved or took down meanwhile, the document itself before its clauses."""
    newer = [(id, version) for id, version in present.seen.items() if seen.get(id) != version]
    newer += [(id, version) for id, version in seen.items() if id not in present.seen]
    if not newer:
        return None
    return (Kind.DOCUMENT if newer[0][0] == present.id else Kind.CLAUSE, *newer[0])


async def _save(
    session: AsyncSession, present: Present, document: DocumentContent, new: Plan, who: str, note: str
) -> Version:
    number = present.newest + 1
    bundle = bundles.name(present.id, number)
    made = await add_version(
        session, Kind.DOCUMENT, present.id, document, base=present.newest, who=who, note=note, bundle=bundle
    )
    gone = [(held, held.content.model_copy(update={"dropped": True})) for held in new.gone]
    for held, content in [*new.changed, *gone]:
        await add_version(session, Kind.CLAUSE, held.id, content, base=held.newest, who=who, note=note, bundle=bundle)
    for at, content in enumerate(new.new, 1):
        clause_id = f"{present.id}.v{number}-{at:03d}"
        await add_item(session, Kind.CLAUSE, clause_id, content, who=who, note=note, bundle=bundle)
    await _settle_leftovers(session, present)
    counts = f"changed {len(new.changed)}, new {len(new.new)}, dropped {len(new.gone)}"
    audit.note(session, who, Action.SAVED, which(Kind.DOCUMENT, present.id), detail=f"v{number} from a file: {counts}")
    return made


async def _settle_leftovers(session: AsyncSession, present: Present) -> None:
    """New clauses of a version that was sent back are in no version any more: nobody waits for them."""
    rejected = await session.scalars(
        select(Item).where(
            Item.kind == Kind.CLAUSE,
            Item.parent == present.id,
            Item.stage == Stage.REJECTED,
            Item.published.is_(None),
            Item.id.not_in([clause.id for clause in present.clauses]),
        )
    )
    for item in rejected:
        row = await session.scalar(
            select(Revision)
            .where(Revision.kind == Kind.CLAUSE, Revision.item_id == item.id)
            .order_by(Revision.version.desc())
            .limit(1)
        )
        assert row is not None
        row.stage = item.stage = Stage.WITHDRAWN
