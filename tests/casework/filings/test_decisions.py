"""The core system hears what staff decided: once, whatever fails and whoever dies; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import MethodType

import pytest
import structlog
from sqlalchemy import select

from base.database import Database
from base.settings import ROOT
from casework.core.contract import CoreUnavailable, Decision, Outcome
from casework.core.errors import CoreFault, CoreRefused
from casework.filings.owed_models import FilingDecision
from casework.models import Filing
from casework.tickets.board import TicketBoard, Wanted
from casework.tickets.changes import StepRefused
from tests.casework.bureau import SUN
from tests.casework.decider import WHO, filed
from tests.casework.office import Office, people, staff_office

NUMBER = people()[WHO]["id_number"]


class Listening:
    """In the place of an office's core system: counts what it is told, and fails as often as it is said."""

    def __init__(self, office: Office) -> None:
        self.told: list[Decision] = []
        self.fails: list[Exception] = []
        self.loses_answer = False
        self._decide = office.core.decide

    async def decide(self, id_number: str, decision: Decision) -> None:
        self.told.append(decision)
        if self.fails:
            raise self.fails.pop(0)
        await self._decide(id_number, decision)
        if self.loses_answer:
            self.loses_answer = False
            raise CoreFault(code="core_timeout")


def listening(office: Office) -> Listening:
    ear = Listening(office)
    office.core.decide = MethodType(lambda _core, *told: ear.decide(*told), office.core)  # type: ignore[method-assign]
    return ear


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Office]:
    office = await staff_office(Database(url), folder)
    yield office
    await office.database.aclose()


@pytest.fixture
async def bureau(url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """An office on either database."""
    async with opened(url, tmp_path) as office:
        yield office


async def handed_over(office: Office, item: str = "remote") -> str:
    """The number of a filing that the core system has."""
    number = await filed(office, item)
    await office.parts.to_core.hand_over()
    return number


async def to_enter(office: Office) -> list[str]:
    """The tickets whose decision staff must enter in the core system themselves."""
    lines, total = await _board(office).queue(SUN, Wanted(whose="not_told"))
    assert total == (await _board(office).waiting(SUN)).not_told
    return [line.number for line in lines]


def _board(office: Office) -> TicketBoard:
    return TicketBoard(office.database, office.vault)


async def granted(office: Office, number: str) -> None:
    await office.parts.desk.decide(number, approved=True, reason="", by="zuoxi")


async def asked(office: Office, words: str) -> str:
    caller = office.caller()
    await caller.wants("query_mine", words)
    return await caller.proves(WHO)


async def test_a_granted_remote_filing_is_what_the_core_system_answers_from_then_on(bureau: Office) -> None:
    number = await handed_over(bureau)
    assert "核心系统" not in await bureau.parts.desk.told_core(number)
    await granted(bureau, number)
    assert await bureau.parts.desk.told_core(number) == "等待通知"
    assert number in await asked(bureau, "查我的异地备案"), "until it is told, our own record is what is known"
    assert await bureau.parts.decisions.deliver() == 1
    assert await bureau.parts.desk.told_core(number) == "已通知（11月20日 10:00）"
    (entry,) = await bureau.core.remote_filings(NUMBER)
    assert (entry.kind, entry.place, entry.filed_on.isoformat()) == ("异地长期居住", "北京市", "2026-11-20")
    told = await asked(bureau, "查我的异地备案")
    assert "异地长期居住，备案到北京市，2026年11月20日办的，长期有效" in told
    assert number not in told, "once is enough"
    assert [case.state for case in await bureau.core.cases(NUMBER)] == ["已办结"]


async def test_a_granted_eligibility_too_and_a_refused_one_is_told_by_us(bureau: Office) -> None:
    granted_one = await handed_over(bureau, "chronic")
    refused_one = await handed_over(bureau, "chronic2")
    await granted(bureau, granted_one)
    await bureau.parts.desk.decide(refused_one, approved=False, reason="病历不全", by="zuoxi")
    assert await bureau.parts.decisions.deliver() == 2
    assert "高血压" in [one.disease for one in await bureau.core.chronic(NUMBER)]
    told = await asked(bureau, "查我的慢特病")
    assert "高血压，2026年11月20日认定" in told
    assert "糖尿病" in told
    assert "病历不全" in told


async def test_what_they_took_back_is_withdrawn_there(bureau: Office) -> None:
    number = await handed_over(bureau)
    ear = listening(bureau)
    await bureau.parts.desk.withdraw(number, reason="不去了", by="zuoxi")
    await bureau.parts.decisions.deliver()
    (decision,) = ear.told
    assert (decision.number, decision.outcome, decision.reason) == (number, Outcome.WITHDRAWN, "不去了")
    assert [case.state for case in await bureau.core.cases(NUMBER)] == ["已撤回"]
    assert await bureau.core.remote_filings(NUMBER) == []


async def test_decided_before_the_core_system_had_it_is_handed_over_first(bureau: Office) -> None:
    number = await filed(bureau)
    await granted(bureau, number)
    assert await bureau.parts.decisions.deliver() == 0
    assert await bureau.parts.desk.told_core(number) == "等待通知，核心系统还没有收下这件"
    assert await bureau.parts.to_core.hand_over() == 1
    assert await bureau.parts.decisions.deliver() == 1
    assert len(await bureau.core.remote_filings(NUMBER)) == 1
    assert await bureau.parts.to_core.hand_over() == 0


async def test_what_waits_for_materials_before_it_was_handed_over_is_handed_over_all_the_same(bureau: Office) -> None:
    number = await filed(bureau)
    await bureau.parts.desk.ask_supplement(number, what="居住证", by="zuoxi")
    assert await bureau.parts.to_core.hand_over() == 1
    view = await bureau.parts.desk.view(number)
    assert view
    assert view.state == "等群众补材料"


async def test_an_unreachable_core_system_is_told_later_however_long_it_lasts(bureau: Office) -> None:
    number = await handed_over(bureau)
    ear = listening(bureau)
    ear.fails = [CoreFault(code="core_unreachable") for _ in range(12)]
    await granted(bureau, number)
    with structlog.testing.capture_logs() as logs:
        for _ in range(40):
            await bureau.parts.decisions.deliver()
            bureau.clock.passes(minutes=5)
            if len(ear.told) == 10:
                assert await bureau.parts.desk.told_core(number) == "等待通知，核心系统暂时连不上，会自动再通知"
    assert (await bureau.parts.desk.told_core(number)).startswith("已通知")
    assert len(ear.told) == 13, "not asked again at once each time, and not after it took it"
    assert len({decision.key for decision in ear.told}) == 1
    assert {(entry["event"], entry["queue"]) for entry in logs} == {("owed_not_taken", "decisions")}
    assert NUMBER not in repr(logs)
    assert number not in repr(logs)


async def test_a_lost_answer_is_asked_for_again_and_counts_once(bureau: Office) -> None:
    number = await handed_over(bureau)
    ear = listening(bureau)
    ear.loses_answer = True
    await granted(bureau, number)
    for _ in range(3):
        await bureau.parts.decisions.deliver()
        bureau.clock.passes(minutes=1)
    assert len(ear.told) == 2
    assert len(await bureau.core.remote_filings(NUMBER)) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CoreRefused(code="core_rejected"), "通知失败，核心系统没有接受这个决定。请在核心系统里手工登记"),
        (CoreRefused(code="core_no_case"), "通知失败，核心系统里没有这件。请在核心系统里手工登记"),
    ],
)
async def test_what_it_will_never_take_is_for_staff_and_is_not_tried_again(
    bureau: Office, error: CoreUnavailable, words: str
) -> None:
    number = await handed_over(bureau)
    ear = listening(bureau)
    ear.fails = [error]
    await granted(bureau, number)
    for _ in range(3):
        await bureau.parts.decisions.deliver()
        bureau.clock.passes(hours=1)
    assert len(ear.told) == 1
    assert await bureau.parts.desk.told_core(number) == words
    assert await to_enter(bureau) == [number], "closed, and yet in the list"
    await bureau.parts.desk.entered(number, by="zuoxi")
    assert await to_enter(bureau) == []
    assert await bureau.parts.desk.told_core(number) == "没有自动通知成，工作人员已手工登记"
    with pytest.raises(StepRefused):
        await bureau.parts.desk.entered(number, by="zhou")
    last = (await _board(bureau).open_case(number, SUN)).history[-1]
    assert (last.who, last.note) == ("zuoxi", "这个决定已经在核心系统里手工登记。")


