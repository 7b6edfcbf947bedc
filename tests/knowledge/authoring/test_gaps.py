"""A gap is true of the documents it was known of, and of no other."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.gaps import Gaps
from knowledge.authoring.models import Kind
from knowledge.authoring.review import NeedsReason
from knowledge.authoring.versions import Version
from knowledge.models import TopicKind
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import LI, WANG, Office

DAY = date(2026, 12, 5)
_CLAUSES = (
    ("补办", "参保人员社会保障卡丢失的，凭身份证到合作银行网点补办，补办社会保障卡3个工作日内办结，不收工本费。"),
    ("就医", "社会保障卡丢失期间，参保人员可凭医保电子凭证或者身份证就医购药并直接结算。"),
)
_PAYING = (
    ("慢特病证补办", "参保人员的门诊慢性病证丢失的，凭身份证到参保地医保经办窗口补办慢病证，当场办结，不收取费用。"),
    ("养老金", "养老金资格认证由人力资源社会保障部门办理，老年人养老金认证在手机上办，养老金每月15日发放。"),
    ("集中缴费期", "2027年度居民医保集中缴费期为2026年9月1日至12月31日，居民医保费在集中缴费期内缴纳。"),
)


async def _notice(office: Office, clauses: tuple[tuple[str, str], ...] = _CLAUSES) -> Version:
    document = DocumentContent(
        title="关于社会保障卡丢失补办和就医有关事项的通知",
        doc_no="济医保字〔2026〕52号",
        issuer="济宁市医疗保障局",
        issue_date=date(2026, 11, 20),
        jurisdiction="sd-jining",
    )
    written = [
        ClauseContent(document="new", number=f"s{number}", position=number, heading=heading, text=text)
        for number, (heading, text) in enumerate(clauses, 1)
    ]
    return await office.editing.create_document(document, written, who=WANG)


async def _published(office: Office) -> Version:
    version = await _notice(office)
    await office.approve(version)
    await office.review.publish([version.revision_id], who=LI)
    return version


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("社保卡丢了补办要几天", "3个工作日"),
        ("社会保障卡丢失了补办收工本费吗", "不收工本费"),
        ("社保卡丢了还能看病吗", "凭医保电子凭证或者身份证就医"),
    ],
)
async def test_a_document_that_answers_is_never_denied(office: Office, question: str, said: str) -> None:
    await _published(office)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    reply = await mine.ask(question, place=None, on=DAY)
    await mine.aclose()
    assert isinstance(reply, Answer), reply
    assert said in reply.text
    assert [source.doc_no for source in reply.sources] == ["济医保字〔2026〕52号"]


async def test_not_written_is_said_only_of_documents_that_somebody_knew(office: Office) -> None:
    question = "住院能报百分之几，起付线多少"
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    before = await mine.ask(question, place=None, on=DAY)
    await _published(office)
    await mine.refresh()
    after = await mine.ask(question, place=None, on=DAY)
    await mine.aclose()
    assert isinstance(before, Declined)
    assert isinstance(after, Declined)
    assert "没有写" in before.text
    assert "没查到" in after.text
    assert "没有写" not in after.text
    assert "转人工" in after.spoken


async def test_the_review_sees_which_gaps_a_draft_fills(office: Office) -> None:
    version = await _notice(office)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    found = await Gaps(office.database, mine).filled(version.revision_id)
    await mine.aclose()
    filled = {one.topic_id: one for one in found}
    assert "gap-card-loss" in filled
    assert filled["gap-card-loss"].sentence in [text for _, text in _CLAUSES]
    assert "gap-inpatient-ratio" not in filled


async def test_no_document_makes_what_is_none_of_our_business_ours(office: Office) -> None:
    version = await _notice(office, _PAYING)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    found = await Gaps(office.database, mine).filled(version.revision_id)
    topics = (await mine.search()).index.snapshot.topics
    await mine.aclose()
    assert {topics[one.topic_id].kind for one in found} == {TopicKind.GAP}
    assert "gap-enroll-window" in {one.topic_id for one in found}


async def test_what_is_taken_back_is_not_said_any_more(office: Office) -> None:
    await _published(office)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    gaps = Gaps(office.database, mine)
    with pytest.raises(NeedsReason):
        await gaps.take_back(["gap-card-loss"], who=LI, reason=" ")
    assert await gaps.take_back(["gap-card-loss", "no-such"], who=LI, reason="52号写了") == ["gap-card-loss"]
    assert await gaps.take_back(["gap-card-loss"], who=LI, reason="52号写了") == []
    await mine.refresh()
    assert "gap-card-loss" not in (await mine.search()).index.snapshot.topics
    await mine.aclose()
    assert (await office.editing.open(Kind.FAQ, "gap-card-loss")).published is None


async def test_a_document_tells_its_own_number_and_day(office: Office) -> None:
    await _published(office)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    number = await mine.ask("社会保障卡丢失补办的通知文号是多少", place=None, on=DAY)
    day = await mine.ask("社会保障卡丢失补办的通知是哪天印发的", place=None, on=DAY)
    await mine.aclose()
    assert "济医保字〔2026〕52号" in number.text
    assert "2026年11月20日" in day.text
