from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from base.database import Database
from base.errors import SetupError
from base.personal_data import Vault
from base.settings import Settings
from casework.core.choose import connect
from casework.core.contract import CoreUnavailable
from casework.core.http import HttpCore
from demo.core import DemoCore
from tests.casework.core.conftest import PEOPLE, TOKEN, StandIn

SECRETS: dict[str, Any] = {"data_key": "ab" * 32, "rasa_token": "r", "action_token": "a"}


async def chosen(stack: AsyncExitStack, **settings: Any) -> Any:
    database = Database("sqlite+aiosqlite://")
    stack.push_async_callback(database.aclose)
    vault = Vault("ab" * 32)
    chosen = Settings(_env_file=None, **SECRETS, **settings)
    return connect(chosen, vault, stack, lambda: DemoCore(database, vault))


async def test_the_demo_brings_its_own() -> None:
    async with AsyncExitStack() as stack:
        assert isinstance(await chosen(stack, demo=True), DemoCore)


@pytest.mark.parametrize("demo", [True, False])
async def test_a_core_that_is_named_is_used_and_closed_at_the_end(stand_in: StandIn, demo: bool) -> None:
    async with AsyncExitStack() as stack:
        core = await chosen(stack, demo=demo, core_url=stand_in.url, core_token=TOKEN)
        assert isinstance(core, HttpCore)
        assert await core.person(PEOPLE["elder"]["id_number"]) is not None
    with pytest.raises(CoreUnavailable):
        await core.person(PEOPLE["elder"]["id_number"])


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ["YIBAO_CORE_URL is empty"]),
        ({"core_url": "https://core.example"}, ["YIBAO_CORE_TOKEN"]),
        ({"core_url": "HTTP://core.example"}, ["https://", "YIBAO_CORE_TOKEN"]),
        ({"core_url": "core.example", "core_token": "t"}, ["YIBAO_CORE_URL"]),
        ({"core_url": "https://user:secret@core.example", "core_token": "t"}, ["without name"]),
        ({"core_url": "https://core.example?a=1", "core_token": "t"}, ["without name"]),
        ({"core_url": "https://[bad", "core_token": "t"}, ["YIBAO_CORE_URL"]),
        ({"core_url": "https://core.example:99999", "core_token": "t"}, ["YIBAO_CORE_URL"]),
        ({"core_url": "https://core.example", "core_token": "t\n"}, ["without line ends"]),
    ],
)
async def test_whoever_starts_it_is_told_all_that_is_wrong(settings: dict[str, str], names: list[str]) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(SetupError) as raised:
            await chosen(stack, **settings)
    assert all(name in str(raised.value) for name in names)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8082", "http://localhost:1", "http://[::1]:1", "https://core.example/a"]
)
async def test_on_this_machine_plain_http_will_do(url: str) -> None:
    async with AsyncExitStack() as stack:
        assert isinstance(await chosen(stack, core_url=url, core_token="t"), HttpCore)
