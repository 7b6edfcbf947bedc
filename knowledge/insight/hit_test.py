"""Trying questions out (试答): what would be answered, from which candidates, and whether that changed.

tests = HitTests(database, assistant)
run = await tests.ask("慢病多久审一次", place="sd-jining", on=None, channel="phone", who="wangfang")
run = await tests.ask("慢病多久审一次\n在哪办", …)        # the last line is tried, after the lines before it
report = await tests.rerun_all(who="wangfang")        # report.changed: the test questions whose answer changed
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_aware, day_here, stored_now, utc_now
from base.database import Database
from base.errors import BadInput
from base.messages import Source
from knowledge.answering.explaining import Why
from knowledge.answering.replies import Answer, Declined, Explained
from knowledge.authoring.models import HitRun, HitTest

_MAX_QUESTION_CHARS = 300
_RUNS_KEPT = 20
"""Of each question: its last different answers."""


class Explains(Protocol):
    """`knowledge.answering.answer.Assistant`, or a scripted one."""

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained: ...


@dataclass(frozen=True, slots=True)
class Run:
    """One trial. `outcome`: answered, declined or unclear. `text` is what a screen shows, `spoken` what a line says,
    `shown` which of the two the test's channel gives."""

    id: int
    test_id: int
    question: str
    place: str
    on: date | None
    channel: str
    at: datetime
    by: str
    knowledge_version: int
    outcome: str
    topic: str | None
    text: str
    spoken: str
    sources: tuple[Source, ...]
    candidates: tuple[Why, ...]

    @property
    def shown(self) -> str:
        return self.spoken if self.channel == "phone" else self.text


@dataclass(frozen=True, slots=True)
class Changed:
    """A test question whose answer is another one now."""

    before: Run
    now: Run


@dataclass(frozen=True, slots=True)
class Report:
    """What running all test questions again showed."""

    asked: int
    changed: tuple[Changed, ...]


class HitTests:
    """Test questions and their runs. `today` gives the Chinese day for tests without a date of their own."""

    def __init__(
        self,
        database: Database,
        assistant: Explains,
        today: Callable[[], date] = lambda: day_here(utc_now()),
    ) -> None:
        self._database, self._assistant, self._today = database, assistant, today
        self._running = asyncio.Lock()

    async def ask(self, question: str, *, place: str, on: date | None, channel: str, who: str) -> Run:
        """Try a question; it becomes a test question unless it is one already. Raises BadInput when empty or too long.

        `on` None: for today, every time it is run.
        """
        question = question.strip()
        if not question or len(question) > _MAX_QUESTION_CHARS:
            raise BadInput(citizen_text=f"请填写问题，不超过{_MAX_QUESTION_CHARS}字。")
        explained = await self._assistant.explain(question, place=place, on=on or self._today())
        async with self._database.session() as session:
            test = await _same_test(session, question, place, on, channel)
            if test is None:
                test = HitTest(question=question, place=place, on=on, channel=channel, author=who, created_at=_now())
                session.add(test)
                await session.flush()
            return await _keep(session, test, explained, who)

    async def rerun_all(self, *, who: str) -> Report:
        """Ask every test question again; one such run at a time. Compares with each question's last run."""
        async with self._running:
            tests = await self._tests()
            changed = [pair for test in tests if (pair := await self._rerun(test, who)) is not None]
        return Report(len(tests), tuple(changed))

    async def history(self, test_id: int) -> list[Run]:
        """The kept runs of one test question, newest first."""
        async with self._database.session() as session:
            rows = await session.execute(
                select(HitRun, HitTest).join(HitTest).where(HitRun.test_id == test_id).order_by(HitRun.id.desc())
            )
            return [_to_run(run, test) for run, test in rows]

    async def latest(self, *, limit: int = 200) -> list[Run]:
        """The last run of each test question, the newest question first."""
        newest = select(func.max(HitRun.id)).group_by(HitRun.test_id)
        async with self._database.session() as session:
            rows = await session.execute(
                select(HitRun, HitTest)
                .join(HitTest)
                .where(HitRun.id.in_(newest))
                .order_by(HitTest.id.desc())
                .limit(limit)
            )
            return [_to_run(run, test) for run, test in rows]

    async def forget(self, test_id: int) -> None:
        """Delete a test question with its runs."""
        async with self._database.session() as session:
            await session.execute(delete(HitTest).where(HitTest.id == test_id))

    async def _tests(self) -> list[HitTest]:
        async with self._database.session() as session:
            return list(await session.scalars(select(HitTest).order_by(HitTest.id)))

    async def _rerun(self, test: HitTest, who: str) -> Changed | None:
        before, now = await self._run(test, who)
        return Changed(before, now) if before is not None and before.id != now.id else None

    async def _run(self, test: HitTest, who: str) -> tuple[Run | None, Run]:
        """The last run and the new one; the same one twice when the answer did not change."""
        explained = await self._assistant.explain(test.question, place=test.place, on=test.on or self._today())
        async with self._database.session() as session:
            last = await _last(session, test)
            before = _to_run(last, test) if last else None
            return before, await _keep(session, test, explained, who)


