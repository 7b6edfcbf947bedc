"""The page behind a rating link, as a phone without JavaScript uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from casework.tickets.ratings import Score
from connectors.web.pages import rating
from tests.casework.bureau import SUN, Bureau, bureau

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(office: Bureau) -> AsyncIterator[Client]:
    app = web.Application()
    rating.setup(app, office.ratings)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def number(office: Bureau) -> str:
    number = await office.opened()
    await office.work.take(number, SUN)
    await office.work.close(number, SUN, "已回电")
    return number


async def test_looking_gives_five_buttons_and_changes_nothing(client: Client, office: Bureau, number: str) -> None:
    response = await client.get(f"/rating/{office.ratings.token(number)}")
    page = await response.text()
    assert response.status == 200
    assert page.count("<button") == 5
    for score in Score:
        assert f'value="{score.value}"' in page
        assert f"</span>{score.label}</button>" in page
    assert "no-referrer" in response.headers["Referrer-Policy"]
    assert (await office.row(number)).rating is None


async def test_a_click_rates_and_thanks(client: Client, office: Bureau, number: str) -> None:
    response = await client.post(f"/rating/{office.ratings.token(number)}", data={"score": "4"})
    page = await response.text()
    assert response.status == 200
    assert response.method == "GET", "a reload must not rate again"
    assert "谢谢您的评价" in page
    assert "<strong>满意</strong>" in page
    assert "回电话" not in page
    assert (await office.row(number)).rating == 4


async def test_who_is_not_content_is_told_what_follows(client: Client, office: Bureau, number: str) -> None:
    response = await client.post(f"/rating/{office.ratings.token(number)}", data={"score": "1"})
    assert "一个工作日内给您回电话" in await response.text()


@pytest.mark.parametrize("score", ["", "0", "6", "５", "5; DROP", "-1"])
async def test_a_score_that_is_none_is_not_taken(client: Client, office: Bureau, number: str, score: str) -> None:
    response = await client.post(f"/rating/{office.ratings.token(number)}", data={"score": score})
    assert response.status == 200
    assert (await office.row(number)).rating is None


async def test_a_body_that_is_no_form_is_not_taken(client: Client, office: Bureau, number: str) -> None:
    address, form = f"/rating/{office.ratings.token(number)}", "application/x-www-form-urlencoded"
    for headers in ({"Content-Type": form}, {"Content-Type": form + "; charset=nonsense"}):
        response = await client.post(address, data=b"score=\xff\xfe%ff", headers=headers)
        assert response.status == 200
    assert (await office.row(number)).rating is None


async def test_a_wrong_or_old_link_gets_a_calm_page(client: Client, office: Bureau, number: str) -> None:
    token = office.ratings.token(number)
    office.days_pass(31)
    for link in (token, "GD20261120-0001", "<script>alert(1)", "%00", "长" * 300):
        for ask in (client.get, client.post):
            response = await ask(f"/rating/{link}", data={"score": "5"})
            page = await response.text()
            assert response.status == 410
            assert "这个评价链接已经失效" in page
            assert "12393" in page
            assert "<script>alert" not in page


async def test_after_a_day_the_page_only_thanks(client: Client, office: Bureau, number: str) -> None:
    await office.ratings.rate_ticket(number, Score.GOOD, "phone")
    office.days_pass(2)
    page = await (await client.get(f"/rating/{office.ratings.token(number)}")).text()
    assert "谢谢您的评价" in page
    assert "<button" not in page


async def test_after_rating_a_few_words_can_be_written_and_are_shown(
    client: Client, office: Bureau, number: str
) -> None:
    address = f"/rating/{office.ratings.token(number)}"
    assert "<textarea" not in await (await client.get(address)).text()
    page = await (await client.post(address, data={"score": "2"})).text()
    assert "说说哪里不满意" in page
    response = await client.post(address, data={"words": "等太久 <b>三天</b>"})
    page = await response.text()
    assert response.method == "GET"
    assert "等太久 &lt;b&gt;三天&lt;/b&gt;" in page
    assert "已经转给工作人员" in page
    office.days_pass(2)
    page = await (await client.get(address)).text()
    assert "等太久" in page
    assert "<textarea" not in page
    assert (await client.post(address, data={"words": "晚了"})).status == 410
