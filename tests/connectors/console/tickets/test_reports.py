"""What the supervisor reads: who has how much, and the two monthly tables with the month's figures."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from casework.filings.items import load
from casework.models import Filing, Ticket
from casework.people.models import Authorisation
from casework.tickets.months import Month
from casework.tickets.ratings import Ratings, Score
from casework.tickets.tickets import Kind, Tickets
from casework.tickets.work import TicketWork
from connectors.console.tickets import monthly
from connectors.console.tickets.monthly import NO_DATA
from knowledge.authoring.models import AskedQuestion
from knowledge.insight.questions import week_of
from knowledge.models import Clause
from staff import audit
from staff.audit import Action
from staff.roles import Role, StaffMember
from tests.connectors.console.office import Office

NOVEMBER_10 = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
SUN = StaffMember("zuoxi", "孙坐席", Role.AGENT)


async def a_month(desk: Office) -> None:
    """November 2026: two call-backs, one closed in time, one late and rated badly; three questions; a filing."""
    now = NOVEMBER_10
    tickets = Tickets(desk.database, desk.vault, now=lambda: now)
    ratings = Ratings(desk.database, desk.vault, tickets, now=lambda: now)
    work = TicketWork(desk.database, desk.vault, ratings, now=lambda: now)
    numbers = [(await tickets.open(Kind.CALLBACK, channel="phone")).number for _ in range(2)]
    for number, days in zip(numbers, (1, 6), strict=True):  # due on the 11th
        now = NOVEMBER_10 + timedelta(days=days, hours=13, minutes=59)  # 23:59 in Jining
        await work.take(number, SUN)
        await work.close(number, SUN, "已回电")
    await ratings.rate_ticket(numbers[0], Score.VERY_GOOD, "phone")
    await ratings.rate_ticket(numbers[1], Score.VERY_BAD, "phone")
    filing = (await tickets.open(Kind.FILING, channel="wechat")).number
    await asked(desk, "phone", "answered")
    await asked(desk, "phone", "handed_over")
    await asked(desk, "wechat", "answered")
    await a_filing(desk, filing)


async def asked(desk: Office, channel: str, outcome: str) -> None:
    row = AskedQuestion(
        asked_at=NOVEMBER_10.replace(tzinfo=None),
        week=week_of(NOVEMBER_10),
        channel=channel,
        conversation="c",
        text="试",
    )
    row.outcome, row.clauses = outcome, []
    async with desk.database.session() as session:
        session.add(row)


async def a_filing(desk: Office, number: str) -> None:
    at = NOVEMBER_10.replace(tzinfo=None)
    sealed = desk.vault.encrypt("试")
    async with desk.database.session() as session:
        session.add(
            Authorisation(
                principal_key="p",
                agent_key="a",
                principal_sealed=sealed,
                agent_sealed=sealed,
                items="*",
                until=at.date(),
                state="active",
                how="code",
                code_hash="",
                asked_at=at,
                confirmed_at=at,
            )
        )
        session.add(
            Filing(
                key=number,
                item="chronic-recognition",
                principal_key="p",
                principal_sealed=sealed,
                agent_key="a",
                channel="wechat",
                state="submitted",
                version=1,
                answers_sealed=sealed,
                opened_at=at,
                changed_at=at,
                submitted_at=at,
            )
        )


async def test_the_monthly_table_opens_and_holds_the_figures(desk: Office) -> None:
    await a_month(desk)
    async with desk.logged_in("zhuguan") as boss:
        response = await boss.client.get("/console/reports/dispatch.xlsx?month=2026-11")
        assert response.status == 200
        assert "attachment" in response.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(await response.read()))
    sheet, figures = book.worksheets
    assert "2026年11月" in sheet["A1"].value
    assert [cell.value for cell in sheet[3]] == [
        "序号",
        "工作措施",
        "具体内容",
        "完成时限",
        "落实情况及进度、创新做法等",
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 13)]
    assert rows[1][1:4:2] == ["为老年人提供主动引导服务", "2021年1月底前"]
    done = {row[0]: row[4] for row in rows}
    assert done["2"] == (
        "热线答复情况：提问2次，直接答复1次，转人工1次。首问负责工单：新增4件，办结2件，其中按期办结1件。"
        "帮办代办：受理1件，其中亲友代办1件。群众评价：2次，平均3.0分，差评1次。"
    )
    assert "门诊慢特病资格认定1件" in done["4"]
    assert "微信和网页提问1次，直接答复1次" in done["5"]
    assert "新增授权1件，代办1件" in done["5"]
    assert {done[number] for number in ("1", "3", "7", "8", "9", "10", "12")} == {NO_DATA}
    counted = {row[1].value: row[2].value for row in figures.iter_rows(min_row=4)}
    assert counted["新增：回电"] == 2
    assert counted["新增：投诉"] == 1, "the follow-up of the bad rating"
    assert counted["按期办结"] == 1
    assert counted["非常不满意"] == 1
    page = await audit.entries(desk.database, what=Action.REPORTED)
    assert [(entry.who, entry.which) for entry in page.entries] == [("zhuguan", "dispatch 2026-11")]


async def test_the_assignment_table_has_the_columns_of_annex_1(desk: Office) -> None:
    async with desk.logged_in("zhuguan") as boss:
        response = await boss.client.get("/console/reports/assignment.xlsx?month=2026-10")
        sheet = load_workbook(io.BytesIO(await response.read())).worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    assert heads[:9] == [
        "序号",
        "工作措施",
        "具体内容",
        "完成时限",
        "责任科室",
        "责任人",
        "联系方式",
        "分管领导",
        "联系方式",
    ]
    assert [cell.value for cell in sheet[5]][4:9] == [NO_DATA] * 5
    assert "提问0次" in sheet.cell(5, 10).value
    assert sheet.max_row == 15


async def test_who_answers_for_a_measure_is_entered_once(desk: Office) -> None:
    async with desk.logged_in("zhuguan") as boss:
        await boss.open("/reports/duties")
        assert "2. 为老年人提供主动引导服务" in boss.text
        await boss.send(
            "/reports/duties", {"2.department": "待遇保障科", "2.person": "张三", "2.phone": "0537-2340000"}
        )
        assert "责任人已保存" in boss.text
        assert 'value="张三"' in boss.page
        response = await boss.client.get("/console/reports/assignment.xlsx?month=2026-10")
        sheet = load_workbook(io.BytesIO(await response.read())).worksheets[0]
        assert [cell.value for cell in sheet[5]][4:9] == ["待遇保障科", "张三", "0537-2340000", NO_DATA, NO_DATA]
        assert [cell.value for cell in sheet[4]][4:9] == [NO_DATA] * 5
        await boss.send("/reports/duties", {"2.person": "好" * 41}, expect=422)
        await boss.send("/reports/duties", {"2.person": ""})
        assert 'value="张三"' not in boss.page
    async with desk.logged_in("zuoxi") as agent:
        await agent.send("/reports/duties", {"2.person": "李四"}, expect=403)


async def test_another_month_counts_nothing_of_it(desk: Office) -> None:
    await a_month(desk)
    for month in (Month(2026, 10), Month(2026, 12)):
        found = await monthly.monthly(desk.database, month)
        assert {count for _, _, count in found.rows} == {0, NO_DATA}


async def test_a_month_begins_at_midnight_in_jining(desk: Office) -> None:
    for at in (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), datetime(2026, 10, 31, 16, 0, tzinfo=UTC)):
        await Tickets(desk.database, desk.vault, now=lambda at=at: at).open(Kind.CALLBACK, channel="phone")
    for month in (Month(2026, 10), Month(2026, 11)):
        assert (await monthly.monthly(desk.database, month)).figures.opened == {"回电": 1}


async def test_text_that_looks_like_a_formula_stays_text(desk: Office) -> None:
    async with desk.database.session() as session:
        changed = update(Clause).where(Clause.id == f"{monthly.DOCUMENT}.a2-01")
        await session.execute(changed.values(text='1\n=HYPERLINK("http://evil.test")\n内容\n2021年1月底前'))
    async with desk.logged_in("zhuguan") as boss:
        response = await boss.client.get("/console/reports/dispatch.xlsx")
        cell = load_workbook(io.BytesIO(await response.read())).worksheets[0]["B4"]
    assert cell.data_type == "s"


@pytest.mark.parametrize("month", ["", "2026-13", "nonsense", "9999-12", "2026-1", "２０２６-11"])
async def test_a_month_that_is_none_is_this_month(desk: Office, month: str) -> None:
    async with desk.logged_in("zhuguan") as boss:
        await boss.open(f"/reports?month={month}")
        assert f"月报：{Month.of(datetime.now(UTC).date()).words}"[:8] in boss.text
        await boss.open("/reports/nothing.xlsx", expect=404)


async def test_an_agent_fetches_no_report(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/reports/dispatch.xlsx", expect=403)


async def test_the_load_page_shows_who_has_what(desk: Office) -> None:
    tickets, work = Tickets(desk.database, desk.vault), TicketWork(desk.database, desk.vault)
    ratings = Ratings(desk.database, desk.vault, tickets)
    numbers = [(await tickets.open(Kind.CALLBACK, channel="phone")).number for _ in range(3)]
    for number in numbers:
        await work.take(number, SUN)
    await work.close(numbers[0], SUN, "已回电")
    await ratings.rate_ticket(numbers[0], Score.BAD, "phone")
    async with desk.database.session() as session:
        late = update(Ticket).where(Ticket.number == numbers[1])
        await session.execute(late.values(due_on=datetime(2026, 1, 5).date()))
    async with desk.logged_in("zhuguan") as boss:
        await boss.open("/load")
        assert "孙坐席 2 0 1 1 2.0 分（1 次）" in boss.text
        assert "郑坐席 0 0 0 0 没有" in boss.text
        assert "1 件已超期" in boss.text
        assert "1 件差评没办完，其中 1 件等回访" in boss.text
        assert numbers[1] in boss.page
        assert numbers[2] not in boss.page
        assert "回电 2 0 1 1" in boss.text
        assert "投诉 1 1 0 0" in boss.text
        assert "市本级 3 1 1 2.0 分" in boss.text
        assert "月网页、微信找人工 0 次，接通 0 次" in boss.text


def test_every_item_that_the_tables_count_exists() -> None:
    counted = {*monthly.CHRONIC, *monthly.REMOTE, *monthly.ENROL, *monthly.CHANGE, *monthly.REIMBURSE}
    assert counted <= set(load().items)
