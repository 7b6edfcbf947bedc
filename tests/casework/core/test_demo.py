"""The embedded core system: everybody's data as in the file, and nothing of it readable on the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from base.database import Database
from base.personal_data import Vault
from casework.core.contract import Submission
from demo.core import DemoCore
from tests.casework.core.conftest import NOBODY, PEOPLE
from tests.tables import make_tables

FILING = Submission("key-1", "BA20261120-0001", "异地就医备案", date(2026, 11, 20), {"place": "北京市朝阳区甲号"}, 5)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    await make_tables(database)
    yield database
    await database.aclose()


@pytest.fixture
async def core(database: Database) -> DemoCore:
    core = DemoCore(database, Vault("ab" * 32))
    await core.load(list(PEOPLE.values()))
    return core


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_is_as_in_the_file(core: DemoCore, who: str) -> None:
    given = PEOPLE[who]
    number = given["id_number"]
    person = await core.person(number)
    assert person is not None
    for name in ("name", "id_number", "phone", "scheme", "insured_place", "status"):
        assert getattr(person, name) == given[name]
    assert person.key == Vault("ab" * 32).lookup(number)
    assert await core.balance(number) == given["account_balance_fen"]
    assert [(one.year, one.fen, one.months, one.paid_on) for one in await core.contributions(number)] == [
        (one["year"], one["fen"], one.get("months"), one.get("paid_on")) for one in given["contributions"]
    ]
    assert [(one.disease, one.approved_on, one.valid_until) for one in await core.chronic(number)] == [
        (one["disease"], one["approved_on"], one["valid_until"]) for one in given["chronic"]
    ]
    assert [(one.kind, one.place, one.filed_on, one.valid_until) for one in await core.remote_filings(number)] == [
        (one["kind"], one["place"], one["filed_on"], one["valid_until"]) for one in given["remote_care"]
    ]
    assert [
        (one.item, one.number, one.submitted_on, one.state, one.limit_working_days) for one in await core.cases(number)
    ] == [
        (one["item"], one["number"], one["submitted_on"], one["state"], one["limit_working_days"])
        for one in given["cases"]
    ]


async def test_who_is_unknown_has_empty_records(core: DemoCore) -> None:
    assert await core.person(NOBODY) is None
    assert await core.balance(NOBODY) is None
    for records in (core.contributions, core.remote_filings, core.chronic, core.cases):
        assert list(await records(NOBODY)) == []


async def test_a_person_does_not_show_in_repr(core: DemoCore) -> None:
    shown = repr(await core.person(PEOPLE["elder"]["id_number"])) + repr(core) + repr(FILING)
    for planted in (PEOPLE["elder"]["name"], PEOPLE["elder"]["id_number"], PEOPLE["elder"]["phone"], "朝阳区"):
        assert planted not in shown


async def test_what_is_handed_over_twice_is_one_case(core: DemoCore) -> None:
    number = PEOPLE["mother"]["id_number"]
    await core.submit(number, FILING)
    await core.submit(number, FILING)
    (case,) = await core.cases(number)
    assert (case.number, case.item, case.submitted_on) == (FILING.number, FILING.item, FILING.submitted_on)
    assert (case.state, case.limit_working_days) == ("办理中", 5)
    assert await core.cases(PEOPLE["father"]["id_number"]) == []


async def test_loading_again_replaces_the_people(core: DemoCore) -> None:
    await core.load([PEOPLE["elder"]])
    assert await core.person(PEOPLE["mother"]["id_number"]) is None
    assert await core.person(PEOPLE["elder"]["id_number"]) is not None


async def test_nobody_can_be_read_in_any_file(core: DemoCore, database: Database, tmp_path: Path) -> None:
    await core.submit(PEOPLE["mother"]["id_number"], FILING)
    planted = [PEOPLE[who][name] for who in PEOPLE for name in ("id_number", "name", "phone")] + ["朝阳区甲号"]
    _none_of(planted, tmp_path)  # with the write-ahead log still there
    await database.aclose()
    _none_of(planted, tmp_path)


def _none_of(planted: list[str], folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.stat().st_size > 4096 for path in files), "otherwise nothing was searched"
    for path in files:
        written = path.read_bytes()
        for value in planted:
            for encoding in ("utf-8", "utf-16-le", "unicode_escape"):
                assert value.encode(encoding) not in written
