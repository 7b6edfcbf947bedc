"""The live desk in the console: the list, one conversation, every button, and who may."""

from __future__ import annotations

import asyncio
import re

from aiohttp import ClientSession

from base.messages import Reply
from casework.livechat.wording import say
from staff import audit
from staff.audit import Action
from tests.casework.filings.test_materials import picture
from tests.connectors.console.office import Browser, Office

WANG = "web-" + "0a" * 16
ZHAO = "web-" + "0b" * 16
ATTACK = "<img src=x onerror=alert(1)>备案"


WECHAT = "wechat-oTestAaaaaaaaaaaaaaaaaaaaaa1"


async def fetched(agent: Browser, path: str, **more: str) -> tuple[int, str, dict[str, str]]:
    """What htmx would get."""
    response = await agent.client.get("/console" + path, headers={"HX-Request": "true"}, params=more)
    return response.status, await response.text(), dict(response.headers)


async def test_the_list_begins_with_who_waits_and_says_how_long(desk: Office) -> None:
    await desk.floor.ask(ZHAO, "医保怎么交")
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/live")
        assert "您没有上线" in agent.text
        await agent.send("/live/presence", {"on": "yes"})
        assert "您在线，接人工" in agent.text
        waiting, told = await desk.floor.ask(WANG, "转人工")
        await desk.floor.ask(ZHAO, ATTACK)
        assert told == [say("waiting_next").text]
        status, lines, _ = await fetched(agent, "/live/lines")
        assert status == 200
        assert "等人工，已等0秒" in lines
        assert 'data-waiting="1"' in lines
        assert lines.index(f"/live/{waiting}") < lines.index("医保怎么交" if "医保怎么交" in lines else "备案")
        assert "<img" not in lines
        await agent.send("/live/presence", {"on": "no"})
        assert "您没有上线" in agent.text
        _, told = await desk.floor.ask(ZHAO, "转人工")
        assert told == ["答：转人工"]


async def test_only_who_works_on_tickets_sees_conversations(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, "医保怎么交")
    for username in ("bianji", "shenhe", "guanli"):
        async with desk.logged_in(username) as other:
            for path in ("/live", "/live/lines", f"/live/{number}", f"/live/{number}/news"):
                await other.open(path, expect=403)
            assert "医保怎么交" not in other.page
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/live/999", expect=404)


async def test_take_over_answer_give_back(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, ATTACK)
    address = f"/live/{number}"
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(address)
        assert "助手在答" in agent.text
        assert "<img" not in agent.page
        assert "&lt;img src=x onerror=alert(1)&gt;备案" in agent.page
        await agent.send(address + "/take", {})
        assert "孙坐席在答" in agent.text
        _, told = await desk.floor.ask(WANG, "我在北京住院了")
        assert told == []
        status, news, headers = await fetched(agent, address + "/news", after="2", mark="person-zuoxi")
        assert status == 200
        assert "我在北京住院了" in news
        assert headers["HX-Trigger"] == "citizen-said"
        after = re.search(r"after=(\d+)", news)
        assert after
        status, _, _ = await fetched(agent, address + "/news", after=after[1], mark="person-zuoxi")
        assert status == 204

        await agent.send(address + "/say", {"text": " "}, expect=409)
        assert "请写下要对群众说的话" in agent.text
        await agent.send(address + "/say", {"text": "<b>带身份证</b>\n就行"})
        assert await desk.floor.told(WANG) == [say("taken").text, "<b>带身份证</b>\n就行"]
        assert "&lt;b&gt;带身份证" in agent.page
        response = await agent.client.post(
            f"/console{address}/say", data={"csrf": agent.token, "text": "还有吗"}, headers={"HX-Request": "true"}
        )
        assert response.headers["HX-Trigger"] == "desk-said"
        assert "还有吗" not in await response.text(), "the box is empty again"
        await agent.send(address + "/give-back", {})
        assert "已交还助手" in agent.text
        _, told = await desk.floor.ask(WANG, "谢谢")
        assert told == ["答：谢谢"]
    page = await audit.entries(desk.database, which=f"对话{number}", what=Action.LIVE_VIEWED)
    assert {entry.who for entry in page.entries} == {"zuoxi"}


