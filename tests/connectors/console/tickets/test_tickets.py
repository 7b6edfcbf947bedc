"""Tickets in the console: who sees what, and what every button does."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.filings.view import FilingView, MaterialView
from casework.models import Ticket
from casework.tickets.ratings import Score
from casework.tickets.tickets import Kind, Tickets, Urgency
from staff import audit
from staff.audit import Action
from tests.connectors.console.office import Office

PHONE = "19900000003"
JPEG = b"\xff\xd8\xff\xe0 a photograph"


async def opened(desk: Office, kind: Kind = Kind.CALLBACK, **more: object) -> str:
    tickets = Tickets(desk.database, desk.vault)
    return (await tickets.open(kind, channel="phone", **{"phone": PHONE, **more})).number  # type: ignore[arg-type]


async def row(desk: Office, number: str) -> Ticket:
    async with desk.database.session() as session:
        return (await session.scalars(select(Ticket).where(Ticket.number == number))).one()


async def noted(desk: Office, what: Action, number: str) -> list[str]:
    page = await audit.entries(desk.database, what=what, which=number)
    return [entry.who for entry in page.entries]


async def filed(desk: Office) -> str:
    """A filing of which everything is known."""
    desk.filings.ticket = await opened(desk, Kind.FILING, topic="chronic-recognition")
    desk.filings.shown = FilingView(
        item_name="门诊慢特病资格认定",
        state="已提交",
        principal="张*兰 370800********0011",
        agent="",
        answers=[("病种", "<b>糖尿病</b>")],
        materials_wanted=["病历"],
        materials=[MaterialView(7, "image/jpeg", 2048, datetime(2026, 11, 20, 10, 0))],
        promise="本人承诺以上属实。",
        sources=["jining-yb-2023-25.m07", "国办发〔2019〕51号"],
    )
    desk.filings.files = {7: ("image/jpeg", JPEG), 8: ("text/html", b"<script>alert(1)</script>")}
    return desk.filings.ticket


async def test_the_queue_begins_with_what_is_due_first_and_says_so_in_words(desk: Office) -> None:
    today = datetime.now(UTC).date()
    later = await opened(desk, due_on=today + timedelta(days=30))
    late = await opened(desk, Kind.COMPLAINT, due_on=date(2026, 1, 5), urgency=Urgency.URGENT)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets")
        assert agent.page.index(late) < agent.page.index(later)
        assert "已超期" in agent.text
        assert "还剩" in agent.text
        assert "紧急" in agent.text
        await agent.open("/tickets?whose=overdue")
        assert late in agent.page
        assert later not in agent.page
        await agent.open("/tickets?kind=回电")
        assert late not in agent.page
        await agent.open("/tickets?state=nonsense&kind=nonsense&whose=nonsense&page=-1")
        assert late in agent.page


async def test_the_queue_has_pages(desk: Office) -> None:
    numbers = [await opened(desk) for _ in range(51)]
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets")
        assert numbers[0] in agent.page
        assert numbers[50] not in agent.page
        assert "共 51 条，第 1 / 2 页" in agent.text
        await agent.open("/tickets?page=2")
        assert numbers[50] in agent.page


async def test_two_agents_press_take_at_once_and_the_slower_one_is_told_who_has_it(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi") as sun, desk.logged_in("zuoxi2") as zheng:
        await sun.open(f"/tickets/{number}")
        await zheng.open(f"/tickets/{number}")
        responses = await asyncio.gather(
            *(who.client.post(f"/console/tickets/{number}/take", data={"csrf": who.token}) for who in (sun, zheng))
        )
        assert sorted(response.status for response in responses) == [200, 409]
        owner = {"zuoxi": "孙坐席", "zuoxi2": "郑坐席"}[(await row(desk, number)).owner or ""]
        refused = next(response for response in responses if response.status == 409)
        assert f"这个工单已经由{owner}接了。" in await refused.text()


async def test_handing_over_leaves_it_with_the_owner_until_it_is_accepted(desk: Office) -> None:
    number = await opened(desk)
    address = f"/tickets/{number}"
    async with desk.logged_in("zuoxi") as sun, desk.logged_in("zuoxi2") as zheng:
        await sun.open(address)
        await sun.send(address + "/take", {})
        assert "由您负责到底" in sun.text
        await sun.send(address + "/offer", {"to": "zuoxi2"})
        assert (await row(desk, number)).owner == "zuoxi"
        await zheng.open("/tickets?whose=offered")
        assert number in zheng.page
        await zheng.send(address + "/close", {"outcome": "办了"}, expect=409)
        assert "这个工单由孙坐席负责" in zheng.text
        assert ">办了</textarea>" not in zheng.page, "who does not own it has no such form"
        await zheng.send(address + "/decline", {"reason": "<script>alert(1)</script>"})
        assert (await row(desk, number)).owner == "zuoxi"
        await sun.open(address)
        assert "<script>alert(1)" not in sun.page
        assert "&lt;script&gt;alert(1)" in sun.page

        await sun.send(address + "/offer", {"to": "zuoxi2"})
        await zheng.send(address + "/accept", {})
        assert (await row(desk, number)).owner == "zuoxi2"
        await sun.send(address + "/note", {"note": "群众又来过电话"})
        await zheng.send(address + "/close", {"outcome": " "}, expect=409)
        assert "请写明办理结果" in zheng.text
        await zheng.send(address + "/close", {"outcome": "已回电"})
        assert "已办结" in zheng.text
        for words in ("接单", "请求移交", "退回移交", "接受移交", "群众又来过电话", "已回电"):
            assert words in zheng.text
        await zheng.open("/tickets")
        assert number not in zheng.page
        await zheng.open("/tickets?state=closed")
        assert number in zheng.page
        await zheng.send(address + "/reopen", {"reason": "没说清楚"})
        assert (await row(desk, number)).state == "taken"


async def test_a_supervisor_assigns_and_closes(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zhuguan") as boss, desk.logged_in("zuoxi") as sun:
        await boss.open(f"/tickets/{number}")
        await boss.send(f"/tickets/{number}/assign", {"to": "zuoxi2"})
        assert (await row(desk, number)).owner == "zuoxi2"
        await sun.open("/password")
        await sun.send(f"/tickets/{number}/assign", {"to": "zuoxi"}, expect=403)
        await boss.send(f"/tickets/{number}/assign", {"to": "bianji"}, expect=409)
        assert "对方不能接工单" in boss.text
        await boss.send(f"/tickets/{number}/close", {"outcome": "已由主管处理"})
        assert (await row(desk, number)).state == "closed"


async def test_every_look_is_in_the_audit_log_and_the_number_is_shown_only_when_asked(desk: Office) -> None:
    number = await opened(desk, person_key="k" * 64)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/tickets/{number}")
        assert "199****0003" in agent.text
        assert PHONE not in agent.page
        assert await noted(desk, Action.TICKET_VIEWED, number) == ["zuoxi"]
        assert await noted(desk, Action.PHONE_SHOWN, number) == []
        response = await agent.client.get(f"/console/tickets/{number}/phone")
        assert response.status in (404, 405)
        await agent.send(f"/tickets/{number}/phone", {})
        assert PHONE in agent.page
        assert await noted(desk, Action.PHONE_SHOWN, number) == ["zuoxi"]
    page = await audit.entries(desk.database, what=Action.TICKET_VIEWED, which=number)
    assert page.entries[0].detail == "person " + "k" * 64
    async with desk.logged_in("zhuguan") as boss:
        await boss.open(f"/audit?who=zuoxi&what=phone_shown&which={number}")
        assert "显示电话号码" in boss.text
        assert "共 1 条" in boss.text


async def test_what_was_said_and_noted_is_shown_as_text(desk: Office) -> None:
    number = await opened(desk, transcript=[("citizen", "<img src=x onerror=alert(1)>"), ("assistant", "您请讲")])
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/note", {"note": "<script>alert(2)</script>\n第二行"})
        assert "<script>alert" not in agent.page
        assert "<img" not in agent.page
        assert "<script>alert(2)</script>" in agent.text
        assert "群众 <img src=x onerror=alert(1)>" in agent.text


async def test_an_editor_can_do_nothing_here(desk: Office) -> None:
    number = await filed(desk)
    async with desk.logged_in("bianji") as editor:
        await editor.open(f"/tickets/{number}", expect=403)
        await editor.open(f"/tickets/{number}/materials/7", expect=403)
        await editor.open("/password")
        for step in ("take", "note", "phone", "approve", "close", "assign"):
            await editor.send(f"/tickets/{number}/{step}", {"note": "x", "outcome": "x", "to": "zuoxi"}, expect=403)
    assert (await row(desk, number)).owner is None
    assert await noted(desk, Action.TICKET_VIEWED, number) == []


@pytest.mark.parametrize(
    "path", ["/tickets/GD20200101-0001", "/tickets/nonsense", "/tickets/GD20200101-0001/materials/1"]
)
async def test_what_is_not_there_is_said_so(desk: Office, path: str) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(path, expect=404)


async def test_a_filing_is_seen_and_decided_by_its_owner(desk: Office) -> None:
    number = await filed(desk)
    address = f"/tickets/{number}"
    async with desk.logged_in("zuoxi") as sun:
        await sun.open(address)
        for words in ("张*兰 370800********0011", "<b>糖尿病</b>", "本人承诺以上属实", "国办发〔2019〕51号", "2 KB"):
            assert words in sun.text
        assert 'href="/console/clauses/jining-yb-2023-25.m07">济医保字〔2023〕25号' in sun.page
        assert "不同意" not in sun.text
        await sun.send(address + "/approve", {}, expect=409)
        assert "请先接单" in sun.text
        await sun.send(address + "/take", {})
        await sun.send(address + "/close", {"outcome": "绕过去"}, expect=409)
        assert "请用“同意”“不同意”或“群众撤回”办结" in sun.text
        assert (await row(desk, number)).state == "taken"
        await sun.send(address + "/reopen", {"reason": "再办"}, expect=409)
        await sun.send(address + "/supplement", {"what": ""}, expect=409)
        await sun.send(address + "/supplement", {"what": "身份证背面"})
        await sun.send(address + "/refuse", {"decision": " "}, expect=409)
        assert "请写明理由" in sun.text
        await sun.send(address + "/refuse", {"decision": "病历不全"})
        await sun.send(address + "/approve", {"decision": ""})
        await sun.send(address + "/end-withdrawn", {"decision": "群众来电说不办了"})
    assert desk.filings.done == [
        ("asked", number, "身份证背面", "zuoxi"),
        ("refused", number, "病历不全", "zuoxi"),
        ("approved", number, "", "zuoxi"),
        ("withdrawn", number, "群众来电说不办了", "zuoxi"),
    ]


async def test_without_the_core_system_the_ticket_is_there_and_the_filing_is_not_decided(desk: Office) -> None:
    number = await filed(desk)
    async with desk.logged_in("zuoxi") as sun:
        await sun.open(f"/tickets/{number}")
        await sun.send(f"/tickets/{number}/take", {})
        desk.filings.is_down = True
        await sun.send(f"/tickets/{number}/approve", {"decision": "同意，材料齐全"}, expect=503)
        assert "医保业务系统暂时连不上，这一步没有完成" in sun.text
        assert "199****0003" in sun.text
        assert "办理结果" not in sun.text, "a filing is not closed around its decision"
    assert desk.filings.done == []


async def test_whether_the_core_system_was_told_is_said_in_words_even_when_it_is_down(desk: Office) -> None:
    number = await filed(desk)
    async with desk.logged_in("zuoxi") as sun:
        await sun.open(f"/tickets/{number}")
        assert "核心系统" not in sun.text
        for words in ("等待通知，核心系统暂时连不上，会自动再通知", "已通知（11月20日 10:00）"):
            desk.filings.told, desk.filings.is_down = words, not desk.filings.is_down
            await sun.open(f"/tickets/{number}")
            assert f"核心系统 {words}" in sun.text


async def test_what_the_core_system_will_never_take_is_entered_there_and_said_to_be(desk: Office) -> None:
    number = await filed(desk)
    desk.filings.told, desk.filings.to_enter = "通知失败，核心系统里没有这件。请在核心系统里手工登记", True
    async with desk.logged_in("zuoxi") as sun:
        await sun.open(f"/tickets/{number}")
        assert "已手工登记" in sun.text
        await sun.send(f"/tickets/{number}/entered", {})
        assert "在核心系统里手工登记过了" in sun.text
        await sun.send(f"/tickets/{number}/entered", {}, expect=409)
        assert "工单刚才有变化" in sun.text
    assert desk.filings.done == [("entered", number, "zuoxi")]


async def test_who_was_cut_off_in_a_query_is_called_back_about_what_they_asked(desk: Office) -> None:
    number = await opened(desk, Kind.QUERY, topic="query-balance-for-other")
    async with desk.logged_in("zuoxi") as sun:
        await sun.open(f"/tickets/{number}")
        assert "查询：替家人查个人账户余额" in sun.text
        await sun.open("/tickets")
        assert "替家人查个人账户余额" in sun.text


async def test_a_citizens_file_is_shown_only_when_it_cannot_act(desk: Office) -> None:
    number = await filed(desk)
    async with desk.logged_in("zuoxi") as agent:
        photo = await agent.client.get(f"/console/tickets/{number}/materials/7")
        assert await photo.read() == JPEG
        assert photo.content_type == "image/jpeg"
        assert photo.headers["Content-Disposition"].startswith("inline;")
        page = await agent.client.get(f"/console/tickets/{number}/materials/8")
        assert page.content_type == "application/octet-stream"
        assert page.headers["Content-Disposition"].startswith("attachment;")
        for response in (photo, page):
            assert response.headers["Content-Security-Policy"].startswith("sandbox")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"
        missing = await agent.client.get(f"/console/tickets/{number}/materials/9")
        assert missing.status == 404
    assert await noted(desk, Action.MATERIAL_VIEWED, number) == ["zuoxi", "zuoxi"]


async def test_the_first_page_says_what_waits(desk: Office) -> None:
    await opened(desk, due_on=date(2026, 1, 5))
    async with desk.logged_in("zuoxi") as agent, desk.logged_in("bianji") as editor:
        await agent.open("")
        for words in ("1 件工单没人接", "0 件工单在您手里", "1 件工单已超期"):
            assert words in agent.text
        await editor.open("")
        assert "工单" not in editor.text


async def test_who_is_switched_off_with_tickets_in_hand_is_told(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi2") as agent, desk.logged_in("guanli") as administrator:
        await agent.open(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/take", {})
        await administrator.open("/staff")
        await administrator.send("/staff/zuoxi2", {"role": "坐席", "active": "no"})
        assert "还有没办结的工单" in administrator.text
        await administrator.send("/staff/zuoxi", {"role": "编辑", "active": "yes"})
        assert "还有没办结的工单" not in administrator.text


async def test_a_bad_rating_is_called_back_and_put_right_by_somebody_else(desk: Office) -> None:
    number = await opened(desk)
    ratings = desk.floor.ratings
    async with desk.logged_in("zuoxi") as rated, desk.logged_in("zuoxi2") as other, desk.logged_in("zhuguan") as boss:
        await rated.open(f"/tickets/{number}")
        await rated.send(f"/tickets/{number}/take", {})
        await rated.send(f"/tickets/{number}/close", {"outcome": "答复了"})
        await ratings.rate_ticket(number, Score.BAD, "phone")
        async with desk.database.session() as session:
            follow_up = (await session.scalars(select(Ticket.number).where(Ticket.follows_id.is_not(None)))).one()
        await other.open(f"/tickets/{follow_up}")
        assert "孙坐席办的，最好由别的同事回访" in other.text
        await other.send(f"/tickets/{follow_up}/take", {})
        await other.send(f"/tickets/{follow_up}/called-back", {"called": " "}, expect=409)
        assert "请写下回访时群众说了什么" in other.text
        await other.send(f"/tickets/{follow_up}/called-back", {"called": "群众说<b>等太久</b>"})
        assert "已记下回访" in other.text
        assert "差评，已回访，整改中" in other.text
        assert "群众说<b>等太久</b>" in other.text
        await boss.open("/load")
        assert "1 件差评没办完，其中 0 件等回访" in boss.text


async def test_handing_over_to_nobody_says_what_is_missing(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/take", {})
        await agent.send(f"/tickets/{number}/offer", {"to": ""}, expect=409)
        assert "请先选一位同事" in agent.text


async def test_a_ticket_is_found_by_number_or_telephone_which_stands_in_no_address(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/tickets")
        for said in (number[-4:], PHONE):
            await agent.send("/tickets/find", {"q": said})
            assert number in agent.text
        await agent.send("/tickets/find", {"q": "13900000000"})
        assert "没有找到" in agent.text
        await agent.send("/tickets/find", {"q": "<script>"})
        assert "<script>&" not in agent.page
        assert "&lt;script&gt;" in agent.page


async def test_who_wanted_to_hand_over_reads_that_it_was_refused(desk: Office) -> None:
    number = await opened(desk)
    async with desk.logged_in("zuoxi") as agent, desk.logged_in("zuoxi2") as other:
        await agent.open(f"/tickets/{number}")
        await agent.send(f"/tickets/{number}/take", {})
        await agent.send(f"/tickets/{number}/offer", {"to": "zuoxi2"})
        await other.open(f"/tickets/{number}")
        await other.send(f"/tickets/{number}/decline", {"reason": "明天休假"})
        await agent.open(f"/tickets/{number}")
        assert "郑坐席没有接手：明天休假。这件事仍由您负责。" in agent.text
