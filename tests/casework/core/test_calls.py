"""What a server may do that the stand-in does not: every status, answers by drops, packed answers; and the patience."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from casework.core.calls import Patience
from tests.casework.core.conftest import PEOPLE, QUICK, Connect, refused

MOTHER = PEOPLE["mother"]["id_number"]


@asynccontextmanager
async def answering(
    handle: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[tuple[str, list[str]]]:
    """A server with one answer for everything: its address, and the paths it was asked."""
    asked: list[str] = []

    async def counted(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await handle(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", counted)
    async with TestServer(app) as server:
        yield str(server.make_url("/")), asked


@pytest.mark.parametrize(
    ("status", "headers", "code", "tries"),
    [
        (204, {}, "core_nonsense", 1),
        (302, {"Location": "/elsewhere"}, "core_nonsense", 1),
        (307, {"Location": "/elsewhere"}, "core_nonsense", 1),
        (400, {}, "core_rejected", 1),
        (401, {}, "core_refused", 1),
        (403, {}, "core_refused", 1),
        (404, {}, "core_nonsense", 1),
        (409, {}, "core_rejected", 1),
        (413, {}, "core_rejected", 1),
        (429, {}, "core_overloaded", 3),
        (500, {}, "core_failed", 3),
        (501, {}, "core_nonsense", 1),
        (502, {}, "core_failed", 3),
        (503, {}, "core_overloaded", 3),
        (503, {"Retry-After": "600"}, "core_overloaded", 1),
        (503, {"Retry-After": "Wed, 25 Nov 2026 08:00:00 GMT"}, "core_overloaded", 3),
        (503, {"Retry-After": "-1"}, "core_overloaded", 3),
        (504, {}, "core_failed", 3),
    ],
)
async def test_every_status_has_its_code(
    connect: Connect, status: int, headers: dict[str, str], code: str, tries: int
) -> None:
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    async with answering(handle) as (url, asked):
        assert (await refused(connect(url).person(MOTHER))).code == code
        assert asked == ["/v1/person"] * tries


async def test_an_answer_by_drops_is_cut_off(connect: Connect) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            while True:
                await answer.write(b" ")
                await asyncio.sleep(0.05)
        return answer

    async with answering(handle) as (url, _asked):
        assert (await refused(connect(url, patience=QUICK).person(MOTHER))).code == "core_timeout"


async def test_no_more_at_once_than_slots(connect: Connect) -> None:
    now = most = 0

    async def handle(_request: web.Request) -> web.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1
        return web.json_response({"account_balance_fen": 5})

    async with answering(handle) as (url, asked):
        core = connect(url, at_once=2)
        assert await asyncio.gather(*(core.balance(MOTHER) for _ in range(8))) == [5] * 8
    assert len(asked) == 8
    assert most == 2


async def test_a_packed_answer_is_read_but_not_without_end(connect: Connect) -> None:
    packed = [gzip.compress(body) for body in (b'{"account_balance_fen": 5}', b" " * 50_000_000)]

    async def handle(_request: web.Request) -> web.Response:
        return web.Response(body=packed.pop(0), headers={"Content-Encoding": "gzip"})

    async with answering(handle) as (url, _asked):
        core = connect(url)
        assert await core.balance(MOTHER) == 5
        assert (await refused(core.balance(MOTHER))).code == "core_nonsense"
        assert not packed


async def test_the_order_and_the_number_are_ours_to_keep(connect: Connect) -> None:
    years = [{"year": year, "fen": 1, "months": None, "paid_on": None} for year in (2026, 2024, 2025)]
    drugs = [{"name": f"药{number}", "form": "片剂", "grade": "甲"} for number in range(30)]

    async def handle(request: web.Request) -> web.Response:
        return web.json_response({"items": drugs if request.path.endswith("drugs") else years})

    async with answering(handle) as (url, _asked):
        core = connect(url)
        assert [one.year for one in await core.contributions(MOTHER)] == [2024, 2025, 2026]
        assert len(await core.drugs("药") or ()) == 20


async def test_a_catalogue_knows_no_persons(connect: Connect) -> None:
    async def handle(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "unknown_person", "message": ""}}, status=404)

    async with answering(handle) as (url, _asked):
        assert (await refused(connect(url).drugs("药"))).code == "core_nonsense"


def test_the_usual_patience_leaves_an_action_time_to_say_why() -> None:
    assert Patience().call_seconds <= 4
    assert Patience.within(4.0) == Patience()
    half = Patience.within(2.0)
    assert (half.call_seconds, half.try_seconds, half.connect_seconds) == (2.0, 0.9, 0.4)
    assert half.timeout(0.5).total == 0.5


def test_a_try_always_has_a_limit() -> None:
    """A loop that was late left less than nothing, and aiohttp takes 0 and less for "no limit"."""
    for left in (-1.0, 0.0):
        assert 0 < (Patience().timeout(left).total or 0) < 0.1


def test_pauses_double_and_differ() -> None:
    first, second = ({Patience().pause(failed) for _ in range(50)} for failed in (1, 2))
    assert 0.05 <= min(first) < max(first) <= 0.1 <= min(second) < max(second) <= 0.2
