"""The page behind the link: what is taken, what is refused, what nobody may see."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from connectors.web import upload
from tests.casework.filings.test_materials import filing, picture
from tests.casework.office import Office, open_office
from tests.guard import GUARD_SECONDS


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = await open_office(tmp_path)
    yield office
    await office.database.aclose()


@pytest.fixture
async def page(office: Office) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application(client_max_size=1_000_000)
    upload.setup(app, office.parts.materials)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def path(office: Office) -> str:
    return "/upload/" + (await office.parts.materials.link(await filing(office))).rsplit("/", 1)[1]


def form(*files: bytes, name: str = "病历.jpg") -> FormData:
    data = FormData()
    for content in files:
        data.add_field("files", io.BytesIO(content), filename=name, content_type="image/jpeg")
    return data


async def test_the_page_names_the_matter_and_nobody(page: TestClient, path: str) -> None:
    async with page.get(path) as answer:
        text = await answer.text()
    assert "门诊慢特病资格认定" in text
    assert "张" not in text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_one_refused_file_does_not_cost_the_others(page: TestClient, path: str) -> None:
    async with page.post(path, data=form(picture(), b"<script>alert(1)</script>", picture("PNG"))) as answer:
        text = await answer.text()
    assert answer.status == 200
    assert "<strong>2</strong>" in text
    assert "打不开" in text
    assert "<script>alert" not in text


async def test_what_cannot_be_taken_is_said(page: TestClient, path: str) -> None:
    for data, words in (
        (form(b"x" * 11_000_000), "太大"),
        (form(*[picture()] * 6), "最多5个"),
    ):
        async with page.post(path, data=data) as answer:
            assert answer.status == 422
            assert words in await answer.text()
    nothing = b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n'
    for body, words in ((nothing, "还没有选照片"), (b"--x\r\nbroken", "再试一次")):
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        async with page.post(path, data=body, headers=headers) as answer:
            assert answer.status == 422
            assert words in await answer.text()


async def test_a_slow_line_is_waited_for_and_a_dead_one_is_not(page: TestClient, path: str, monkeypatch) -> None:
    monkeypatch.setattr(upload, "_IDLE_SECONDS", 2.0)
    whole = picture()

    async def slowly(parts: int, pause_seconds: float) -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        for number in range(parts):
            await asyncio.sleep(pause_seconds)
            yield whole[number * len(whole) // parts : (number + 1) * len(whole) // parts]
        yield b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with page.post(path, data=slowly(8, 0.3), headers=headers) as answer:
        assert "这次收到" in await answer.text(), "longer than one pause may be"
    monkeypatch.setattr(upload, "_IDLE_SECONDS", 0.2)
    async with page.post(path, data=slowly(2, GUARD_SECONDS), headers=headers) as answer:
        assert "没有传完" in await answer.text()


async def test_the_print_is_chosen_here_too(page: TestClient, path: str) -> None:
    async with page.get(path, params={"view": "elder"}) as answer:
        assert 'class="elder"' in await answer.text()
    async with page.post(f"{path}?view=elder", data=form(picture())) as answer:
        assert 'class="elder"' in await answer.text()


async def test_an_address_that_is_no_link_gets_a_calm_page(page: TestClient) -> None:
    for token in ("x", "..%2f..%2fetc", "'%20OR%201=1"):
        async with page.get(f"/upload/{token}") as answer:
            assert answer.status == 410
            assert "12393" in await answer.text()
