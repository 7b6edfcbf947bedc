"""The page behind a consent link, as a phone without JavaScript uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.web.pages import consent
from tests.casework.office import Office, open_office, people

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    opened = await open_office(tmp_path)
    yield opened
    await opened.database.aclose()


@pytest.fixture
async def client(office: Office) -> AsyncIterator[Client]:
    app = web.Application()
    consent.setup(app, office.parts.authorisations)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def path(office: Office) -> str:
    """Of the link that came to the mother."""
    await office.bind("mother")
    daughter = await office.core.person(people()["daughter"]["id_number"])
    assert daughter
    mother, items = people()["mother"]["id_number"], ["chronic-recognition", "query"]
    await office.parts.authorisations.ask(daughter, mother, items, "门诊慢特病资格认定、查询信息", date(2027, 2, 18))
    return office.post.letters[-1][1].link.removeprefix("https://yibao.example")


async def test_who_what_until_when_and_two_buttons(client: Client, path: str) -> None:
    response = await client.get(path)
    page = await response.text()
    assert response.status == 200
    assert page.count("<button") == 2
    for shown in ("陈**", "尾号 906X", "门诊慢特病资格认定、查询信息", "2027年2月18日"):
        assert shown in page
    for hidden in ("陈丽华", "刘", people()["daughter"]["id_number"], people()["mother"]["id_number"]):
        assert hidden not in page
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]
    assert "<button" in await (await client.get(path)).text(), "a preview changes nothing"


@pytest.mark.parametrize(
    ("answer", "shown", "not_shown"), [("yes", "您已经同意了", "您没有同意"), ("no", "您没有同意", "已经同意")]
)
async def test_a_press_answers_and_a_second_changes_nothing(
    client: Client, path: str, answer: str, shown: str, not_shown: str
) -> None:
    for pressed in (answer, "yes", "no"):
        response = await client.post(path, data={"answer": pressed})
        page = await response.text()
        assert response.status == 200
        assert response.method == "GET", "a reload must not answer again"
        assert shown in page
        assert not_shown not in page
        assert "<button" not in page


@pytest.mark.parametrize("body", [b"", b"answer=", b"answer=maybe", b"answer=\xff%ff"])
async def test_what_our_page_does_not_send_is_no_answer(client: Client, path: str, body: bytes) -> None:
    form = "application/x-www-form-urlencoded"
    for content_type in (form, form + "; charset=nonsense"):
        response = await client.post(path, data=body, headers={"Content-Type": content_type})
        assert response.status == 200
        assert (await response.text()).count("<button") == 2


async def test_a_wrong_or_old_link_gets_a_calm_page(client: Client, office: Office, path: str) -> None:
    office.clock.passes(minutes=11)
    for link in (path, "/consent/x", "/consent/<script>alert(1)", "/consent/%00", "/consent/" + "长" * 300):
        for ask in (client.get, client.post):
            response = await ask(link, data={"answer": "yes"})
            page = await response.text()
            assert response.status == 410
            assert "这个网址已经失效" in page
            assert "12393" in page
            assert "<script>alert" not in page
            assert "<button" not in page
