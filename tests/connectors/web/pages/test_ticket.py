"""查工单进度, as a phone without JavaScript uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.messages import Reply
from casework.tickets.codes import NotFollowed
from casework.tickets.tickets import Kind, Opened
from connectors.web.chat.rate import RateLimit
from connectors.web.pages.office import Office as Bureau
from connectors.web.pages.ticket import TicketPage
from connectors.web.pages.view import setup_templates
from tests.casework.bureau import SUN
from tests.casework.office import Office, open_office
from tests.connectors.web.scripted import ScriptedDialogue, running

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = await open_office(tmp_path)
    yield office
    await office.database.aclose()


@pytest.fixture
async def client(office: Office) -> AsyncIterator[Client]:
    async with running(accounts=office.parts.accounts) as (client, _):
        yield client


@pytest.fixture
async def opened(office: Office) -> Opened:
    said = [("citizen", "西关窗口的老孟骂人")]
    return await office.parts.tickets.open(Kind.COMPLAINT, channel="web", transcript=said)


async def looked(
    client: Client, number: str, code: str, expect: int = 200, view: str = "", address: str = "203.0.113.5"
) -> str:
    """`address`: where it comes from, as the reverse proxy says."""
    headers = {"X-Forwarded-For": address}
    response = await client.post(f"/ticket{view}", data={"number": number, "code": code}, headers=headers)
    assert response.status == expect
    assert response.headers["Cache-Control"] == "no-store"
    return await response.text()


def words(page: str) -> str:
    """What stands between head and foot."""
    return re.sub(r"\s+", " ", page[page.index('<main class="reading"') : page.index("</main>")])


async def test_number_and_code_tell_how_it_goes_on(client: Client, office: Office, opened: Opened) -> None:
    await office.parts.work.take(opened.number, SUN)
    page = words(await looked(client, opened.number, opened.code))
    assert "您反映的问题：工作人员正在办理" in page
    assert "办理时限到11月27日，还剩5个工作日。" in page
    assert re.search(r"11月20日</span> 登记好了.*11月20日</span> 工作人员接办", page)
    for secret in ("孙", "zuoxi", "孟", opened.code):
        assert secret not in page, secret
    assert "打 12393" in page
    assert "我要补充" in page


async def test_full_width_digits_and_spaces_are_understood(client: Client, opened: Opened) -> None:
    wide = opened.code.translate({ord(str(n)): ord("０") + n for n in range(10)})
    for number, code in (
        ("ＧＤ２０２６１１２０－０００１", wide),
        ("gd 2026 1120 0001", " ".join(opened.code)),
        ("工单号：202611200001", f"查询码 {opened.code}"),
    ):
        assert "您反映的问题" in await looked(client, number, code), (number, code)


async def test_wrong_number_and_wrong_code_are_told_the_same(client: Client, opened: Opened) -> None:
    wrong = "0000" if opened.code != "0000" else "1111"
    told = set()
    for number, code in ((opened.number, wrong), ("GD20261120-9999", opened.code), ("哈哈", "哈"), ("", "")):
        page = words(await looked(client, number, code, 422))
        told.add(page.replace(f'value="{number}"', 'value=""'))
    assert len(told) == 1
    assert NotFollowed.citizen_text in told.pop()


async def test_five_wrong_ones_lock_the_number_for_an_hour_where_they_were_tried(
    client: Client, office: Office, opened: Opened
) -> None:
    for number in (opened.number, "GD20261120-0815"):
        for _ in range(5):
            await looked(client, number, "0000" if opened.code != "0000" else "1111", 422)
        assert "先停一个小时" in await looked(client, number, opened.code, 429)
    assert "您反映的问题" in await looked(client, opened.number, opened.code, address="198.51.100.7")
    office.clock.passes(minutes=61)
    assert "您反映的问题" in await looked(client, opened.number, opened.code)


async def test_one_address_cannot_try_number_after_number(office: Office) -> None:
    app = web.Application()
    setup_templates(app, Bureau())
    page = TicketPage(office.parts.accounts, RateLimit(per_second=0.01, burst=3, patience_seconds=0))
    app.router.add_post("/ticket", page.look)
    async with TestClient(TestServer(app)) as client:
        for place in range(3):
            await looked(client, f"GD20261120-{place:04d}", "1234", 422)
        assert "请过一会儿再查" in await looked(client, "GD20261120-0004", "1234", 429)


async def test_the_receipts_link_brings_the_number_and_never_the_code(client: Client, opened: Opened) -> None:
    said = Reply(f"登记好了，工单号 {opened.number}，查询码 {opened.code}。", ticket=opened.number)
    async with running(ScriptedDialogue(said)) as (chat, _):
        answer = await chat.post("/webhooks/rest/webhook", json={"sender": "web-1", "message": "我要投诉"})
        [reply] = await answer.json()
        without_script = await (await chat.post("/talk", data={"message": "我要投诉"})).text()
    assert reply["link"] == f"/ticket?number={opened.number}"
    assert f'class="open-link" href="{reply["link"]}"' in without_script
    page = await (await client.get(reply["link"])).text()
    assert f'value="{opened.number}"' in page


async def test_other_print_shows_the_same_ticket_again(client: Client, opened: Opened) -> None:
    page = await looked(client, opened.number, opened.code)
    assert f'name="code" value="{opened.code}"' in page
    assert 'formaction="/ticket?view=elder#found"' in page
    page = await looked(client, opened.number, opened.code, view="?view=elder")
    assert 'class="elder"' in page
    assert "您反映的问题" in page


async def test_what_was_typed_is_no_markup_and_a_broken_form_no_failure(client: Client) -> None:
    page = await looked(client, '"><script>alert(1)</script>', "1", 422)
    assert "<script>alert" not in page
    response = await client.post(
        "/ticket", data=b"--x\r\nbroken", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status == 422
    page = await (await client.get("/ticket", params={"number": '"><script>alert(1)</script>'})).text()
    assert "<script>alert" not in page


async def test_it_is_found_beside_the_progress_on_the_front_page(client: Client) -> None:
    page = await (await client.get("/")).text()
    assert page.index("查进度") < page.index('href="/ticket"') < page.index("异地就医备案")
