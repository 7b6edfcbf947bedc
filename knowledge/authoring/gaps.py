"""Which gaps ("没有写") a document makes untrue, and taking those back.

For the review page:

    gaps = Gaps(database, assistant)
    await FilledSoon(gaps).filled(revision_id)  # the same for a page: None while it takes longer
    await gaps.filled(revision_id)              # of a draft, submitted, approved: [Filled(topic_id, title, missing, …)]
    await gaps.take_back(["gap-card-loss"], who="lilei", reason="济医保字〔2026〕52号写了")

`filled` only looks. `take_back` takes the FAQs down, each with its entry in the audit log (`Action.UNPUBLISHED`); it is
for the person who publishes the document, after it is on air. A gap that nobody takes back does no harm: in answering
it yields to a sentence that answers, of any document that it was not known of. What is none of our business is no gap:
no document of ours makes it so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from base import aside
from base.database import Database
from knowledge.answering import deciding
from knowledge.answering.answer import Assistant
from knowledge.answering.passage_answers import Hit
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.models import Kind
from knowledge.authoring.review import Review, WrongStage
from knowledge.authoring.seed import sentences
from knowledge.authoring.versions import NoSuchItem
from knowledge.models import TopicKind
from knowledge.retrieval.normalise import fold
from knowledge.retrieval.search import Search, question_for_search
from knowledge.retrieval.snapshot import KnownClause, KnownDocument, KnownTopic

_WORDINGS = 8
"""Of each gap that are asked, beside its title."""
_AGREE = 2
"""So many of them must be answered by the document."""
_NEW = "draft:"
_REST_SECONDS = 0.02
_PATIENCE_SECONDS = 10.0
"""For so long a page waits for gaps; a proxy would wait for a minute."""
_KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Filled:
    """A gap, the way of asking that the document answers best, and the sentence that answers. `clause_id` is that of
    the item, `number` and `heading` what staff know it by; `confidence` 0..1."""

    topic_id: str
    title: str
    missing: str
    question: str
    clause_id: str
    number: str
    heading: str
    sentence: str
    confidence: float


class Gaps:
    """Looks at gaps beside documents. CPU work runs in a thread."""

    def __init__(self, database: Database, assistant: Assistant) -> None:
        self._review, self._assistant = Review(database), assistant

    async def filled(self, revision_id: int) -> list[Filled]:
        """Gaps that the revision's document (with its clauses) or clause would fill, surest first. Raises NoSuchItem,
        WrongStage (it is neither on its way nor published)."""
        parts = await self._review.bundle(revision_id)
        search = await self._assistant.search()
        documents = {part.item_id: part.content for part in parts if isinstance(part.content, DocumentContent)}
        clauses = [(part.item_id, part.content) for part in parts if isinstance(part.content, ClauseContent)]
        own = [_clause(search, key, one, documents) for key, one in clauses if one.searchable and not one.dropped]
        return await self._found(search, [clause for clause in own if clause])

    async def answerable(self) -> list[Filled]:
        """Gaps that a document on air would fill which nobody knew of when the gap was written, surest first. Takes
        seconds, a gap at a time, so that nothing else waits long."""
        search = await self._assistant.search()
        known, found = search.index.snapshot, []
        for topic in _gaps(search):
            own = [c for c in known.clauses.values() if c.id in known.searchable and c.document.id not in topic.true_of]
            places = frozenset(clause.document.place for clause in own)
            best = await aside.think(_best, search, topic, {clause.id for clause in own}, places) if own else None
            found += [best] if best else []
            await asyncio.sleep(_REST_SECONDS)
        return sorted(found, key=lambda one: -one.confidence)

    async def _found(self, search: Search, own: Sequence[KnownClause]) -> list[Filled]:
        if not own:
            return []
        looking = await aside.think(_with, search, own)
        ids, places = {clause.id for clause in own}, frozenset(clause.document.place for clause in own)
        found = [await aside.think(_best, looking, topic, ids, places) for topic in _gaps(search)]
        return sorted([one for one in found if one], key=lambda one: -one.confidence)

    async def take_back(self, topic_ids: Iterable[str], *, who: str, reason: str) -> list[str]:
        """Take these gaps down; returns those that were on air until now. Raises NeedsReason, CannotPublish."""
        gone = []
        for topic_id in dict.fromkeys(topic_ids):
            try:
                await self._review.unpublish(Kind.FAQ, topic_id, who=who, reason=reason)
            except (NoSuchItem, WrongStage):
                continue  # somebody else was quicker
            gone.append(topic_id)
        return gone


class FilledSoon:
    """`Gaps.filled` takes ten seconds of a free machine and minutes of a busy one: begun at the first look, kept for
    the next ones. One per console, on its event loop; `aclose` it."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        self._looking: dict[int, asyncio.Task[list[Filled]]] = {}

    async def filled(self, revision_id: int) -> list[Filled] | None:
        """As `Gaps.filled`; None while it is being looked for, or must wait for other work."""
        looking = self._looking.get(revision_id)
        if looking is None:
            looking = asyncio.create_task(self._gaps.filled(revision_id), name="filled gaps")
            self._looking[revision_id] = looking
            looking.add_done_callback(lambda _: self._forget_later(revision_id))
        if not (await asyncio.wait({looking}, timeout=_PATIENCE_SECONDS))[0]:
            return None
        try:
            return looking.result()
        except aside.Busy:
            return None

    async def aclose(self) -> None:
        for looking in self._looking.values():
            looking.cancel()
        await asyncio.gather(*self._looking.values(), return_exceptions=True)

    def _forget_later(self, revision_id: int) -> None:
        looking = self._looking[revision_id]
        failed = looking.cancelled() or looking.exception() is not None
        asyncio.get_running_loop().call_later(0 if failed else _KEPT_SECONDS, self._looking.pop, revision_id, None)


