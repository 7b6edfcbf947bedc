"""A document about one narrow matter answers who names the matter, and nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer
from knowledge.answering.verdict import verdict
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.retrieval.search import SentenceEncoder
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import WANG, Office

DAY = date(2026, 12, 5)
NOTICE = "济医保发〔2026〕61号"
_CLAUSES = (
    ("补助对象", "年满六十周岁的参保人员装配假肢的，可以申请假肢装配补助。"),
    ("补助标准", "装配假肢的每月补助80元，每人两年内只能享受一次。"),
    ("申请材料", "申请假肢装配补助应当提供身份证和装配合同，不再要求提供户口簿。"),
    ("办理时限", "经办机构自受理假肢装配申请之日起9个工作日内办结。"),
    ("定点机构", "假肢装配的定点机构为市康复医院和任城区康复站。"),
    ("维修保养", "假肢在使用期间损坏的，由定点机构免费修理。"),
    ("不予补助的情形", "电动代步车、滑板车不予补助。"),
    ("咨询电话", "咨询电话：0537-1234567。"),
)


@pytest.fixture(params=[PairEncoder, pytest.param(SentenceEncoder, marks=pytest.mark.engine)])
async def mine(office: Office, request: pytest.FixtureRequest) -> Assistant:
    """An assistant that knows the notice about artificial limbs."""
    document = DocumentContent(
        title="关于假肢装配补助有关事项的通知",
        doc_no=NOTICE,
        issuer="济宁市医疗保障局",
        issue_date=date(2026, 11, 20),
        jurisdiction="sd-jining",
    )
    clauses = [
        ClauseContent(document="new", number=f"m{number:02}", position=number, heading=heading, text=text)
        for number, (heading, text) in enumerate(_CLAUSES, 1)
    ]
    await office.publish(await office.editing.create_document(document, clauses, who=WANG))
    assistant = Assistant(office.database, encoder=request.param())
    await assistant.refresh()
    return assistant


async def test_who_does_not_name_the_matter_is_not_answered_from_it(mine: Assistant) -> None:
    for question in ("定点机构有哪些", "咨询电话是多少", "几天能办好", "要什么材料", "申请材料有哪些"):
        reply = await mine.ask(question, place=None, on=DAY)
        assert NOTICE not in [source.doc_no for source in reply.sources], question
    for before in ("异地就医备案要啥条件", "生育津贴多久到账"):
        reply = await mine.ask(before, place=None, on=DAY)
        reply = await mine.ask("多久能下来", place=None, on=DAY, topic=getattr(reply, "topic", None))
        assert NOTICE not in [source.doc_no for source in reply.sources], before


async def test_who_names_it_is_answered_by_the_clause_of_the_kind(mine: Assistant) -> None:
    for question, said in (
        ("假肢补助几天能批下来", "9个工作日"),
        ("装假肢有补助吗", "可以申请假肢装配补助"),
        ("假肢坏了谁给修", "免费修理"),
        ("假肢补助电话多少", "0537-1234567"),
        ("假肢第二年还能再补吗", "两年内只能享受一次"),
        ("我今年50，能领假肢补助吗", "年满六十周岁"),
    ):
        reply = await mine.ask(question, place=None, on=DAY)
        assert isinstance(reply, Answer), (question, reply)
        assert said in reply.text, (question, reply.text)
        assert not reply.text.startswith("能"), (question, reply.text)
    reply = await mine.ask("假肢补助要什么材料", place=None, on=DAY)
    reply = await mine.ask("几天能办好", place=None, on=DAY, topic=getattr(reply, "topic", None))
    assert "9个工作日" in reply.text


async def test_what_is_not_given_answers_who_names_it(mine: Assistant) -> None:
    reply = await mine.ask("电动代步车给补助吗", place=None, on=DAY)
    assert "电动代步车" in reply.text
    assert NOTICE in [source.doc_no for source in reply.sources]


def test_yes_and_no_come_from_the_words_beside_the_thing_asked() -> None:
    sentence = "申请装配补助应当提供身份证，不再要求提供户口簿。"
    assert verdict("要拿啥材料，用不用户口本", sentence) == "不用。"
    assert verdict("要拿啥材料，用不用身份证", sentence) == "要。"


def test_a_yes_that_hangs_on_a_condition_is_not_said() -> None:
    assert verdict("我能不能领补助", "年满六十周岁的参保人员，可以享受补助。") == ""
