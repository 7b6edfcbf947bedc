"""The queue and the case as staff see them, and that every look is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from casework.tickets.board import TicketBoard, Waiting, Wanted
from casework.tickets.months import Month
from casework.tickets.tickets import Kind, NotFound, State, Urgency
from casework.tickets.workload import Workload
from staff import audit
from staff.audit import Action
from staff.roles import NotAllowed
from tests.casework.bureau import PHONE, QIAN, SUN, WANG, ZHOU, Bureau, bureau


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
def board(office: Bureau) -> TicketBoard:
    return TicketBoard(office.database, office.vault, now=lambda: office.now)


async def numbers(board: TicketBoard, **wanted: object) -> list[str]:
    lines, total = await board.queue(SUN, Wanted(**wanted))  # type: ignore[arg-type]
    assert total == len(lines)
    return [line.number for line in lines]


async def test_first_due_first_and_of_one_day_the_urgent_ones(office: Bureau, board: TicketBoard) -> None:
    later = await office.opened(Kind.COMPLAINT)
    first = await office.opened()
    urgent = (await office.tickets.open(Kind.CALLBACK, channel="web", urgency=Urgency.URGENT)).number
    assert await numbers(board) == [urgent, first, later]
    assert await numbers(board, kind=Kind.COMPLAINT) == [later]


async def test_mine_offered_unowned_overdue_and_closed(office: Bureau, board: TicketBoard) -> None:
    mine, offered, unowned, closed = [await office.opened() for _ in range(4)]
    for number, member in ((mine, SUN), (offered, ZHOU), (closed, SUN)):
        await office.work.take(number, member)
    await office.work.offer(offered, ZHOU, to="zuoxi")
    await office.work.close(closed, SUN, "已回电")
    assert await numbers(board, whose="mine") == [mine]
    assert await numbers(board, whose="offered") == [offered]
    assert await numbers(board, whose="unowned") == [unowned]
    assert await numbers(board, whose="overdue") == []
    assert await numbers(board, state=State.CLOSED) == [closed]
    assert await numbers(board, with_closed=True) == [closed, unowned, offered, mine]
    assert await board.waiting(SUN) == Waiting(unowned=1, mine=1, offered=1, overdue=0, not_told=0)
    office.days_pass(4)
    assert await numbers(board, whose="overdue") == [mine, offered, unowned]
    assert await board.waiting(ZHOU) == Waiting(unowned=1, mine=1, offered=0, overdue=3, not_told=0)


async def test_what_waits_for_the_citizen_is_not_overdue(office: Bureau, board: TicketBoard) -> None:
    number = await office.opened()
    async with office.database.session() as session:
        await office.work.wait_in(session, (await office.row(number)).id, by="zuoxi", what="身份证")
    office.days_pass(10)
    assert await numbers(board, whose="overdue") == []
    assert await Workload(office.database, lambda: office.now).overdue() == []


async def test_a_case_tells_all_and_the_look_is_noted(office: Bureau, board: TicketBoard) -> None:
    turns = [("citizen", "咋报销"), ("assistant", "您请讲")]
    opened = await office.tickets.open(
        Kind.CALLBACK, channel="phone", phone=PHONE, person_key="k" * 64, transcript=turns
    )
    case = await board.open_case(opened.number, QIAN)
    assert case.transcript == turns
    assert (case.phone, case.is_proven, case.has_agent, case.score) == ("199****0003", True, False, None)
    assert PHONE not in repr(case)
    assert await board.phone(opened.number, QIAN) == PHONE
    page = await audit.entries(office.database, which=opened.number)
    assert [(entry.who, entry.what, entry.by, entry.detail) for entry in page.entries] == [
        ("zhuguan", Action.PHONE_SHOWN, "主管", "person " + "k" * 64),
        ("zhuguan", Action.TICKET_VIEWED, "主管", "person " + "k" * 64),
    ]


async def test_who_may_not_or_what_is_not_leaves_no_trace(office: Bureau, board: TicketBoard) -> None:
    number = await office.opened(phone=None)
    for refused in (board.open_case(number, WANG), board.phone(number, WANG), board.queue(WANG, Wanted())):
        with pytest.raises(NotAllowed):
            await refused
    for missing in (board.open_case("GD20200101-0001", SUN), board.phone(number, SUN)):
        with pytest.raises(NotFound):
            await missing
    assert (await audit.entries(office.database, which=number)).total == 0


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", Month(2026, 11)),
        ("2026-00", None),
        ("2026-13", None),
        ("1999-12", None),
        ("2026-1", None),
        ("", None),
    ],
)
def test_a_month_is_read_from_an_address(text: str, month: Month | None) -> None:
    assert Month.parsed(text) == month


def test_months_follow_each_other_over_the_year() -> None:
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2027, 1).before == Month(2026, 12)
    assert str(Month.of(date(2026, 3, 1))) == "2026-03"


async def test_a_ticket_is_found_by_what_the_citizen_says_of_it(office: Bureau, board: TicketBoard) -> None:
    """A part of its number, or the telephone; closed or not."""
    other = await office.opened(phone="13900000009")
    mine = await office.opened()
    await office.work.take(mine, SUN)
    await office.work.close(mine, SUN, "已回电")
    for said in (mine, mine.lower(), mine[-4:], f" {PHONE[:3]}-{PHONE[3:7]} {PHONE[7:]} "):
        assert await numbers(board, text=said) == [mine], said
    assert await numbers(board, text=PHONE[:-1]) == []
    assert await numbers(board, text="%") == []
    assert await numbers(board, text="GD") == [mine, other]
