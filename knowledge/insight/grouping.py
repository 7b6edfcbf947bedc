"""Brings what nobody could answer together in the background, a question at a time, so that pages only read.

    grouping = Grouping(database, encoder)
    own(stack, grouping.run(), "grouping")        # every half minute what is new
    await grouping.catch_up()                     # all of it now, for tests

A question joins the group of the topic that it was found to be about; else the one whose meaning is nearest, from
_SAME_MEANING on; else it founds one. What was only quoted to it as the nearest is no such topic. One that means
something only after another ("要几天") is taken together with that one. What asks nothing ("好的") is put aside. The
work of a question takes milliseconds on a thread of its own, which then rests as long as it worked: half a core at most
is taken from the calls, and no citizen waits long for the encoder.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from knowledge.answering.asked.no_question import asks_nothing
from knowledge.answering.passage_answers import clause_id
from knowledge.authoring.models import AskedQuestion
from knowledge.insight.models import NO_QUESTION, AskedGroup, AskedMeaning
from knowledge.insight.questions import FOLLOWS_WITHIN, Outcome
from knowledge.retrieval.index import Encoder
from knowledge.retrieval.normalise import Synonyms, asks_without_subject, vocabulary
from knowledge.retrieval.snapshot import published_synonyms

log = structlog.get_logger()

EVERY_SECONDS = 30.0
LOOKS_BACK = timedelta(weeks=27)
"""A little more than the longest time that the page shows."""
_SAME_MEANING = 0.72
"""Cosine with a meaning's mean from which a question belongs to it."""
_BATCH = 50
_MOST_BARE_CHARS = 15
_HELPLESS = (Outcome.DECLINED.value, Outcome.LOW_CONFIDENCE.value, Outcome.UNCLEAR.value, Outcome.HANDED_OVER.value)

Vector = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class _Group:
    id: int = 0
    """0: not kept yet."""
    topic: str = ""
    is_tidied: bool = False
    """Staff decided something about it."""

    @property
    def is_free(self) -> bool:
        """Whether it may be taken into another."""
        return not self.topic and not self.is_tidied


@dataclass(slots=True, eq=False)
class _Meaning:
    """`total` is the sum of its questions' unit vectors."""

    group: _Group
    total: Vector
    id: int = 0
    is_changed: bool = True


class _Known:
    """The groups as they are in the database, and what was decided since."""

    def __init__(self) -> None:
        self.by_topic: dict[str, _Group] = {}
        self.meanings: list[_Meaning] = []
        self.joined: list[tuple[_Group, _Group]] = []
        """Groups (first) that turned out to be about the matter of another (second)."""
        self._means = np.zeros((0, 0), np.float32)
        """Unit vectors of the meanings, in their order, with room for more."""

    def nearest(self, vector: Vector) -> _Meaning | None:
        """The meaning that a unit vector belongs to."""
        if not self.meanings:
            return None
        near = self._means[: len(self.meanings)] @ vector
        best = int(near.argmax())
        return self.meanings[best] if near[best] >= _SAME_MEANING else None

    def found(self, group: _Group, total: Vector, number: int = 0) -> None:
        """One more meaning. `number`: of one that is kept already."""
        count = len(self.meanings)
        if count == len(self._means):
            grown = np.zeros((2 * count + 64, len(total)), np.float32)
            grown[:count] = self._means[:count] if count else 0
            self._means = grown
        self.meanings.append(_Meaning(group, total, number, is_changed=not number))
        self._means[count] = _unit(total)

    def add(self, meaning: _Meaning, vector: Vector) -> None:
        """One more question means this."""
        meaning.total, meaning.is_changed = meaning.total + vector, True
        place = self.meanings.index(meaning)
        self._means[place] = mean = _unit(meaning.total)
        near = self._means[: len(self.meanings)] @ mean
        near[place] = 0.0
        # Two that began apart may come to mean the same: which is founded must not hang on what was asked first.
        other = self.meanings[int(near.argmax())].group
        if near.max() >= _SAME_MEANING and other is not meaning.group:
            if meaning.group.is_free:
                self.join(meaning.group, other)
            elif other.is_free:
                self.join(other, meaning.group)

    def join(self, one: _Group, other: _Group) -> None:
        """What was in one group is in the other from now on."""
        self.joined.append((one, other))
        for meaning in self.meanings:
            if meaning.group is one:
                meaning.group, meaning.is_changed = other, True


