"""Everything citizens may be answered from, read once from the database and never changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager, selectinload

from knowledge.backoffice_models import Guide, Synonym
from knowledge.content import GuideContent
from knowledge.models import (
    Answer,
    Clause,
    Document,
    Jurisdiction,
    KnowledgeState,
    Role,
    Status,
    Topic,
    TopicKind,
)
from knowledge.normalise import Synonyms
from service.database import Database


@dataclass(frozen=True, slots=True)
class KnownDocument:
    id: str
    title: str
    doc_no: str
    issuer: str
    issue_date: date
    place: str


@dataclass(frozen=True, slots=True)
class KnownClause:
    """A clause; `valid_from`/`valid_until` are inclusive, None is open."""

    id: str
    number: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    document: KnownDocument
    valid_from: date | None
    valid_until: date | None

    def valid(self, on: date) -> bool:
        return _within(on, self.valid_from, self.valid_until)


@dataclass(frozen=True, slots=True)
class KnownQuote:
    clause: KnownClause
    text: str
    leads: bool


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A published answer of one place."""

    place: str
    quotes: tuple[KnownQuote, ...]
    written: str
    """The approved text for a screen; empty: the quotes themselves."""
    spoken: str
    more_spoken: str
    valid_from: date | None
    valid_until: date | None

    def valid(self, on: date) -> bool:
        """On that day the answer holds, and so does every clause it stands on."""
        return _within(on, self.valid_from, self.valid_until) and all(quote.clause.valid(on) for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class KnownTopic:
    id: str
    group: str
    kind: TopicKind
    title: str
    missing: str
    gap_id: str | None
    wordings: tuple[str, ...]
    answers: tuple[KnownAnswer, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`version` is the counter in the database that this was read at. `loose` are the clauses no topic quotes."""

    version: int
    places: dict[str, tuple[str, str | None]]
    """id -> (name, id of the place above it)"""
    topics: dict[str, KnownTopic]
    clauses: dict[str, KnownClause]
    loose: tuple[KnownClause, ...]
    synonyms: Synonyms
    guides: dict[str, GuideContent]

    def chain(self, place: str) -> list[str]:
        """The place and every place above it, nearest first: the order in which answers are looked for."""
        found: list[str] = []
        at: str | None = place
        while at in self.places and at not in found:
            found.append(at)
            at = self.places[at][1]
        return found

    def answer(self, topic: KnownTopic, place: str, on: date) -> KnownAnswer | None:
        """The nearest published answer that holds for this place on this day."""
        for near in self.chain(place):
            for answer in topic.answers:
                if answer.place == near and answer.valid(on):
                    return answer
        return None


async def current_version(database: Database) -> int:
    """The counter that every noticeable change raises; 0 when nothing was imported yet."""
    async with database.session() as session:
        return await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


async def read(database: Database) -> Snapshot:
    """Read all published knowledge, in one transaction."""
    async with database.session() as session:
        version = await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0
        places = {row.id: (row.name, row.parent_id) for row in await session.scalars(select(Jurisdiction))}
        rows = await session.scalars(
            select(Clause)
            .join(Clause.document)
            .options(contains_eager(Clause.document))
            .where(Clause.live, Document.live)
            .order_by(Clause.position)
        )
        searchable: set[str] = set()
        clauses: dict[str, KnownClause] = {}
        documents: dict[str, KnownDocument] = {}
        for row in rows:
            clauses[row.id] = _clause(row, documents)
            if row.searchable:
                searchable.add(row.id)
        with_all = (selectinload(Topic.wordings), selectinload(Topic.answers).selectinload(Answer.quotes))
        topics = {
            row.id: _topic(row, clauses)
            for row in await session.scalars(select(Topic).options(*with_all).order_by(Topic.id))
            if row.wordings  # a topic that was taken down keeps its row, and nobody asks for it
        }
        synonyms = await published_synonyms(session)
        rows_of_guides = await session.scalars(select(Guide).where(Guide.live).order_by(Guide.id))
        guides = {row.id: GuideContent.model_validate(row.content) for row in rows_of_guides}
    quoted = {quote.clause.id for topic in topics.values() for answer in topic.answers for quote in answer.quotes}
    loose = tuple(clauses[clause_id] for clause_id in clauses if clause_id in searchable - quoted)
    return Snapshot(version, places, topics, clauses, loose, synonyms, guides)


async def published_synonyms(session: AsyncSession) -> Synonyms:
    """What staff have published, in one order on every database."""
    rows = await session.scalars(select(Synonym).where(Synonym.live).order_by(Synonym.word, Synonym.id))
    return tuple((row.word, tuple(row.variants)) for row in rows)


def _clause(row: Clause, documents: dict[str, KnownDocument]) -> KnownClause:
    document = documents.setdefault(row.document_id, _document(row.document))
    sentences = tuple(row.sentences)
    first = max(filter(None, (row.valid_from, row.document.valid_from)), default=None)
    last = min(filter(None, (row.valid_until, row.document.valid_until)), default=None)
    return KnownClause(row.id, row.number, row.heading, row.text, sentences, document, first, last)


def _document(row: Document) -> KnownDocument:
    return KnownDocument(row.id, row.title, row.doc_no, row.issuer, row.issue_date, row.jurisdiction_id)


def _topic(row: Topic, clauses: dict[str, KnownClause]) -> KnownTopic:
    published = [
        answer
        for answer in row.answers
        if answer.status == Status.PUBLISHED and all(quote.clause_id in clauses for quote in answer.quotes)
    ]
    newest = sorted(published, key=lambda answer: (answer.jurisdiction_id, -answer.version))
    return KnownTopic(
        id=row.id,
        group=row.group,
        kind=TopicKind(row.kind),
        title=row.title,
        missing=row.missing,
        gap_id=row.gap_id,
        wordings=tuple(wording.text for wording in row.wordings),
        answers=tuple(_answer(answer, clauses) for answer in newest),
    )


def _answer(row: Answer, clauses: dict[str, KnownClause]) -> KnownAnswer:
    quotes = tuple(KnownQuote(clauses[quote.clause_id], quote.text, quote.role == Role.LEAD) for quote in row.quotes)
    return KnownAnswer(
        row.jurisdiction_id, quotes, row.written, row.spoken, row.more_spoken, row.valid_from, row.valid_until
    )


def _within(on: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)
