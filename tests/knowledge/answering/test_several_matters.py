"""A notice on several matters answers each of them, and takes no question of another."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Reply, Unclear
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.gaps import Gaps
from knowledge.authoring.versions import Version
from knowledge.retrieval import kinds
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.own_matter import is_common
from knowledge.retrieval.search import SentenceEncoder, question_for_search
from tests.knowledge.conftest import PairEncoder
from tests.knowledge.office import WANG, Office

DAY = date(2026, 12, 5)
NOTICE = "济医保发〔2026〕71号"
_BORN, _IVF, _EAR = "一、新生儿参保", "二、辅助生殖医疗费用", "三、人工耳蜗植入与康复"
_LOST, _REST = "四、社会保障卡丢失补办", "五、其他"
_CLAUSES = (
    (_BORN, "新生儿自出生之日起30天内，由监护人办理居民医保参保登记并缴费的，自出生之日起享受居民医保待遇。"),
    (_BORN, "超过90天办理参保缴费的，自缴费之日起满30日后享受待遇，此前发生的医疗费用不予报销。"),
    (
        _IVF,
        "将取卵术、胚胎移植等12项辅助生殖类项目纳入支付范围，在定点辅助生殖机构发生的门诊费用不设起付标准，"
        "职工医保按70%、居民医保按50%的比例支付。",
    ),
    (_IVF, "每名参保人员每个项目终身最多支付2次，因辅助生殖发生的住院费用，按照住院待遇执行。"),
    (_EAR, "参保的重度听力障碍患者植入人工耳蜗的，耳蜗材料费由医保基金按60%支付，单侧最高支付8万元。"),
    (_EAR, "申请人工耳蜗待遇，须在手术前备案，备案时提交身份证、定点医院出具的诊断证明和听力检测报告。"),
    (_EAR, "14周岁以下儿童植入人工耳蜗后，在定点康复机构发生的听觉言语康复训练费用，居民医保按65%支付。"),
    (_LOST, "社会保障卡丢失的，可拨打12333办理临时挂失，凭身份证到合作银行任一网点补办，首次补办不收工本费。"),
    (_REST, "社会保障卡业务咨询电话为12333，人工服务时间为工作日8:30至17:30。"),
    (_REST, "本通知自2026年7月1日起施行，有效期至2031年6月30日。"),
)


async def _notice(office: Office) -> Version:
    document = DocumentContent(
        title="关于优化部分医疗保障待遇和经办服务有关事项的通知",
        doc_no=NOTICE,
        issuer="济宁市医疗保障局",
        issue_date=date(2026, 6, 8),
        jurisdiction="sd-jining",
    )
    clauses = [
        ClauseContent(
            document="new", number=f"m{n:02}", position=n, heading=text.split("，")[0][:20], text=text, path=(section,)
        )
        for n, (section, text) in enumerate(_CLAUSES, 1)
    ]
    return await office.editing.create_document(document, clauses, who=WANG)


@pytest.fixture(params=[PairEncoder, pytest.param(SentenceEncoder, marks=pytest.mark.engine)])
async def mine(office: Office, request: pytest.FixtureRequest) -> Assistant:
    """An assistant that knows the notice."""
    await office.publish(await _notice(office))
    assistant = Assistant(office.database, encoder=request.param())
    await assistant.refresh()
    return assistant


def _is_of_notice(reply: Reply) -> bool:
    return any(source.doc_no == NOTICE for source in reply.sources)


async def test_who_shares_only_words_of_the_trade_is_not_answered(mine: Assistant) -> None:
    declined = {
        "门诊起付线": "gap-outpatient-pool",
        "职工医保门诊报销多少": "gap-outpatient-pool",
        "看门诊的门槛费是多少": "gap-outpatient-pool",
        "异地备案要带诊断证明吗": "gap-remote-materials",
        "慢病证丢了咋整": "gap-chronic-proof-loss",
        "医保电话是多少": "gap-hotline-number",
    }
    for question, gap in declined.items():
        reply = await mine.ask(question, place=None, on=DAY)
        assert isinstance(reply, Declined), (question, reply.text)
        assert reply.topic == gap, question
        assert not _is_of_notice(reply), question
    reply = await mine.ask("医保局能办社保卡吗", place=None, on=DAY)
    assert not (isinstance(reply, Answer) and _is_of_notice(reply)), reply.text


async def test_who_names_the_matter_is_not_told_that_it_is_written_nowhere(mine: Assistant) -> None:
    said = {
        "做试管婴儿医保给报多少": "70%",
        "居民医保试管能报几成": "50%",
        "职工做试管报几成": "70%",
        "人工耳蜗能报多少钱": "60%",
        "社保卡丢了去哪补办": "合作银行",
        "小孩落地三个多月了才想起交钱，住院那会儿的钱能报吗": "超过90天",
    }
    for question, words in said.items():
        reply = await mine.ask(question, place=None, on=DAY)
        assert isinstance(reply, Answer), (question, reply.text)
        assert words in reply.text, question
        assert _is_of_notice(reply), question


async def test_a_question_that_goes_on_stays_with_the_clause(mine: Assistant) -> None:
    first = await mine.ask("做试管婴儿医保给报多少", place=None, on=DAY)
    assert isinstance(first, Answer)
    going_on = await mine.ask("那居民能报多少", place=None, on=DAY, topic=first.topic)
    assert isinstance(going_on, Answer)
    assert "50%" in going_on.text
    elsewhere = await mine.ask("要是去上海做呢", place=None, on=DAY, topic=first.topic)
    assert isinstance(elsewhere, Unclear), elsewhere.text  # quoted as the nearest: of Shanghai it says nothing
    assert _is_of_notice(elsewhere)


async def test_the_review_lists_the_gaps_of_its_matters_and_no_others(office: Office) -> None:
    version = await _notice(office)
    mine = Assistant(office.database, encoder=PairEncoder())
    await mine.refresh()
    filled = {one.topic_id for one in await Gaps(office.database, mine).filled(version.revision_id)}
    await mine.aclose()
    assert filled >= {"gap-card-loss", "gap-newborn-rule"}
    assert not filled & {"gap-chronic-proof-loss", "gap-hotline-number", "gap-remote-materials", "gap-outpatient-pool"}


@pytest.mark.engine
async def test_a_topic_answers_who_names_its_thing_and_a_relative_in_front_changes_nothing(office: Office) -> None:
    mine = Assistant(office.database)
    await mine.refresh()
    reply = await mine.ask("俺这个高血压，去年办的那个本，今年还用不用再审", place=None, on=DAY)
    assert reply.topic != "remote-filing-validity" if not isinstance(reply, Unclear) else True
    for who in ("", "老头子", "我家老头子", "俺家孩子", "俺闺女", "我妈"):
        reply = await mine.ask(f"{who}在上海住院了，没备案，咋办", place=None, on=DAY)
        assert isinstance(reply, Answer), who
        assert reply.topic == "remote-filing-late", who
    await mine.aclose()


def test_words_of_the_trade_are_told_from_a_matter() -> None:
    for word in ("起付标准", "诊断证明", "门诊费用", "咨询电话", "丢失"):
        assert is_common(word), word
    for word in ("辅助生殖", "人工耳蜗", "社会保障卡", "康复训练"):
        assert not is_common(word), word


def test_who_lives_with_a_child_is_not_cut_off() -> None:
    assert question_for_search("我家老头子在上海住院了") == "在上海住院了"
    assert question_for_search("我跟着闺女在上海住，看病要备案吗") == "我跟着闺女在上海住,看病要备案吗"


def test_a_word_does_not_cut_into_a_longer_one() -> None:
    known = Lexicon({"辅助生殖 试管婴儿": ["做试管"]})
    assert [one.said for one in known.concepts("做试管婴儿报多少")] == ["试管婴儿"]
    assert [one.said for one in known.concepts("做试管报多少")] == ["做试管"]


def test_a_share_behind_a_threshold_is_that_of_what_is_paid() -> None:
    assert kinds.Money.GETS in kinds.moneys("门诊费用不设起付标准,职工医保按70%的比例支付。")
    assert kinds.says_what_is_paid("居民医保按65%支付")
    assert not kinds.says_what_is_paid("按工资的2%缴费")
