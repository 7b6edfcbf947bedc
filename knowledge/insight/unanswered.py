"""What nobody could answer, as staff see and tidy it: how often, on which channels, more or less than before.

    unanswered = Unanswered(database)
    page = await unanswered.page(weeks=8)
    draft = await unanswered.draft(page.groups[0].id, who="wangfang")     # an FAQ draft with their wordings
    await unanswered.ignore(page.groups[1].id, who="wangfang")

`knowledge.insight.grouping` makes the groups in the background; everything here is counted in SQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, utc_now
from base.database import Database
from base.errors import BadInput
from knowledge.authoring.content import FaqContent
from knowledge.authoring.models import AskedQuestion, Kind
from knowledge.authoring.versions import Version, add_item
from knowledge.insight.grouping import helpless, move
from knowledge.insight.models import NO_QUESTION, AskedGroup
from knowledge.insight.questions import week_of
from knowledge.models import Topic, TopicKind
from staff import audit
from staff.audit import Action

_MOST_WORDINGS = 30
_LONGEST_TITLE = 60
"""Characters: a longer wording heads its group only where there is no other."""
_GONE = "这一类已经不在了（可能别人刚合并），请刷新后再看。"


class Show(StrEnum):
    """Which groups a list has."""

    OPEN = "open"
    MINE = "mine"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same. `title` is the one asked most; `wordings` the most frequent ones, those that stand
    alone before those that follow another, of `kinds` in all.

    `by_week` covers every week of the period, oldest first, zeros included; `trend` is the second half's count minus
    the first half's. `draft_id` is set once staff made an FAQ draft of all of it.
    """

    id: int
    title: str
    wordings: tuple[str, ...]
    kinds: int
    count: int
    by_week: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    by_outcome: tuple[tuple[str, int], ...]
    trend: int
    draft_id: str
    can_draft: bool
    """Whether one of them stands alone."""
    topic: str = ""
    """The FAQ that they were found to be about, and that does not answer them."""
    assigned_to: str = ""
    ignored_by: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, the largest groups first and those that have a draft last; `waiting`: questions that are
    not grouped yet."""

    groups: Sequence[Group]
    total: int
    waiting: int


class _Wording(NamedTuple):
    text: str
    after: str
    stands_alone: bool

    @property
    def words(self) -> str:
        return f"{self.text}（接着“{self.after}”问的）" if self.after else self.text


class Unanswered:
    """Reads, and what staff decide; every decision is in the audit log."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database, self._now = database, now

    async def page(
        self,
        *,
        weeks: int = 8,
        channel: str = "",
        show: Show = Show.OPEN,
        who: str = "",
        number: int = 1,
        page_size: int = 50,
    ) -> Page:
        """`who` is whose groups `Show.MINE` means."""
        where = self._where(weeks, channel)
        shown = {
            Show.OPEN: AskedGroup.ignored_by == "",
            Show.MINE: (AskedGroup.assigned_to == who) & (AskedGroup.ignored_by == ""),
            Show.IGNORED: AskedGroup.ignored_by != "",
        }[show]
        counted = (
            select(
                AskedQuestion.group_id.label("id"),
                func.count().label("count"),
                func.min(AskedQuestion.draft_id).label("least_draft"),
                func.max(AskedQuestion.draft_id).label("draft"),
            )
            .where(*where, AskedQuestion.group_id != NO_QUESTION)
            .group_by(AskedQuestion.group_id)
            .subquery()
        )
        is_drafted = counted.c.least_draft != ""
        wanted = select(AskedGroup, counted).join(counted, counted.c.id == AskedGroup.id).where(shown)
        async with self._database.session() as session:
            total = await session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            waiting = await session.scalar(select(func.count()).where(*where[:2], AskedQuestion.group_id.is_(None)))
            rows = (
                await session.execute(
                    wanted.order_by(is_drafted, counted.c.count.desc(), AskedGroup.id)
                    .offset((number - 1) * page_size)
                    .limit(page_size)
                )
            ).all()
            groups = await self._filled(session, rows, where, weeks)
        return Page(groups, total, waiting or 0)

    async def draft(self, group_id: int, *, who: str) -> Version:
        """An FAQ draft with those of the questions that stand alone as its wordings. It has no answer yet: it is a gap
        until somebody writes one, with its sources. Raises BadInput when they are gone, or none stands alone."""
        async with self._database.session() as session:
            mine = (AskedQuestion.group_id == group_id, helpless())
            first = await session.scalar(select(func.min(AskedQuestion.id)).where(*mine))
            if first is None or group_id == NO_QUESTION:
                raise BadInput(citizen_text="这些问题已经过了保存期限。")
            wordings = [one.text for one in await _wordings(session, mine, group_id) if one.stands_alone]
            if not wordings:
                raise BadInput(citizen_text="这些话要接着前面的问题才有意思，不能单独建成问答。")
            content = FaqContent(
                kind=TopicKind.GAP, title=_title(wordings), wordings=tuple(wordings), missing="这个问题的具体规定"
            )
            made = await add_item(session, Kind.FAQ, f"faq-asked-{first}", content, who=who, note="来自群众提问")
            await session.execute(
                update(AskedQuestion).where(AskedQuestion.group_id == group_id).values(draft_id=made.item_id)
            )
            return made

    async def ignore(self, group_id: int, *, who: str, on: bool = True) -> None:
        """It needs no answer, nor does what will be asked like it; `on` False: it does after all. Raises BadInput."""
        async with self._database.session() as session:
            group = await _group(session, group_id)
            group.ignored_by = who if on else ""
            audit.note(session, who, Action.ASKED_IGNORED if on else Action.ASKED_SHOWN, f"asked/{group_id}")

    async def assign(self, group_id: int, to: str, *, who: str) -> None:
        """`to` is the username of who should see to it, "" nobody. Raises BadInput."""
        async with self._database.session() as session:
            (await _group(session, group_id)).assigned_to = to
            audit.note(session, who, Action.ASKED_ASSIGNED, f"asked/{group_id}", detail=f"to {to}" if to else "")

    async def merge(self, group_id: int, into: int, *, who: str) -> None:
        """Both are one matter, from now on too. Raises BadInput."""
        async with self._database.session() as session:
            one, other = await _group(session, group_id), await _group(session, into)
            if one is other:
                raise BadInput(citizen_text="请选另外一类，合并到它那里。")
            await move(session, one.id, other.id)
            audit.note(session, who, Action.ASKED_MERGED, f"asked/{group_id}", detail=f"into asked/{into}")

    async def largest(self, *, weeks: int = 1, limit: int = 3) -> Sequence[Group]:
        """What is asked most at present and has no draft: for the first page."""
        groups = (await self.page(weeks=weeks, page_size=limit)).groups
        return [group for group in groups if not group.draft_id]

    def _where(self, weeks: int, channel: str) -> list[ColumnElement[bool]]:
        where = [AskedQuestion.week >= week_of(self._now() - timedelta(weeks=weeks - 1)), helpless()]
        return [*where, AskedQuestion.channel == channel] if channel else where

    async def _filled(
        self,
        session: AsyncSession,
        rows: Sequence[tuple[AskedGroup, int, int, str, str]],
        where: list[ColumnElement[bool]],
        weeks: int,
    ) -> list[Group]:
        """The groups with their wordings and counts."""
        ids = [row[0].id for row in rows]
        outcome = func.coalesce(func.nullif(AskedQuestion.followed_by, ""), AskedQuestion.outcome)
        counts = {
            name: await _counts(session, column, [*where, AskedQuestion.group_id.in_(ids)])
            for name, column in (("week", AskedQuestion.week), ("channel", AskedQuestion.channel), ("outcome", outcome))
        }
        topics = set(await session.scalars(select(Topic.id).where(Topic.id.in_([row[0].topic_id for row in rows]))))
        names = [week_of(self._now() - timedelta(weeks=back)) for back in reversed(range(weeks))]
        found = []
        for group, _, count, least, draft in rows:
            mine = [*where, AskedQuestion.group_id == group.id]
            wordings, kinds = await _wordings(session, mine, group.id), await _kinds(session, mine)
            per_week = counts["week"][group.id]
            by_week = tuple((week, per_week[week]) for week in names)
            half = len(names) // 2
            found.append(
                Group(
                    id=group.id,
                    title=_title([one.words for one in wordings]),
                    wordings=tuple(one.words for one in wordings),
                    kinds=kinds,
                    count=count,
                    by_week=by_week,
                    by_channel=tuple(counts["channel"][group.id].most_common()),
                    by_outcome=tuple(counts["outcome"][group.id].most_common()),
                    trend=sum(n for _, n in by_week[len(names) - half :]) - sum(n for _, n in by_week[:half]),
                    draft_id=draft if least else "",
                    can_draft=any(one.stands_alone for one in wordings),
                    topic=group.topic_id if group.topic_id in topics else "",
                    assigned_to=group.assigned_to,
                    ignored_by=group.ignored_by,
                )
            )
        return found


