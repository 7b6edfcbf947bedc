"""What the database holds of the work of staff on the knowledge.

    Item ─< Revision ─< Approval         every document, clause, FAQ, guide, fact, synonym; history, reviews
    Guide                                the published service guides (办事指南)
    Synonym                              the published synonyms that search uses
    PublishedStaffText                   the published texts of the hotline itself: hours, greetings, short messages
    HitTest ─< HitRun                    test questions, and what was answered each time they were asked
    AskedQuestion ─< AskedClause         what citizens asked, masked before it came here, and sealed

A `Revision` holds the whole content as JSON (`knowledge.authoring.content` gives it its type) and is never edited:
saving is a
new revision. The tables of `knowledge.models` are what publishing made of the newest published revision of each item.

The database itself refuses: a second revision with the same number (two editors), an approval by the author
(a composite foreign key carries the author into `approval`, where a check compares), a publication without the
approvals it needs, and any change to a revision's content or author (triggers, on SQLite and PostgreSQL).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    event,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from base.database import Base
from knowledge.insight.sealed import Sealed


class Kind(StrEnum):
    """What staff look after. `label` is what they call it."""

    DOCUMENT = "document"
    CLAUSE = "clause"
    FAQ = "faq"
    GUIDE = "guide"
    FACT = "fact"
    SYNONYM = "synonym"
    STAFF_TEXT = "setting"
    """The word that tables and exported files keep; staff read 热线设置."""

    @property
    def label(self) -> str:
        return _KIND_LABELS[self.value]


_KIND_LABELS = {
    "document": "文件",
    "clause": "条款",
    "faq": "问答",
    "guide": "办事指南",
    "fact": "外部资料",
    "synonym": "同义词",
    "setting": "热线设置",
}


class Stage(StrEnum):
    """Where a revision stands. DRAFT → SUBMITTED → APPROVED → PUBLISHED → REPLACED by the next one, or WITHDRAWN.
    A draft that was given up is DISCARDED: what citizens are answered from stays as it was."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        return _STAGE_LABELS[self.value]


_STAGE_LABELS = {
    "draft": "草稿",
    "submitted": "待审核",
    "approved": "已通过，待发布",
    "published": "已发布",
    "rejected": "已退回",
    "replaced": "旧版本",
    "withdrawn": "已撤下",
    "discarded": "已放弃的草稿",
}


class Item(Base):
    """One of `Kind`, as lists show it. `newest` is also what two editors race for."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_kind_updated_at", "kind", "updated_at"),)
    kind: Mapped[Kind] = mapped_column(String(10), primary_key=True)
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    """Everything of the newest content that the list's search box looks in."""
    place: Mapped[str] = mapped_column(String(200))
    """Jurisdictions, separated by spaces, with one at each end: " sd-jining sd "."""
    parent: Mapped[str] = mapped_column(String(80), default="", index=True)
    """A clause's document, an FAQ's group."""
    newest: Mapped[int] = mapped_column(Integer)
    published: Mapped[int | None] = mapped_column(Integer)
    """The version that citizens are answered from."""
    stage: Mapped[Stage] = mapped_column(String(10), index=True)
    """Of the newest revision."""
    position: Mapped[int] = mapped_column(Integer, default=0)
    missing: Mapped[int] = mapped_column(Integer, default=0)
    """How many elements of a guide nobody has filled in."""
    author: Mapped[str] = mapped_column(String(80))
    updated_at: Mapped[datetime] = mapped_column(DateTime)
    """UTC, naive, like every time here: SQLite keeps no zones."""


class Revision(Base):
    """One version of an item. Only its stage, and what the reviewer said, ever change."""

    __tablename__ = "revision"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "item_id"], ["item.kind", "item.id"], name="fk_revision_kind_item"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("needs >= 1 OR author = 'seed'", name="reviewed"),
        Index("uq_revision_version", "kind", "item_id", "version", unique=True),
        Index("uq_revision_id_author", "id", "author", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(10))
    item_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    stage: Mapped[Stage] = mapped_column(String(10), index=True)
    author: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    """Why, in the author's words."""
    answer_to_author: Mapped[str] = mapped_column(Text, default="")
    """Why it was rejected or taken down."""
    needs: Mapped[int] = mapped_column(Integer, default=1)
    """How many people other than the author must approve: 1, for facts from outside 2, for the project's own files,
    which are reviewed in git, 0."""
    bundle: Mapped[str | None] = mapped_column(String(80), index=True)
    """The document, or the version of it, that this revision came with (`knowledge.authoring.bundles`): they are
    reviewed and published together."""
    created_at: Mapped[datetime] = mapped_column(DateTime)
    published_at: Mapped[datetime | None] = mapped_column(DateTime)
    approvals: Mapped[list[Approval]] = relationship(lazy="raise", order_by="Approval.id")


