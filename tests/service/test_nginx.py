"""What nginx takes for a death, of a service and of an engine: only that it is not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest_asyncio
from aiohttp import web

from tests.guard import GUARD_SECONDS
from tests.house import House, Machine, nginx


class Program:
    """In place of a service or an engine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        await asyncio.sleep(0.05)  # others come meanwhile
        return web.Response(status=503 if request.path.startswith("/speech/") else 200)


@pytest_asyncio.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[tuple[House, list[Program], list[Program]]]:
    """nginx alone is real."""
    house = House(tmp_path, [Machine(), Machine()], {}, tmp_path, "", "")
    services = [Program(machine.port) for machine in house.machines]
    engines = [Program(machine.engine_port) for machine in house.machines]
    async with AsyncExitStack() as stack:
        for program in (*services, *engines):
            await program.start()
            stack.push_async_callback(program.stop)
        running = nginx(house)
        stack.callback(running.wait)
        stack.callback(running.terminate)
        async with asyncio.timeout(GUARD_SECONDS):
            while not await _is_up(house):
                await asyncio.sleep(0.05)
        yield house, services, engines


async def _is_up(house: House) -> bool:
    try:
        return await house.status("/") == 200
    except aiohttp.ClientError:
        return False


async def _told(house: House, count: int) -> list[int]:
    """What the first machine's service hears for so many turns at the same time."""

    async def one(http: aiohttp.ClientSession) -> int:
        async with http.post(f"http://127.0.0.1:{house.machines[0].engines_port}/webhooks/hotline/webhook") as came:
            return came.status

    async with aiohttp.ClientSession() as http:
        return await asyncio.gather(*(one(http) for _ in range(count)))


async def test_a_service_that_is_too_busy_for_one_thing_is_not_dead(
    bureau: tuple[House, list[Program], list[Program]],
) -> None:
    house, services, _ = bureau
    assert [await house.status("/speech/a") for _ in range(6)] == [503] * 6
    assert await asyncio.gather(*(house.status("/") for _ in range(4))) == [200] * 4
    await services[0].stop()
    assert await asyncio.gather(*(house.status("/") for _ in range(4))) == [200] * 4


async def test_all_turns_reach_the_other_engine_whatever_it_was_before(
    bureau: tuple[House, list[Program], list[Program]],
) -> None:
    house, _, (own, other) = bureau
    await own.stop()
    await other.stop()
    assert set(await _told(house, 2)) == {502}
    await other.start()
    for _ in range(3):
        assert await _told(house, 6) == [200] * 6
