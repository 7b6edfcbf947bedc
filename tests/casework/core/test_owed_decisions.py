"""The whole way: filed, decided in the console's desk, told over HTTP to a core system that fails in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from base.database import Database
from base.personal_data import Vault
from casework.core.breaker import Breaker, Rules
from casework.core.http import HttpCore
from casework.outbox import KeepingGateway
from casework.people.identity import Codes
from service.wiring.assembly import assemble
from tests.casework.core.conftest import QUICK, Connect, StandIn
from tests.casework.decider import WHO, filed
from tests.casework.office import CODE, KEY, Clock, Office, Post, people
from tests.tables import make_tables

NUMBER = people()[WHO]["id_number"]


@pytest.fixture
async def core(stand_in: StandIn, connect: Connect) -> HttpCore:
    return connect(stand_in.url, patience=QUICK, breaker=Breaker(Rules(opens_after=1000)))


@pytest.fixture
async def bureau(core: HttpCore, tmp_path: Path) -> AsyncIterator[Office]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'office.db'}")
    await make_tables(database)
    vault, clock = Vault(KEY), Clock()
    parts = assemble(
        database,
        vault,
        core,
        KeepingGateway(),
        Codes(CODE),
        materials=tmp_path / "materials",
        address="https://yibao.example",
        now=clock,
    )
    yield Office(database, vault, core, clock, parts, Post())  # type: ignore[arg-type]
    await database.aclose()


FAULTS = ("500", "drop", "hang", "garbage", "429")
"""With "drop" the core system has heard of it, and its answers are lost."""


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_failing_core_system_hears_of_it_in_the_end_and_once(
    bureau: Office, stand_in: StandIn, core: HttpCore, kind: str
) -> None:
    bureau.clock.passes(days=FAULTS.index(kind))  # numbers of their own: it is the same stand-in for all
    number = await filed(bureau)
    await bureau.parts.to_core.hand_over()
    await bureau.parts.desk.decide(number, approved=True, reason="", by="zuoxi")
    before = len(await core.remote_filings(NUMBER))
    await stand_in.fault(kind, times=3, seconds=60)
    await bureau.parts.decisions.deliver()
    assert "核心系统暂时连不上" in await bureau.parts.desk.told_core(number)
    await stand_in.fault(kind, times=0)
    bureau.clock.passes(minutes=1)
    assert await bureau.parts.decisions.deliver() == 1
    assert (await bureau.parts.desk.told_core(number)).startswith("已通知")
    assert len(await core.remote_filings(NUMBER)) == before + 1
    (case,) = [case for case in await core.cases(NUMBER) if case.number == number]
    assert case.state == "已办结"
