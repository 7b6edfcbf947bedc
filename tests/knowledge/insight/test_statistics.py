"""The figures that a supervisor reads on Monday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.insight.questions import Asked, Outcome
from knowledge.insight.statistics import Count, Period, Statistics
from tests.knowledge.insight.test_unanswered import asked
from tests.knowledge.office import JINING_25, Office

MONDAY = datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
"""Midnight in Jining."""
EARLY, LATE = MONDAY - timedelta(weeks=1), MONDAY + timedelta(weeks=1)
CLAUSE = f"{JINING_25}.m01"


@pytest.fixture
async def statistics(office: Office) -> Statistics:
    topic = (await office.on_air()).topics["chronic-review-frequency"].id
    answered = Asked("慢病多久审", Outcome.ANSWERED, "phone", "a", topic=topic, clauses=(CLAUSE,), at=MONDAY)
    other = Asked(
        "慢病几年审", Outcome.ANSWERED, "web", "b", topic=topic, clauses=(CLAUSE, f"{JINING_25}.m02"), at=EARLY
    )
    unknown = Asked("有停车位吗", Outcome.DECLINED, "phone", "c", at=MONDAY + timedelta(days=6))
    person = Asked("转人工", Outcome.HANDED_OVER, "phone", "d", at=MONDAY)
    await asked(office.database, answered, other, unknown, person)
    return Statistics(office.database)


async def test_by_week(statistics: Statistics) -> None:
    assert await statistics.by_week(EARLY, LATE) == [
        Period("2026-W46", 1, 1, 0, 0, 0, 0, 0),
        Period("2026-W47", 3, 1, 0, 0, 1, 1, 0),
    ]


async def test_by_channel(statistics: Statistics) -> None:
    phone, web = await statistics.by_channel(EARLY, LATE)
    assert (phone.key, phone.asked, phone.answered, phone.handed_over) == ("phone", 3, 1, 1)
    assert (web.key, web.asked) == ("web", 1)


async def test_topics_and_clauses_carry_names_that_staff_know(statistics: Statistics, office: Office) -> None:
    title = (await office.faq("chronic-review-frequency")).title
    assert await statistics.topics(EARLY, LATE) == [
        Count("", "没有对上问答", 2),
        Count("chronic-review-frequency", title, 2),
    ]
    first, second = await statistics.clauses(EARLY, LATE)
    assert (first.key, first.count, second.count) == (CLAUSE, 2, 1)
    assert first.label.startswith("济医保字〔2023〕25号 第1条 ")


async def test_one_channel_and_one_period(statistics: Statistics) -> None:
    assert [period.asked for period in await statistics.by_week(EARLY, LATE, channel="web")] == [1]
    assert await statistics.clauses(MONDAY, LATE, channel="web") == []
    assert [count.count for count in await statistics.clauses(MONDAY, LATE)] == [1]


async def test_answers_from_a_guide_carry_its_name(office: Office) -> None:
    where = Asked("新生儿参保在哪办", Outcome.ANSWERED, "phone", "a", topic="guide/newborn-enroll/where", at=MONDAY)
    await asked(office.database, where)
    (count,) = await Statistics(office.database).topics(EARLY, LATE)
    assert (count.label, count.kind, count.item_id) == ("新生儿参保", "guide", "newborn-enroll")


async def test_an_answer_from_a_clause_alone_carries_the_clause_s_name(office: Office) -> None:
    """It stood there as "jining-yb-2023-25.m01", and its link led nowhere."""
    alone = Asked("异地备案怎么弄", Outcome.ANSWERED, "phone", "a", topic=CLAUSE, at=MONDAY)
    await asked(office.database, alone)
    (count,) = await Statistics(office.database).topics(EARLY, LATE)
    assert count.label.startswith("济医保字〔2023〕25号 第1条 ")
    assert (count.kind, count.item_id) == ("clause", CLAUSE)


async def test_hours_are_those_of_the_office(statistics: Statistics) -> None:
    hours = await statistics.by_hour(EARLY, LATE)
    assert (hours[0], sum(hours)) == (4, 4), "midnight in Jining"
    assert sum(await statistics.by_hour(EARLY, LATE, channel="web")) == 1


async def test_shares_of_everything_and_of_nothing(statistics: Statistics) -> None:
    whole = await statistics.altogether(EARLY, LATE)
    assert (whole.asked, whole.share("answered"), whole.share("declined", "handed_over")) == (4, 50, 50)
    assert (await statistics.altogether(EARLY, LATE, channel="wechat")).share("answered") is None


async def test_what_one_sentence_answered_counts_under_its_clause(office: Office) -> None:
    quoted = [
        Asked("那啥", Outcome.ANSWERED, "web", f"q{place}", topic=f"{CLAUSE}~{place}", clauses=(CLAUSE,), at=MONDAY)
        for place in (2, 13)
    ]
    await asked(office.database, *quoted)
    (count,) = await Statistics(office.database).topics(EARLY, LATE)
    assert (count.key, count.count, count.kind) == (CLAUSE, 2, "clause")
    assert count.label.startswith("济医保字〔2023〕25号 第1条 ")
