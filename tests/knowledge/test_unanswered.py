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


def said(conversation: str, *texts: str, topic: str | None = None) -> list[Asked]:
    """In one conversation, a minute apart."""
    return [
        Asked(text, Outcome.DECLINED, "web", conversation, topic=topic, at=NOW + timedelta(minutes=number))
        for number, text in enumerate(texts)
    ]


async def test_what_was_found_to_be_one_matter_is_one_group_however_it_was_asked(office: Office) -> None:
    nearby = [*said("a", "任城区医保服务站在哪", topic="gap-station-list"), *said("b", "附近哪里有医保服务点")]
    nearby += said("c", "附近哪里有医保服务点呀", topic="gap-station-list")
    how_long = Asked("几天能办好", Outcome.DECLINED, "web", "d", topic="gap-time-limits", at=NOW + timedelta(minutes=1))
    await asked(office.database, *nearby, *said("d", "种植牙能报销吗"), how_long)
    points, *rest = await Unanswered(office.database, Characters(), now=lambda: NOW).groups()
    days, teeth = sorted(rest, key=lambda group: group.title)
    assert (points.count, points.topic) == (3, "gap-station-list"), "the one without a topic goes with its likes"
    assert (days.wordings, days.can_draft) == (("几天能办好（接着“种植牙能报销吗”问的）",), False)
    assert (teeth.count, teeth.topic) == (1, ""), "what follows it does not say what it is about"


async def test_what_follows_a_question_is_shown_with_it_and_is_no_wording_of_a_draft(office: Office) -> None:
    await asked(office.database, *said("a", "种植牙能报销吗", "要多久"), *said("b", "种植牙能报销吗"))
    unanswered = Unanswered(office.database, Characters(), now=lambda: NOW)
    (teeth,) = await unanswered.groups()
    assert teeth.wordings == ("种植牙能报销吗", "要多久（接着“种植牙能报销吗”问的）")
    assert teeth.can_draft
    draft = await unanswered.draft(teeth.question_ids, who=WANG)
    assert isinstance(draft.content, FaqContent)
    assert draft.content.wordings == ("种植牙能报销吗",)


async def test_a_question_without_a_subject_and_nothing_before_it_makes_no_draft(
    empty: Database, unanswered: Unanswered
) -> None:
    await asked(empty, *said("a", "要多久"))
    (group,) = await unanswered.groups()
    assert (group.title, group.can_draft) == ("要多久", False)
    with pytest.raises(BadInput):
        await unanswered.draft(group.question_ids, who=WANG)
