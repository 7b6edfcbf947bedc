"""Nobody waits for a core system that somebody else asked: it is never asked inside an open unit of work."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from base.database import Database
from base.settings import ROOT
from casework.core.contract import Person
from tests.casework.filings.test_filings import authorised, begun
from tests.casework.office import Office, people, staff_office

CHRONIC = ("高血压", "邹城市人民医院", "19900000003")
ASKED = ("person", "submit", "decide", "drugs", "balance", "contributions", "remote_filings", "chronic", "cases")
_NOT_OUTSIDE = {
    "self._change": "asks itself again when two were at it at once; its own session has ended",
    "self._queue.put": "an `asyncio.Queue`, before the session that its job will be given",
}
"""Calls that a reader of the text alone takes for others."""


@pytest.fixture
async def office(url: str, tmp_path: Path) -> AsyncIterator[Office]:
    office = await staff_office(Database(url), tmp_path)
    yield office
    await office.database.aclose()


@pytest.fixture
async def beside(url: str) -> AsyncIterator[Database]:
    """Another process's way to the same database."""
    database = Database(url)
    yield database
    await database.aclose()


async def waiting_transactions(beside: Database) -> int:
    """How many units of work stand open just now, so that somebody else's must wait."""
    async with beside.engine.connect() as connection:
        if beside.engine.dialect.name == "postgresql":
            counted = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            )
            return int((await connection.exec_driver_sql(counted)).scalar_one())
        await connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        except Exception as error:
            if "locked" in str(error):
                return 1
            raise
        await connection.rollback()
        return 0


def watch(office: Office, beside: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """From now on each question to the core system notes the most units of work that stood open then."""
    found: dict[str, int] = {}

    def watched(name: str) -> Any:
        real = getattr(office.core, name)

        async def asked(*told: Any) -> Any:
            found[name] = max(found.get(name, 0), await waiting_transactions(beside))
            return await real(*told)

        return asked

    for name in ASKED:
        monkeypatch.setattr(office.core, name, watched(name))
    return found


async def filed_for_mother(office: Office) -> str:
    """The daughter hands it in; returns its number."""
    daughter = await begun(office, "daughter", "给俺妈办慢特病", *CHRONIC)
    number = re.search(r"GD[\d-]+", await daughter.says("提交"))
    assert number, daughter.last
    return number[0]


async def mother_of(office: Office) -> Person:
    mother = await office.core.person(people()["mother"]["id_number"])
    assert mother
    return mother


async def test_no_question_is_put_to_the_core_system_inside_a_unit_of_work(
    office: Office, beside: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = watch(office, beside, monkeypatch)
    authorisation = await authorised(office)
    number = await filed_for_mother(office)
    await office.parts.desk.ask_supplement(number, what="化验单", by="zuoxi")
    assert await office.parts.authorisations.revoke(await mother_of(office), authorisation)
    assert await office.parts.desk.view(number)
    await office.parts.to_core.hand_over()
    await office.parts.desk.decide(number, approved=False, reason="病历不全", by="zuoxi")
    await office.parts.decisions.deliver()
    asked = office.caller()
    await asked.wants("query_mine", "查进度")
    await asked.proves("mother")
    assert set(found) >= {"person", "submit", "decide", "cases"}
    assert not any(found.values()), found


async def test_a_core_system_that_does_not_answer_about_one_delays_nobody_elses_filing(
    office: Office, beside: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorisation = await authorised(office)
    number = await filed_for_mother(office)
    assert await office.parts.authorisations.revoke(await mother_of(office), authorisation)
    asked, answers, real = asyncio.Event(), asyncio.Event(), office.core.person

    async def slow(id_number: str) -> Person | None:
        if id_number == people()["daughter"]["id_number"]:
            asked.set()
            await answers.wait()
        return await real(id_number)

    monkeypatch.setattr(office.core, "person", slow)
    deciding = asyncio.create_task(office.parts.desk.decide(number, approved=True, reason="", by="zuoxi"))
    await asked.wait()
    other = await staff_office(beside, tmp_path)
    elder = await begun(other, "elder", "办慢特病", "高血压", "邹城市人民医院", "19900000001")
    assert "提交好了" in await elder.says("提交")
    assert not deciding.done()
    answers.set()
    await deciding


def test_inside_a_unit_of_work_only_the_database_is_waited_for() -> None:
    """Read from the text: whatever is awaited there is the session's, or gets the session."""
    waits = [
        f"{file.relative_to(ROOT)}:{line} {call}"
        for package in ("staff", "casework", "knowledge", "bot", "connectors", "service")
        for file in sorted((ROOT / package).rglob("*.py"))
        for line, call in _waits(file)
    ]
    assert waits == []


def _waits(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for inner in (inner for part in _unit_of_work(node) for inner in ast.walk(part)):
            if not isinstance(inner, ast.Await) or not isinstance(inner.value, ast.Call):
                continue
            call, told = ast.unparse(inner.value.func), [*inner.value.args, *(k.value for k in inner.value.keywords)]
            names = {name.id for part in told for name in ast.walk(part) if isinstance(name, ast.Name)}
            if not call.startswith("session.") and "session" not in names and call not in _NOT_OUTSIDE:
                yield inner.lineno, call


def _unit_of_work(node: ast.AST) -> list[ast.stmt]:
    """What is done in one: the body of `async with ….session()`, and of each function that is handed a session."""
    if isinstance(node, ast.AsyncWith) and any(
        ast.unparse(item.context_expr).endswith(".session()") for item in node.items
    ):
        return node.body
    if isinstance(node, ast.AsyncFunctionDef):
        told = [*node.args.args, *node.args.kwonlyargs]
        if any(one.annotation is not None and "AsyncSession" in ast.unparse(one.annotation) for one in told):
            return node.body
    return []
