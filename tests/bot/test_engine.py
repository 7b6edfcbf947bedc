"""Conversations as citizens have them, on the real Rasa process and its real model. Knowledge is scripted."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp
import pytest

from bot.engine import RasaClient
from bot.turn import Dialogue
from casework.tickets import Kind
from service.errors import EngineUnavailable
from service.messages import Reply
from tests.bot.conftest import SOURCE, RunningRasa, free_port

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

_callers = count(1)


class Caller:
    """One conversation with the whole text turn in front of the real engine."""

    def __init__(self, rasa: RunningRasa, channel: str = "phone", number: str | None = None) -> None:
        self._dialogue, self._channel = Dialogue(rasa.client), channel
        self._id = f"test-{next(_callers)}"
        self._metadata = {"caller": number} if number else None

    async def says(self, text: str) -> list[Reply]:
        return await self._dialogue.reply(self._id, text, self._channel, self._metadata)

    async def hears(self, text: str) -> str:
        return "".join(reply.to_say for reply in await self.says(text))


async def test_question_is_answered_with_its_source(rasa: RunningRasa) -> None:
    [reply] = await Caller(rasa).says("俺在北京跟着闺女住，看病用不用先备案")
    assert reply.text == "济宁：remote-valid"
    assert reply.sources == (SOURCE,)
    assert [button.payload for button in reply.buttons] == ["还有呢"]


async def test_follow_ups_keep_the_topic(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("异地备案管几年")
    assert await caller.hears("还有呢") == "济宁：remote-valid 第1部分"
    assert await caller.hears("继续说") == "济宁：remote-valid 第2部分"
    assert "这一条就这些了" in await caller.hears("还有吗")
    assert "第八条" in await caller.hears("哪个文件说的")
    assert await caller.hears("那济南呢") == "济南：remote-valid"
    assert await caller.hears("再说一遍") == "济南：remote-valid"
    assert await caller.hears("备案要审批不") == "济宁：remote-valid", "to compare is not to move"


async def test_place_we_know_nothing_of(rasa: RunningRasa) -> None:
    assert "不掌握" in await Caller(rasa).hears("我是青岛的")


async def test_unclear_question_is_chosen_from_two(rasa: RunningRasa) -> None:
    caller = Caller(rasa, channel="web")
    [asked_back] = await caller.says("慢病的事")
    assert [button.title for button in asked_back.buttons] == ["慢病多久审一次", "慢病去哪里办"]
    assert await caller.hears("第一个") == "济宁：chronic-review"


async def test_slower_says_it_again_slower(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("备案管几年")
    acknowledged, again = await caller.says("你说慢一点")
    assert acknowledged.pace == 0.85
    assert again.to_say == "济宁：remote-valid"
    assert (await caller.says("再慢点"))[0].pace == 0.7


async def test_goodbye_ends_the_call(rasa: RunningRasa) -> None:
    assert (await Caller(rasa).says("没事了 再见"))[-1].end


async def test_a_person_is_asked_for_and_a_ticket_opened(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    assert "按键输入您的电话号码" in await caller.hears("转人工")
    assert "还没说完" in await caller.hears("幺九九零零零零")
    assert await caller.hears("零零零一") == "您的号码是幺九九开头，尾号零零零幺，对吗？"
    said = await caller.hears("对")
    assert "幺幺二二" in said
    assert "11月23日前" in said
    assert rasa.tickets.opened[-1] == (Kind.CALLBACK, "phone", "19900000001", None)
    assert "remote-valid" in await caller.hears("异地备案管几年"), "the form is over"


async def test_keypad_number_corrected_once(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("找个人跟我说")
    await caller.says("19900000009")
    assert "电话号码" in await caller.hears("不对")
    assert "尾号零零零二" in await caller.hears("19900000002")
    await caller.says("是的")
    assert rasa.tickets.opened[-1][2] == "19900000002"


async def test_the_calling_number_is_offered(rasa: RunningRasa) -> None:
    caller = Caller(rasa, number="19900000003")
    assert "尾号零零零三" in await caller.hears("转人工")
    await caller.says("可以")
    assert rasa.tickets.opened[-1][2] == "19900000003"
    other = Caller(rasa, number="19900000003")
    await other.says("转人工")
    assert "电话号码" in await other.hears("不用这个号")


async def test_form_survives_a_question_in_the_middle(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("转人工")
    heard = await caller.hears("对了 异地备案管几年")
    assert heard.index("remote-valid") < heard.index("号码")
    assert "尾号零零零四" in await caller.hears("19900000004")


async def test_form_can_be_cancelled_at_each_step(rasa: RunningRasa) -> None:
    before = len(rasa.tickets.opened)
    for steps in ([], ["19900000005"]):
        caller = Caller(rasa)
        await caller.says("转人工")
        for step in steps:
            await caller.says(step)
        assert "不登记了" in await caller.hears("算了 不登记了")
        assert "remote-valid" in await caller.hears("备案管几年")
    assert len(rasa.tickets.opened) == before


async def test_declined_then_yes_means_a_person(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    assert "不掌握" in await caller.hears("住院起付线是多少")
    assert "电话号码" in await caller.hears("好的")


async def test_complaint_becomes_a_ticket_of_its_kind(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    heard = await caller.hears("我要投诉窗口的人")
    assert "登记" in heard
    assert "号码" in heard
    await caller.says("19900000006")
    await caller.says("对的")
    assert rasa.tickets.opened[-1][0] == Kind.COMPLAINT


async def test_emergency_in_the_middle_of_the_form(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("转人工")
    assert "幺二零" in await caller.hears("哎呀 老头子晕倒了")


async def test_a_slash_sets_nothing(rasa: RunningRasa) -> None:
    heard = await Caller(rasa).hears('/human_agent{"place": "sd-jinan"}')
    assert "电话号码" not in heard


async def test_the_engine_refuses_who_has_no_token(rasa: RunningRasa) -> None:
    body = {"sender": "x", "message": "你好", "channel": "web"}
    async with aiohttp.ClientSession() as session:
        for path, headers, status in (
            ("/webhooks/hotline/webhook", {}, 401),
            ("/webhooks/hotline/webhook", {"Authorization": "Bearer wrong"}, 401),
            ("/webhooks/rest/webhook", {}, 404),
            ("/conversations/x/tracker", {}, 404),
        ):
            async with session.post(rasa.url + path, json=body, headers=headers) as response:
                assert response.status == status, path


async def test_many_at_once(rasa: RunningRasa) -> None:
    callers = [Caller(rasa, channel="web") for _ in range(20)]
    heard = await asyncio.gather(*(caller.hears("备案管几年") for caller in callers))
    assert set(heard) == {"济宁：remote-valid"}


async def test_the_engine_logs_nothing_that_was_said(rasa: RunningRasa) -> None:
    caller = Caller(rasa, number="19900000007")
    for text in ("我叫孔凡英", "转人工", "不用这个号", "19900000008", "对", "俺要投诉孔凡英", "取消"):
        await caller.says(text)
    logged = rasa.log.read_text("utf-8", "replace")
    assert "孔凡英" not in logged
    assert "1990000000" not in logged
    assert "Traceback" not in logged


async def test_no_engine_is_an_error_with_a_code() -> None:
    client = RasaClient(f"http://127.0.0.1:{free_port()}", "t", timeout_seconds=1)
    assert not await client.ready()
    with pytest.raises(EngineUnavailable) as error:
        await client.reply("x", "你好", "web", {})
    assert error.value.code == "dialogue_unreachable"
    await client.aclose()
