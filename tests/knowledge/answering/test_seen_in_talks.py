"""Questions that citizens asked behind others, or in a hard hour, and what must not be answered to them."""

from __future__ import annotations

from datetime import date

from base.database import Database
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Unclear

DAY = date(2026, 12, 5)
_NOT_WRITTEN = {
    "药攒了一大堆能退吗": "gap-drug-return",
    "送来的药多了一盒能退回去不": "gap-drug-return",
    "俺娘走了好几个月了医保还扣钱": "gap-after-death",
    "俺爹上个月没了，医保还要交吗": "gap-after-death",
    "老人走了医保怎么销": "gap-after-death",
    "在济宁住院报销多少": "gap-inpatient-ratio",
    "在兖州住院能报几成": "gap-inpatient-ratio",
    "在北京住院报销多少": "gap-remote-ratio",
}
_BEFORE = ("gap-remote-materials", "remote-filing-longterm", "gap-remote-ratio")
_IF_NOT_FILED = ("要是没备案呢", "那要是忘了备案咋办", "万一没来得及备案呢")
_TO_DO = ("居民医保怎么参保", "给孩子上医保去哪办登记", "哪些医保业务能网上办")

_WITHOUT_PHONE = ("等等，俺不会用手机，去哪里办？", "俺没有智能手机，上哪办")


async def test_of_the_right_matter_and_with_what_a_person_does(database: Database) -> None:
    """In one test: what is near to what decides here, and the own encoder takes a while to build its index."""
    assistant = Assistant(database)
    await assistant.refresh()
    try:
        for text, topic in _NOT_WRITTEN.items():
            reply = await assistant.ask(text, place=None, on=DAY)
            assert isinstance(reply, Declined), text
            assert reply.topic == topic, text
        for before in _BEFORE:
            for text in _IF_NOT_FILED:
                reply = await assistant.ask(text, place=None, on=DAY, topic=before)
                assert isinstance(reply, Answer), (before, text)
                assert reply.topic == "remote-filing-late", (before, text)
        for text in _WITHOUT_PHONE:
            reply = await assistant.ask(text, place=None, on=DAY, topic="remote-filing-online")
            assert "乡镇" in reply.spoken, text
            assert "APP" not in reply.spoken, text
        for text in ("济南，不对，济宁的，门诊慢特病咋报", "邹城的，啊不，济宁的，备案去哪办"):
            reply = await assistant.ask(text, place=None, on=DAY)
            assert not isinstance(reply, Unclear), text
            assert reply.place == "sd-jining", text
        for text in _TO_DO:
            reply = await assistant.ask(text, place=None, on=DAY)
            assert isinstance(reply, Answer), text
            assert "就能" in reply.text, text
            assert not any(duty in reply.text for duty in ("下沉", "鼓励", "依托")), text
            assert reply.sources, text
    finally:
        await assistant.aclose()