async def test_two_take_over_at_once_and_the_slower_one_is_told_who_has_it(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, "医保怎么交")
    async with desk.logged_in("zuoxi") as sun, desk.logged_in("zuoxi2") as zheng:
        for who in (sun, zheng):
            await who.open(f"/live/{number}")
        responses = await asyncio.gather(
            *(who.client.post(f"/console/live/{number}/take", data={"csrf": who.token}) for who in (sun, zheng))
        )
        assert sorted(response.status for response in responses) == [200, 409]
        words = await next(response for response in responses if response.status == 409).text()
        assert "这个对话已经由孙坐席接管。" in words or "这个对话已经由郑坐席接管。" in words


async def test_a_page_that_stands_open_learns_that_somebody_else_has_it(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, "医保怎么交")
    address = f"/live/{number}"
    async with desk.logged_in("zuoxi") as sun, desk.logged_in("zhuguan") as boss:
        await sun.open(address)
        await sun.send(address + "/take", {})
        await boss.open(address)
        await boss.send(address + "/take", {})
        status, news, _ = await fetched(sun, address + "/news", after="9", mark="person-zuoxi")
        assert status == 200
        assert "这个对话现在不由您答了" in news
        assert "钱主管在答" in news
        await boss.send(address + "/give-back", {})
        _, _, headers = await fetched(boss, address + "/news", after="9", mark="person-x")
        assert headers["HX-Refresh"] == "true"
        await sun.send(address + "/say", {"text": "在吗"}, expect=409)
        assert "现在由助手在答" in sun.text


async def test_a_suggested_answer_comes_with_its_source(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, "异地就医要备案吗")
    await desk.floor.ask(WANG, "谢谢啊")
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/live/{number}")
        _, suggestion, _ = await fetched(agent, f"/live/{number}/suggestion")
        assert "群众问：异地就医要备案吗" in suggestion
        assert 'data-put="要备案。"' in suggestion
        link = 'href="/documents/jining-yb-2023-25?clause=jining-yb-2023-25.m08#c-jining-yb-2023-25.m08"'
        assert f"<a {link}" in suggestion
        assert ">济医保字〔2023〕25号 第八条</a>" in suggestion
        other, _ = await desk.floor.ask(ZHAO, "谢谢")
        _, suggestion, _ = await fetched(agent, f"/live/{other}/suggestion")
        assert "知识库里没有" in suggestion


async def test_ending_opens_a_ticket_and_asks_for_a_rating(desk: Office) -> None:
    number, _ = await desk.floor.ask(WANG, "医保怎么交")
    address = f"/live/{number}"
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(address)
        await agent.send(address + "/take", {})
        await agent.send(address + "/end", {"kind": "", "outcome": "说清楚了", "phone": ""}, expect=409)
        assert "请选种类" in agent.text
        assert "说清楚了" in agent.page
        await agent.send(address + "/end", {"kind": "咨询", "outcome": "说清楚了", "phone": ""})
        assert "已办结" in agent.text
        assert "医保怎么交" in agent.text, "the ticket has what was said"
        assert "/rating/GD" in (await desk.floor.told(WANG))[-1]
        await agent.open(address)
        assert "这个对话已经结束" in agent.text

        number, _ = await desk.floor.ask(ZHAO, "医保怎么交")
        await agent.open(f"/live/{number}")
        await agent.send(f"/live/{number}/take", {})
        left = {"kind": "投诉", "outcome": "要问科室", "phone": "199 0000 0003", "left": "yes"}
        await agent.send(f"/live/{number}/end", left)
        assert "由您负责到底" in agent.text
        assert "要问科室" in agent.text


