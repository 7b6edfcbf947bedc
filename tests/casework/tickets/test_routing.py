"""Tickets that go round the house, and how they are found again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from casework.tickets.board import TicketBoard, Wanted
from casework.tickets.changes import StepRefused
from casework.tickets.counties import CITY
from casework.tickets.routing import Routing
from casework.tickets.tickets import Kind, NotFound, State, titled
from staff.roles import NotAllowed
from tests.casework.bureau import QIAN, SUN, ZHOU, Bureau, bureau

OF_ZOUCHENG = replace(ZHOU, county="邹城市")
OF_YANZHOU = replace(ZHOU, username="yanzhou", county="兖州区")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
def routing(office: Bureau) -> Routing:
    return Routing(office.database, office.vault, lambda: office.now)


@pytest.fixture
def board(office: Bureau) -> TicketBoard:
    return TicketBoard(office.database, office.vault, now=lambda: office.now)


async def last(office: Bureau, number: str) -> tuple[str, str]:
    happened = (await office.history(number))[-1]
    return happened.step, happened.note


async def test_a_county_gets_what_is_dispatched_to_it_and_sees_nothing_else(
    office: Bureau, routing: Routing, board: TicketBoard
) -> None:
    number, other = await office.opened(), await office.opened()
    await office.work.take(number, SUN)
    await routing.dispatch(number, SUN, county="邹城市", reason="归参保地办")
    assert await last(office, number) == ("转办", "转邹城市：归参保地办")
    row = await office.row(number)
    assert (row.owner, row.state, row.county) == (None, State.OPEN, "邹城市")
    seen = {
        who.county: [one.number for one in (await board.queue(who, Wanted()))[0]] for who in (OF_ZOUCHENG, OF_YANZHOU)
    }
    assert seen == {"邹城市": [number], "兖州区": []}
    for step in (
        board.open_case(number, OF_YANZHOU),
        board.open_case(other, OF_ZOUCHENG),
        board.phone(number, OF_YANZHOU),
        board.reach(other, OF_ZOUCHENG),
        office.work.take(number, OF_YANZHOU),
        office.work.note(other, OF_ZOUCHENG, "看看"),
        routing.dispatch(other, OF_ZOUCHENG, county="邹城市", reason="拿过来"),
        routing.label(other, OF_ZOUCHENG, ["急"]),
    ):
        with pytest.raises(NotFound):
            await step
    await office.work.take(number, OF_ZOUCHENG)
    assert (await office.row(number)).owner == "zuoxi2"


async def test_what_was_dispatched_wrongly_comes_back(office: Bureau, routing: Routing) -> None:
    number = await office.opened()
    with pytest.raises(StepRefused, match="step_refused"):
        await routing.hand_back(number, SUN, reason="没转过")
    await routing.dispatch(number, SUN, county="邹城市", department="待遇科", reason="归参保地办")
    await office.work.take(number, OF_ZOUCHENG)
    await routing.hand_back(number, OF_ZOUCHENG, reason="不在我市参保")
    assert await last(office, number) == ("退单", "邹城市待遇科退回：不在我市参保")
    row = await office.row(number)
    assert (row.county, row.department, row.owner, row.state) == (None, None, None, State.OPEN)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": "归他"}, "哪个县区"),
        ({"county": "北京市", "reason": "归他"}, "从列表里选"),
        ({"county": "邹城市", "reason": " "}, "为什么转办"),
        ({"county": CITY, "reason": "归我们"}, "已经在市本级"),
    ],
)
async def test_a_dispatch_that_says_nothing_is_refused(
    office: Bureau, routing: Routing, given: dict[str, str], words: str
) -> None:
    number = await office.opened()
    with pytest.raises(StepRefused) as refused:
        await routing.dispatch(number, SUN, **given)
    assert words in refused.value.citizen_text


async def test_who_does_not_own_it_does_not_send_it_on(office: Bureau, routing: Routing) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    with pytest.raises(StepRefused):
        await routing.dispatch(number, ZHOU, county="邹城市", reason="归参保地")
    await routing.dispatch(number, QIAN, county="邹城市", reason="归参保地")


async def test_more_time_is_asked_for_and_given_by_another(office: Bureau, routing: Routing) -> None:
    number = await office.opened()  # due on Monday, November 23
    await office.work.take(number, SUN)
    with pytest.raises(StepRefused, match="step_refused"):
        await routing.ask_extension(number, SUN, days=99, reason="忙")
    await routing.ask_extension(number, SUN, days=3, reason="等医院回函")
    assert (await office.row(number)).due_on == date(2026, 11, 23)
    with pytest.raises(NotAllowed):
        await routing.answer_extension(number, SUN, agreed=True)
    await routing.answer_extension(number, QIAN, agreed=True)
    assert (await office.row(number)).due_on == date(2026, 11, 26)
    assert await last(office, number) == ("同意延期", "延到11月26日")
    with pytest.raises(StepRefused):
        await routing.answer_extension(number, QIAN, agreed=True)


async def test_more_time_is_refused_with_a_reason_and_nobody_answers_themselves(
    office: Bureau, routing: Routing
) -> None:
    number = await office.opened()
    await office.work.take(number, QIAN)
    await routing.ask_extension(number, QIAN, days=1, reason="等函")
    with pytest.raises(StepRefused, match="step_refused"):
        await routing.answer_extension(number, QIAN, agreed=True)
    li = replace(QIAN, username="zhuguan2")
    with pytest.raises(StepRefused):
        await routing.answer_extension(number, li, agreed=False)
    await routing.answer_extension(number, li, agreed=False, reason="已经超了")
    assert await last(office, number) == ("不同意延期", "已经超了")
    assert (await office.row(number)).due_on == date(2026, 11, 23)


async def test_two_about_the_same_become_one(office: Bureau, routing: Routing, board: TicketBoard) -> None:
    complaint = await office.opened(Kind.COMPLAINT)
    twice = await office.opened()  # due earlier
    await routing.merge(twice, SUN, into=complaint.lower())
    row, other = await office.row(twice), await office.row(complaint)
    assert (row.state, row.merged_into_id) == (State.CLOSED, other.id)
    assert other.due_on == row.due_on
    assert await last(office, complaint) == ("并入", f"{twice}并到这里")
    assert (await board.open_case(twice, SUN)).merged_into == complaint
    assert await office.outbox.to("19900000003") == []  # nobody is asked to rate what goes on
    for number, into in ((complaint, complaint), (complaint, twice), (complaint, "GD20260101-0001")):
        with pytest.raises(StepRefused):
            await routing.merge(number, SUN, into=into)


async def test_a_supervisor_watches_over_it(office: Bureau, routing: Routing, board: TicketBoard) -> None:
    number = await office.opened()
    with pytest.raises(NotAllowed):
        await routing.supervise(number, SUN, words="快办")
    await routing.supervise(number, QIAN, words="市长信箱转来，三天内回复")
    [line], _ = await board.queue(SUN, Wanted(whose="supervised"))
    assert (line.number, line.is_supervised, line.urgency.value) == (number, True, "紧急")


async def test_labels(office: Bureau, routing: Routing, board: TicketBoard) -> None:
    number, other = await office.opened(), await office.opened()
    await routing.label(number, SUN, ["异地", "", "异地", "住院"])
    await routing.label(other, SUN, ["住院"])
    assert await board.labels() == ["住院", "异地"]
    [line], _ = await board.queue(SUN, Wanted(label="异地"))
    assert (line.number, line.labels) == (number, ("住院", "异地"))
    await routing.label(number, SUN, [])
    assert await board.labels() == ["住院"]
    with pytest.raises(StepRefused):
        await routing.label(number, SUN, ["十三个字十三个字十三个字十"])


@pytest.mark.parametrize("sought", ["李德山", "德山", "报销", "到账 报销", "報銷", "11月"])
async def test_words_of_the_title_and_the_name_find_it(office: Bureau, board: TicketBoard, sought: str) -> None:
    opened = await office.tickets.open(
        Kind.CONSULTATION, channel="counter", title="11月的报销咋还没到账", name="李德山", by="zuoxi"
    )
    await office.opened()
    lines, _ = await board.queue(SUN, Wanted(text=sought))
    assert [line.number for line in lines] == [opened.number]
    assert lines[0].title == "11月的报销咋还没到账"


async def test_other_words_find_nothing_and_the_database_keeps_none(office: Bureau, board: TicketBoard) -> None:
    opened = await office.tickets.open(Kind.CONSULTATION, channel="counter", title="报销咋还没到账", name="李德山")
    for sought in ("李德", "到期", "报 销", "王德山"):
        found = [line.number for line in (await board.queue(SUN, Wanted(text=sought)))[0]]
        assert found == ([opened.number] if sought == "李德" else [])
    await office.database.aclose()
    file = Path(office.database.engine.url.database or "")
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert "报销咋".encode() not in kept
    assert "李德山".encode() not in kept


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (
            [("assistant", "您好"), ("citizen", "你好"), ("citizen", "转人工"), ("citizen", "俺的报销咋还没到账")],
            "俺的报销咋还没到账",
        ),
        ([("user", "我叫李德山，身份证370811194503150012，慢病卡丢了")], "我叫〔姓名〕，身份证〔号码〕，慢病卡丢了"),
        ([("citizen", "转人工")], ""),
        ([], ""),
    ],
)
def test_the_title_is_the_citizens_own_first_sentence(said: list[tuple[str, str]], title: str) -> None:
    assert titled("", said) == title


async def test_closing_tells_what_was_done_and_no_name(office: Bureau) -> None:
    number = await office.opened()
    await office.work.take(number, SUN)
    await office.work.close(number, SUN, "已查明，李德山的报销11月25日到账，身份证370811194503150012。")
    [message] = await office.outbox.to("19900000003")
    assert "已办结：已查明" in message.text
    assert "11月25日到账" in message.text
    assert "370811194503150012" not in message.text
