"""What citizens asked, on every channel, masked before it is stored; and what of it nobody could answer.

    log = QuestionLog(database, conversation_key=vault.lookup)
    await log.start();  …  await log.aclose()
    log.record(asked(question, reply, channel="phone", conversation="call-17", place=None))   # microseconds
    log.followed(conversation="call-17", by=FollowUp.HANDED_OVER)

`record` only puts the question into a bounded queue; a task masks and writes. When the queue is full the question is
dropped and counted: an answer never waits for statistics.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from prometheus_client import Counter
from sqlalchemy import Text, delete, or_, select, type_coerce, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_stored, here, utc_now
from base.database import Database
from knowledge.answering.replies import Answer, Declined, Reply
from knowledge.authoring.models import AskedClause, AskedQuestion
from knowledge.insight.sealed import MARK
from language.masking import mask

log = structlog.get_logger()

RETENTION = timedelta(days=400)
"""A year and a month, so that a month can be compared with last year's."""
_SURE_FROM = 0.6
"""Answers are given from 0.5; what lies between is shown to staff as low confidence."""
_QUEUE = 2_000
_BATCH = 200
_GATHER_SECONDS = 0.2
_CLEAN_EVERY = timedelta(hours=6)
FOLLOWS_WITHIN = timedelta(minutes=30)
_MAX_CHARS = 300
_DROPPED = Counter("yibao_questions_dropped_total", "Questions not recorded: queue full, or the database refused")


class Outcome(StrEnum):
    """What became of a question when it was asked."""

    ANSWERED = "answered"
    LOW_CONFIDENCE = "low_confidence"
    UNCLEAR = "unclear"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


class FollowUp(StrEnum):
    """What showed later that the answer did not help."""

    HANDED_OVER = "handed_over"
    BAD_RATING = "bad_rating"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "answered": "已答复",
    "low_confidence": "把握不大",
    "unclear": "没听明白",
    "declined": "答不上来",
    "handed_over": "转人工",
    "bad_rating": "差评",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked; `text` is the citizen's own and is masked before it is stored.

    `conversation` tells conversations apart (sender or call id); only its keyed hash is stored.
    """

    text: str
    outcome: Outcome
    channel: str
    conversation: str
    place: str = ""
    topic: str | None = None
    clauses: tuple[str, ...] = ()
    confidence: float | None = None
    at: datetime = field(default_factory=utc_now)


def asked(question: str, reply: Reply, *, channel: str, conversation: str, place: str | None) -> Asked:
    """What to record of a question and what the knowledge replied."""
    outcome, topic = Outcome.UNCLEAR, None
    clauses: tuple[str, ...] = ()
    if isinstance(reply, Answer):
        outcome = Outcome.ANSWERED if reply.confidence >= _SURE_FROM else Outcome.LOW_CONFIDENCE
        topic, clauses = reply.topic, reply.clauses
    elif isinstance(reply, Declined):
        outcome, topic = Outcome.DECLINED, reply.topic
    return Asked(
        question, outcome, channel, conversation, place or "", topic, clauses=clauses, confidence=reply.confidence
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    conversation: str
    by: FollowUp
    at: datetime


class QuestionLog:
    """One per process. `record` and `followed` never wait and never raise; `aclose` writes what is still queued."""

    def __init__(
        self, database: Database, *, conversation_key: Callable[[str], str], retention: timedelta = RETENTION
    ) -> None:
        self._database, self._key, self._retention = database, conversation_key, retention
        self._queue: asyncio.Queue[Asked | _Followed | None] = asyncio.Queue(_QUEUE)
        self._writer: asyncio.Task[None] | None = None
        self._cleaned_at: datetime | None = None

    async def start(self) -> None:
        """Begin writing; from the event loop that records."""
        self._writer = asyncio.create_task(self._write_all(), name="question log")

    async def aclose(self) -> None:
        """Write what is queued, then stop."""
        if self._writer is not None:
            await self._queue.put(None)
            await self._writer
            self._writer = None

    def record(self, asked: Asked) -> None:
        """Note a question."""
        self._put(asked)

    def followed(self, conversation: str, by: FollowUp) -> None:
        """The last question of the conversation was no help after all."""
        self._put(_Followed(conversation, by, utc_now()))

    async def rated_badly(self, conversation: str, at: datetime) -> None:
        """The ticket that came of a conversation was rated badly: the last question before it was opened was no help.

        `conversation` is a keyed hash already, for the ticket knows nothing else; `at` (aware): when it was opened.
        """
        async with self._database.session() as session:
            last = await _last_question(session, conversation, at)
            if last is not None:
                last.followed_by = FollowUp.BAD_RATING.value

    async def seal_old(self) -> None:
        """Seal what an earlier version wrote in clear, a few at a time; ends when there is none."""
        in_clear = [
            (column != "") & ~type_coerce(column, Text).startswith(MARK)
            for column in (AskedQuestion.text, AskedQuestion.after)
        ]
        done = 0
        while True:
            wanted = select(AskedQuestion).where(or_(*in_clear), AskedQuestion.id > done).order_by(AskedQuestion.id)
            async with self._database.session() as session:
                rows = list(await session.scalars(wanted.limit(_BATCH)))
                for row in rows:
                    new = {"text": row.text, "after": row.after}
                    await session.execute(update(AskedQuestion).where(AskedQuestion.id == row.id).values(new))
            if not rows:
                return
            done = rows[-1].id
            await asyncio.sleep(_GATHER_SECONDS)

    def _put(self, event: Asked | _Followed) -> None:
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            _DROPPED.inc()

    async def _write_all(self) -> None:
        ended = False
        while not ended:
            batch = [await self._queue.get()]
            await asyncio.sleep(0 if batch[0] is None else _GATHER_SECONDS)
            with suppress(asyncio.QueueEmpty):
                while len(batch) < _BATCH:
                    batch.append(self._queue.get_nowait())
            ended = None in batch
            await self._write([event for event in batch if event is not None])

    async def _write(self, events: Sequence[Asked | _Followed]) -> None:
        try:
            rows = await asyncio.to_thread(self._prepare, events)
            async with self._database.session() as session:
                for row in rows:
                    await self._keep(session, row)
                await self._clean(session)
        except SQLAlchemyError:
            _DROPPED.inc(len(events))
            log.warning("questions_not_recorded", count=len(events))

    def _prepare(self, events: Sequence[Asked | _Followed]) -> list[AskedQuestion | _Followed]:
        """In a thread: mask and hash. What leaves here holds nobody's name."""
        return [
            _row(event, self._key(event.conversation))
            if isinstance(event, Asked)
            else _Followed(self._key(event.conversation), event.by, event.at)
            for event in events
        ]

    async def _keep(self, session: AsyncSession, event: AskedQuestion | _Followed) -> None:
        if isinstance(event, AskedQuestion):
            session.add(event)
            return
        await session.flush()
        last = await _last_question(session, event.conversation, event.at)
        if last is not None:
            last.followed_by = event.by.value

    async def _clean(self, session: AsyncSession) -> None:
        now = utc_now()
        if self._cleaned_at is None or now - self._cleaned_at > _CLEAN_EVERY:
            self._cleaned_at = now
            await forget_before(session, now - self._retention)


