"""What nobody could answer comes together by meaning, and becomes a draft with one click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from knowledge.backoffice_models import Kind, Stage
from knowledge.content import FaqContent
from knowledge.models import TopicKind
from knowledge.questions import Asked, FollowUp, Outcome, QuestionLog
from knowledge.search import SentenceEncoder
from knowledge.unanswered import Unanswered
from service.database import Database
from service.errors import BadInput
from tests.knowledge.office import WANG, Office
from tests.knowledge.test_hit_test import Characters
from tests.knowledge.test_questions import key

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


async def asked(database: Database, *questions: Asked, followed: tuple[str, FollowUp] | None = None) -> None:
    log = QuestionLog(database, conversation_key=key)
    await log.start()
    for question in questions:
        log.record(question)
    if followed:
        log.followed(*followed)
    await log.aclose()


def question(text: str, *, weeks_ago: int = 0, channel: str = "phone", outcome: Outcome = Outcome.DECLINED) -> Asked:
    return Asked(text, outcome, channel, f"{text}{weeks_ago}{channel}", at=NOW - timedelta(weeks=weeks_ago))


@pytest.fixture
def unanswered(empty: Database) -> Unanswered:
    return Unanswered(empty, Characters(), now=lambda: NOW)


async def test_the_same_question_in_other_words_is_one_group(empty: Database, unanswered: Unanswered) -> None:
    await asked(
        empty,
        question("种植牙能报销吗"),
        question("种植牙能报销吗？", channel="wechat"),
        question("种植牙能报销不", weeks_ago=1),
        question("医保大厅有停车位吗", weeks_ago=3),
    )
    teeth, parking = await unanswered.groups(weeks=4)
    assert (teeth.title[:7], teeth.count, parking.count) == ("种植牙能报销吗", 3, 1)
    assert dict(teeth.by_channel) == {"phone": 2, "wechat": 1}
    assert [count for _, count in teeth.by_week] == [0, 0, 1, 2]
    assert (teeth.trend, parking.trend) == (3, -1)


async def test_answered_questions_are_not_listed_unless_the_answer_did_not_help(
    empty: Database, unanswered: Unanswered
) -> None:
    fine = question("能报多少", outcome=Outcome.ANSWERED)
    bad = Asked("转移要几天", Outcome.ANSWERED, "web", "chat-9", at=datetime.now(UTC))
    await asked(empty, fine, bad, followed=("chat-9", FollowUp.BAD_RATING))
    unanswered = Unanswered(empty, Characters())
    (group,) = await unanswered.groups(weeks=8)
    assert (group.title, group.by_outcome) == ("转移要几天", (("bad_rating", 1),))


async def test_one_call_makes_a_draft_with_the_citizens_own_words(office: Office) -> None:
    await asked(
        office.database, question("种植牙能报销吗"), question("种植牙能报销不"), question("我叫张桂兰，种植牙能报销吗")
    )
    unanswered = Unanswered(office.database, Characters(), now=lambda: NOW)
    ids = [number for group in await unanswered.groups() for number in group.question_ids]
    draft = await unanswered.draft(ids, who=WANG)
    assert (draft.stage, draft.author) == (Stage.DRAFT, WANG)
    assert isinstance(draft.content, FaqContent)
    assert draft.content.kind is TopicKind.GAP
    assert "种植牙能报销不" in draft.content.wordings
    assert "张桂兰" not in "".join(draft.content.wordings)
    assert (await office.editing.open(Kind.FAQ, draft.item_id)).content == draft.content
    assert {group.draft_id for group in await unanswered.groups()} == {draft.item_id}


async def test_a_group_that_is_gone_makes_no_draft(unanswered: Unanswered) -> None:
    with pytest.raises(BadInput):
        await unanswered.draft([1, 2], who=WANG)


async def test_nothing_asked_nothing_listed(unanswered: Unanswered) -> None:
    assert await unanswered.groups() == []


@pytest.mark.engine
async def test_the_real_encoder_brings_colloquial_wordings_together(empty: Database) -> None:
    teeth = ["种植牙能报销吗", "种牙医保给报不", "俺想种个牙能报不"]
    parking = ["医保大厅有停车位吗", "办事大厅能停车不", "医保局门口好停车吗"]
    await asked(empty, *(question(text) for text in [*teeth, *parking]))
    groups = await Unanswered(empty, SentenceEncoder(), now=lambda: NOW).groups()
    for group in groups:
        assert set(group.wordings) <= set(teeth) or set(group.wordings) <= set(parking), "never mixed"
    assert len(groups) <= 3