@dataclass(frozen=True, slots=True)
class _Placed:
    question: int
    group: _Group | None
    """None: it asks nothing."""
    after: str
    stands_alone: bool


def helpless() -> ColumnElement[bool]:
    """What makes a question one that nobody answered well."""
    return AskedQuestion.outcome.in_(_HELPLESS) | (AskedQuestion.followed_by != "")


class Grouping:
    """One per service. Two at once do no harm but twice the work, and now and then two groups for one matter."""

    def __init__(self, database: Database, encoder: Encoder, now: Clock = utc_now) -> None:
        self._database, self._encoder, self._now = database, encoder, now

    async def run(self) -> None:
        """For ever; what goes wrong is told in the log and tried again."""
        while True:
            try:
                await self.catch_up(is_gentle=True)
            except SQLAlchemyError as error:
                log.warning("questions_not_grouped", kind=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def catch_up(self, *, is_gentle: bool = False) -> int:
        """Group what waits, oldest first; returns how many there were. `is_gentle`: rest as long as it worked."""
        known, done = None, 0
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="grouping") as thread:
            while rows := await self._waiting():
                async with self._database.session() as session:
                    synonyms = await published_synonyms(session)
                    known = known or await _load(session)
                placed = [await self._place(thread, known, row, synonyms, is_gentle=is_gentle) for row in rows]
                async with self._database.session() as session:
                    await _keep(session, known, placed, self._now())
                done += len(rows)
        return done

    async def _waiting(self) -> Sequence[AskedQuestion]:
        since = as_stored(self._now() - LOOKS_BACK)
        wanted = select(AskedQuestion).where(
            AskedQuestion.group_id.is_(None), AskedQuestion.asked_at >= since, helpless()
        )
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(AskedQuestion.id).limit(_BATCH)))

    async def _place(
        self, thread: ThreadPoolExecutor, known: _Known, row: AskedQuestion, synonyms: Synonyms, *, is_gentle: bool
    ) -> _Placed:
        loop = asyncio.get_running_loop()
        is_bare = await loop.run_in_executor(thread, _is_bare, row.text)
        after = ""
        if is_bare:
            async with self._database.session() as session:
                said = await _said_before(session, row)
            after = await loop.run_in_executor(thread, _last_alone, said)
        began = time.monotonic()
        placed = await loop.run_in_executor(thread, self._placed, known, row, after, is_bare, synonyms)
        if is_gentle:
            await asyncio.sleep(time.monotonic() - began)
        return placed

    def _placed(self, known: _Known, row: AskedQuestion, after: str, is_bare: bool, synonyms: Synonyms) -> _Placed:
        """In the thread."""
        topic = _matter(row)
        if asks_nothing(row.text) and not topic:
            return _Placed(row.id, None, "", stands_alone=False)
        meaning = f"{after} {row.text}".strip()
        text = vocabulary(synonyms).normalise(meaning) or meaning
        vector = _unit(self._encoder.encode([text])[0])
        group = _about(known, topic, vector, is_bare=is_bare)
        return _Placed(row.id, group, after, stands_alone=not is_bare)


def _matter(row: AskedQuestion) -> str:
    """The topic that a question is about: one that staff wrote, found with certainty. What was merely quoted as the
    nearest says nothing of it: one sentence of a document comes nearest to a hundred matters."""
    topic = row.topic_id or ""
    is_quoted = clause_id(topic) != topic
    return "" if is_quoted or row.outcome == Outcome.LOW_CONFIDENCE else topic


def _about(known: _Known, topic: str, vector: Vector, *, is_bare: bool) -> _Group:
    """The group of a question; its meaning becomes one of the group's. A question without a subject says nothing of
    what its topic means."""
    near = known.nearest(vector)
    if not topic:
        group = near.group if near else _Group()
    elif is_bare:
        group = known.by_topic.setdefault(topic, _Group(topic=topic))
    else:
        group = _of_topic(known, topic, near)
    if near is not None and near.group is group:
        known.add(near, vector)
        return near.group
    if not (topic and is_bare):
        known.found(group, vector)
    return group


