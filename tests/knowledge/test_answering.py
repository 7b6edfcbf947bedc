"""What citizens ask, and what they must be told, whatever the encoder."""

from __future__ import annotations

import asyncio
import time
from datetime import date

import pytest
from sqlalchemy import select, update

from knowledge.answering import Answer, Assistant, Declined, Unclear
from knowledge.models import Answer as AnswerRow
from knowledge.models import Clause, KnowledgeState, Status
from service.database import Database
from service.errors import EngineUnavailable

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
    assert "下沉至定点医疗机构办理" in place.text
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
async def test_nonsense_is_declined_quickly(assistant: Assistant, question: str) -> None:
    start = time.perf_counter()
    assert isinstance(await assistant.ask(question, place=None, on=DAY), Declined | Unclear)
    assert time.perf_counter() - start < 1


async def test_before_the_first_refresh_nothing_is_answered(database: Database) -> None:
    assistant = Assistant(database)
    assert not assistant.ready
    with pytest.raises(EngineUnavailable):
        await assistant.ask("备案", place=None, on=DAY)


async def test_a_published_change_is_answered_within_five_seconds(assistant: Assistant, database: Database) -> None:
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
    async with asyncio.timeout(5):
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


async def test_no_reply_leaves_citizens_with_brackets_or_a_drafted_fact(assistant: Assistant) -> None:
    for text in await assistant.fixed_spoken(DAY):
        assert "（依据" not in text
        assert "380元" not in text
