"""With the real sentence encoder: what callers ask in their own words."""

from __future__ import annotations

from datetime import date

import pytest

from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined
from knowledge.retrieval import topic_ranking as ranking

DAY = date(2026, 1, 5)


@pytest.mark.engine
async def test_callers_words_find_the_right_clause(database: Database) -> None:
    assistant = Assistant(database)
    await assistant.refresh()
    expected = {
        "俺娘腿脚不利索下不了楼，药吃完了可咋整": "第8条",
        "孩他爹从苏州厂里回来了，那边交的医保想弄回家来": "第6条",
        "俺没上过学，到你们那大厅去，没人帮可咋填表": "第2条",
        "在贵州旅游心梗抢救，家里人慌得没办备案，能给结不": "第9条",
        "医地就医被安在手机上咋弄": "第7条",
    }
    for question, clause in expected.items():
        reply = await assistant.ask(question, place=None, on=DAY)
        assert isinstance(reply, Answer), question
        assert clause in [source.clause for source in reply.sources], question
    for question in ("住院报百分之几", "你们电话多少号", "明天去泰山天气好不好", "菏泽的生育津贴怎么领"):
        assert isinstance(await assistant.ask(question, place=None, on=DAY), Declined), question
    await assistant.aclose()


@pytest.mark.engine
async def test_what_documents_nearly_say_is_not_taken_for_an_answer(database: Database) -> None:
    assistant = Assistant(database)
    await assistant.refresh()
    asked = {
        "日间手术得交多少押金": False,
        "优先窗口是满六十才能用吗": False,
        "轮椅能不能借回家使几天": False,
        "出国旅游看病的钱能报吗": False,
        "送药上门跑一趟要多少钱": False,
        "咱济宁有没有日间手术": True,
        "俺爹走不动，大厅有没有轮椅": True,
    }
    for question, stated in asked.items():
        reply = await assistant.ask(question, place=None, on=DAY)
        cites = "第5条" if "日间" in question else "第3条"
        assert isinstance(reply, Answer | Declined), question
        assert isinstance(reply, Declined) or stated, question
        assert not stated or cites in [source.clause for source in reply.sources], question
    await assistant.aclose()


def test_what_a_target_does_not_say_counts_by_how_rare_it_is() -> None:
    terms = {"押金": 0.9, "日间": 0.1, "_日间": 0.1, "_押金": 0.9}
    pairs, words = ranking.unsaid(terms, "日间手术", ["日间手术"])
    assert pairs == pytest.approx(0.9)
    assert words == pytest.approx(0.9)
    # 押今 is what recognition heard of 押金: it sounds the same, so it was said.
    assert ranking.unsaid({"押今": 0.9, "_押今": 0.9}, "日间手术押金", ["日间手术押金"]) == (0.0, 0.0)
