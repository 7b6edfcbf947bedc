"""A rule answers where, for whom and for what it holds; yes or no is said only of the very thing asked."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Unclear
from knowledge.answering.verdict import verdict
from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.retrieval import scopes
from tests.knowledge.office import WANG, Office, remembering_encoder

DAY = date(2026, 12, 5)
HOME, AWAY = "不需要办理备案", "应当在就医前办理备案"
WITHIN = "参保人员在省内跨市住院、门诊就医的，不需要办理备案，凭社会保障卡直接结算。"
BEYOND = "跨省异地就医的，应当在就医前办理备案，未办理备案的，报销比例降低20个百分点。"
TEETH = "种植牙、镶牙、牙齿矫正的费用不纳入居民医保支付范围。"
FILLED = "拔牙、补牙、牙周病治疗的费用，按照普通门诊待遇的规定支付。"
ACCOUNT = "职工医保个人账户可以用于支付配偶、父母、子女在定点医药机构发生的由个人负担的医疗费用。"
NOTICE = (
    ("缴费期限", "集中缴费期为2026年9月1日至12月31日。集中缴费期内未缴费的，可以在2027年6月30日前补缴。"),
    (
        "住院待遇",
        "居民在定点医疗机构住院发生的费用，一个年度内最高支付限额为18万元。一级医院起付标准200元，报销比例90%；"
        "二级医院起付标准500元，报销比例75%；三级医院起付标准1000元，报销比例60%。",
    ),
    ("生育待遇", "参保居民住院分娩的医疗费用，顺产定额支付1500元，剖宫产定额支付2500元。"),
    (
        "普通门诊和两病待遇",
        "居民在签约的基层医疗机构发生的普通门诊费用，不设起付标准，报销比例50%，一个年度内最高支付限额600元。"
        "高血压、糖尿病（以下简称“两病”）患者的门诊用药费用，报销比例60%，年度最高支付限额高血压300元、糖尿病500元。",
    ),
    (
        "手工报销",
        "未能直接结算的医疗费用，由个人垫付后，应当自出院之日起12个月内，到医保经办窗口申请手工报销，逾期不予受理。"
        "申请手工报销应当提供以下材料：（一）医疗费用发票原件；（二）费用汇总明细清单；（三）出院记录；（四）身份证。",
    ),
    ("家庭共济", ACCOUNT),
    ("异地就医", f"{WITHIN}{BEYOND}急诊抢救的，视同已备案。"),
    ("口腔诊疗", f"{TEETH}{FILLED}"),
)


@pytest.fixture
async def published(office: Office) -> Assistant:
    """All seed knowledge, and a residents' notice that nobody wrote a topic for."""
    document = DocumentContent(
        title="关于做好2027年度居民基本医疗保险有关工作的通知",
        doc_no="济医保发〔2026〕18号",
        issuer="济宁市医疗保障局",
        issue_date="2026-11-20",  # type: ignore[arg-type]
        jurisdiction="sd-jining",
    )
    clauses = [
        ClauseContent(document="new", number=f"m{at:02d}", position=at, heading=heading, text=f"{heading}。{text}")
        for at, (heading, text) in enumerate(NOTICE, 1)
    ]
    await office.publish(await office.editing.create_document(document, clauses, who=WANG))
    assistant = Assistant(office.database, encoder=remembering_encoder())
    await assistant.refresh()
    return assistant


