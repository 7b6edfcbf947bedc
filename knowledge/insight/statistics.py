"""How much is asked, about what, with what outcome, standing on which clauses: counted in SQL, as typed rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from base.clock import as_stored
from base.database import Database
from knowledge.answering.composing import label
from knowledge.authoring.models import AskedClause, AskedQuestion, Item, Kind
from knowledge.insight.questions import FollowUp, Outcome
from knowledge.models import Clause


@dataclass(frozen=True, slots=True)
class Count:
    """`key` is what was counted by, `label` what staff read; `kind` and `item_id`: what it is called by, "" when there
    is no such thing (any more)."""

    key: str
    label: str
    count: int
    kind: str = field(default="", compare=False)
    item_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Period:
    """Outcomes of one week or one channel. `helped` + the others = `asked`; a question followed by 转人工 or a bad
    rating counts as that, not as answered."""

    key: str
    asked: int
    answered: int
    low_confidence: int
    unclear: int
    declined: int
    handed_over: int
    bad_rating: int


class Statistics:
    """Everything between two aware moments (`until` excluded), optionally of one channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_week(self, since: datetime, until: datetime, channel: str = "") -> list[Period]:
        """Oldest week first; weeks without questions are left out."""
        return await self._outcomes(AskedQuestion.week, _within(since, until, channel))

    async def by_channel(self, since: datetime, until: datetime) -> list[Period]:
        return await self._outcomes(AskedQuestion.channel, _within(since, until, ""))

    async def topics(self, since: datetime, until: datetime, channel: str = "", limit: int = 20) -> list[Count]:
        """Questions by topic, most asked first; a question without a topic counts under ""."""
        topic = func.coalesce(AskedQuestion.topic_id, "")
        asked = (
            select(topic.label("key"), func.count().label("count"))
            .where(*_within(since, until, channel))
            .group_by(topic)
            .order_by(func.count().desc(), topic)
            .limit(limit)
        )
        return await self._counted(asked.subquery(), (Kind.FAQ, Kind.CLAUSE), "没有对上问答")

    async def clauses(self, since: datetime, until: datetime, channel: str = "", limit: int = 20) -> list[Count]:
        """The clauses that answers stood on, most used first."""
        used = (
            select(AskedClause.clause_id.label("key"), func.count().label("count"))
            .join(AskedQuestion, AskedQuestion.id == AskedClause.question_id)
            .where(*_within(since, until, channel))
            .group_by(AskedClause.clause_id)
            .order_by(func.count().desc(), AskedClause.clause_id)
            .limit(limit)
        )
        return await self._counted(used.subquery(), (Kind.CLAUSE,), "")

    async def _counted(self, table: Subquery, kinds: Sequence[Kind], unnamed: str) -> list[Count]:
        async with self._database.session() as session:
            rows = await session.execute(
                select(table.c.key, table.c.count, Item.title, Item.kind, Item.id, Clause)
                .outerjoin(Item, _is_item(table.c.key, kinds))
                .outerjoin(Clause, (Item.kind == Kind.CLAUSE) & (Clause.id == Item.id))
                .options(joinedload(Clause.document))
                .order_by(table.c.count.desc(), table.c.key)
            )
            return [
                Count(key, _clause(clause) if clause else title or key or unnamed, count, kind or "", item_id or "")
                for key, count, title, kind, item_id, clause in rows
            ]

    async def _outcomes(self, by: InstrumentedAttribute[str], where: list[ColumnElement[bool]]) -> list[Period]:
        outcome = func.coalesce(func.nullif(AskedQuestion.followed_by, ""), AskedQuestion.outcome)
        async with self._database.session() as session:
            rows = await session.execute(
                select(by, outcome, func.count()).where(*where).group_by(by, outcome).order_by(by)
            )
            counts: dict[str, dict[str, int]] = {}
            for key, what, count in rows:
                counts.setdefault(key, {})[what] = count
        return [_period(key, found) for key, found in counts.items()]


def _clause(row: Clause) -> str:
    """济医保字〔2023〕25号 第19条 下沉办理: as citizens hear it cited, and what it is about."""
    named = label(row.number, row.heading)
    return " ".join(
        [row.document.doc_no or f"《{row.document.title}》", named, "" if row.heading in named else row.heading]
    ).strip()


def _period(key: str, counts: dict[str, int]) -> Period:
    return Period(
        key=key,
        asked=sum(counts.values()),
        answered=counts.get(Outcome.ANSWERED, 0),
        low_confidence=counts.get(Outcome.LOW_CONFIDENCE, 0),
        unclear=counts.get(Outcome.UNCLEAR, 0),
        declined=counts.get(Outcome.DECLINED, 0),
        handed_over=counts.get(FollowUp.HANDED_OVER, 0),
        bad_rating=counts.get(FollowUp.BAD_RATING, 0),
    )


def _is_item(key: ColumnElement[str], kinds: Sequence[Kind]) -> ColumnElement[bool]:
    """A question answered from a clause alone is kept under the clause's id, one answered from a service guide under
    the guide's and what was asked of it: guide/<id>/where."""
    own = (Item.id == key) & Item.kind.in_(kinds)
    return own | ((Item.kind == Kind.GUIDE) & key.like(literal("guide/") + Item.id + "/%"))


def _within(since: datetime, until: datetime, channel: str) -> list[ColumnElement[bool]]:
    first, last = (as_stored(moment) for moment in (since, until))
    found: list[ColumnElement[bool]] = [AskedQuestion.asked_at >= first, AskedQuestion.asked_at < last]
    return [*found, AskedQuestion.channel == channel] if channel else found
