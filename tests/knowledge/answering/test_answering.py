"""What citizens ask, and what they must be told, whatever the encoder."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import date

import pytest
import yaml
from sqlalchemy import select, update

from base.database import Database
from base.errors import EngineUnavailable
from base.staff_texts import STAFF_TEXTS, Dated, StaffText
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Unclear
from knowledge.authoring import seed as seeds
from knowledge.models import Answer as AnswerRow
from knowledge.models import Clause, KnowledgeState, Status
from knowledge.public.points import NewPoint, ServicePoints
from language.aloud.spoken import sentences, spoken
from tests.guard import GUARD_SECONDS

DAY = date(2026, 1, 5)


async def answer(assistant: Assistant, question: str, **about: str | None) -> Answer:
    reply = await assistant.ask(question, place=about.get("place"), on=DAY, topic=about.get("topic"))
    assert isinstance(reply, Answer), reply
    return reply


async def declined(assistant: Assistant, question: str, place: str | None = None) -> Declined:
    reply = await assistant.ask(question, place=place, on=DAY)
    assert isinstance(reply, Declined), reply
    return reply


async def test_living_with_a_daughter_elsewhere(assistant: Assistant) -> None:
    reply = await answer(assistant, "俺在北京跟着闺女住，看病用不用先备案")
    assert reply.text.startswith("跨省异地长期居住人员登记备案后，未申请变更备案或参保状态未发生变更的，备案长期有效。")
    assert "依据：济医保字〔2023〕25号 第8条，2023年" in reply.text
    assert [source.clause for source in reply.sources] == ["第8条", "第7条"]
    assert reply.sources[0].doc_no == "济医保字〔2023〕25号"
    assert reply.spoken.startswith("按济宁市2023年的文件，")
    assert reply.place == "sd-jining"


async def test_words_that_recognition_got_wrong(assistant: Assistant) -> None:
    reply = await answer(assistant, "醫地就醫被安在手機上哪裡辦")
    assert reply.topic == "remote-filing-online"


async def test_no_amount_is_ever_invented(assistant: Assistant) -> None:
    reply = await declined(assistant, "住院能报百分之几，起付线多少")
    assert reply.topic == "gap-inpatient-ratio"
    assert "没有写" in reply.text
    assert "转人工" in reply.text
    assert "转人工" in reply.spoken
    assert reply.sources == ()


async def test_a_gap_says_what_can_be_said_with_its_source(assistant: Assistant) -> None:
    reply = await declined(assistant, "办异地备案要带什么材料")
    assert "不再需要提供户籍证明、居住证" in reply.text
    assert "全部材料，我手里的文件没有写" in reply.text
    assert "第18条" in [source.clause for source in reply.sources]


async def test_who_asks_how_much_is_not_told_where_to_look(assistant: Assistant) -> None:
    reply = await declined(assistant, "打生物制剂能报几成")
    assert "没有写" in reply.text
    assert "信息查询" not in reply.text


async def test_what_is_not_ours_is_said_to_be_not_ours(assistant: Assistant) -> None:
    assert "答不了" in (await declined(assistant, "住房公积金贷款利率是多少")).text


async def test_jinan_and_jining_are_told_apart(assistant: Assistant) -> None:
    home = await answer(assistant, "慢病多久审批一次")
    other = await answer(assistant, "济南的慢病多久审批一次")
    assert "每季度至少" in home.text
    assert "20个工作日" not in home.text
    assert "20个工作日" in other.text
    assert other.place == "sd-jinan"


async def test_and_in_jinan(assistant: Assistant) -> None:
    reply = await answer(assistant, "那济南呢", topic="long-prescription")
    assert reply.topic == "long-prescription"
    assert "此政策尚未取消仍在执行" in reply.text


async def test_jining_s_rule_is_not_given_to_someone_insured_in_jinan(assistant: Assistant) -> None:
    reply = await declined(assistant, "医保跨省转移要多少天", place="sd-jinan")
    assert "济南市的文件里没有写" in reply.text
    assert "15" not in reply.text


async def test_another_pool_is_declined_by_name(assistant: Assistant) -> None:
    assert "青岛的医保规定我这里没有" in (await declined(assistant, "青岛参保的慢病多久审一次")).text


async def test_zoucheng_uses_its_own_list_then_jining_s_rules(assistant: Assistant) -> None:
    own = await answer(assistant, "邹城村里的医保服务点能办什么")
    assert own.sources[0].doc_no == "邹政办字〔2021〕39号"
    above = await answer(assistant, "医保跨省转移要多少天", place="sd-jining-zoucheng")
    assert above.sources[0].doc_no == "济医保字〔2023〕25号"


async def test_a_short_follow_up_is_understood_from_what_was_said_before(assistant: Assistant) -> None:
    reply = await answer(assistant, "要几天", topic="transfer-how")
    assert "压缩为15个工作日" in reply.text
    place = await answer(assistant, "在哪办", topic="chronic-review-frequency")
    assert "到定点医院就能办" in place.text
    other = await answer(assistant, "新生儿参保在哪办", topic="chronic-review-frequency")
    assert other.topic == "newborn-enroll-where"


async def test_more_and_source(assistant: Assistant) -> None:
    first = await answer(assistant, "住院前没备案能补办吗")
    assert first.more
    more = await assistant.more(first.topic, place=first.place, on=DAY, part=1)
    assert more is not None
    assert "备案有效期内可在就医地多次就诊" in more.text
    assert await assistant.more(first.topic, place=first.place, on=DAY, part=99) is None
    source = await assistant.source(first.topic, place=first.place, on=DAY)
    assert source is not None
    assert "济宁市医疗保障局" in source.spoken
    assert "济医保字〔2023〕25号" in source.spoken


async def test_an_option_can_be_asked_for_by_its_topic(assistant: Assistant) -> None:
    reply = await assistant.about("transfer-days", place=None, on=DAY)
    assert isinstance(reply, Answer)
    assert "15个工作日" in reply.text


@pytest.mark.parametrize(
    "question", ["", "   ", "？？？", "😀", "hello there", "asdf" * 2500, "啊" * 10_000, "\x00\x01"]
)
async def test_nonsense_is_declined_and_holds_nobody_up(assistant: Assistant, question: str) -> None:
    start = time.perf_counter()
    assert isinstance(await assistant.ask(question, place=None, on=DAY), Declined | Unclear)
    assert time.perf_counter() - start < GUARD_SECONDS


async def test_before_the_first_refresh_nothing_is_answered(database: Database) -> None:
    assistant = Assistant(database)
    assert not assistant.ready
    with pytest.raises(EngineUnavailable):
        await assistant.ask("备案", place=None, on=DAY)


async def test_a_published_change_is_answered_without_a_restart(assistant: Assistant, database: Database) -> None:
    assert "3个月" in (await answer(assistant, "慢病药一次能开多长时间")).spoken
    async with database.session() as session:  # as another process would
        row = (
            await session.scalars(
                select(AnswerRow).where(
                    AnswerRow.topic_id == "long-prescription", AnswerRow.jurisdiction_id == "sd-jining"
                )
            )
        ).one()
        row.spoken = "改过的说法。"
        await session.execute(update(KnowledgeState).values(version=KnowledgeState.version + 1))
    async with asyncio.timeout(GUARD_SECONDS):
        while "改过的说法" not in (await answer(assistant, "慢病药一次能开多长时间")).spoken:
            await asyncio.sleep(0.2)


async def test_withdrawn_and_expired_answers_are_silent(assistant: Assistant, database: Database) -> None:
    async with database.session() as session:
        await session.execute(
            update(AnswerRow).where(AnswerRow.topic_id == "transfer-days").values(status=Status.WITHDRAWN)
        )
        await session.execute(
            update(Clause).where(Clause.id == "jining-yb-2023-25.m05").values(valid_until=date(2025, 12, 31))
        )
    await assistant.refresh()
    transfer = await assistant.about("transfer-days", place=None, on=DAY)
    expired = await assistant.about("day-care", place=None, on=DAY)
    earlier = await assistant.about("day-care", place=None, on=date(2025, 12, 31))
    assert isinstance(transfer, Declined)
    assert isinstance(expired, Declined)
    assert isinstance(earlier, Answer)


async def test_everything_a_caller_may_hear_can_be_prepared(assistant: Assistant) -> None:
    texts = await assistant.fixed_spoken(DAY)
    assert (await answer(assistant, "俺在北京跟着闺女住，看病用不用先备案")).spoken in texts
    assert (await declined(assistant, "住院能报百分之几")).spoken in texts
    assert len(texts) == len(set(texts))
    assert not [text for text in texts if not text.strip()]


async def test_a_question_back_can_be_prepared_whatever_two_topics_it_names(assistant: Assistant) -> None:
    prepared = {piece for text in await assistant.fixed_spoken(DAY) for piece in sentences(spoken(text))}
    for question in ("医保", "报销", "老人", "孩子医保"):
        reply = await assistant.ask(question, place=None, on=DAY)
        assert isinstance(reply, Unclear)
        assert len(reply.options) == 2
        assert set(sentences(spoken(reply.spoken))) <= prepared, reply.spoken


async def test_no_reply_leaves_citizens_with_brackets_or_a_drafted_fact(assistant: Assistant) -> None:
    for text in await assistant.fixed_spoken(DAY):
        assert "（依据" not in text
        assert "380元" not in text


async def test_each_quote_stands_under_its_own_document(assistant: Assistant) -> None:
    reply = await declined(assistant, "哪些病能办门诊慢性病")
    lines = reply.text.splitlines()
    assert lines[0].startswith("具备高血压、糖尿病、"), "the sentence that answers comes first"
    assert lines[1] == "这是济宁市医疗保障局2023年的文件写的。"
    assert lines[2].startswith("对恶性肿瘤、尿毒症、器官移植")
    assert lines[3] == "这是济宁市医疗保险事业中心2021年的文件写的。"
    assert reply.spoken.startswith("按济宁市2023年和2021年的文件，")


async def test_items_of_lists_are_a_sentence_that_names_the_lists(assistant: Assistant) -> None:
    reply = await assistant.about("chronic-where", place="sd-jining-zoucheng", on=DAY)
    first, second, *_ = reply.text.splitlines()
    assert first.startswith("《医院医保服务站经办服务事项清单》、《镇卫生院")
    assert first.endswith("里都有：门诊慢性病病种待遇认定。")
    assert second.endswith("里都有：门诊慢性病病种待遇认定(收集鉴定材料)。")


async def test_twenty_measures_are_told_and_their_preamble_is_not_repeated(assistant: Assistant) -> None:
    reply = await answer(assistant, "二十项便民措施都有啥")
    assert "1.实现医保电子凭证在就医购药全流程应用；" in reply.text
    assert "20.推动生育津贴“院端申领”" in reply.text
    parts = [await assistant.more(reply.topic, place=reply.place, on=DAY, part=part) for part in range(1, 9)]
    assert not any(part and "结合济宁实际推出" in part.text for part in parts)


async def test_a_whole_clause_is_told_from_its_beginning_to_its_end(assistant: Assistant, database: Database) -> None:
    async with database.session() as session:
        clause = await session.get(Clause, "jining-yb-2023-25.m08")
        assert clause is not None
        text = clause.text
    assert await assistant.whole("nothing", place=None, on=DAY) is None
    told: list[Answer] = []
    part = await assistant.whole("remote-filing-late", place=None, on=DAY)
    while part is not None:
        told.append(part)
        part = await assistant.more("remote-filing-late", place=None, on=DAY, part=part.part + 1)
    assert [one.more for one in told] == [True] * (len(told) - 1) + [False]
    assert "第8条全文" in told[0].text
    assert "".join(one.text.split("：\n", 1)[1] for one in told) == "".join(text.split())


async def test_what_was_left_out_ends_before_the_whole_clause_begins(assistant: Assistant) -> None:
    part, number = await assistant.more("remote-filing-late", place=None, on=DAY, part=1), 1
    while part is not None and part.more:
        number += 1
        part = await assistant.more("remote-filing-late", place=None, on=DAY, part=number)
    assert part is not None
    assert await assistant.more("remote-filing-late", place=None, on=DAY, part=number + 1) is None


@pytest.mark.parametrize("question", ["2020年异地就医备案在手机上哪里办", "二〇二〇年的异地就医备案在手机上哪里办"])
async def test_the_rules_of_a_year_without_a_document_are_not_known(assistant: Assistant, question: str) -> None:
    reply = await declined(assistant, question)
    assert reply.text.startswith("2020年是怎么规定的，我手里没有那一年的文件，不能乱说。写这件事的是2023年的文件：")
    assert "国家异地就医备案小程序" in reply.text
    assert reply.spoken.startswith("2020年是怎么规定的")
    assert "转人工" in reply.spoken


async def test_a_year_with_documents_that_do_not_say_it(assistant: Assistant) -> None:
    reply = await assistant.ask("2021年的呢", place=None, on=DAY, topic="remote-filing-online")
    assert isinstance(reply, Declined)
    assert reply.text.startswith("2021年是怎么规定的，我手里那一年的文件没有写")
    alone = await assistant.ask("2021年的", place=None, on=DAY)
    assert isinstance(alone, Unclear)
    assert alone.text.startswith("您想问2021年的哪件事")


@pytest.mark.parametrize("year", ["2021", "2024"])
async def test_a_year_in_which_the_document_held_is_answered(assistant: Assistant, year: str) -> None:
    reply = await answer(assistant, f"{year}年门诊慢性病多长时间审一次")
    assert "2021年的文件写的" in reply.text


@pytest.mark.parametrize(
    "question", ["医保", "报销", "老人", "孩子医保", "新农合报销怎么弄", "俺想问医保的事", "报销咋弄"]
)
@pytest.mark.parametrize("topic", [None, "remote-filing-online"])
async def test_a_word_that_is_no_question_gets_a_question_back(
    assistant: Assistant, question: str, topic: str | None
) -> None:
    reply = await assistant.ask(question, place=None, on=DAY, topic=topic)
    assert isinstance(reply, Unclear)
    assert len(reply.options) == 2


async def test_how_a_thing_is_done_is_a_question(assistant: Assistant) -> None:
    for question in ("办慢病咋办理", "异地备案咋弄"):
        assert isinstance(await assistant.ask(question, place=None, on=DAY), Answer | Declined)


def test_the_fields_offer_topics_that_are_there() -> None:
    known = {topic.id for topic in seeds.load().topics}
    rows = yaml.safe_load((seeds.DATA / "fields.yaml").read_text(encoding="utf-8"))
    assert [row for row in rows if len(row["topics"]) != 2 or not known.issuperset(row["topics"])] == []


async def test_the_hotline_knows_its_own_number(assistant: Assistant) -> None:
    reply = await declined(assistant, "医保热线多少号")
    assert reply.text.startswith("医保热线是12393。")
    assert re.findall(r"[0-9]{3,}", reply.text) == ["12393"]


async def test_what_a_query_can_tell_is_offered(assistant: Assistant) -> None:
    for question in ("门诊慢特病资格怎么查", "异地就医备案怎么查询进度"):
        reply = await declined(assistant, question)
        assert "请说“查慢特病资格”或者“查异地备案”" in reply.text
        assert "请说“查慢特病资格”或者“查异地备案”" in reply.spoken


async def test_stations_that_staff_entered_are_told(assistant: Assistant, database: Database) -> None:
    question = "任城区医保服务站在哪，电话多少"
    nobody = await declined(assistant, question)
    assert "附近的服务点" not in nobody.text, "an empty page is no way on"
    points = ServicePoints(database)
    await points.add(NewPoint("试验街道医保服务站", "任城区", "试验路1号", "0537-0000001", "工作日"), who="bianji")
    told = await answer(assistant, question)
    assert told.text.startswith(
        "试验街道医保服务站，试验路1号，电话0537-0000001，工作日\n（来源：本局服务点表，2026年1月5日查）"
    )
    assert "试验路1号" in told.spoken
    follow_up = await answer(assistant, "任城的呢", topic="gap-station-list")
    assert follow_up.text == told.text
    named = await assistant.about("gap-station-list", place="sd-jining", on=DAY, said="俺在任城区")
    assert named.text == told.text
    elsewhere = await declined(assistant, "邹城市医保服务站在哪")
    assert "微信里把您的位置发过来" in elsewhere.text
    assert "试验路" not in elsewhere.text


async def test_hours_that_staff_published_are_told(assistant: Assistant) -> None:
    await declined(assistant, "你们几点上班")
    STAFF_TEXTS.use({StaffText.HOURS: Dated("周一至周五 8:30-12:00，13:30-17:00\n周六 9:00-11:00")})
    try:
        told = await answer(assistant, "你们几点上班")
        assert told.text.startswith("人工服务时间是周一至周五 8:30-12:00，13:30-17:00；周六 9:00-11:00。")
        assert "本局公布的人工服务时间，2026年1月5日查" in told.text
        assert "周六 9:00-11:00" in told.spoken
        await declined(assistant, "医保局在哪条路上")
    finally:
        STAFF_TEXTS.use({})


async def test_what_is_written_for_offices_alone_does_not_answer_citizens(
    assistant: Assistant, database: Database
) -> None:
    text = "稽核专班按月核对麒麟台账。"
    async with database.session() as session:
        session.add(
            Clause(
                id="jining-yb-2023-25.z1", document_id="jining-yb-2023-25", number="z1", position=999, kind="section",
                heading="核对麒麟台账", text=text, sentences=[text], tags=[], audience=["agency"],
                caller_facing=True, searchable=True, live=True,
            )
        )  # fmt: skip
    await assistant.refresh()
    assert not isinstance(await assistant.ask("核对麒麟台账", place=None, on=DAY), Answer)
    async with database.session() as session:
        await session.execute(
            update(Clause).where(Clause.id == "jining-yb-2023-25.z1").values(audience=["agency", "insured"])
        )
    await assistant.refresh()
    assert (await answer(assistant, "核对麒麟台账")).clauses == ("jining-yb-2023-25.z1",)


@pytest.mark.parametrize("question", ["门诊满特病怎么认定", "门诊曼特病怎么办"])
@pytest.mark.parametrize("topic", ["remote-filing-online", "transfer-how", "newborn-enroll-where"])
async def test_a_misheard_noun_does_not_get_the_last_topics_answer(
    assistant: Assistant, question: str, topic: str
) -> None:
    alone = await assistant.ask(question, place=None, on=DAY)
    assert await assistant.ask(question, place=None, on=DAY, topic=topic) == alone
