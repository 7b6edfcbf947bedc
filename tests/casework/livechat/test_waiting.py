"""Asking for a person: the queue, nobody comes, nobody is left; and everything is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from base.clock import HERE
from base.staff_texts import STAFF_TEXTS, Dated, StaffText
from bot.sayings import say
from casework.livechat.book import KEPT, MOST_TURNS, State
from casework.livechat.models import LiveConversation, LiveTurn
from casework.livechat.waiting_times import WaitingTimes, waited
from casework.livechat.watch import LEFT_ALONE, PATIENCE, QUIET
from casework.livechat.wording import nobody_came
from casework.livechat.wording import say as desk_says
from tests.casework.bureau import SUN
from tests.casework.livechat.conftest import OPENID, WEB, Floor

OTHER = "web-" + "0c" * 16
FORM = say("utter_ask_phone").text
NEXT, NOBODY = desk_says("waiting_next").text, desk_says("nobody_came").text


async def test_with_nobody_on_the_desk_there_is_the_form_as_ever(floor: Floor) -> None:
    assert await floor.ask("转人工") == [FORM]
    assert (await floor.line()).state is State.BOT


async def test_with_somebody_there_they_wait_and_hear_how_many_are_before_them(floor: Floor) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    assert await floor.ask("转人工") == [NEXT]
    floor.bureau.now += timedelta(seconds=10)
    assert await floor.ask("转人工", OTHER) == [desk_says("waiting_behind", before=1).text]
    assert await floor.ask("转人工") == [NEXT], "asking again costs no place"
    assert ("取消", False) in floor.engine.heard, "the form does not stay open behind it"
    assert await floor.ask("再说一遍") == [NEXT]
    assert await floor.ask("医保怎么交") == ["答：医保怎么交"], "meanwhile the assistant answers"
    lines = await floor.steps.lines(SUN)
    assert [line.name for line in lines] == [WEB, OTHER]
    await floor.steps.take(lines[0].id, SUN)
    assert await floor.ask("转人工", OTHER) == [NEXT]


def test_when_somebody_would_be_there_is_said_with_it() -> None:
    noon, night = (datetime(2026, 12, 2, hour, tzinfo=HERE) for hour in (11, 23))
    assert nobody_came(noon).text == nobody_came(night).text == NOBODY
    STAFF_TEXTS.use({StaffText.HOURS: Dated("周一至周五 8:30-12:00\n周六 9:00-11:00")})
    try:
        told = "人工服务时间是周一至周五 8:30-12:00；周六 9:00-11:00。"
        assert nobody_came(noon).text == NOBODY + told
        assert nobody_came(night).text == desk_says("nobody_works").text + told
    finally:
        STAFF_TEXTS.use({})


async def test_nobody_came_so_the_form_is_offered_once(floor: Floor) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.ask("转人工")
    await floor.ask("转人工", OPENID, "wechat")
    floor.bureau.now += PATIENCE - timedelta(seconds=1)
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.watch.round()
    assert (await floor.line()).state is State.WAITING
    floor.bureau.now += timedelta(seconds=2)
    await floor.watch.round()
    await floor.watch.round()
    assert [turn.reply.text for turn in await floor.fetched()] == [NOBODY, FORM]
    assert floor.pushed == [(OPENID, NOBODY), (OPENID, FORM)]
    assert (await floor.line()).state is State.BOT


async def test_who_waits_and_nobody_is_left_is_told_soon(floor: Floor) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.ask("转人工")
    await floor.presence.switch("zuoxi", is_on=False)
    floor.bureau.now += timedelta(seconds=21)
    await floor.watch.round()
    assert [turn.reply.text for turn in await floor.fetched()] == [NOBODY, FORM]


async def test_who_is_online_had_a_page_open_a_minute_ago(floor: Floor) -> None:
    await floor.presence.seen("zuoxi")
    assert await floor.presence.online() == [], "has not said so"
    await floor.presence.switch("zuoxi", is_on=True)
    assert await floor.presence.online() == ["zuoxi"]
    floor.bureau.now += timedelta(seconds=74)
    assert await floor.presence.online() == ["zuoxi"]
    floor.bureau.now += timedelta(seconds=2)
    assert await floor.presence.online() == []


async def test_a_citizen_whose_person_has_left_is_not_left_in_silence(floor: Floor) -> None:
    await floor.ask("医保怎么交")
    await floor.presence.seen("zuoxi")
    await floor.steps.take((await floor.line()).id, SUN)
    floor.bureau.now += LEFT_ALONE - timedelta(seconds=1)
    await floor.watch.round()
    assert await floor.ask("在吗") == []
    floor.bureau.now += timedelta(seconds=2)
    await floor.watch.round()
    assert (await floor.fetched())[-1].reply.text == desk_says("left_alone").text
    assert await floor.ask("在吗") == ["答：在吗"]


async def test_quiet_conversations_close_and_are_forgotten(floor: Floor) -> None:
    await floor.ask("医保怎么交")
    await floor.written()
    floor.bureau.now += QUIET + timedelta(seconds=1)
    await floor.watch.round()
    assert (await floor.line()).state is State.CLOSED
    assert await floor.steps.lines(SUN) == []
    floor.bureau.now += KEPT - timedelta(seconds=1)
    await floor.watch.forget()
    assert await floor.turns() != []
    floor.bureau.now += timedelta(seconds=2)
    await floor.watch.forget()
    async with floor.bureau.database.session() as session:
        assert await session.scalar(select(func.count(LiveTurn.id))) == 0
        assert await session.scalar(select(func.count(LiveConversation.id))) == 0


async def test_who_comes_back_after_the_end_begins_anew(floor: Floor) -> None:
    await floor.ask("医保怎么交")
    await floor.desk.ended(WEB)
    assert (await floor.line()).state is State.CLOSED
    await floor.ask("怎么备案")
    assert (await floor.line()).state is State.BOT


async def test_only_the_last_turns_are_kept(floor: Floor) -> None:
    for number in range(MOST_TURNS):
        await floor.ask(f"第{number}问")
    await floor.ask("别的", OTHER)
    await floor.written()
    await floor.watch.forget()
    assert len(await floor.turns(OTHER)) == 2
    turns = await floor.turns()
    assert len(turns) == MOST_TURNS
    assert turns[-1] == ("assistant", f"答：第{MOST_TURNS - 1}问")


@pytest.mark.parametrize("words", ["算了", "那算了吧", "不等了", "不用转了", "算了，我问一下异地备案", "好吧，不用了"])
async def test_who_gives_up_leaves_the_queue(floor: Floor, words: str) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.ask("转人工")
    await floor.ask(words)
    assert (await floor.line()).state is State.BOT
    assert await floor.ask("转人工", OTHER) == [NEXT], "nobody stands before them"


@pytest.mark.parametrize("words", ["医保怎么交", "我还在等", "不用备案也能报吗", "报销的钱算下来了吗"])
async def test_who_says_something_else_keeps_their_place(floor: Floor, words: str) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.ask("转人工")
    await floor.ask(words)
    assert (await floor.line()).state is State.WAITING


async def test_who_has_a_person_keeps_them(floor: Floor) -> None:
    await floor.presence.switch("zuoxi", is_on=True)
    await floor.ask("转人工")
    await floor.steps.take((await floor.line()).id, SUN)
    await floor.ask("算了")
    assert (await floor.line()).state is State.PERSON


async def test_how_long_they_waited_and_whether_somebody_came_is_counted(floor: Floor) -> None:
    began = floor.bureau.now
    await floor.presence.switch("zuoxi", is_on=True)
    for other in (WEB, OTHER, "web-" + "1d" * 16):
        await floor.ask("转人工", other)
    await floor.ask("转人工")
    floor.bureau.now += timedelta(seconds=30)
    await floor.steps.take((await floor.steps.lines(SUN))[0].id, SUN)
    await floor.ask("算了不等了", OTHER)
    floor.bureau.now += PATIENCE
    await floor.watch.round()
    found = await waited(floor.bureau.database, began, floor.bureau.now)
    assert found == WaitingTimes(asked=3, taken=1, nobody=1, left=1, seconds=30)
    assert found.share == 33
    assert (await waited(floor.bureau.database, floor.bureau.now, floor.bureau.now)).share is None