def _of_topic(known: _Known, topic: str, near: _Meaning | None) -> _Group:
    """The topic's group. What meant the same was about this, too, though nobody had found that out."""
    group, other = known.by_topic.get(topic), near.group if near else None
    if group is None:
        group = other if other is not None and other.is_free else _Group()
        group.topic, known.by_topic[topic] = topic, group
    elif other is not None and other.is_free and other is not group:
        known.join(other, group)
    return group


async def _load(session: AsyncSession) -> _Known:
    rows = (await session.execute(select(AskedGroup))).scalars().all()
    groups = {row.id: _Group(row.id, row.topic_id, bool(row.ignored_by or row.assigned_to)) for row in rows}
    merged = {row.id: row.merged_into for row in rows if row.merged_into is not None}

    def stays(number: int) -> _Group:
        while number in merged:
            number = merged[number]
        return groups[number]

    known = _Known()
    known.by_topic = {group.topic: stays(number) for number, group in groups.items() if group.topic}
    vectors = await session.execute(select(AskedMeaning.id, AskedMeaning.group_id, AskedMeaning.vector))
    for number, group, vector in vectors:
        known.found(stays(group), np.frombuffer(vector, np.float32), number)
    return known


async def _keep(session: AsyncSession, known: _Known, placed: Sequence[_Placed], now: datetime) -> None:
    """What was decided, in the caller's unit of work."""
    used = [one.group for one in placed if one.group is not None] + [group for pair in known.joined for group in pair]
    for group in dict.fromkeys(used):
        await _keep_group(session, group, as_stored(now))
    for meaning in known.meanings:
        if meaning.is_changed:
            await _keep_meaning(session, meaning)
    for place in placed:
        number = place.group.id if place.group else NO_QUESTION
        await session.execute(
            update(AskedQuestion)
            .where(AskedQuestion.id == place.question)
            .values(group_id=number, after=place.after, stands_alone=place.stands_alone)
        )
    for one, other in known.joined:
        await move(session, one.id, other.id)
    known.joined.clear()


async def move(session: AsyncSession, one: int, other: int) -> None:
    """All questions and meanings of a group become the other's, and so will whatever is like them."""
    await session.execute(update(AskedGroup).where(AskedGroup.id == one).values(merged_into=other))
    await session.execute(update(AskedMeaning).where(AskedMeaning.group_id == one).values(group_id=other))
    await session.execute(update(AskedQuestion).where(AskedQuestion.group_id == one).values(group_id=other))


async def _keep_group(session: AsyncSession, group: _Group, at: datetime) -> None:
    if group.id:
        await session.execute(update(AskedGroup).where(AskedGroup.id == group.id).values(topic_id=group.topic))
        return
    row = AskedGroup(topic_id=group.topic, made_at=at)
    session.add(row)
    await session.flush()
    group.id = row.id


async def _keep_meaning(session: AsyncSession, meaning: _Meaning) -> None:
    values = {"vector": meaning.total.astype(np.float32).tobytes(), "group_id": meaning.group.id}
    if meaning.id:
        await session.execute(update(AskedMeaning).where(AskedMeaning.id == meaning.id).values(values))
    else:
        row = AskedMeaning(**values)
        session.add(row)
        await session.flush()
        meaning.id = row.id
    meaning.is_changed = False


async def _said_before(session: AsyncSession, row: AskedQuestion) -> list[str]:
    """What the same conversation asked in the half hour before, newest first."""
    found = await session.scalars(
        select(AskedQuestion.text)
        .where(
            AskedQuestion.conversation == row.conversation,
            AskedQuestion.id < row.id,
            AskedQuestion.asked_at >= row.asked_at - FOLLOWS_WITHIN,
        )
        .order_by(AskedQuestion.id.desc())
        .limit(_BATCH)
    )
    return list(found)


def _last_alone(texts: Sequence[str]) -> str:
    return next((text for text in texts if not _is_bare(text) and not asks_nothing(text)), "")


@lru_cache(maxsize=5_000)
def _is_bare(text: str) -> bool:
    """Means something only after another question. Long ones are not looked at: that takes time, and they do not."""
    return len(text) <= _MOST_BARE_CHARS and asks_without_subject(text)


def _unit(vector: Vector) -> Vector:
    return (vector / max(_length(vector), 1e-9)).astype(np.float32)


def _length(vector: Vector) -> float:
    return max(float(np.linalg.norm(vector)), 1e-9)
