"""The page behind the link: what is taken, what is refused, what nobody may see."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from base.room import Room
from casework.filings.materials import MOST
from connectors.web.chat.rate import RateLimit
from connectors.web.pages import upload
from connectors.web.pages.office import Office as Office_
from tests.casework.filings.test_materials import filing, picture
from tests.casework.office import Office, open_office
from tests.guard import GUARD_SECONDS

ONCE = RateLimit(per_second=0.01, burst=1, patience_seconds=0.0)


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
        (form(b"x" * 10_000_001), "太大"),
    ):
        async with page.post(path, data=data) as answer:
            assert answer.status == 422
            assert words in await answer.text()
    six = (picture(colour=f"#0000{number + 16:02x}") for number in range(6))
    async with page.post(path, data=form(*six)) as answer:
        text = await answer.text()
        assert "<strong>5</strong>" in text, "each is taken as it comes, in memory one at a time"
        assert "最多5个" in text
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


async def endless() -> AsyncIterator[bytes]:
    """A form that never ends; whoever reads it waits for ever."""
    yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    await asyncio.sleep(3600)


MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


async def test_nothing_is_read_for_a_link_that_is_none_or_full(page: TestClient, path: str, office: Office) -> None:
    async with page.post("/upload/none", data=endless(), headers=MULTIPART) as answer:
        assert answer.status == 410
    materials, number = office.parts.materials, await filing(office)
    for n in range(MOST):
        await materials.add(number, picture("PNG", f"#0000{n + 16:02x}"), channel="web")
    async with page.post(path, data=endless(), headers=MULTIPART) as answer:
        assert "已经够了" in await answer.text()


async def test_nothing_is_read_of_a_form_that_announces_more_than_can_be_taken(page: TestClient, path: str) -> None:
    announced = {**MULTIPART, "Content-Length": str(900_000_000)}
    async with page.post(path, data=endless(), headers=announced) as answer:
        assert answer.status == 422
        assert "每个不超过10兆" in await answer.text()
    async with page.post("/upload/none", data=endless(), headers=announced) as answer:
        assert answer.status == 410


async def test_nothing_is_read_while_the_disk_is_full(
    page: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Room, "is_left", False)
    async with page.post(path, data=endless(), headers=MULTIPART) as answer:
        assert answer.status == 422
        assert "存不下文件" in await answer.text()


async def test_one_form_of_a_link_at_a_time(page: TestClient, path: str) -> None:
    begun = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        async for part in endless():
            yield part
            begun.set()

    first = asyncio.create_task(page.post(path, data=slowly(), headers=MULTIPART))
    await asyncio.wait_for(begun.wait(), GUARD_SECONDS)
    await asyncio.sleep(0.1)
    async with page.post(path, data=form(picture())) as answer:
        assert "还在收" in await answer.text()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_who_sends_again_and_again_is_told_to_wait(office: Office, path: str) -> None:
    app = web.Application()
    app.router.add_post("/upload/{token}", upload.UploadPages(office.parts.materials, Office_(), ONCE).take)
    upload.setup_templates(app)
    async with TestClient(TestServer(app)) as client:
        async with client.post(path, data=form(picture())) as answer:
            assert "<strong>1</strong>" in await answer.text()
        async with client.post(path, data=endless(), headers=MULTIPART) as answer:
            assert "过一会儿再交" in await answer.text()
