"""What is on air, as citizens may read it: documents clause by clause, and where a statement stands.

published = Published(database)
await published.document("jining-yb-2023-25")          # None when there is none, or it was taken down
await published.cited(["jining-yb-2023-25.m08"])       # clause id -> document, 文号, label, year
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from base.database import Database
from knowledge.answering.composing import label
from knowledge.models import Clause, Document, Jurisdiction
from knowledge.retrieval.normalise import Vocabulary, vocabulary
from knowledge.retrieval.snapshot import published_synonyms

_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list. `place` is the id, `place_name` the name of where it holds."""

    id: str
    title: str
    doc_no: str
    issuer: str
    issue_date: date
    place: str
    place_name: str


@dataclass(frozen=True, slots=True)
class ReadableClause:
    """A clause to read. `kind` is `knowledge.models.Clause.kind`; `valid_until` is the last day, None is open."""

    id: str
    label: str
    heading: str
    text: str
    kind: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ReadableDocument:
    """A document with its clauses in order. `replaced_by` is set when its replacement is on air."""

    line: DocumentLine
    valid_until: date | None
    replaced_by: DocumentLine | None
    clauses: tuple[ReadableClause, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a statement stands."""

    clause: str
    label: str
    document: str
    doc_no: str
    title: str
    year: int


class Published:
    """Reads documents and clauses that are on air; they change through `knowledge.authoring.editing` and
    `knowledge.authoring.review`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def documents(self) -> list[DocumentLine]:
        """Every document, the newest first."""
        places = await self.places()
        async with self._database.session() as session:
            rows = await session.scalars(
                select(Document).where(Document.live).order_by(Document.issue_date.desc(), Document.id)
            )
            return [_line(row, places) for row in rows]

    async def document(self, document_id: str) -> ReadableDocument | None:
        """One document with its clauses; None when there is none."""
        places = await self.places()
        async with self._database.session() as session:
            row = await session.get(Document, document_id)
            if row is None or not row.live:
                return None
            clauses = await session.scalars(
                select(Clause).where(Clause.document_id == document_id, Clause.live).order_by(Clause.position)
            )
            newer = await session.get(Document, row.superseded_by) if row.superseded_by else None
            return ReadableDocument(
                _line(row, places),
                row.valid_until,
                _line(newer, places) if newer is not None and newer.live else None,
                tuple(_clause(clause) for clause in clauses),
            )

    async def cited(self, clause_ids: Iterable[str], on: date) -> dict[str, Cited]:
        """Those of the clauses that are on air and hold on the day."""
        wanted = list(dict.fromkeys(clause_ids))
        found: dict[str, Cited] = {}
        async with self._database.session() as session:
            for start in range(0, len(wanted), _ASKED_AT_ONCE):
                rows = await session.scalars(
                    select(Clause)
                    .where(Clause.id.in_(wanted[start : start + _ASKED_AT_ONCE]), Clause.live)
                    .options(joinedload(Clause.document))
                )
                found |= {row.id: _cited(row) for row in rows if row.document.live and _holds(row, on)}
        return found

    async def vocabulary(self) -> Vocabulary:
        """One word per thing, by the synonyms that staff have published."""
        async with self._database.session() as session:
            return vocabulary(await published_synonyms(session))

    async def places(self) -> dict[str, tuple[str, str | None]]:
        """id -> (name, id of the place above it)."""
        async with self._database.session() as session:
            return {row.id: (row.name, row.parent_id) for row in await session.scalars(select(Jurisdiction))}


def chain(places: dict[str, tuple[str, str | None]], place: str) -> list[str]:
    """The place and every place above it, nearest first."""
    found: list[str] = []
    at: str | None = place
    while at in places and at not in found:
        found.append(at)
        at = places[at][1]
    return found


def _line(row: Document, places: dict[str, tuple[str, str | None]]) -> DocumentLine:
    place_name = places.get(row.jurisdiction_id, ("", None))[0]
    return DocumentLine(row.id, row.title, row.doc_no, row.issuer, row.issue_date, row.jurisdiction_id, place_name)


def _clause(row: Clause) -> ReadableClause:
    return ReadableClause(row.id, label(row.number, row.heading), row.heading, row.text, row.kind, row.valid_until)


def _cited(row: Clause) -> Cited:
    document = row.document
    return Cited(
        row.id,
        label(row.number, row.heading),
        document.id,
        document.doc_no,
        document.title,
        document.issue_date.year,
    )


def _holds(row: Clause, on: date) -> bool:
    firsts, lasts = (row.valid_from, row.document.valid_from), (row.valid_until, row.document.valid_until)
    return all(first <= on for first in firsts if first) and all(on <= last for last in lasts if last)
