"""The stand-in as a process of its own, once for a module; an adapter on it for each test."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession

from base.personal_data import Vault
from base.settings import ROOT
from casework.core.breaker import Breaker, Rules
from casework.core.calls import Calls, Patience
from casework.core.contract import CoreUnavailable
from casework.core.http import HttpCore
from demo.core import demo_file
from tests.guard import GUARD_SECONDS

TOKEN = "a-token-of-the-test"
PATIENT = Patience(GUARD_SECONDS, GUARD_SECONDS, GUARD_SECONDS, pause_seconds=0.02, least_seconds=0.1)
"""On a busy machine a good answer may be late: a try ends early only where a test is about that."""

QUICK = replace(PATIENT, try_seconds=1.0)
PEOPLE = {person["key"]: person for person in demo_file()["people"]}
NOBODY = "370899199901019014"


async def refused(asked: Coroutine[Any, Any, object]) -> CoreUnavailable:
    """The error."""
    with pytest.raises(CoreUnavailable) as raised:
        await asyncio.wait_for(asked, 2 * GUARD_SECONDS)
    return raised.value


class StandIn:
    """A running stand-in. `fault` lets the next questions go wrong, and starts the count anew."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def fault(self, kind: str, times: int = 1, **more: Any) -> None:
        async with (
            ClientSession() as http,
            http.post(f"{self.url}/_faults", json={"kind": kind, "next": times, **more}) as answer,
        ):
            assert answer.status == 200

    async def asked(self, path: str) -> None:
        """Wait until it was asked this since the last `fault`."""
        async with asyncio.timeout(GUARD_SECONDS):
            while path not in await self.calls():
                await asyncio.sleep(0.02)

    async def calls(self) -> dict[str, int]:
        async with ClientSession() as http, http.get(f"{self.url}/_calls") as answer:
            counted: dict[str, int] = await answer.json()
            return counted


@pytest.fixture(scope="module")
def process() -> Iterator[StandIn]:
    argv = [sys.executable, "-m", "demo.core_standin", "--port", "0", "--token", TOKEN, "--complete"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        try:
            yield StandIn(f"http://127.0.0.1:{int(running.stdout.readline())}")
        finally:
            running.terminate()
            running.wait(GUARD_SECONDS)


@pytest.fixture
async def stand_in(process: StandIn) -> StandIn:
    await process.fault("500", times=0)
    return process


Connect = Callable[..., HttpCore]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """`connect(url, …)`: an adapter, closed after the test."""
    async with AsyncExitStack() as stack:

        def made(url: str, token: str = TOKEN, patience: Patience = PATIENT, **more: Any) -> HttpCore:
            core = HttpCore(Calls(url, token, patience, **more), Vault("ab" * 32))
            stack.push_async_callback(core.aclose)
            return core

        yield made


@pytest.fixture
async def core(stand_in: StandIn, connect: Connect) -> HttpCore:
    """Patient with failures, so that only the tests of the breaker meet it."""
    return connect(stand_in.url, breaker=Breaker(Rules(opens_after=1000)))
