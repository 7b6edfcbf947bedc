"""What nobody asked about is not said to be written nowhere; what was asked is."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from base.database import Database
from knowledge.answering import doubted
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Declined, Unclear
from knowledge.retrieval.search import Search

DAY = date(2026, 12, 5)
_OTHERS = {
    "急救车费报不报": "外伤",
    "救护车的钱能给报吗": "外伤",
    "抑郁症能报吗": "异地",
    "俺娘昏迷住院一个月了，钱咋报": "共济",
    "孩子去年吞了硬币去医院取的，能报吗": "新生儿",
    "中医推拿报吗": "外伤",
    "做试管婴儿能报吗": "生育津贴",
    "苏州，闺女秋里搬家了": "大厅",
    "配眼镜能刷医保卡吗": "挂失",
    "误服农药住院的发票丢了": "税务",
    "孩子打疫苗能报吗": "外伤",
    "急死人了验证码收不到": "哪一页",
}
_OWN = {
    "医保卡丢了咋补": "gap-card-loss",
    "在济宁住院报销多少": "gap-inpatient-ratio",
    "喝酒摔的住院报不报": "gap-trauma",
    "打架受伤住院能报吗": "gap-trauma",
    "怎么交居民医保": "gap-pay-channel",
    "居民医保咋缴费": "gap-pay-channel",
    "断缴三个月怎么办": "gap-late-payment",
    "大学生怎么参保": "gap-student",
}


async def test_only_what_was_asked_is_named(database: Database) -> None:
    """In one test: the own encoder takes a while to build its index."""
    assistant = Assistant(database)
    await assistant.refresh()
    try:
        for text, matter in _OTHERS.items():
            reply = await assistant.ask(text, place=None, on=DAY)
            assert matter not in reply.text, (text, reply.text)
            if isinstance(reply, Declined):
                assert "转人工" in reply.text, text
        for text, topic in _OWN.items():
            reply = await assistant.ask(text, place=None, on=DAY)
            assert isinstance(reply, Declined), text
            assert reply.topic == topic, (text, reply.topic)
        for text in ("怎么办", "那咋弄啊"):
            nothing = await assistant.ask(text, place=None, on=DAY)
            assert isinstance(nothing, Unclear)
            assert "哪件事" in nothing.text
        goes_on = await assistant.ask("要几天", place=None, on=DAY, topic="gap-remote-materials")
        assert goes_on.topic is not None if isinstance(goes_on, Declined) else True
    finally:
        await assistant.aclose()


async def test_the_words_of_all_topics_are_counted_off_the_event_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted_in: list[threading.Thread] = []

    class Words(doubted._Words):
        def __init__(self, search: Search) -> None:
            counted_in.append(threading.current_thread())
            super().__init__(search)

    monkeypatch.setattr(doubted, "_Words", Words)
    assistant = Assistant(database)
    await assistant.refresh()
    await assistant.ask("急救车费报不报", place=None, on=DAY)
    await assistant.aclose()
    assert counted_in
    assert threading.main_thread() not in counted_in
