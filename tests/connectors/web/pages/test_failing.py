"""Nobody who opens a page meets a bare line of English."""

from __future__ import annotations

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.web import routes
from tests.connectors.web.reading import Reader, seen
from tests.connectors.web.scripted import ScriptedDialogue, nobody_answers

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def broken(_request: web.Request) -> web.Response:
    raise RuntimeError("370811195506150023")


async def refused(request: web.Request) -> web.Response:
    status = request.match_info["status"]
    raise {"413": web.HTTPRequestEntityTooLarge(1, 2), "429": web.HTTPTooManyRequests()}[status]


@pytest.fixture
async def client():
    app = web.Application()
    routes.setup(app, ScriptedDialogue(), nobody_answers)
    app.router.add_get("/broken/{token}", broken)
    app.router.add_get("/refused/{status}", refused)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "网址可能没有写全"),
        ("/assets/web/nothing.js", 404, "网址可能没有写全"),
        ("/webhooks/rest/webhook", 405, "网址可能没有写全"),
        ("/refused/413", 413, "用一两句话说说"),
        ("/refused/429", 429, "请过几秒"),
        ("/broken/abc", 500, "请过一两分钟再试"),
    ],
)
async def test_a_person_is_told_in_words_and_has_ways_on(client, path: str, status: int, words: str):
    response = await client.get(path, headers=BROWSER)
    page = await response.text()
    assert response.status == status
    assert words in seen(page)
    for way in ('href="tel:12393"', 'value="转人工"', 'href="/"', 'href="/guides"'):
        assert way in page
    assert not any(english in page for english in ("Error", "Not Found", "Traceback", "RuntimeError"))


async def test_a_program_gets_the_plain_status(client):
    response = await client.get("/nothing", headers={"Accept": "application/json"})
    assert (response.status, response.content_type) == (404, "text/plain")


async def test_the_log_knows_where_and_not_what(client):
    with structlog.testing.capture_logs() as logs:
        await client.get("/broken/secret", headers=BROWSER)
    (line,) = [line for line in logs if line["event"] == "page_failed"]
    assert line["page"] == "/broken/{token}"
    assert line["kind"] == "RuntimeError"
    assert "test_failing.py" in line["where"][-1]
    assert "3708" not in str(logs)
    assert "secret" not in str(logs)


async def test_sound_that_is_not_there_is_a_page_for_somebody_and_a_sentence_for_a_script(site: Reader):
    response = await site.client.get("/speech/nothing", headers=BROWSER)
    assert (response.status, response.content_type) == (404, "text/html")
    assert "没有这段声音" in seen(await response.text())
    response = await site.client.get("/speech/nothing")
    assert (response.status, response.content_type) == (404, "text/plain")
