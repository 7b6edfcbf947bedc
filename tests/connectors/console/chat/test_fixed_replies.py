"""Fixed replies, and what an agent sees of the citizen and of the queue beside a conversation."""

from __future__ import annotations

from casework.tickets.tickets import Kind, Tickets
from staff import audit
from staff.audit import Action
from tests.connectors.console.chat.test_live import WANG, ZHAO, fetched
from tests.connectors.console.office import Office

GREETING = {"name": "问好", "text": "您好，我是医保局的工作人员，您请说。"}


async def test_a_supervisor_writes_them_and_agents_have_them_beside_the_box(desk: Office) -> None:
    async with desk.logged_in("zhuguan") as boss, desk.logged_in("zuoxi") as agent:
        await boss.open("/live/replies")
        await boss.send("/live/replies", GREETING)
        await boss.send("/live/replies", {**GREETING, "text": "您好，请讲。"})
        await boss.send("/live/replies", {"name": "", "text": "没有名字"}, expect=422)
        await agent.open("/live/replies")
        assert "您好，请讲。" in agent.text
        assert "您请说" not in agent.text
        await agent.send("/live/replies", GREETING, expect=403)
        await agent.send("/live/presence", {"on": "yes"})
        number, _ = await desk.floor.ask(WANG, "转人工")
        await agent.open(f"/live/{number}")
        assert "/问好" not in agent.text
        await agent.send(f"/live/{number}/take", {})
        assert "/问好" in agent.text
        assert 'data-put="您好，请讲。"' in agent.page
        await boss.open("/live/replies")
        found = await boss.open("/live/replies")
        await boss.send("/live/replies", {"drop": found.split('name="drop" value="')[1].split('"')[0]})
        assert "还没有" in boss.text
    page = await audit.entries(desk.database, what=Action.FIXED_REPLY_CHANGED)
    assert [entry.which for entry in page.entries] == ["问好"] * 3


async def test_the_queue_and_the_citizens_tickets_stand_beside_the_conversation(desk: Office) -> None:
    tickets = Tickets(desk.database, desk.vault)
    said = [("citizen", "俺的报销咋还没到账")]
    hers = await tickets.open(Kind.CALLBACK, channel="web", conversation=WANG, transcript=said)
    other = await tickets.open(Kind.CALLBACK, channel="web", conversation=ZHAO)
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/live")
        await agent.send("/live/presence", {"on": "yes"})
        waiting, _ = await desk.floor.ask(ZHAO, "转人工")
        number, _ = await desk.floor.ask(WANG, "转人工")
        page = await agent.open(f"/live/{number}")
        assert hers.number in agent.text
        assert "“俺的报销咋还没到账”" in agent.text
        assert "没有核对" in agent.text
        assert other.number not in agent.text
        assert f'id="queue-{waiting}"' in page
        status, queue, _ = await fetched(agent, "/live/lines", beside=str(number))
        assert status == 200
        assert f'href="/console/live/{number}" aria-current="page"' in queue
