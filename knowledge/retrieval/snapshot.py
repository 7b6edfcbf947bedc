"""Everything citizens may be answered from, read once from the database and never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager, selectinload

from base.database import Database
from knowledge.authoring.content import GuideContent
from knowledge.authoring.models import Guide, Kind, Synonym
from knowledge.authoring.tables import fact_clause_id
from knowledge.models import (
    Answer,
    Clause,
    Document,
    Jurisdiction,
    KnowledgeChange,
    KnowledgeState,
    Quote,
    Role,
    Status,
    Topic,
    TopicKind,
)
from knowledge.retrieval.normalise import Synonyms

OFFICES = frozenset({"agency", "government", "provider"})
"""Audiences (适用人群) that are no citizens: what is written for them alone does not answer a citizen."""
_PORTION = 200
"""Rows made into objects at once: a few milliseconds of the event loop."""


@dataclass(frozen=True, slots=True)
class KnownDocument:
    id: str
    title: str
    doc_no: str
    issuer: str
    issue_date: date
    place: str
    valid_from: date | None = None
    valid_until: date | None = None


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
    kind: str = "section"
    path: tuple[str, ...] = ()
    """The headings it stands under, outermost first."""

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
    true_of: frozenset[str] = frozenset()
    """Of a gap: ids of the documents that it was known of when it was published."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`version` is the counter in the database that this was read at. `searchable` are the ids of clauses that a
    question may find, `loose` those of them that no topic quotes."""

    version: int
    places: dict[str, tuple[str, str | None]]
    """id -> (name, id of the place above it)"""
    topics: dict[str, KnownTopic]
    clauses: dict[str, KnownClause]
    searchable: frozenset[str]
    loose: tuple[KnownClause, ...]
    synonyms: Synonyms
    guides: dict[str, GuideContent]
    sayings: Synonyms = ()
    """What staff added to the lexicon: words that documents write, and what people say for them."""

    @property
    def documents(self) -> frozenset[KnownDocument]:
        """Those that are on air with a clause."""
        return frozenset(clause.document for clause in self.clauses.values())

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


def for_citizens(audience: Sequence[str]) -> bool:
    """Whether a clause with this audience says something to citizens; one without any does."""
    return not audience or not OFFICES.issuperset(audience)


async def current_version(database: Database) -> int:
    """The counter that every noticeable change raises; 0 when nothing was imported yet."""
    async with database.session() as session:
        return await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


async def read(database: Database) -> Snapshot:
    """Read all published knowledge, in one transaction."""
    async with database.session() as session:
        return await _read_all(session)


async def read_again(database: Database, before: Snapshot) -> Snapshot:
    """The published knowledge now. Only what changed since `before` is read, where that is written down; the rest are
    the same objects. Wherever anything may have changed, or nobody knows of a change, everything is read."""
    async with database.session() as session:
        version = await _version(session)
        changes = await session.execute(
            select(KnowledgeChange.version, KnowledgeChange.kind, KnowledgeChange.item_id).where(
                KnowledgeChange.version > before.version, KnowledgeChange.version <= version
            )
        )
        rows = [(row.version, Kind(row.kind), row.item_id) for row in changes]
        if version == before.version or {row[0] for row in rows} != set(range(before.version + 1, version + 1)):
            return await _read_all(session)
        changed = {kind: {item for _, other, item in rows if other is kind} for kind in Kind}
        return await _read_changed(session, before, version, changed)


async def _version(session: AsyncSession) -> int:
    return await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


async def _read_all(session: AsyncSession) -> Snapshot:
    version = await _version(session)
    places = {row.id: (row.name, row.parent_id) for row in await session.scalars(select(Jurisdiction))}
    clauses, searchable = await _read_clauses(session)
    topics = await _read_topics(session, clauses)
    return _snapshot(
        *(version, places, topics, clauses, searchable, await published_synonyms(session), await _guides(session)),
        sayings=await published_synonyms(session, adds=True),
    )


async def _read_changed(
    session: AsyncSession, before: Snapshot, version: int, changed: dict[Kind, set[str]]
) -> Snapshot:
    of_documents = [clause.id for clause in before.clauses.values() if clause.document.id in changed[Kind.DOCUMENT]]
    of_facts = [fact_clause_id(fact) for fact in changed[Kind.FACT]]
    stale = {*of_documents, *of_facts, *changed[Kind.CLAUSE]}
    where = Clause.id.in_(stale) | Clause.document_id.in_(changed[Kind.DOCUMENT])
    fresh, now_searchable = await _read_clauses(session, where)
    clauses = {key: clause for key, clause in before.clauses.items() if key not in stale} | fresh
    searchable = (before.searchable - stale) | now_searchable
    quoting = {topic.id for topic in before.topics.values() if not stale.isdisjoint(_quoted(topic))}
    asked_for = {*changed[Kind.FAQ], *quoting, *await _topics_citing(session, stale | set(fresh))}
    fresh_topics = await _read_topics(session, clauses, Topic.id.in_(asked_for))
    kept = {key: topic for key, topic in before.topics.items() if key not in asked_for}
    synonyms = await published_synonyms(session) if changed[Kind.SYNONYM] else before.synonyms
    sayings = await published_synonyms(session, adds=True) if changed[Kind.SYNONYM] else before.sayings
    guides = await _guides(session) if changed[Kind.GUIDE] else before.guides
    topics = kept | fresh_topics
    return _snapshot(version, before.places, topics, clauses, searchable, synonyms, guides, sayings=sayings)


def _snapshot(
    version: int,
    places: dict[str, tuple[str, str | None]],
    topics: dict[str, KnownTopic],
    clauses: dict[str, KnownClause],
    searchable: frozenset[str],
    synonyms: Synonyms,
    guides: dict[str, GuideContent],
    *,
    sayings: Synonyms,
) -> Snapshot:
    quoted = {clause for topic in topics.values() for clause in _quoted(topic)}
    loose = tuple(clauses[clause_id] for clause_id in clauses if clause_id in searchable and clause_id not in quoted)
    return Snapshot(version, places, topics, clauses, searchable, loose, synonyms, guides, sayings)


def _quoted(topic: KnownTopic) -> list[str]:
    return [quote.clause.id for answer in topic.answers for quote in answer.quotes]


async def _read_clauses(
    session: AsyncSession, where: ColumnElement[bool] | None = None
) -> tuple[dict[str, KnownClause], frozenset[str]]:
    """By id, in the order of the documents; and the ids of those that search may find. In portions: the loop lives."""
    wanted = (
        select(Clause)
        .join(Clause.document)
        .options(contains_eager(Clause.document))
        .where(Clause.live, Document.live, *([] if where is None else [where]))
        .order_by(Clause.position)
        .execution_options(yield_per=_PORTION)
    )
    clauses: dict[str, KnownClause] = {}
    documents: dict[str, KnownDocument] = {}
    searchable: set[str] = set()
    async for row in await session.stream_scalars(wanted):
        clauses[row.id] = _clause(row, documents)
        if row.searchable and for_citizens(row.audience):
            searchable.add(row.id)
    return clauses, frozenset(searchable)


async def _read_topics(
    session: AsyncSession, clauses: dict[str, KnownClause], where: ColumnElement[bool] | None = None
) -> dict[str, KnownTopic]:
    wanted = (
        select(Topic)
        .where(*([] if where is None else [where]))
        .options(selectinload(Topic.wordings), selectinload(Topic.answers).selectinload(Answer.quotes))
        .order_by(Topic.id)
        .execution_options(yield_per=_PORTION)
    )
    # A topic that was taken down keeps its row without wordings, and nobody asks for it.
    return {row.id: _topic(row, clauses) async for row in await session.stream_scalars(wanted) if row.wordings}


async def _topics_citing(session: AsyncSession, clauses: set[str]) -> set[str]:
    """Topics that may be answered again: a clause they quote came back."""
    found = await session.scalars(
        select(Answer.topic_id).join(Quote, Quote.answer_id == Answer.id).where(Quote.clause_id.in_(clauses))
    )
    return set(found)


async def _guides(session: AsyncSession) -> dict[str, GuideContent]:
    rows = await session.scalars(select(Guide).where(Guide.live).order_by(Guide.id))
    return {row.id: GuideContent.model_validate(row.content) for row in rows}


async def published_synonyms(session: AsyncSession, *, adds: bool = False) -> Synonyms:
    """What staff have published, in one order on every database: those that replace, or those that only add."""
    wanted = Synonym.live & (Synonym.adds if adds else ~Synonym.adds)
    rows = await session.scalars(select(Synonym).where(wanted).order_by(Synonym.word, Synonym.id))
    return tuple((row.word, tuple(row.variants)) for row in rows)


def _clause(row: Clause, documents: dict[str, KnownDocument]) -> KnownClause:
    document = documents.setdefault(row.document_id, _document(row.document))
    sentences = tuple(row.sentences)
    first = max(filter(None, (row.valid_from, row.document.valid_from)), default=None)
    last = min(filter(None, (row.valid_until, row.document.valid_until)), default=None)
    path = tuple(row.path)
    return KnownClause(row.id, row.number, row.heading, row.text, sentences, document, first, last, row.kind, path)


def _document(row: Document) -> KnownDocument:
    own = (row.id, row.title, row.doc_no, row.issuer, row.issue_date, row.jurisdiction_id)
    return KnownDocument(*own, row.valid_from, row.valid_until)


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
        true_of=frozenset(row.true_of),
    )


def _answer(row: Answer, clauses: dict[str, KnownClause]) -> KnownAnswer:
    quotes = tuple(KnownQuote(clauses[quote.clause_id], quote.text, quote.role == Role.LEAD) for quote in row.quotes)
    return KnownAnswer(
        row.jurisdiction_id, quotes, row.written, row.spoken, row.more_spoken, row.valid_from, row.valid_until
    )


def _within(on: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= on) and (last is None or on <= last)
