"""With the real sentence encoder: what callers ask in their own words."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering import Answer, Assistant, Declined
from service.database import Database

pytestmark = pytest.mark.engine
DAY = date(2026, 1, 5)


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
