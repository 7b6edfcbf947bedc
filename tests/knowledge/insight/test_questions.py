"""What citizens asked is kept without the citizens, and never at the price of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from base.database import Database
from knowledge.answering.replies import Answer, Declined, Option, Unclear
from knowledge.authoring.models import AskedQuestion
from knowledge.insight.questions import Asked, FollowUp, Outcome, QuestionLog, asked, week_of
from tests.guard import GUARD_SECONDS, until
from tests.language.test_masking import PEOPLE


def key(conversation: str) -> str:
    return sha256(f"test {conversation}".encode()).hexdigest()


@pytest.fixture
async def log(empty: Database) -> AsyncIterator[QuestionLog]:
    log = QuestionLog(empty, conversation_key=key)
    await log.start()
    yield log
    await log.aclose()


async def kept(database: Database) -> list[AskedQuestion]:
    async with database.session() as session:
        rows = select(AskedQuestion).options(selectinload(AskedQuestion.clauses)).order_by(AskedQuestion.id)
        return list(await session.scalars(rows))


def declined(text: str, conversation: str = "call-1", **given: object) -> Asked:
    return Asked(text, Outcome.DECLINED, "phone", conversation, **given)  # type: ignore[arg-type]


async def test_a_question_is_kept_with_what_became_of_it(log: QuestionLog, empty: Database) -> None:
    at = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    answer = Answer("文", "话", (), "chronic-review", "sd-jining", 0.93, False, clauses=("a.m01", "a.m02"))
    log.record(asked("慢病多久审", answer, channel="wechat", conversation="openid", place="sd-jining"))
    log.record(declined("医保大厅有停车位吗", at=at))
    await log.aclose()
    first, second = await kept(empty)
    assert (first.text, first.outcome, first.topic_id, first.channel) == (
        "慢病多久审",
        "answered",
        "chronic-review",
        "wechat",
    )
    assert [clause.clause_id for clause in first.clauses] == ["a.m01", "a.m02"]
    assert (second.outcome, second.week) == ("declined", "2026-W48"), "Sunday night in London is Monday in Jining"


def test_every_kind_of_reply_has_its_outcome() -> None:
    def outcome(reply: Answer | Declined | Unclear) -> Outcome:
        return asked("问", reply, channel="web", conversation="c", place=None).outcome

    assert outcome(Answer("", "", (), "t", "sd-jining", 0.9, False)) is Outcome.ANSWERED
    assert outcome(Answer("", "", (), "t", "sd-jining", 0.52, False)) is Outcome.LOW_CONFIDENCE
    assert outcome(Declined("", "", None)) is Outcome.DECLINED
    assert outcome(Unclear("", "", (Option("a", "甲"), Option("b", "乙")))) is Outcome.UNCLEAR


async def test_the_people_of_the_demo_are_in_no_file(log: QuestionLog, empty: Database, tmp_path: Path) -> None:
    for name, number, phone, place in PEOPLE:
        log.record(
            declined(f"我叫{name}，身份证{number}，电话{phone}，住{place}建设路12号，能报吗", conversation=phone)
        )
    await log.aclose()
    assert len(await kept(empty)) == len(PEOPLE)
    await empty.aclose()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for name, number, phone, _ in PEOPLE:
        assert name.encode() not in held
        assert number.encode() not in held
        assert phone.encode() not in held


async def test_an_answer_does_not_wait_for_its_record(empty: Database) -> None:
    log = QuestionLog(empty, conversation_key=key)
    log.record(declined("我叫张桂兰，身份证370899195003159028"))
    assert await kept(empty) == []
    await log.start()
    await log.aclose()
    assert len(await kept(empty)) == 1


async def test_a_flood_is_dropped_rather_than_waited_for(empty: Database) -> None:
    log = QuestionLog(empty, conversation_key=key)
    for number in range(3000):
        log.record(declined(f"第{number}问"))
    await log.start()
    await log.aclose()
    assert len(await kept(empty)) == 2000


async def test_asking_for_a_person_marks_the_question_before_it(log: QuestionLog, empty: Database) -> None:
    log.record(Asked("能报多少", Outcome.ANSWERED, "phone", "call-1"))
    log.record(Asked("别人的问题", Outcome.ANSWERED, "phone", "call-2"))
    log.followed("call-1", FollowUp.HANDED_OVER)
    await log.aclose()
    assert [(row.text, row.followed_by) for row in await kept(empty)] == [
        ("能报多少", "handed_over"),
        ("别人的问题", ""),
    ]


async def test_a_bad_rating_reaches_a_question_written_earlier(log: QuestionLog, empty: Database) -> None:
    log.record(Asked("能报多少", Outcome.ANSWERED, "web", "chat-1"))
    async with asyncio.timeout(GUARD_SECONDS):
        while not await kept(empty):
            await asyncio.sleep(0.05)
    log.followed("chat-1", FollowUp.BAD_RATING)
    await log.aclose()
    assert (await kept(empty))[0].followed_by == "bad_rating"


async def test_what_is_older_than_the_limit_is_forgotten(empty: Database) -> None:
    log = QuestionLog(empty, conversation_key=key, retention=timedelta(days=30))
    await log.start()
    log.record(declined("旧的", at=datetime.now(UTC) - timedelta(days=31), clauses=("a.m01",)))
    log.record(declined("新的", at=datetime.now(UTC) - timedelta(days=29)))
    await log.aclose()
    assert [row.text for row in await kept(empty)] == ["新的"]


async def test_a_database_that_fails_costs_the_statistics_only(log: QuestionLog, empty: Database) -> None:
    async with empty.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE asked_question RENAME TO gone")
    with structlog.testing.capture_logs() as told:
        log.record(declined("一"))
        await until(lambda: "questions_not_recorded" in [line["event"] for line in told])
    async with empty.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO asked_question")
    log.record(declined("二"))
    await log.aclose()
    assert [row.text for row in await kept(empty)] == ["二"]


def test_weeks_are_chinese_weeks() -> None:
    assert week_of(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-W01"


async def test_a_bad_rating_days_later_marks_what_was_asked_before_the_ticket(empty: Database) -> None:
    opened_at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    log = QuestionLog(empty, conversation_key=lambda conversation: f"key of {conversation}")
    await log.start()
    for text, minutes in (("很早以前问的", -40), ("早些时候问的", -5), ("工单前问的", -1), ("工单后问的", 3)):
        at = opened_at + timedelta(minutes=minutes)
        log.record(Asked(text, Outcome.ANSWERED, "wechat", "openid-1", at=at))
    await log.aclose()
    await log.rated_badly("key of openid-1", opened_at)
    await log.rated_badly("key of nobody", opened_at)
    assert [row.text for row in await kept(empty) if row.followed_by == "bad_rating"] == ["工单前问的"]
