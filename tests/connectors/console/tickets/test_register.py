"""Registering a ticket by hand, several at once, a sheet of paper, a spreadsheet; and what a county's staff see."""

from __future__ import annotations

import io
import re

from openpyxl import load_workbook
from sqlalchemy import update

from staff.audit import Action
from staff.models import StaffAccount
from tests.connectors.console.office import Office
from tests.connectors.console.tickets.test_tickets import noted, opened, row

NEW = {"kind": "咨询", "channel": "counter", "title": "俺的报销咋还没到账", "name": "李德山", "phone": "199 0000 0003"}


async def registered(desk: Office, who: str, **more: str) -> str:
    async with desk.logged_in(who) as agent:
        await agent.open("/tickets/new")
        page = await agent.send("/tickets/new", {**NEW, **more})
        found = re.search(r"GD\d{8}-\d{4}", page)
        assert found
        assert re.search(r'id="code">\d{6}<', page)
        return found[0]


async def test_a_walk_in_is_registered_and_found_again_by_name(desk: Office) -> None:
    number = await registered(desk, "zuoxi", mine="yes", note="带了发票")
    found = await row(desk, number)
    assert (found.owner, found.channel, found.county) == ("zuoxi", "counter", None)
    assert await noted(desk, Action.TICKET_REGISTERED, number) == ["zuoxi"]
    async with desk.logged_in("zuoxi2") as agent:
        await agent.open("/tickets")
        await agent.send("/tickets/find", {"q": "李德山"})
        assert number in agent.text
        assert "“俺的报销咋还没到账”" in agent.text
        await agent.open(f"/tickets/{number}")
        assert "窗口" in agent.text
        assert "带了发票" in agent.text


async def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets/new")
        for wrong in ({"title": ""}, {"phone": "123"}, {"kind": "帮办"}, {"county": "北京市"}, {"channel": "web"}):
            page = await agent.send("/tickets/new", {**NEW, **wrong}, expect=422)
            assert "李德山" in page


async def test_the_county_comes_from_the_account(desk: Office) -> None:
    async with desk.database.session() as session:
        await session.execute(update(StaffAccount).where(StaffAccount.username == "zuoxi").values(county="邹城市"))
    number, other = await registered(desk, "zuoxi"), await opened(desk)
    assert (await row(desk, number)).county == "邹城市"
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets")
        assert number in agent.text
        assert other not in agent.text
        await agent.open(f"/tickets/{other}", expect=404)
        await agent.open(f"/tickets/{other}/print", expect=404)
        await agent.open(f"/tickets/{other}/materials/7", expect=404)


async def test_several_are_taken_at_once_and_who_was_slower_hears_which(desk: Office) -> None:
    numbers = [await opened(desk) for _ in range(3)]
    async with desk.logged_in("zuoxi2") as other:
        await other.open(f"/tickets/{numbers[0]}")
        await other.send(f"/tickets/{numbers[0]}/take", {})
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets")
        await agent.send("/tickets/bulk", [("do", "take"), *(("number", number) for number in numbers)])
        assert "已接2件" in agent.text
        assert f"{numbers[0]}：这个工单已经由郑坐席接了。" in agent.text
        await agent.send("/tickets/bulk", [("do", "assign"), ("to", "zuoxi2"), ("number", numbers[1])], expect=403)
        await agent.send("/tickets/bulk", {"do": "take"})
        assert "请先在左边打勾" in agent.text
    async with desk.logged_in("zhuguan") as boss:
        await boss.open("/tickets")
        await boss.send(
            "/tickets/bulk", [("do", "assign"), ("to", "zuoxi2"), *(("number", number) for number in numbers)]
        )
        assert "已指派3件" in boss.text
    assert {(await row(desk, number)).owner for number in numbers} == {"zuoxi2"}


async def test_a_sheet_of_paper_says_who_printed_it(desk: Office) -> None:
    number = await opened(desk, transcript=[("citizen", "俺的报销咋还没到账")])
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/tickets/{number}/print")
        assert "俺的报销咋还没到账" in agent.text
        assert "孙坐席（zuoxi）" in agent.text
        assert "19900000003" not in agent.text
    assert await noted(desk, Action.TICKET_PRINTED, number) == ["zuoxi"]


async def test_the_list_goes_into_a_spreadsheet_without_numbers_or_formulas(desk: Office) -> None:
    number = await opened(desk, transcript=[("citizen", '=HYPERLINK("http://evil")啊啊啊')])
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets/export.xlsx", expect=403)
    async with desk.logged_in("zhuguan") as boss:
        response = await boss.client.get("/console/tickets/export.xlsx?kind=回电")
        book = load_workbook(io.BytesIO(await response.read()))
    rows = list(book["工单"].iter_rows(values_only=True))
    assert rows[1][:4] == (number, "回电", '=HYPERLINK("http://evil")啊啊啊', "市本级")
    assert book["工单"]["C2"].data_type == "s"
    assert "19900000003" not in str(rows)
    assert await noted(desk, Action.EXPORTED, "tickets") == ["zhuguan"]


async def test_going_round_the_house_by_its_buttons(desk: Office) -> None:
    number, other = await opened(desk), await opened(desk)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/take", {})
        await agent.send(f"/tickets/{number}/label", {"labels": "异地，住院 急"})
        assert "标签已改" in agent.text
        await agent.send(f"/tickets/{number}/ask-extension", {"days": "x", "extension": "等函"}, expect=409)
        await agent.send(f"/tickets/{number}/ask-extension", {"days": "3", "extension": "等函"})
        assert "等主管批" in agent.text
    async with desk.logged_in("zhuguan") as boss:
        await boss.open("/")
        assert "件等主管批延期" in boss.text
        await boss.open(f"/tickets/{number}")
        await boss.send(f"/tickets/{number}/answer-extension", {"agreed": "yes"})
        await boss.send(f"/tickets/{number}/supervise", {"demand": "三天内回"})
        await boss.send(f"/tickets/{number}/dispatch", {"county": "邹城市", "dispatched": "归参保地"})
        await boss.send(f"/tickets/{number}/hand-back", {"returned": "不归他"})
        await boss.send(f"/tickets/{number}/merge", {"into": other})
        assert f"已并到 {other}" in boss.text
        for word in ("同意延期", "督办", "转邹城市：归参保地", "邹城市退回：不归他"):
            assert word in boss.text


async def test_a_photograph_of_a_citizens_page_says_whose_screen_it_was(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi") as agent:
        for path in (f"/tickets/{number}", f"/tickets/{number}/print"):
            mark = (await agent.open(path)).split('class="watermark"')[1].split("</svg>")[0]
            assert "孙坐席 zuoxi" in mark
        assert "watermark" not in await agent.open("/tickets"), "what names nobody needs none"