async def test_a_wrong_token_is_said_and_what_is_owed_is_told_when_it_is_right(bureau: Office) -> None:
    number = await handed_over(bureau)
    ear = listening(bureau)
    ear.fails = [CoreRefused(code="core_refused")]
    await granted(bureau, number)
    await bureau.parts.decisions.deliver()
    assert (await bureau.parts.desk.told_core(number)).startswith("通知失败，核心系统不认本系统的令牌")
    bureau.clock.passes(minutes=1)
    await bureau.parts.decisions.deliver()
    assert (await bureau.parts.desk.told_core(number)).startswith("已通知")


async def test_no_decision_without_its_row_and_no_row_without_the_decision(bureau: Office) -> None:
    number = await handed_over(bureau)
    work = bureau.parts.work
    asking, work._ask_for_rating = work._ask_for_rating, _broken  # type: ignore[method-assign,assignment]
    with pytest.raises(CoreUnavailable):
        await granted(bureau, number)  # its last step fails
    assert await bureau.parts.desk.told_core(number) == ""
    work._ask_for_rating = asking  # type: ignore[method-assign]
    await granted(bureau, number)
    assert await bureau.parts.desk.told_core(number) == "等待通知"


async def _broken(*_: object) -> None:
    raise CoreUnavailable


async def test_two_processes_tell_it_once(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as first, opened(url, tmp_path) as second:
        number = await handed_over(first)
        ears = listening(first), listening(second)
        await granted(first, number)
        done = await asyncio.gather(*(office.parts.decisions.deliver() for office in (first, second, first, second)))
        assert sum(done) == 1
        assert sum(len(ear.told) for ear in ears) == 1


POINTS = ("decided", "taken", "answered", "marked")


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_killed_at_any_point_loses_no_decision_and_makes_no_second(
    url: str, tmp_path: Path, point: str
) -> None:
    await killed_at(point, url, tmp_path)
    async with opened(url, tmp_path) as office:
        office.clock.passes(minutes=5)  # the lease of the dead one is over
        await office.parts.to_core.hand_over()
        await office.parts.decisions.deliver()
        assert await office.parts.decisions.deliver() == 0
        assert len(await office.core.remote_filings(NUMBER)) == 1
        async with office.database.session() as session:
            (row,) = await session.scalars(select(FilingDecision))
            (filing,) = await session.scalars(select(Filing))
        assert (row.state, filing.state) == ("told", "approved")
        (case,) = await office.core._handed_over(NUMBER)
        assert list(case["decisions"]) == [row.key]


async def killed_at(point: str, url: str, folder: Path) -> None:
    """A process that files, decides and tells; killed -9 when it says that it is at `point`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.casework.decider",
        url,
        str(folder),
        point,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    async with asyncio.timeout(60):
        assert (await process.stdout.readline()).decode().strip() == point
    process.kill()
    await process.wait()
