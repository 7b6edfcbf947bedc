"""A database with this channel's tables, a vault, and a clock that the test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from base.database import Base, Database
from base.personal_data import Vault
from connectors.wechat import models  # noqa: F401 - declares the tables
from connectors.wechat.platform.wire import Incoming

OPENID = "oTestAaaaaaaaaaaaaaaaaaaaaa1"


class Clock:
    """`now()` stands still until the test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 8, 0)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault() -> Vault:
    return Vault("ab" * 32)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'wechat.db'}")
    tables = [table for name, table in Base.metadata.tables.items() if name.startswith("wechat_")]
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: Base.metadata.create_all(sync, tables=tables))
    yield database
    await database.aclose()


def text_message(text: str = "异地就医怎么备案", msg_id: str = "1", openid: str = OPENID) -> Incoming:
    return Incoming(openid, "gh_test", 1764000000, "text", msg_id=msg_id, text=text)


def event(name: str, key: str = "", openid: str = OPENID) -> Incoming:
    return Incoming(openid, "gh_test", 1764000000, "event", event=name, event_key=key)