async def _group(session: AsyncSession, group_id: int) -> AskedGroup:
    group = await session.get(AskedGroup, group_id)
    if group is None or group.merged_into is not None:
        raise BadInput(citizen_text=_GONE)
    return group


async def _counts(
    session: AsyncSession, by: SQLColumnExpression[str], where: list[ColumnElement[bool]]
) -> dict[int | None, Counter[str]]:
    rows = await session.execute(
        select(AskedQuestion.group_id, by, func.count()).where(*where).group_by(AskedQuestion.group_id, by)
    )
    found: dict[int | None, Counter[str]] = defaultdict(Counter)
    for group, key, count in rows:
        found[group][key] += count
    return found


async def _wordings(session: AsyncSession, where: Sequence[ColumnElement[bool]], group_id: int) -> list[_Wording]:
    """The most frequent first, those that stand alone before the others."""
    same = (AskedQuestion.text, AskedQuestion.after, AskedQuestion.stands_alone)
    rows = await session.execute(
        select(*same)
        .where(*where)
        .group_by(*same)
        .order_by(AskedQuestion.stands_alone.desc(), func.count().desc(), func.min(AskedQuestion.id))
        .limit(_MOST_WORDINGS)
    )
    return [_Wording(*row) for row in rows]


async def _kinds(session: AsyncSession, where: Sequence[ColumnElement[bool]]) -> int:
    wanted = select(AskedQuestion.text, AskedQuestion.after).where(*where).distinct().subquery()
    return await session.scalar(select(func.count()).select_from(wanted)) or 0


def _title(wordings: Sequence[str]) -> str:
    """The most frequent one that can be read at a glance."""
    return next((one for one in wordings if len(one) <= _LONGEST_TITLE), wordings[0] if wordings else "")[:300]
