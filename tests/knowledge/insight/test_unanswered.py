"""What nobody could answer comes together by meaning, and becomes a draft with one click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from base.database import Database
from base.errors import BadInput
from knowledge.answering.asked.no_question import asks_nothing
from knowledge.authoring.content import FaqContent
from knowledge.authoring.models import Kind, Stage
from knowledge.insight.grouping import Grouping
from knowledge.insight.questions import Asked, FollowUp, Outcome, QuestionLog
from knowledge.insight.unanswered import Group, Show, Unanswered
from knowledge.models import TopicKind
from knowledge.retrieval.search import SentenceEncoder
from tests.knowledge.insight.test_hit_test import Characters
from tests.knowledge.insight.test_questions import key
from tests.knowledge.office import WANG, Office

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


async def groups_of(database: Database, weeks: int = 8, show: Show = Show.OPEN, who: str = "") -> list[Group]:
    """What the page shows once everything is grouped."""
    await Grouping(database, Characters(), now=lambda: NOW).catch_up()
    return list((await Unanswered(database, now=lambda: NOW).page(weeks=weeks, show=show, who=who)).groups)


@pytest.fixture
def unanswered(empty: Database) -> Unanswered:
    return Unanswered(empty, now=lambda: NOW)


async def test_the_same_question_in_other_words_is_one_group(empty: Database) -> None:
    await asked(
        empty,
        question("种植牙能报销吗"),
        question("种植牙能报销吗？", channel="wechat"),
        question("种植牙能报销不", weeks_ago=1),
        question("医保大厅有停车位吗", weeks_ago=3),
    )
    teeth, parking = await groups_of(empty, weeks=4)
    assert (teeth.title[:7], teeth.count, parking.count) == ("种植牙能报销吗", 3, 1)
    assert dict(teeth.by_channel) == {"phone": 2, "wechat": 1}
    assert [count for _, count in teeth.by_week] == [0, 0, 1, 2]
    assert (teeth.trend, parking.trend) == (3, -1)


async def test_answered_questions_are_not_listed_unless_the_answer_did_not_help(empty: Database) -> None:
    fine = question("能报多少", outcome=Outcome.ANSWERED)
    bad = Asked("转移要几天", Outcome.ANSWERED, "web", "chat-9", at=datetime.now(UTC))
    await asked(empty, fine, bad, followed=("chat-9", FollowUp.BAD_RATING))
    (group,) = await groups_of(empty)
    assert (group.title, group.by_outcome) == ("转移要几天", (("bad_rating", 1),))


async def test_one_call_makes_a_draft_with_the_citizens_own_words(office: Office) -> None:
    await asked(
        office.database, question("种植牙能报销吗"), question("种植牙能报销不"), question("我叫张桂兰，种植牙能报销吗")
    )
    groups = await groups_of(office.database)
    unanswered = Unanswered(office.database, now=lambda: NOW)
    for group in groups[1:]:
        await unanswered.merge(group.id, groups[0].id, who=WANG)
    draft = await unanswered.draft(groups[0].id, who=WANG)
    assert (draft.stage, draft.author) == (Stage.DRAFT, WANG)
    assert isinstance(draft.content, FaqContent)
    assert draft.content.kind is TopicKind.GAP
    assert "种植牙能报销不" in draft.content.wordings
    assert "张桂兰" not in "".join(draft.content.wordings)
    assert (await office.editing.open(Kind.FAQ, draft.item_id)).content == draft.content
    assert [group.draft_id for group in await groups_of(office.database)] == [draft.item_id]


async def test_a_group_that_is_gone_makes_no_draft(unanswered: Unanswered) -> None:
    with pytest.raises(BadInput):
        await unanswered.draft(12, who=WANG)


async def test_nothing_asked_nothing_listed(empty: Database) -> None:
    assert await groups_of(empty) == []


@pytest.mark.engine
async def test_the_real_encoder_brings_colloquial_wordings_together(empty: Database) -> None:
    teeth = ["种植牙能报销吗", "种牙医保给报不", "俺想种个牙能报不"]
    parking = ["医保大厅有停车位吗", "办事大厅能停车不", "医保局门口好停车吗"]
    await asked(empty, *(question(text) for text in [*teeth, *parking]))
    await Grouping(empty, SentenceEncoder(), now=lambda: NOW).catch_up()
    groups = (await Unanswered(empty, now=lambda: NOW).page()).groups
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
    points, *rest = await groups_of(office.database)
    days, teeth = sorted(rest, key=lambda group: group.title)
    assert (points.count, points.topic) == (3, "gap-station-list"), "the one without a topic goes with its likes"
    assert (days.wordings, days.can_draft) == (("几天能办好（接着“种植牙能报销吗”问的）",), False)
    assert (teeth.count, teeth.topic) == (1, ""), "what follows it does not say what it is about"


async def test_what_one_sentence_was_quoted_to_is_grouped_by_what_was_asked(empty: Database) -> None:
    """The nearest sentence of a document comes nearest to many matters."""
    nearest = "jining-yb-2023-25.m08~2"
    asked_for = ("种植牙能报销吗", "种植牙能报销不", "医保大厅有停车位吗", "好的")
    quoted = [Asked(text, Outcome.LOW_CONFIDENCE, "web", text, topic=nearest, at=NOW) for text in asked_for]
    refused = Asked("孩子打疫苗报不报", Outcome.ANSWERED, "web", "d", topic=nearest, at=datetime.now(UTC))
    await asked(empty, *quoted, refused, followed=("d", FollowUp.HANDED_OVER))
    groups = await groups_of(empty)
    assert sorted(group.count for group in groups) == [1, 1, 2]
    assert {group.topic for group in groups} == {""}


async def test_what_follows_a_question_is_shown_with_it_and_is_no_wording_of_a_draft(office: Office) -> None:
    await asked(office.database, *said("a", "种植牙能报销吗", "要多久"), *said("b", "种植牙能报销吗"))
    (teeth,) = await groups_of(office.database)
    assert teeth.wordings == ("种植牙能报销吗", "要多久（接着“种植牙能报销吗”问的）")
    assert teeth.can_draft
    draft = await Unanswered(office.database, now=lambda: NOW).draft(teeth.id, who=WANG)
    assert isinstance(draft.content, FaqContent)
    assert draft.content.wordings == ("种植牙能报销吗",)


async def test_a_question_without_a_subject_and_nothing_before_it_makes_no_draft(
    empty: Database, unanswered: Unanswered
) -> None:
    await asked(empty, *said("a", "要多久"))
    (group,) = await groups_of(empty)
    assert (group.title, group.can_draft) == ("要多久", False)
    with pytest.raises(BadInput):
        await unanswered.draft(group.id, who=WANG)


@pytest.mark.parametrize(
    "reply",
    [
        "好的",
        "嗯，好",
        "南京市",
        "北京市朝阳区",
        "13",
        "对对",
        "不用了谢谢",
        "〔号码〕",
        "啊啊啊啊啊啊啊",
        "长期",
        "济南",
        "2026年5月1日",
    ],
)
def test_a_reply_asks_nothing(reply: str) -> None:
    assert asks_nothing(reply)


@pytest.mark.parametrize(
    "question",
    [
        "好的那要几天",
        "南京市能刷卡吗",
        "备案",
        "门诊慢特病",
        "不用备案吧？",
        "办吗",
        "补卡",
        "济南呢",
        "查医保",
        "不能报销",
    ],
)
def test_a_short_question_is_a_question(question: str) -> None:
    assert not asks_nothing(question)


async def test_replies_never_get_in_unless_they_are_about_something(empty: Database) -> None:
    await asked(empty, *said("a", "好的", "嗯,好", "南京市"), *said("b", "种植牙能报销吗"))
    assert [group.title for group in await groups_of(empty)] == ["种植牙能报销吗"]


async def test_what_is_asked_later_joins_what_is_there(empty: Database, unanswered: Unanswered) -> None:
    await asked(empty, question("种植牙能报销吗"), question("医保大厅有停车位吗"))
    before = {group.title: group.id for group in await groups_of(empty)}
    await unanswered.ignore(before["医保大厅有停车位吗"], who=WANG)
    await unanswered.assign(before["种植牙能报销吗"], WANG, who=WANG)
    await asked(empty, question("种植牙能报销不"), question("医保大厅有停车位不"))
    (teeth,) = await groups_of(empty)
    assert (teeth.id, teeth.count, teeth.assigned_to) == (before["种植牙能报销吗"], 2, WANG)
    assert [group.id for group in await groups_of(empty, show=Show.MINE, who=WANG)] == [teeth.id]
    (parking,) = await groups_of(empty, show=Show.IGNORED)
    assert (parking.count, parking.ignored_by) == (2, WANG)
    await unanswered.ignore(parking.id, who=WANG, on=False)
    assert len(await groups_of(empty)) == 2


async def test_what_was_merged_stays_together(empty: Database, unanswered: Unanswered) -> None:
    await asked(empty, question("种植牙能报销吗"), question("假牙医保管不管"))
    one, other = await groups_of(empty)
    await unanswered.merge(one.id, other.id, who=WANG)
    await asked(empty, question("种植牙能报销不"), question("假牙医保管不管呀"))
    (group,) = await groups_of(empty)
    assert (group.id, group.count) == (other.id, 4)
    with pytest.raises(BadInput):
        await unanswered.merge(one.id, other.id, who=WANG)


async def test_a_page_of_gibberish_heads_no_group_that_has_a_readable_wording(empty: Database) -> None:
    await asked(empty, question("种植牙能报销吗" * 20), question("种植牙能报销吗" * 20), question("种植牙能报销吗"))
    (group,) = await groups_of(empty)
    assert group.title == "种植牙能报销吗"


async def test_grouping_in_pieces_is_grouping_at_once(empty: Database) -> None:
    """Whatever is kept is enough to go on from."""
    for text in ("种植牙能报销吗", "医保大厅有停车位吗", "种植牙能报销不", "医保大厅有停车位不", "种植牙能报不"):
        await asked(empty, question(text))
        groups = await groups_of(empty)
    assert sorted(group.count for group in groups) == [2, 3]
