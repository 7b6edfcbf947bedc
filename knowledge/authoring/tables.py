"""Between a version's content and the tables that citizens are answered from: `read` one, `write` the other.

`read(write(content)) == content` for every kind; a test holds it for all seed files. Publishing is the only caller of
`write`, inside its transaction; nothing is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base.staff_texts import StaffText
from knowledge.authoring import seed as seeds
from knowledge.authoring.content import (
    AnswerContent,
    ClauseContent,
    Content,
    DocumentContent,
    FactContent,
    FaqContent,
    GuideContent,
    QuoteContent,
    StaffTextContent,
    SynonymContent,
)
from knowledge.authoring.models import Guide, Kind, PublishedStaffText, Synonym
from knowledge.models import (
    Answer,
    Clause,
    Document,
    Fact,
    KnowledgeChange,
    KnowledgeState,
    Quote,
    Role,
    Status,
    Topic,
    TopicKind,
    Wording,
)

_OWN: dict[Kind, type[Guide | Synonym | PublishedStaffText]] = {
    Kind.GUIDE: Guide,
    Kind.SYNONYM: Synonym,
    Kind.STAFF_TEXT: PublishedStaffText,
}
"""Tables of kinds that no answer quotes."""


async def raise_version(session: AsyncSession, changed: Iterable[tuple[Kind, str]] = ()) -> None:
    """Citizens can notice what this unit of work changes: every process reads it again (within seconds).

    `changed`: the items it published or took down. Empty: anything may have changed, and everything is read again.
    """
    raised = await session.execute(
        update(KnowledgeState).where(KnowledgeState.id == 1).values(version=KnowledgeState.version + 1)
    )
    if not raised.rowcount:  # type: ignore[attr-defined]
        session.add(KnowledgeState(id=1, version=1, seed_hash=""))
        await session.flush()
    version = await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1))
    session.add_all(KnowledgeChange(version=version, kind=kind, item_id=item) for kind, item in dict.fromkeys(changed))


async def read(session: AsyncSession, kind: Kind, item_id: str) -> Content | None:
    """What the tables say now, published or taken down; None when there is no such row. Facts and guides: as stored."""
    if kind is Kind.DOCUMENT:
        document = await session.get(Document, item_id)
        return document_content(document) if document else None
    if kind is Kind.CLAUSE:
        clause = await session.get(Clause, item_id)
        return clause_content(clause) if clause else None
    if kind is Kind.FAQ:
        topic = await _topic(session, item_id)
        return faq_content(topic) if topic else None
    if kind is Kind.SYNONYM:
        synonym = await session.get(Synonym, item_id)
        return _synonym_content(synonym) if synonym else None
    if kind is Kind.STAFF_TEXT:
        row = await session.get(PublishedStaffText, item_id)
        return _staff_text_content(row) if row else None
    guide = await session.get(Guide, item_id) if kind is Kind.GUIDE else None
    return GuideContent.model_validate(guide.content) if guide else None


async def write(session: AsyncSession, item_id: str, content: Content, *, author: str, approver: str | None) -> None:
    """Make the tables say it, and put it on air; a clause that is dropped goes off."""
    if isinstance(content, DocumentContent):
        await session.merge(_document_row(item_id, content))
    elif isinstance(content, ClauseContent):
        await session.merge(_clause_row(item_id, content))
    elif isinstance(content, FaqContent):
        await _write_faq(session, item_id, content, author, approver)
    elif isinstance(content, GuideContent):
        await session.merge(Guide(id=item_id, name=content.name, content=content.to_json(), live=True))
    elif isinstance(content, SynonymContent):
        said = list(content.variants)
        await session.merge(Synonym(id=item_id, word=content.word, variants=said, adds=content.adds, live=True))
    elif isinstance(content, StaffTextContent):
        days = {"valid_from": content.valid_from, "valid_until": content.valid_until}
        await session.merge(PublishedStaffText(id=content.setting.value, text=content.text, live=True, **days))
    else:
        await _write_fact(session, item_id, content)
    await session.flush()


async def take_down(session: AsyncSession, kind: Kind, item_id: str) -> None:
    """Nothing is answered from it any more; its rows stay where history points to them."""
    if kind is Kind.FAQ:
        await session.execute(
            update(Answer)
            .where(Answer.topic_id == item_id, Answer.status == Status.PUBLISHED)
            .values(status=Status.WITHDRAWN)
        )
        await session.execute(delete(Wording).where(Wording.topic_id == item_id))
        return
    if kind is Kind.FACT:
        await session.execute(update(Fact).where(Fact.id == item_id).values(status=Status.WITHDRAWN))
        await session.execute(update(Clause).where(Clause.id == fact_clause_id(item_id)).values(live=False))
        return
    if kind in _OWN:
        own = _OWN[kind]
        await session.execute(update(own).where(own.id == item_id).values(live=False))
        return
    table = Document if kind is Kind.DOCUMENT else Clause
    await session.execute(update(table).where(table.id == item_id).values(live=False))


def fact_clause_id(fact_id: str) -> str:
    """The clause that a published fact becomes, so that answers can quote it and search can find it."""
    return f"fact-{fact_id}"[:80]


def first_day(published_on: str) -> date | None:
    """2023-07 → 2023-07-01: the earliest day that a source's date can mean; None when it has none."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", published_on.strip())
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def _synonym_content(row: Synonym) -> SynonymContent:
    return SynonymContent(word=row.word, variants=tuple(row.variants), adds=row.adds)


