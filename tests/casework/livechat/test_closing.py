"""The end of a conversation is a ticket, and asks for a rating."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.livechat.book import State
from casework.livechat.closing import Ending
from casework.models import Ticket
from casework.tickets.changes import StepRefused
from casework.tickets.ratings import Score
from casework.tickets.tickets import Kind
from tests.casework.bureau import PHONE, SUN, ZHOU
from tests.casework.livechat.conftest import OPENID, Floor


async def taken(floor: Floor, name: str = OPENID, channel: str = "wechat") -> int:
    await floor.ask("异地就医怎么备案", name, channel)
    line = await floor.line(name)
    await floor.steps.take(line.id, SUN)
    return line.id


async def test_done_at_once_the_citizen_gets_the_ratings_link(floor: Floor) -> None:
    number = await taken(floor)
    ticket = await floor.closing.end(number, SUN, Ending(Kind.CONSULTATION, "告诉了怎么备案", "", is_done=True))
    row = await floor.bureau.row(ticket)
    assert (row.kind, row.state, row.owner, row.channel) == ("咨询", "closed", "zuoxi", "wechat")
    assert row.conversation == floor.book.key(OPENID)
    assert "异地就医怎么备案" in floor.bureau.vault.decrypt(row.transcript_sealed or b"")
    link = f"https://yibao.example/rating/{floor.bureau.ratings.token(ticket)}"
    assert link in floor.pushed[-1][1]
    await floor.bureau.ratings.rate(floor.bureau.ratings.token(ticket), Score.VERY_GOOD, "web")
    assert (await floor.line(OPENID)).state is State.CLOSED
    assert await floor.ask("谢谢", OPENID, "wechat") == ["答：谢谢"], "the assistant is there again"


async def test_with_a_telephone_number_the_short_message_asks(floor: Floor) -> None:
    number = await taken(floor)
    ticket = await floor.closing.end(number, SUN, Ending(Kind.QUERY, "查好了", PHONE, is_done=True))
    assert "/rating/" in (await floor.bureau.outbox.to(PHONE))[0].text
    assert "/rating/" not in floor.pushed[-1][1]
    assert ticket in floor.pushed[-1][1]


async def test_what_is_left_to_do_stays_open_with_whoever_answered_first(floor: Floor) -> None:
    number = await taken(floor)
    ticket = await floor.closing.end(number, SUN, Ending(Kind.COMPLAINT, "要问问科室", PHONE, is_done=False))
    row = await floor.bureau.row(ticket)
    assert (row.state, row.owner) == ("taken", "zuoxi")
    assert "要问问科室" in [happened.note for happened in await floor.bureau.history(ticket)]
    assert f"{row.due_on.month}月{row.due_on.day}日前" in floor.pushed[-1][1]


async def test_what_is_refused_opens_no_ticket(floor: Floor) -> None:
    number = await taken(floor)
    good = Ending(Kind.CONSULTATION, "好了", "", is_done=True)
    for who, ending in (
        (ZHOU, good),
        (SUN, Ending(Kind.CONSULTATION, " ", "", is_done=True)),
        (SUN, Ending(Kind.CONSULTATION, "好了", "123", is_done=True)),
        (SUN, Ending(Kind.FILING, "好了", "", is_done=True)),
    ):
        with pytest.raises(StepRefused):
            await floor.closing.end(number, who, ending)
    async with floor.bureau.database.session() as session:
        assert list(await session.scalars(select(Ticket))) == []
    await floor.closing.end(number, SUN, good)
    with pytest.raises(StepRefused):
        await floor.closing.end(number, SUN, good)
