"""Brings the project's knowledge files into the database. Running it again changes only what changed.

What staff wrote stays: an import replaces an answer only when its newest version is the import's own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base.database import Database
from knowledge.authoring import seed as seeds
from knowledge.authoring.baseline import enter_seed, staff_items
from knowledge.authoring.models import Kind
from knowledge.models import (
    SEED,
    Answer,
    Clause,
    Document,
    Fact,
    Jurisdiction,
    KnowledgeState,
    Quote,
    Role,
    Status,
    Topic,
    TopicKind,
    Wording,
)

Report = Callable[[str], None]
"""Told one short line per step, in Chinese, for the screen of whoever sets up."""

StaffItems = set[tuple[Kind, str]]
"""What staff have touched since: it is theirs, and no file changes it."""


async def import_seed(database: Database, report: Report) -> bool:
    """Bring in the files and enter them into history. False when the database already holds exactly these files."""
    changed = await _import_files(database, report)
    entered = await enter_seed(database)
    report(f"版本记录新增 {entered} 条" if entered else "版本记录没有变化")
    return changed


async def _import_files(database: Database, report: Report) -> bool:
    """In one transaction."""
    fingerprint = seeds.fingerprint()
    async with database.session() as session:
        state = await session.get(KnowledgeState, 1) or KnowledgeState(id=1, version=0, seed_hash="")
        if state.seed_hash == fingerprint:
            report("政策文件没有变化")
            return False
        seed = seeds.load()
        theirs = await staff_items(session)
        await _import_documents(session, seed, theirs, report)
        await _import_topics(session, seed, theirs, report)
        state.seed_hash = fingerprint
        state.version += 1
        session.add(state)
    return True


async def _import_documents(session: AsyncSession, seed: seeds.Seed, theirs: StaffItems, report: Report) -> None:
    for row in seed.jurisdictions:
        await session.merge(Jurisdiction(id=row["id"], name=row["name"], level=row["level"], parent_id=row["parent"]))
    await session.flush()
    for row in seed.documents:
        if (Kind.DOCUMENT, row["id"]) not in theirs:
            await session.merge(_document(row))
    report(f"政策文件 {len(seed.documents)} 份")
    await session.flush()
    for position, row in enumerate(seed.clauses):
        if (Kind.CLAUSE, row["id"]) not in theirs:
            await session.merge(_clause(position, row))
    for row in seed.facts:
        if (Kind.FACT, row["id"]) not in theirs:
            await session.merge(_fact(row))
    report(f"条款 {len(seed.clauses)} 条，待审核的外部资料 {len(seed.facts)} 条")
    await session.flush()


def _document(row: dict[str, Any]) -> Document:
    return Document(
        id=row["id"],
        title=row["title"],
        doc_no=row["doc_no"],
        issuer=row["issuer"],
        issue_date=date.fromisoformat(row["issue_date"]),
        jurisdiction_id=row["jurisdiction"],
        status_note=row["status_note"],
    )


def _clause(position: int, row: dict[str, Any]) -> Clause:
    return Clause(
        id=row["id"],
        document_id=row["doc"],
        number=row["number"],
        position=position,
        kind=row["kind"],
        heading=row["heading"],
        path=row.get("section_path", []),
        text=row["text"],
        sentences=seeds.sentences(row["text"]),
        tags=row["tags"],
        audience=row["audience"],
        caller_facing=row["caller_facing"],
        searchable=row["kind"] != "table_row",
    )


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(
        id=row["id"],
        subject=row["topic"],
        jurisdiction_id=row["jurisdiction"],
        text=row["fact"],
        source_title=row["source_title"],
        doc_no=row.get("doc_no"),
        confidence=row["confidence"],
        usable=row["usable"],
        status=Status.DRAFT,
    )


async def _import_topics(session: AsyncSession, seed: seeds.Seed, theirs: StaffItems, report: Report) -> None:
    topics, documents = seed.topics, [row["id"] for row in seed.documents]
    rows = await session.scalars(
        select(Topic).options(selectinload(Topic.wordings), selectinload(Topic.answers).selectinload(Answer.quotes))
    )
    known = {topic.id: topic for topic in rows}
    for wanted in topics:
        topic = known.pop(wanted.id, None)
        if (Kind.FAQ, wanted.id) in theirs:
            continue
        if topic is None:
            topic = Topic(id=wanted.id, wordings=[], answers=[])
            session.add(topic)
        topic.group, topic.kind, topic.title = wanted.group, wanted.kind, wanted.title
        topic.missing, topic.gap_id = wanted.missing, wanted.gap_id
        topic.true_of = [] if wanted.kind is TopicKind.ANSWER else sorted(documents)
        _sync_wordings(topic, set(wanted.wordings))
        _sync_answers(topic, wanted)
    for dropped in (topic for topic in known.values() if (Kind.FAQ, topic.id) not in theirs):
        _sync_wordings(dropped, set())
        _sync_answers(dropped, None)
    answering = sum(topic.kind is TopicKind.ANSWER for topic in topics)
    report(f"群众会问的事 {len(topics)} 类（{answering} 类有答复），问法 {sum(len(t.wordings) for t in topics)} 种")


def _sync_wordings(topic: Topic, wanted: set[str]) -> None:
    for wording in list(topic.wordings):
        if wording.author == SEED and wording.text not in wanted:
            topic.wordings.remove(wording)
    present = {wording.text for wording in topic.wordings}
    topic.wordings.extend(Wording(text=text, author=SEED) for text in sorted(wanted - present))


def _sync_answers(topic: Topic, wanted: seeds.SeedTopic | None) -> None:
    newest: dict[str, Answer] = {}
    for answer in sorted(topic.answers, key=lambda answer: answer.version):
        newest[answer.jurisdiction_id] = answer
    for new in wanted.answers if wanted else ():
        old = newest.pop(new.place, None)
        if old is None or (old.author == SEED and not _same(old, new)):
            topic.answers.append(_published(new, version=old.version + 1 if old else 1))
            _withdraw(old)
    for old in newest.values():
        if old.author == SEED:
            _withdraw(old)


def _withdraw(answer: Answer | None) -> None:
    if answer is not None:
        answer.status = Status.WITHDRAWN


def _same(old: Answer, new: seeds.SeedAnswer) -> bool:
    quotes = tuple(seeds.SeedQuote(quote.clause_id, quote.text, Role(quote.role)) for quote in old.quotes)
    published = old.status == Status.PUBLISHED
    return published and (old.written, old.spoken, old.more_spoken, quotes) == (
        new.written,
        new.spoken,
        new.more_spoken,
        new.quotes,
    )


def _published(new: seeds.SeedAnswer, version: int) -> Answer:
    return Answer(
        jurisdiction_id=new.place,
        version=version,
        status=Status.PUBLISHED,
        spoken=new.spoken,
        more_spoken=new.more_spoken,
        written=new.written,
        author=SEED,
        quotes=[
            Quote(clause_id=quote.clause_id, position=position, role=quote.role, text=quote.text)
            for position, quote in enumerate(new.quotes)
        ],
    )
