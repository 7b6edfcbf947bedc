"""A person steps in and out: what the citizen reads, what staff see, and what happens when things fail."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.sayings import say
from bot.turn import Dialogue
from casework.livechat.book import State
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.models import LiveConversation, LiveTurn
from casework.livechat.wording import say as desk_says
from casework.tickets.changes import StepRefused
from staff import audit
from staff.audit import Action
from staff.roles import NotAllowed
from tests.casework.bureau import QIAN, SUN, WANG, ZHOU
from tests.casework.livechat.conftest import CALL, OPENID, WEB, Floor

FORM = say("utter_ask_phone").text
EMERGENCY = say("utter_emergency").text


async def taken(floor: Floor, name: str = WEB, channel: str = "web") -> int:
    """The citizen has asked something, and Sun has the conversation."""
    await floor.ask("异地就医怎么备案", name, channel)
    line = await floor.line(name)
    await floor.steps.take(line.id, SUN)
    return line.id


async def test_a_person_takes_over_answers_and_gives_back(floor: Floor) -> None:
    number = await taken(floor)
    assert await floor.ask("我在北京住院了") == []
    assert ("我在北京住院了", False) not in floor.engine.heard
    assert (await floor.turns())[-1] == ("citizen", "我在北京住院了")
    await floor.steps.say(number, SUN, "您带身份证到窗口就行")
    assert [turn.reply.text for turn in await floor.fetched()] == [desk_says("taken").text, "您带身份证到窗口就行"]
    await floor.steps.give_back(number, SUN)
    assert await floor.ask("医保怎么交") == ["答：医保怎么交"]
    assert (await floor.line()).state is State.BOT
    assert [turn.who for turn in await floor.fetched()] == ["agent", "agent", "assistant"]


async def test_wechat_is_written_to_through_its_own_queue(floor: Floor) -> None:
    number = await taken(floor, OPENID, "wechat")
    assert await floor.ask("在吗", OPENID, "wechat") == []
    await floor.steps.say(number, SUN, "在的")
    assert floor.pushed[-1] == (OPENID, "【工作人员】在的")
    await floor.steps.give_back(number, SUN)
    assert floor.pushed[-1] == (OPENID, desk_says("given_back").text)
    assert await floor.ask("医保怎么交", OPENID, "wechat") == ["答：医保怎么交"]


async def test_two_take_over_at_once_and_one_hears_who_has_it(floor: Floor) -> None:
    await floor.ask("医保怎么交")
    line = await floor.line()
    results = await asyncio.gather(
        floor.steps.take(line.id, SUN), floor.steps.take(line.id, ZHOU), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, StepRefused)]
    assert len(refused) == 1
    holder = {"zuoxi": "孙坐席", "zuoxi2": "周坐席"}[(await floor.line()).person]
    assert refused[0].citizen_text == f"这个对话已经由{holder}接管。"
    assert len(await floor.fetched()) == 1, "the citizen is greeted once"


async def test_only_the_holder_writes_and_a_supervisor_may_take_it_from_them(floor: Floor) -> None:
    number = await taken(floor)
    with pytest.raises(StepRefused) as refused:
        await floor.steps.say(number, ZHOU, "我来说")
    assert refused.value.citizen_text == "这个对话已经由孙坐席接管。"
    with pytest.raises(StepRefused):
        await floor.steps.take(number, ZHOU)
    with pytest.raises(NotAllowed):
        await floor.steps.look(number, WANG)
    await floor.steps.take(number, QIAN)
    with pytest.raises(StepRefused) as refused:
        await floor.steps.give_back(number, SUN)
    assert refused.value.citizen_text == "这个对话已经由钱主管接管。"


async def test_somebody_in_danger_is_told_at_once_whoever_answers(floor: Floor) -> None:
    await taken(floor)
    assert await floor.ask("我爸突然晕倒了叫不醒") == [EMERGENCY]
    assert await floor.turns() != []
    assert (await floor.turns())[-2:] == [("citizen", "我爸突然晕倒了叫不醒"), ("assistant", EMERGENCY)]
    assert await floor.ask("我该怎么办") == [], "the person still has the conversation"


async def test_nothing_is_lost_when_the_process_starts_anew(floor: Floor) -> None:
    number = await taken(floor)
    assert await floor.ask("第一句") == []
    await floor.restart()
    assert await floor.ask("第二句") == []
    assert [text for who, text in await floor.turns() if who == "citizen"] == ["异地就医怎么备案", "第一句", "第二句"]
    await floor.steps.say(number, SUN, "都看到了")
    await floor.restart()
    assert (await floor.fetched())[-1].reply.text == "都看到了"


async def test_without_the_desks_tables_the_citizen_is_still_answered(floor: Floor) -> None:
    await taken(floor)
    async with floor.bureau.database.session() as session:
        for table in ("live_turn", "live_conversation", "live_presence"):
            await session.execute(text(f"DROP TABLE {table}"))
    assert await floor.ask("医保怎么交") == ["答：医保怎么交"]
    assert await floor.ask("转人工") == [FORM]
    assert await floor.ask("我爸突然晕倒了叫不醒") == [EMERGENCY]


async def test_a_database_that_hangs_is_waited_for_once_and_not_for_long(floor: Floor) -> None:
    await taken(floor)
    floor.desk = LiveDesk(Held(floor.bureau.database), floor.book, floor.writer, floor.presence, quick_seconds=0.2)
    floor.dialogue = Dialogue(floor.engine, desk=floor.desk)
    async with floor.bureau.database.engine.connect() as locked:
        await locked.execute(text("BEGIN IMMEDIATE"))
        with capture_logs() as logged:
            assert await floor.ask("医保怎么交") == ["答：医保怎么交"]
            assert await floor.ask("怎么备案") == ["答：怎么备案"]
    assert [entry["event"] for entry in logged].count("live_desk_slow") == 1


async def test_numbers_and_codes_are_masked_and_nothing_is_kept_in_clear(floor: Floor) -> None:
    number = await taken(floor)
    await floor.ask("我的身份证是370899195003159028，验证码135790，电话19900000003，工单GD20261120-0001")
    said = (await floor.turns())[-1][1]
    assert "370899195003159028" not in said
    assert "135790" not in said
    assert "19900000003" in said, "a person must be able to call back"
    assert "GD20261120-0001" in said
    await floor.steps.give_back(number, SUN)
    await floor.ask("我叫张桂兰，电话19900000003")
    assert ("citizen", "我叫〔姓名〕，电话〔号码〕") in await floor.turns()
    async with floor.bureau.database.session() as session:
        rows = [row.said_sealed for row in await session.scalars(select(LiveTurn))]
        names = [row.name_sealed for row in await session.scalars(select(LiveConversation))]
    assert all("备案".encode() not in row for row in rows)
    assert all(WEB.encode() not in name for name in names)


async def test_what_cannot_be_written_to_is_read_only(floor: Floor) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    for name, channel in (("1732500000.7", "phone"), (CALL, "web"), ("rest-somebody", "web")):
        assert await floor.ask("转人工", name, channel) == [FORM]
        line = await floor.line(name)
        with pytest.raises(StepRefused):
            await floor.steps.take(line.id, SUN)
    await floor.desk.ended("1732500000.7")
    assert (await floor.line("1732500000.7")).state is State.CLOSED


async def test_every_step_is_in_the_audit_log(floor: Floor) -> None:
    number = await taken(floor)
    await floor.steps.look(number, ZHOU)
    await floor.steps.say(number, SUN, "您好")
    await floor.steps.give_back(number, SUN)
    page = await audit.entries(floor.bureau.database, which=f"对话{number}")
    assert [(entry.who, entry.what) for entry in reversed(page.entries)] == [
        ("zuoxi", Action.LIVE_TAKEN),
        ("zuoxi2", Action.LIVE_VIEWED),
        ("zuoxi", Action.LIVE_ANSWERED),
        ("zuoxi", Action.LIVE_GIVEN_BACK),
    ]
    assert {entry.detail for entry in page.entries} == {f"conversation {floor.book.key(WEB)}"}