class Approval(Base):
    """Somebody other than the author agreed. `author` repeats the revision's, so that the check can see it."""

    __tablename__ = "approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["revision_id", "author"], ["revision.id", "revision.author"], name="fk_approval_revision_author"
        ),
        CheckConstraint("approver <> author", name="not_the_author"),
        Index("uq_approval_approver", "revision_id", "approver", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(String(80))
    approver: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(DateTime)


class Guide(Base):
    """A published service guide; `content` is `knowledge.authoring.content.GuideContent`."""

    __tablename__ = "guide"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    live: Mapped[bool] = mapped_column(default=True)


class Synonym(Base):
    """A published synonym: the one word that search uses, and everything people say for it. `adds`: the words that
    search looks for besides."""

    __tablename__ = "synonym"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(String(80))
    variants: Mapped[list[str]] = mapped_column(JSON)
    live: Mapped[bool] = mapped_column(default=True)
    adds: Mapped[bool] = mapped_column(default=False, server_default=false())


class PublishedStaffText(Base):
    """A published `base.staff_texts.StaffText`; `id` is its value."""

    __tablename__ = "staff_text"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    live: Mapped[bool] = mapped_column(default=True)


class HitTest(Base):
    """A question that staff try: where, for which day (empty: the day it is run), through which channel."""

    __tablename__ = "hit_test"
    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(40))
    on: Mapped[date | None] = mapped_column("on_day", Date)
    channel: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(DateTime)
    runs: Mapped[list[HitRun]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="HitRun.id"
    )


class HitRun(Base):
    """What was answered, at which state of the knowledge."""

    __tablename__ = "hit_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(ForeignKey("hit_test.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime)
    by: Mapped[str] = mapped_column("run_by", String(80))
    knowledge_version: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(16))
    topic_id: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    spoken: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[list[str]]] = mapped_column(JSON)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class AskedQuestion(Base):
    """One question of a citizen, masked. Kept for the retention limit of `knowledge.insight.questions`."""

    __tablename__ = "asked_question"
    __table_args__ = (Index("ix_asked_question_conversation_id", "conversation", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    week: Mapped[str] = mapped_column(String(8), index=True)
    """ISO week in Chinese time: 2026-W47."""
    channel: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(40), default="")
    conversation: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the sender: tells two conversations apart, and nothing about the person."""
    text: Mapped[str] = mapped_column(Sealed)
    outcome: Mapped[str] = mapped_column(String(16), index=True)
    followed_by: Mapped[str] = mapped_column(String(16), default="")
    """What showed afterwards that the answer was none: handed_over, bad_rating."""
    topic_id: Mapped[str | None] = mapped_column(String(80), index=True)
    score: Mapped[float | None] = mapped_column(Float)
    draft_id: Mapped[str] = mapped_column(String(80), default="")
    """The FAQ that staff drafted from this question's group."""
    group_id: Mapped[int | None] = mapped_column(Integer, index=True)
    """Its `AskedGroup`, or NO_QUESTION; None until `knowledge.insight.grouping` looked at it: when nobody helped."""
    after: Mapped[str] = mapped_column(Sealed, default="")
    """The question that it goes on from, where it means nothing without one."""
    stands_alone: Mapped[bool] = mapped_column(default=True)
    clauses: Mapped[list[AskedClause]] = relationship(lazy="raise", cascade="all, delete-orphan", passive_deletes=True)


class AskedClause(Base):
    """A clause that the answer to a question stood on."""

    __tablename__ = "asked_clause"
    question_id: Mapped[int] = mapped_column(ForeignKey("asked_question.id", ondelete="CASCADE"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


_TOO_FEW = "(SELECT count(*) FROM approval WHERE approval.revision_id = NEW.id) < NEW.needs"
_SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in ("kind", "item_id", "version", "author", "needs"))

TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER revision_never_edited BEFORE UPDATE ON revision "
        f"WHEN NOT ({_SAME} AND NEW.content = OLD.content) "
        "BEGIN SELECT RAISE(ABORT, 'a revision is never edited'); END",
        "CREATE TRIGGER revision_never_deleted BEFORE DELETE ON revision "
        "BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END",
        "CREATE TRIGGER revision_published_when_approved BEFORE UPDATE OF stage ON revision "
        f"WHEN NEW.stage = 'published' AND OLD.stage <> 'published' AND {_TOO_FEW} "
        "BEGIN SELECT RAISE(ABORT, 'not approved by a second person'); END",
        "CREATE TRIGGER revision_not_born_published BEFORE INSERT ON revision "
        "WHEN NEW.stage = 'published' AND NEW.needs > 0 "
        "BEGIN SELECT RAISE(ABORT, 'not approved by a second person'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a revision is never deleted'; END IF; "
        "IF TG_OP = 'INSERT' THEN "
        "IF NEW.stage = 'published' AND NEW.needs > 0 THEN RAISE EXCEPTION 'not approved by a second person'; END IF; "
        "RETURN NEW; END IF; "
        f"IF NOT ({_SAME} AND NEW.content::text = OLD.content::text) "
        "THEN RAISE EXCEPTION 'a revision is never edited'; END IF; "
        f"IF NEW.stage = 'published' AND OLD.stage <> 'published' AND {_TOO_FEW} "
        "THEN RAISE EXCEPTION 'not approved by a second person'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER revision_guarded BEFORE INSERT OR UPDATE OR DELETE ON revision "
        "FOR EACH ROW EXECUTE FUNCTION revision_guard()",
    ),
}

for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        _ddl = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(Revision.__table__, "after_create", _ddl)