def _clause(
    search: Search, key: str, content: ClauseContent, documents: dict[str, DocumentContent]
) -> KnownClause | None:
    """As it will be known once it is published; None when its document is neither on air nor on its way."""
    known = search.index.snapshot
    if own := documents.get(content.document):
        made = (_NEW + content.document, own.title, own.doc_no, own.issuer, own.issue_date, own.jurisdiction)
        document: KnownDocument | None = KnownDocument(*made, own.valid_from, own.valid_until)
    else:
        document = next((c.document for c in known.clauses.values() if c.document.id == content.document), None)
        document = replace(document, id=_NEW + document.id) if document else None
    if document is None:
        return None
    said = (content.number, content.heading, content.text, tuple(sentences(content.text)))
    return KnownClause(_NEW + key, *said, document, None, None, content.kind, content.path)


def _gaps(search: Search) -> list[KnownTopic]:
    return [topic for topic in search.index.snapshot.topics.values() if topic.kind is TopicKind.GAP]


def _with(search: Search, own: Sequence[KnownClause]) -> Search:
    """As it will search once these clauses are on air, too."""
    known = search.index.snapshot
    clauses = known.clauses | {clause.id: clause for clause in own}
    return search.with_passages_of(
        replace(known, clauses=clauses, searchable=known.searchable | {clause.id for clause in own})
    )


def _best(search: Search, topic: KnownTopic, ids: set[str], places: frozenset[str]) -> Filled | None:
    """What answers the gap, when it answers more than one of the ways in which the gap is asked: one alone may only
    sound alike ("老人走丢了找谁" beside a clause on lost cards). Of the clause that answers most of them, the sentence
    that is surest."""
    wordings = topic.wordings[:: max(1, len(topic.wordings) // _WORDINGS)]
    questions = tuple(dict.fromkeys((topic.title, *wordings)))
    answered: dict[str, list[tuple[Hit, str]]] = {}
    for question in questions:
        hit = next(iter(search.hits(question_for_search(fold(question)), places, None, most=1)), None)
        if hit is not None and hit.passage.clause.id in ids and deciding.gap_yields(topic, hit):
            answered.setdefault(hit.passage.clause.id, []).append((hit, question))
    most = max(answered.values(), key=lambda hits: (len(hits), max(hit.confidence for hit, _ in hits)), default=[])
    best = max(most, key=lambda found: found[0].confidence, default=None)
    if best is None or sum(len(hits) for hits in answered.values()) < min(len(questions), _AGREE):
        return None
    hit, question = best
    clause = hit.passage.clause
    return Filled(
        topic_id=topic.id,
        title=topic.title,
        missing=topic.missing,
        question=question,
        clause_id=clause.id.removeprefix(_NEW),
        number=clause.number,
        heading=clause.heading,
        sentence=hit.passage.text,
        confidence=hit.confidence,
    )
