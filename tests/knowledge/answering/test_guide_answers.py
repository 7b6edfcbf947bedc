"""A question that names a service item is answered from its guide, when no topic answers it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from knowledge.answering import composing, guide_answers
from knowledge.answering.answer import Assistant
from knowledge.answering.guide_answers import GuideAnswer, GuideNames, guide_answer
from knowledge.answering.replies import Answer, Declined
from knowledge.authoring.content import GuideContent, Statement
from knowledge.authoring.models import Kind
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.normalise import vocabulary
from knowledge.retrieval.search import SentenceEncoder
from knowledge.retrieval.snapshot import KnownAnswer, Snapshot
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import JINING_25, WANG, Office

JINING, ZOUCHENG, JINAN = "sd-jining", "sd-jining-zoucheng", "sd-jinan"
TODAY = date(2026, 1, 5)


@pytest.fixture
async def known(office: Office) -> Snapshot:
    return await office.on_air()


def names(known: Snapshot) -> GuideNames:
    return GuideNames(known, vocabulary(known.synonyms))


def told(known: Snapshot, key: str, place: str = JINING) -> KnownAnswer:
    found = guide_answer(known, key, place, TODAY)
    assert found is not None
    assert found.answer is not None
    return found.answer


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("居民参保登记在哪办", "guide/enroll-resident/where"),
        ("俺想问下长期异地就医备案怎么办理都有啥渠道", "guide/remote-longterm/handle"),
        ("医保怎么转移接续，要几天", "guide/transfer-cross-province/how_long"),
        ("计划生育医疗费支付要啥材料", "guide/maternity-family-planning/materials"),
        ("手工报销在哪办", None),  # three items are called so
        ("新生儿参保能报多少钱", None),  # no guide holds prices
        ("今天在哪办", None),
        ("新生儿参保", None),  # nothing is asked
    ],
)
async def test_an_item_is_known_by_the_words_of_its_name(known: Snapshot, question: str, key: str | None) -> None:
    assert names(known).asked(question) == key


async def test_what_was_asked_comes_first_and_the_rest_in_parts(known: Snapshot) -> None:
    answer = told(known, "guide/transfer-cross-province/how_long")
    first = composing.first_part(known, answer, JINING)
    assert "办理时限：15个工作日（原45个工作日）。" in first.spoken
    assert "2023年" in first.spoken
    assert "办理方式" not in first.spoken
    later = "".join(part.spoken for part in composing.more_parts(answer))
    assert "办理方式：线上办理。" in later
    assert "查询方式：可随时在网上申请并查询办理进度。" in later
    assert "办理时限" not in later
    assert [source.clause for source in composing.sources(answer)] == ["第6条"]


async def test_nothing_that_is_missing_is_told_and_first_parts_are_short(known: Snapshot) -> None:
    for key in guide_answers.keys(known):
        found = guide_answer(known, key, JINING, TODAY)
        assert found is not None
        assert (found.answer is None) <= bool(found.missing), key
        if found.answer is not None:
            assert "None" not in found.answer.spoken
            assert len(found.answer.spoken) <= 100, found.answer.spoken


async def test_materials_that_nobody_states_are_said_to_be_unknown(known: Snapshot) -> None:
    assert guide_answer(known, "guide/settle-local/materials", JINING, TODAY) == GuideAnswer(
        None, "参保地就医持卡联网结算要交哪些材料"
    )
    waived = guide_answer(known, "guide/maternity-birth/materials", JINING, TODAY)
    assert waived is not None
    assert waived.answer is not None
    assert waived.missing == "生育医疗费支付要交哪些材料"
    assert "不用再交的材料" in waived.answer.spoken


async def test_what_holds_in_zoucheng_only_is_told_there_only(known: Snapshot) -> None:
    assert "邹城" in told(known, "guide/site-complaint/where", ZOUCHENG).spoken
    elsewhere = guide_answer(known, "guide/site-complaint/where", JINING, TODAY)
    assert elsewhere is not None
    assert elsewhere.answer is None
    jinan = guide_answer(known, "guide/enroll-resident/where", JINAN, TODAY)
    assert jinan is not None
    assert jinan.answer is None


@pytest.fixture(params=[PairEncoder, pytest.param(SentenceEncoder, marks=pytest.mark.engine)])
async def unsure(
    office: Office, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Assistant]:
    """No topic is ever sure: what a test's encoder is sure of says nothing."""
    weights = replace(ranking.load_weights(), answer_from=1.1)
    monkeypatch.setattr(ranking, "load_weights", lambda: weights)
    assistant = Assistant(office.database, encoder=request.param())
    await assistant.refresh()
    yield assistant
    await assistant.aclose()


async def test_a_sure_topic_wins_over_the_guide(office: Office) -> None:
    assistant = Assistant(office.database, encoder=PairEncoder())
    await assistant.refresh()
    reply = await assistant.ask("居民参保登记在哪办", place=None, on=TODAY)
    await assistant.aclose()
    assert isinstance(reply, Answer)
    assert reply.topic == "enroll-where"


async def test_a_guide_that_staff_publish_is_answered_with_its_source_and_its_rest(
    office: Office, unsure: Assistant
) -> None:
    def said(value: str) -> tuple[Statement, ...]:
        return (Statement(value=value, scope=JINING, clauses=(f"{JINING_25}.m14",)),)

    guide = GuideContent(name="飞鸽传书放归", main_item="登记", where=said("乡镇街道鸽站"), channels=said("鸽子送达"))
    await office.publish(await office.editing.create(Kind.GUIDE, guide, who=WANG, item_id="pigeon"))
    await unsure.refresh()
    reply = await unsure.ask("飞鸽传书放归在哪儿呢", place=None, on=TODAY)
    assert isinstance(reply, Answer)
    assert reply.topic == "guide/pigeon/where"
    assert "办理地点：乡镇街道鸽站。" in reply.spoken
    assert reply.sources[0].clause == "第14条"
    more = await unsure.more(reply.topic, place=None, on=TODAY, part=1)
    assert more is not None
    assert "办理方式：鸽子送达。" in more.spoken
    source = await unsure.source(reply.topic, place=None, on=TODAY)
    assert source is not None
    assert "第14条" in source.spoken
    materials = await unsure.ask("要什么材料", place=None, on=TODAY, topic=reply.topic)
    assert isinstance(materials, Declined)
    assert "飞鸽传书放归要交哪些材料，我手里的文件没有写" in materials.spoken
    assert "转人工" in materials.spoken
    assert any("乡镇街道鸽站" in text for text in await unsure.fixed_spoken(TODAY))