def _staff_text_content(row: PublishedStaffText) -> StaffTextContent:
    return StaffTextContent(
        setting=StaffText(row.id), text=row.text, valid_from=row.valid_from, valid_until=row.valid_until
    )


def document_content(row: Document) -> DocumentContent:
    return DocumentContent(
        title=row.title,
        doc_no=row.doc_no,
        issuer=row.issuer,
        issue_date=row.issue_date,
        jurisdiction=row.jurisdiction_id,
        status_note=row.status_note,
        superseded_by=row.superseded_by,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _document_row(item_id: str, content: DocumentContent) -> Document:
    return Document(
        id=item_id,
        title=content.title,
        doc_no=content.doc_no,
        issuer=content.issuer,
        issue_date=content.issue_date,
        jurisdiction_id=content.jurisdiction,
        status_note=content.status_note,
        superseded_by=content.superseded_by,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        live=True,
    )


_CLAUSE_FIELDS = (
    *("number", "position", "kind", "heading", "path", "text", "tags", "audience"),
    *("caller_facing", "searchable", "valid_from", "valid_until"),
)


def clause_content(row: Clause) -> ClauseContent:
    return ClauseContent(document=row.document_id, **{name: getattr(row, name) for name in _CLAUSE_FIELDS})


def _clause_row(item_id: str, content: ClauseContent) -> Clause:
    fields: dict[str, Any] = {name: getattr(content, name) for name in _CLAUSE_FIELDS}
    fields |= {"path": list(content.path), "tags": list(content.tags), "audience": list(content.audience)}
    return Clause(
        id=item_id,
        document_id=content.document,
        sentences=seeds.sentences(content.text),
        live=not content.dropped,
        **fields,
    )


async def _topic(session: AsyncSession, item_id: str) -> Topic | None:
    found: Topic | None = await session.scalar(
        select(Topic)
        .where(Topic.id == item_id)
        .options(selectinload(Topic.wordings), selectinload(Topic.answers).selectinload(Answer.quotes))
        .execution_options(populate_existing=True)
    )
    return found


def faq_content(row: Topic) -> FaqContent:
    """`row` with its wordings, answers and quotes loaded."""
    published = {
        answer.jurisdiction_id: answer for answer in sorted(row.answers, key=lambda a: a.version) if on_air(answer)
    }
    wordings = sorted(row.wordings, key=lambda wording: wording.id)
    return FaqContent.model_construct(
        group=row.group,
        kind=TopicKind(row.kind),
        title=row.title,
        missing=row.missing,
        gap=row.gap_id,
        wordings=tuple(wording.text for wording in wordings),
        answers=tuple(_answer_content(published[place]) for place in sorted(published)),
    )


def on_air(answer: Answer) -> bool:
    return answer.status == Status.PUBLISHED


def _answer_content(row: Answer) -> AnswerContent:
    return AnswerContent.model_construct(
        jurisdiction=row.jurisdiction_id,
        written=row.written or "",
        spoken=row.spoken,
        more_spoken=row.more_spoken,
        quotes=tuple(
            QuoteContent.model_construct(clause=quote.clause_id, text=quote.text, role=Role(quote.role))
            for quote in sorted(row.quotes, key=lambda quote: quote.position)
        ),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


async def _write_faq(
    session: AsyncSession, item_id: str, content: FaqContent, author: str, approver: str | None
) -> None:
    topic = await _topic(session, item_id)
    if topic is None:
        topic = Topic(id=item_id, wordings=[], answers=[])
        session.add(topic)
    topic.group, topic.kind, topic.title = content.group, content.kind, content.title
    topic.missing, topic.gap_id = content.missing, content.gap
    live_now = await session.scalars(select(Document.id).where(Document.live).order_by(Document.id))
    topic.true_of = [] if content.kind is TopicKind.ANSWER else list(live_now)
    if tuple(wording.text for wording in sorted(topic.wordings, key=lambda w: w.id)) != content.wordings:
        authors = {wording.text: wording.author for wording in topic.wordings}
        topic.wordings.clear()
        await session.flush()
        topic.wordings.extend(Wording(text=text, author=authors.get(text, author)) for text in content.wordings)
    _write_answers(topic, content, author, approver)


def _write_answers(topic: Topic, content: FaqContent, author: str, approver: str | None) -> None:
    """A row for each answer that changed; what it replaces, and what was dropped, is withdrawn."""
    versions: dict[str, int] = {}
    current: dict[str, Answer] = {}
    for row in sorted(topic.answers, key=lambda answer: answer.version):
        versions[row.jurisdiction_id] = row.version
        if on_air(row):
            current[row.jurisdiction_id] = row
    for answer in content.answers:
        old = current.pop(answer.jurisdiction, None)
        if old is not None and _answer_content(old) == answer:
            continue
        if old is not None:
            old.status = Status.WITHDRAWN
        topic.answers.append(_answer_row(answer, versions.get(answer.jurisdiction, 0) + 1, author, approver))
    for dropped in current.values():
        dropped.status = Status.WITHDRAWN


def _answer_row(content: AnswerContent, version: int, author: str, approver: str | None) -> Answer:
    return Answer(
        jurisdiction_id=content.jurisdiction,
        version=version,
        status=Status.PUBLISHED,
        written=content.written,
        spoken=content.spoken,
        more_spoken=content.more_spoken,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        author=author,
        approver=approver,
        quotes=[
            Quote(clause_id=quote.clause, position=position, role=quote.role, text=quote.text)
            for position, quote in enumerate(content.quotes)
        ],
    )


async def _write_fact(session: AsyncSession, item_id: str, content: FactContent) -> None:
    """A checked fact becomes a one-clause document under its source's title and number, marked as a retelling."""
    await session.merge(
        Fact(
            id=item_id,
            subject=content.subject,
            jurisdiction_id=content.jurisdiction,
            text=content.text,
            source_title=content.source_title,
            doc_no=content.doc_no,
            confidence=content.confidence,
            usable=content.usable,
            status=Status.PUBLISHED,
        )
    )
    issued = first_day(content.published_on)
    if content.usable != "quote" or issued is None:
        return
    document_id = fact_clause_id(item_id)[:60]
    await session.merge(
        Document(
            id=document_id,
            title=content.source_title,
            doc_no=content.doc_no or "",
            issuer="外部资料",
            issue_date=issued,
            jurisdiction_id=content.jurisdiction,
            status_note="经两名工作人员核对的转述，不是原文",
            live=True,
        )
    )
    await session.flush()
    clause = ClauseContent(
        document=document_id, number="转述", position=0, kind="fact", heading=content.subject, text=content.text
    )
    await session.merge(_clause_row(fact_clause_id(item_id), clause))
