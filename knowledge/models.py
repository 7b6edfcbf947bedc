"""What the database holds of the knowledge.

    Jurisdiction ─< Document ─< Clause
    Topic ─< Wording                         a question citizens ask, and the ways they ask it
    Topic ─< Answer ─< Quote >─ Clause       what is said to it, one per jurisdiction and version
    Fact                                     facts from elsewhere: drafts, never spoken
    KnowledgeState                           one row: a counter that every change raises
    KnowledgeChange                          what each rise of the counter was about

An `Answer` is never edited once published: a change is a new row with a higher `version`, so history, review and
roll-back need no other table. What a citizen may hear is an answer whose status is PUBLISHED, on a day inside its
validity, all of whose quotes stand in clauses that are valid on that day.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, Text, true
from sqlalchemy import func as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from base.database import Base

SEED = "seed"
"""Author of what came from the files in `knowledge/data`; a later import may change it, and nothing else."""


class TopicKind(StrEnum):
    """ANSWER: a document states it. GAP: citizens ask it and no document states all of it. OUTSIDE: not ours."""

    ANSWER = "answer"
    GAP = "gap"
    OUTSIDE = "outside"


class Status(StrEnum):
    """Where an answer stands on its way to the public."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """Why a quote is there. LEAD answers; CONTEXT says what the answer refers to (an exception, a heading)."""

    LEAD = "lead"
    CONTEXT = "context"


class Jurisdiction(Base):
    """A place that makes rules. `parent_id` is the place above it, whose rules hold where it has none of its own."""

    __tablename__ = "jurisdiction"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("jurisdiction.id"))


class Document(Base):
    """A published document with its number (文号) and date."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    doc_no: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(120))
    issue_date: Mapped[date] = mapped_column(Date)
    jurisdiction_id: Mapped[str] = mapped_column(ForeignKey("jurisdiction.id"), index=True)
    status_note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """Inclusive; a clause holds on the days on which its document does."""
    superseded_by: Mapped[str | None] = mapped_column(String(60))
    """Id of the document that replaces this one from the day after `valid_until`."""
    live: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """False: staff took it down. Its row stays, because old versions of answers quote it."""


class Clause(Base):
    """One clause of a document, word for word. `sentences` are exact substrings of `text`, in order.

    `searchable` is false for what repeats another clause (table rows) and for what citizens do not ask about.
    """

    __tablename__ = "clause"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    heading: Mapped[str] = mapped_column(Text)
    path: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """The headings it stands under, outermost first; of a table row its caption and columns behind them."""
    text: Mapped[str] = mapped_column(Text)
    sentences: Mapped[list[str]] = mapped_column(JSON)
    tags: Mapped[list[str]] = mapped_column(JSON)
    audience: Mapped[list[str]] = mapped_column(JSON)
    caller_facing: Mapped[bool] = mapped_column(Boolean)
    searchable: Mapped[bool] = mapped_column(Boolean, index=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    live: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """False: staff took it down; nothing may be answered from it."""
    document: Mapped[Document] = relationship(lazy="raise")


class Topic(Base):
    """A question citizens ask. `missing` completes “……我手里的文件没有写” for a gap, and is empty otherwise."""

    __tablename__ = "topic"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    group: Mapped[str] = mapped_column("topic_group", String(40))
    kind: Mapped[TopicKind] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(Text)
    missing: Mapped[str] = mapped_column(Text, default="")
    gap_id: Mapped[str | None] = mapped_column(String(80))
    true_of: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Of a gap: ids of the documents that were on air when it was published, and of which it was known."""
    wordings: Mapped[list[Wording]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="Wording.id"
    )
    answers: Mapped[list[Answer]] = relationship(lazy="raise", cascade="all, delete-orphan", passive_deletes=True)


class Wording(Base):
    """One way citizens ask a topic's question."""

    __tablename__ = "wording"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(80), default=SEED)


class Answer(Base):
    """What is said to a topic in one jurisdiction. `spoken` leads, `more_spoken` follows when the caller wants more."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        Index("uq_answer_version", "topic_id", "jurisdiction_id", "version", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    jurisdiction_id: Mapped[str] = mapped_column(ForeignKey("jurisdiction.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[Status] = mapped_column(String(12), index=True)
    written: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What is read on a screen; empty: the quotes themselves."""
    spoken: Mapped[str] = mapped_column(Text)
    more_spoken: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(80), default=SEED)
    approver: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime, server_default=sql.now())
    """UTC, naive: SQLite keeps no zones."""
    quotes: Mapped[list[Quote]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="Quote.position"
    )


class Quote(Base):
    """Words of a clause that an answer rests on: an exact substring of the clause's text."""

    __tablename__ = "quote"
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), index=True)
    clause_id: Mapped[str] = mapped_column(ForeignKey("clause.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    role: Mapped[Role] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


class Fact(Base):
    """A fact found outside the documents. Waits for two members of staff; nothing reads it to answer citizens."""

    __tablename__ = "fact"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    jurisdiction_id: Mapped[str] = mapped_column(ForeignKey("jurisdiction.id"))
    text: Mapped[str] = mapped_column(Text)
    source_title: Mapped[str] = mapped_column(Text)
    doc_no: Mapped[str | None] = mapped_column(String(80))
    confidence: Mapped[str] = mapped_column(String(10))
    usable: Mapped[str] = mapped_column(String(12))
    status: Mapped[Status] = mapped_column(String(12))


class KnowledgeState(Base):
    """One row (id 1). `version` rises with every change that citizens could notice; readers in every process poll it.
    `seed_hash` is the hash of the seed files last imported."""

    __tablename__ = "knowledge_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=0)
    seed_hash: Mapped[str] = mapped_column(String(64), default="")


class KnowledgeChange(Base):
    """What was published or taken down with one rise of `KnowledgeState.version`, so that a reader need not read
    everything again. A version without a row here (an import) changed anything."""

    __tablename__ = "knowledge_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """See `knowledge.authoring.models.Kind`."""
    item_id: Mapped[str] = mapped_column(String(80))