async def _last_question(session: AsyncSession, conversation: str, at: datetime) -> AskedQuestion | None:
    """What was asked last in the half hour before an aware moment."""
    found: AskedQuestion | None = await session.scalar(
        select(AskedQuestion)
        .where(
            AskedQuestion.conversation == conversation,
            AskedQuestion.asked_at >= _naive(at - FOLLOWS_WITHIN),
            AskedQuestion.asked_at <= _naive(at),
        )
        .order_by(AskedQuestion.id.desc())
        .limit(1)
    )
    return found


async def forget_before(session: AsyncSession, day: datetime) -> None:
    """Delete the questions asked before an aware moment."""
    old = select(AskedQuestion.id).where(AskedQuestion.asked_at < _naive(day))
    await session.execute(delete(AskedClause).where(AskedClause.question_id.in_(old)))
    await session.execute(delete(AskedQuestion).where(AskedQuestion.asked_at < _naive(day)))


def week_of(at: datetime) -> str:
    """The ISO week of an aware moment, in Chinese time: 2026-W47."""
    year, week, _ = here(at).isocalendar()
    return f"{year}-W{week:02d}"


def _row(asked: Asked, conversation: str) -> AskedQuestion:
    return AskedQuestion(
        asked_at=_naive(asked.at),
        week=week_of(asked.at),
        channel=asked.channel[:16],
        place=asked.place[:40],
        conversation=conversation[:64],
        text=mask(asked.text)[:_MAX_CHARS],
        outcome=asked.outcome.value,
        topic_id=asked.topic,
        score=asked.confidence,
        clauses=[AskedClause(clause_id=clause) for clause in dict.fromkeys(asked.clauses)],
    )


def _naive(at: datetime) -> datetime:
    return as_stored(at)