async def _same_test(session: AsyncSession, question: str, place: str, on: date | None, channel: str) -> HitTest | None:
    same_day = HitTest.on.is_(None) if on is None else HitTest.on == on
    found: HitTest | None = await session.scalar(
        select(HitTest).where(
            HitTest.question == question, HitTest.place == place, HitTest.channel == channel, same_day
        )
    )
    return found


async def _last(session: AsyncSession, test: HitTest) -> HitRun | None:
    found: HitRun | None = await session.scalar(
        select(HitRun).where(HitRun.test_id == test.id).order_by(HitRun.id.desc()).limit(1)
    )
    return found


async def _keep(session: AsyncSession, test: HitTest, explained: Explained, who: str) -> Run:
    """A new row when the answer differs from the last run's; otherwise the last row, with today's candidates."""
    reply = explained.reply
    outcome = "answered" if isinstance(reply, Answer) else "declined" if isinstance(reply, Declined) else "unclear"
    sources = reply.sources if isinstance(reply, Answer | Declined) else ()
    row = HitRun(
        test_id=test.id,
        at=_now(),
        by=who,
        knowledge_version=explained.version,
        outcome=outcome,
        topic_id=reply.topic if isinstance(reply, Answer | Declined) else None,
        text=reply.text,
        spoken=reply.spoken,
        sources=[[source.doc_no, source.clause, source.title] for source in sources],
        candidates=[asdict(candidate) for candidate in explained.candidates],
    )
    last = await _last(session, test)
    if last is not None and _same_answer(_to_run(last, test), _to_run(row, test)):
        last.knowledge_version, last.candidates = row.knowledge_version, row.candidates
        return _to_run(last, test)
    session.add(row)
    await session.flush()
    too_old = select(HitRun.id).where(HitRun.test_id == test.id).order_by(HitRun.id.desc()).offset(_RUNS_KEPT)
    await session.execute(delete(HitRun).where(HitRun.id.in_(too_old.scalar_subquery())))
    return _to_run(row, test)


def _same_answer(one: Run, other: Run) -> bool:
    def said(run: Run) -> tuple[Any, ...]:
        return run.outcome, run.topic, run.text, run.spoken, run.sources

    return said(one) == said(other)


def _to_run(row: HitRun, test: HitTest) -> Run:
    return Run(
        id=row.id or 0,
        test_id=test.id,
        question=test.question,
        place=test.place,
        on=test.on,
        channel=test.channel,
        at=as_aware(row.at),
        by=row.by,
        knowledge_version=row.knowledge_version,
        outcome=row.outcome,
        topic=row.topic_id,
        text=row.text,
        spoken=row.spoken,
        sources=tuple(Source(doc_no, clause, title) for doc_no, clause, title in row.sources),
        candidates=tuple(Why(**candidate) for candidate in row.candidates),
    )


def _now() -> datetime:
    return stored_now()
