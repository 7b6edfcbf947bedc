"""How much is asked, about what, with what outcome, standing on which clauses: counted in SQL, as typed rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, case, extract, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from base.clock import as_stored, here
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

    def share(self, *parts: str) -> int | None:
        """Percent of all that were asked; None when nothing was."""
        return round(100 * sum(getattr(self, part) for part in parts) / self.asked) if self.asked else None


class Statistics:
    """Everything between two aware moments (`until` excluded), optionally of one channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_week(self, since: datetime, until: datetime, channel: str = "") -> list[Period]:
        """Oldest week first; weeks without questions are left out."""
        return await self._outcomes(AskedQuestion.week, _within(since, until, channel))

    async def altogether(self, since: datetime, until: datetime, channel: str = "") -> Period:
        """All of it in one."""
        found = await self.by_channel(since, until)
        mine = [one for one in found if not channel or one.key == channel]
        names = [name for name in Period.__dataclass_fields__ if name != "key"]
        return Period("", **{name: sum(getattr(one, name) for one in mine) for name in names})

    async def by_channel(self, since: datetime, until: datetime) -> list[Period]:
        return await self._outcomes(AskedQuestion.channel, _within(since, until, ""))

    async def by_hour(self, since: datetime, until: datetime, channel: str = "") -> list[int]:
        """How many questions came in each of the day's 24 hours, as the office's clock shows them."""
        hour = extract("hour", AskedQuestion.asked_at)
        counted = select(hour, func.count()).where(*_within(since, until, channel)).group_by(hour)
        ahead = int((here(since).utcoffset() or timedelta()).total_seconds()) // 3600
        found = [0] * 24
        async with self._database.session() as session:
            for at, count in await session.execute(counted):
                found[(int(at) + ahead) % 24] += count
        return found

    async def topics(self, since: datetime, until: datetime, channel: str = "", limit: int = 20) -> list[Count]:
        """Questions by topic, most asked first; a question without a topic counts under "", one that was answered with
        a sentence of a document under its clause."""
        topic = _matter()
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


def _matter() -> ColumnElement[str]:
    """The topic; of an answer that quoted one sentence ("clause~2") the clause."""
    topic = func.coalesce(AskedQuestion.topic_id, "")
    return case((topic.contains("~"), func.rtrim(func.rtrim(topic, "0123456789"), "~")), else_=topic)


def _is_item(key: ColumnElement[str], kinds: Sequence[Kind]) -> ColumnElement[bool]:
    """A question answered from a clause alone is kept under the clause's id, one answered from a service guide under
    the guide's and what was asked of it: guide/<id>/where."""
    own = (Item.id == key) & Item.kind.in_(kinds)
    return own | ((Item.kind == Kind.GUIDE) & key.like(literal("guide/") + Item.id + "/%"))


def _within(since: datetime, until: datetime, channel: str) -> list[ColumnElement[bool]]:
    first, last = (as_stored(moment) for moment in (since, until))
    found: list[ColumnElement[bool]] = [AskedQuestion.asked_at >= first, AskedQuestion.asked_at < last]
    return [*found, AskedQuestion.channel == channel] if channel else found
