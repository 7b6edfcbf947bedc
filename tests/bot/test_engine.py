"""Conversations as citizens have them, on the real Rasa process and its real model. Knowledge is scripted."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp
import pytest

from base.errors import EngineUnavailable
from base.messages import Command, Reply
from bot.engine import RasaClient
from bot.turn import Dialogue
from casework.tickets.tickets import Kind
from tests.bot.conftest import SOURCE, RunningRasa, free_port

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

_callers = count(1)


class Caller:
    """One conversation with the whole text turn in front of the real engine."""

    def __init__(self, rasa: RunningRasa, channel: str = "phone", number: str | None = None) -> None:
        self._dialogue, self._channel = Dialogue(rasa.client), channel
        self.id = f"test-{next(_callers)}"
        self._caller = {"caller": number} if number else {}
        self.can_transfer = False

    async def says(self, text: str) -> list[Reply]:
        metadata = {**self._caller, "can_transfer": self.can_transfer}
        return await self._dialogue.reply(self.id, text, self._channel, metadata)

    async def hears(self, text: str) -> str:
        return "".join(reply.to_say for reply in await self.says(text))


async def test_question_is_answered_with_its_source(rasa: RunningRasa) -> None:
    reply, *_ = await Caller(rasa).says("俺在北京跟着闺女住，看病用不用先备案")
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


async def test_a_command_is_done_and_not_guessed_at(rasa: RunningRasa) -> None:
    caller = Caller(rasa, channel="web")
    await caller.says("异地备案管几年")
    assert await caller.hears(Command.AGAIN) == "济宁：remote-valid"
    assert "号码" in await caller.hears(Command.PERSON)
    await caller.says(Command.CANCEL)
    assert not await rasa.client.is_open(caller.id)


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
    [receipt] = await caller.says("对")
    assert "幺幺二二" in receipt.to_say
    assert "11月23日前" in receipt.to_say
    assert receipt.ticket == "GD20261122-0001"
    assert rasa.tickets.opened[-1] == (Kind.CALLBACK, "phone", "19900000001", None)
    assert ("citizen", "转人工") in rasa.tickets.transcript
    assert "19900000001" not in str(rasa.tickets.transcript)
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


@pytest.mark.parametrize(
    "said", ["转人工", "你好", "谢谢", "再说一遍", "还有呢", "哪个文件说的", "第一个", "嗯嗯那个啥"]
)
async def test_whatever_is_said_the_number_is_asked_again_once(rasa: RunningRasa, said: str) -> None:
    """A second 转人工 was answered ten times with what the knowledge said of it."""
    caller = Caller(rasa)
    await caller.says("转人工")
    [asked] = await caller.says(said)
    assert "号码" in asked.to_say
    await caller.says("19900000004")
    *promised, asked = await caller.says(said)
    assert len(promised) <= (said == "转人工")
    assert "尾号零零零四" in asked.to_say


async def test_who_was_to_be_transferred_and_found_nobody_is_asked_for_a_number(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    caller.can_transfer = True
    [reply] = await caller.says("转人工")
    assert reply.transfer
    caller.can_transfer = False
    [asked] = await caller.says("转人工")
    assert "按键输入您的电话号码" in asked.to_say


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


async def test_an_errand_asks_takes_and_ends(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    assert await caller.hears("我要办异地备案") == "file_item开始了。什么颜色？"
    assert await caller.hears("蓝") == "蓝的没有了。什么颜色？"
    assert await caller.hears("红") == "红的办好了。"
    assert "remote-valid" in await caller.hears("异地备案管几年"), "the form is over"


async def test_an_errand_that_needs_no_answer(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    assert await caller.hears("我余额还有多少") == "余额查不了。"
    assert "还有别的" in await caller.hears("好的"), "a nod to a sentence that asked nothing"
    assert "电话号码" in await caller.hears("转人工")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("异地备案管几年", ("remote-valid", "接着办", "什么颜色")),
        ("那济南呢", ("接着办", "什么颜色")),
        ("你说慢一点", ("慢一点", "什么颜色")),
        ("你是真人吗", ("智能助手", "什么颜色")),
        ("俺这病吃啥药好", ("大夫", "什么颜色")),
        ("再说一遍", ("什么颜色",)),
        ("你好", ("什么颜色",)),
        ("第一个", ("没听明白", "什么颜色")),
    ],
)
async def test_what_comes_between_is_answered_and_the_question_asked_again(
    rasa: RunningRasa, said: str, heard: tuple[str, ...]
) -> None:
    caller = Caller(rasa)
    await caller.says("我要办异地备案")
    told = await caller.hears(said)
    assert [told.find(part) for part in heard] == sorted(told.find(part) for part in heard)
    assert all(part in told for part in heard), told
    assert told.count("什么颜色") == 1
    assert await caller.hears("红") == "红的办好了。"


async def test_out_of_an_errand_to_a_person_to_danger_and_away(rasa: RunningRasa) -> None:
    caller = Caller(rasa)
    await caller.says("我要办异地备案")
    assert "电话号码" in await caller.hears("转人工")
    assert "尾号零零零四" in await caller.hears("19900000004")
    other = Caller(rasa)
    await other.says("我要办异地备案")
    assert "幺二零" in await other.hears("哎呀 老头子晕倒了")
    assert "不办了" in await other.hears("取消")
    leaving = Caller(rasa)
    await leaving.says("我要办异地备案")
    assert (await leaving.says("不说了 再见"))[-1].end
    assert rasa.errands.left


async def test_an_engine_that_forgot_in_a_restart_goes_on_with_what_is_open(rasa: RunningRasa) -> None:
    caller = Caller(rasa, channel="web")
    rasa.errands.open.add(caller.id)
    assert "蓝的没有了" in await caller.hears("蓝"), "the first word the engine hears is the answer"
    asked = await caller.hears("备案管几年")
    assert "remote-valid" in asked
    assert "什么颜色" in asked
    assert await caller.hears("红") == "红的办好了。"


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