async def test_who_asks_hears_the_rule_for_their_case(published: Assistant) -> None:
    """In one test: the encoder takes a while to build its index."""
    ask = published.ask
    for question in ("俺要去广州住院，需要备案吗", "在杭州看病要不要备案", "到外省住院要备案吗"):
        reply = await ask(question, place=None, on=DAY)
        assert isinstance(reply, Answer), question
        assert reply.text.startswith("要。"), question
        assert HOME not in reply.text, question
        assert AWAY in reply.spoken, question
        again = await ask("那我需要备案吗", place=None, on=DAY, topic=reply.topic)
        assert AWAY in again.spoken, question
        assert HOME not in again.spoken, question
    for question in ("去烟台住院要备案吗", "在潍坊看病需要备案吗"):
        reply = await ask(question, place=None, on=DAY)
        assert reply.text.startswith("不用。"), question
        assert AWAY not in reply.text, question
    for question in ("异地就医必须备案吗", "看病要备案吗"):
        reply = await ask(question, place=None, on=DAY)
        assert HOME in reply.spoken, question
        assert AWAY in reply.spoken, question
        assert not reply.text.startswith(("要", "不用", "能", "不能")), question

    reply = await ask("拔牙能报吗", place=None, on=DAY)
    assert "拔牙" in reply.spoken
    assert "不能。" not in reply.text

    for question in ("居民门诊慢性病报销比例和年度限额是多少", "去广州住院报多少", "职工三级医院住院报多少"):
        reply = await ask(question, place=None, on=DAY)
        assert "600元" not in reply.text, question
        assert "60%" not in reply.text, question

    reply = await ask("一年最多能报多少钱", place=None, on=DAY)
    assert isinstance(reply, Unclear)
    assert [option.title for option in reply.options] == ["住院待遇", "普通门诊和两病待遇"]
    chosen = await published.about(reply.options[0].topic, place=None, on=DAY)
    assert "18万元" in chosen.spoken
    reply = await ask("一年住院最多给报多少", place=None, on=DAY)
    assert "18万元" in reply.spoken

    reply = await ask("三级医院住院报多少", place=None, on=DAY)
    assert "60%" in reply.spoken
    assert "居民医保" in reply.spoken
    reply = await ask("剖宫产和顺产报多少", place=None, on=DAY)
    assert "2500元" in reply.text

    reply = await ask("手工报销最晚什么时候交", place=None, on=DAY)
    assert isinstance(reply, Answer)
    assert "12个月内" in reply.spoken
    where = await ask("零星报销在哪交", place=None, on=DAY)
    assert isinstance(where, Answer)
    papers = await ask("那我得带什么", place=None, on=DAY, topic=where.topic)
    assert "发票" in papers.spoken
    assert "身份证" in papers.spoken

    gap = await published.about("gap-outpatient-pool", place=None, on=DAY)
    assert isinstance(gap, Answer), "a choice is answered as the same words typed are"
    assert "50%" in gap.text
    await published.aclose()


async def test_a_gap_that_nothing_fills_stays_one(assistant: Assistant) -> None:
    assert isinstance(await assistant.about("gap-outpatient-pool", place=None, on=DAY), Declined)


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("种牙能报吗", TEETH, "不能。"),
        ("镶牙能报吗", TEETH, "不能。"),
        ("洗牙能报吗", TEETH, ""),
        ("洗牙能报吗", FILLED, ""),
        ("种牙能报一部分吗", FILLED, ""),
        ("卡里的钱能给俺老伴用吗", ACCOUNT, "能。"),
        ("卡里的钱能给闺女用吗", ACCOUNT, "能。"),
        ("卡里的钱能给俺弟弟用吗", ACCOUNT, ""),
        ("卡里的钱能给俺儿媳妇用吗", ACCOUNT, ""),
        ("爹的医保卡能给我用吗", ACCOUNT, "能。"),
        ("舅舅的医保卡能给我用吗", ACCOUNT, ""),
        ("住院能全报吗", "住院费用按照规定支付。", ""),
        ("住院花了20万能报吗", "住院费用按照规定予以支付。", ""),
        ("住院能报吗", "摔伤等意外伤害的住院费用不予支付。", ""),
        ("去济南住院用备案不", WITHIN, "不用。"),
        ("看病要备案吗", WITHIN, ""),
        ("去上海看病要备案吗", BEYOND, "要。"),
        ("在省内和去上海看病都要备案吗", BEYOND, ""),
    ],
)
def test_yes_or_no_only_of_the_very_thing(question: str, sentence: str, said: str) -> None:
    assert verdict(question, sentence) == said


@pytest.mark.parametrize(
    ("question", "sentence", "against"),
    [
        ("我去上海看病需要备案吗", WITHIN, True),
        ("我去上海看病需要备案吗", BEYOND, False),
        ("我不去上海，去济南看病要备案吗", WITHIN, False),
        ("去青岛看病要备案吗", BEYOND, True),
        ("看病要备案吗", WITHIN, False),
        ("门诊慢性病报多少", "普通门诊费用报销比例50%。", True),
        ("门诊报多少", "普通门诊费用报销比例50%。", False),
        ("在外地住院报多少", "三级医院报销比例60%。", True),
        ("在兖州住院报多少", "三级医院报销比例60%。", False),
        ("什么时候截止", "（完成时限：2021年6月底前）", True),
    ],
)
def test_what_a_sentence_is_no_rule_for(question: str, sentence: str, against: bool) -> None:
    assert scopes.contradicts(scopes.of_question(question), question, sentence) is against