async def test_how_a_turn_on_the_telephone_went_stands_beside_it_without_numbers(desk: Office) -> None:
    call = "1732500000.8"
    number, _ = await desk.floor.ask(call, "医保怎么交", "phone")
    desk.floor.desk.noted(call, "phone", "说完0.8秒后开口；也可能说的是：370899195003159028")
    await desk.floor.ask(call, "谢谢", "phone")  # what is written is written in order
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/live/{number}")
        assert "线路" in agent.text
        assert "说完0.8秒后开口" in agent.text
        assert "370899195003159028" not in agent.page


async def test_telephone_calls_can_only_be_looked_at(desk: Office) -> None:
    number, _ = await desk.floor.ask("1732500000.7", "医保怎么交", "phone")
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(f"/live/{number}")
        assert "这是电话，只能看" in agent.text
        assert f"/live/{number}/take" not in agent.page
        await agent.send(f"/live/{number}/take", {}, expect=409)


async def test_a_picture_is_seen_by_staff_only_and_made_material_by_its_holder(desk: Office) -> None:
    number, _ = await desk.floor.ask(WECHAT, "医保怎么交", "wechat")
    address = f"/live/{number}"
    async with desk.logged_in("zuoxi") as agent:
        await agent.open(address)
        await agent.send(address + "/take", {})
        assert await desk.floor.pictures.take(WECHAT, picture()) == []
        await agent.open(address)
        found = re.search(rf'<img class="sent" src="/console({address}/pictures/\d+)"', agent.page)
        assert found
        assert "收为材料" in agent.page
        response = await agent.client.get("/console" + found[1])
        assert await response.read() == picture()
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        await agent.send(found[1] + "/attach", {}, expect=409)
        assert "还没有核对身份" in agent.text
        desk.floor.accepted = [Reply("收到了，这是第1份。")]
        await agent.send(found[1] + "/attach", {})
        assert "收到了，这是第1份。" in agent.text
        await agent.open(f"/live/{number}/pictures/999", expect=404)
    async with desk.logged_in("bianji") as other:
        await other.open(found[1], expect=403)
    async with desk.logged_in("zuoxi2") as colleague:
        await colleague.send(found[1] + "/attach", {}, expect=409)
    async with ClientSession() as stranger:
        response = await stranger.get(desk.server.make_url("/console" + found[1]), allow_redirects=False)
        assert response.status in (302, 303), "without a session, the login"


async def test_the_list_is_narrowed_to_who_waits_to_a_channel_and_to_words(desk: Office) -> None:
    await desk.floor.ask(ZHAO, "医保怎么交")
    async with desk.logged_in("zuoxi") as agent:
        await agent.send("/live/presence", {"on": "yes"})
        waiting, _ = await desk.floor.ask(WANG, "转人工")
        _, lines, _ = await fetched(agent, "/live/lines", show="waiting")
        assert f"/live/{waiting}" in lines
        assert "医保怎么交" not in lines
        _, lines, _ = await fetched(agent, "/live/lines", q="怎么交")
        assert "医保怎么交" in lines
        assert f"/live/{waiting}" not in lines
        assert 'data-waiting="1"' in lines, "who waits is counted whatever is shown"
        _, lines, _ = await fetched(agent, "/live/lines", channel="wechat")
        assert "现在没有人在说话" in lines


async def test_any_page_keeps_its_person_at_the_desk_and_shows_who_waits(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.send("/live/presence", {"on": "yes"})
        await agent.open("/clauses")
        assert 'hx-get="/console/counts"' in agent.page
        await desk.floor.ask(WANG, "转人工")
        _, counts, _ = await fetched(agent, "/counts")
        assert 'data-desk="1"' in counts
        assert "1 位群众在等人工" in counts
    async with desk.logged_in("bianji") as editor:
        _, counts, _ = await fetched(editor, "/counts")
        assert "data-desk" not in counts
