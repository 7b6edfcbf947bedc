"""A core system that hears what was decided: the demo's, and the stand-in over HTTP, do the same with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import structlog

from base.database import Database
from base.personal_data import Vault
from casework.core.breaker import Breaker, Rules, State
from casework.core.contract import CoreSystem, Decision, Outcome, Submission
from casework.core.http import HttpCore
from casework.filings import items
from demo import effects
from demo.core import DemoCore
from tests.casework.core.conftest import NOBODY, PEOPLE, QUICK, TOKEN, Connect, StandIn, refused
from tests.tables import make_tables

WORKER = PEOPLE["worker"]["id_number"]
SUBMITTED, DECIDED = date(2026, 11, 20), date(2026, 11, 26)
_cases = count(1)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[DemoCore]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'core.db'}")
    await make_tables(database)
    core = DemoCore(database, Vault("ab" * 32))
    await core.load(list(PEOPLE.values()))
    yield core
    await database.aclose()


@pytest.fixture(params=["demo", "core"])
def any_core(request: pytest.FixtureRequest) -> CoreSystem:
    """`core` is the one over HTTP."""
    core: CoreSystem = request.getfixturevalue(request.param)
    return core


async def submitted(core: CoreSystem, item: str = "参保信息变更", **fields: str) -> str:
    """The number of a new case of the worker's."""
    number = f"GD20261120-{next(_cases):04d}"
    await core.submit(WORKER, Submission(f"key of {number}", number, item, SUBMITTED, fields))
    return number


def decision(number: str, outcome: Outcome, key: str = "") -> Decision:
    return Decision(key or f"{outcome} of {number}", number, outcome, DECIDED, "张三的病历不全\n请补")


async def state(core: CoreSystem, number: str) -> str:
    return next(case.state for case in await core.cases(WORKER) if case.number == number)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.GRANTED, "已办结"), (Outcome.REFUSED, "不予办理"), (Outcome.WITHDRAWN, "已撤回")],
)
async def test_the_case_stands_as_it_was_decided(any_core: CoreSystem, outcome: Outcome, words: str) -> None:
    number = await submitted(any_core)
    assert await state(any_core, number) == "办理中"
    await any_core.decide(WORKER, decision(number, outcome))
    assert await state(any_core, number) == words


async def test_a_granted_remote_filing_is_on_record_until_it_is_withdrawn(any_core: CoreSystem) -> None:
    number = await submitted(any_core, "异地就医备案（长期居住）", 备案到哪里="甘肃省兰州市")

    async def places() -> list[tuple[str, date, date | None]]:
        found = [one for one in await any_core.remote_filings(WORKER) if one.place == "甘肃省兰州市"]
        return [(one.kind, one.filed_on, one.valid_until) for one in found]

    assert await places() == []
    await any_core.decide(WORKER, decision(number, Outcome.GRANTED))
    assert await places() == [("异地长期居住", DECIDED, None)]
    await any_core.decide(WORKER, decision(number, Outcome.WITHDRAWN))
    assert await places() == []


async def test_one_for_a_stay_away_ends(any_core: CoreSystem) -> None:
    number = await submitted(any_core, "异地就医备案（转诊转院）", 转到哪里="青海省西宁市")
    await any_core.decide(WORKER, decision(number, Outcome.GRANTED))
    (one,) = [one for one in await any_core.remote_filings(WORKER) if one.place == "青海省西宁市"]
    assert (one.kind, one.valid_until) == ("转诊转院", date(2027, 5, 28))


async def test_a_granted_eligibility_is_on_record_and_a_refused_one_is_not(any_core: CoreSystem) -> None:
    gout = await submitted(any_core, "门诊慢特病资格认定", 申请的病种="痛风")
    asthma = await submitted(any_core, "门诊慢特病资格认定", 申请的病种="哮喘")
    await any_core.decide(WORKER, decision(gout, Outcome.GRANTED))
    await any_core.decide(WORKER, decision(asthma, Outcome.REFUSED))
    entries = {one.disease: (one.approved_on, one.valid_until) for one in await any_core.chronic(WORKER)}
    assert entries.get("痛风") == (DECIDED, None)
    assert "哮喘" not in entries


async def test_the_same_decision_again_changes_nothing_not_even_after_a_later_one(any_core: CoreSystem) -> None:
    number = await submitted(any_core)
    first = decision(number, Outcome.GRANTED)
    await any_core.decide(WORKER, first)
    await any_core.decide(WORKER, first)
    assert await state(any_core, number) == "已办结"
    await any_core.decide(WORKER, decision(number, Outcome.WITHDRAWN))
    await any_core.decide(WORKER, first)  # its answer was lost, and it comes once more
    assert await state(any_core, number) == "已撤回"


async def test_a_key_of_another_decision_is_refused(any_core: CoreSystem) -> None:
    number = await submitted(any_core)
    await any_core.decide(WORKER, decision(number, Outcome.GRANTED, key=f"once {number}"))
    error = await refused(any_core.decide(WORKER, decision(number, Outcome.REFUSED, key=f"once {number}")))
    assert (error.code, error.retryable) == ("core_rejected", False)
    assert await state(any_core, number) == "已办结"


async def test_a_case_that_is_not_this_persons_is_none(any_core: CoreSystem) -> None:
    number = await submitted(any_core)
    for whose, which in ((WORKER, "GD20200101-0001"), (PEOPLE["mother"]["id_number"], number), (NOBODY, number)):
        error = await refused(any_core.decide(whose, decision(which, Outcome.GRANTED)))
        assert not error.retryable
        assert error.code in ("core_no_case", "core_rejected")
    assert await state(any_core, number) == "办理中"


async def test_several_decisions_at_once_are_all_kept(demo: DemoCore) -> None:
    number = await submitted(demo)
    keys = [f"decision {n}" for n in range(4)]
    await asyncio.gather(*(demo.decide(WORKER, decision(number, Outcome.GRANTED, key)) for key in keys))
    (case,) = await demo._handed_over(WORKER)
    assert sorted(case["decisions"]) == keys


async def test_a_lost_answer_makes_one_decision(core: HttpCore, stand_in: StandIn) -> None:
    number = await submitted(core)
    await stand_in.fault("drop")
    await core.decide(WORKER, decision(number, Outcome.GRANTED))
    assert (await stand_in.calls())["/v1/decisions"] == 2
    assert await state(core, number) == "已办结"


@pytest.mark.parametrize(
    ("kind", "code", "tries"),
    [
        ("hang", "core_timeout", 3),
        ("500", "core_failed", 3),
        ("truncated", "core_unreachable", 3),
        ("garbage", "core_nonsense", 1),
        ("wrong_type", "core_nonsense", 1),
    ],
)
async def test_what_goes_wrong_has_a_name_and_nobody_is_named(
    connect: Connect, stand_in: StandIn, kind: str, code: str, tries: int
) -> None:
    core = connect(stand_in.url, patience=QUICK)
    number = await submitted(core)
    await stand_in.fault(kind, times=1000)
    with structlog.testing.capture_logs() as logs:
        error = await refused(core.decide(WORKER, decision(number, Outcome.GRANTED)))
    assert (error.code, error.retryable) == (code, True)
    assert (await stand_in.calls())["/v1/decisions"] == tries
    shown = repr(logs) + repr(error) + str(error)
    assert not [word for word in (WORKER, "张三", TOKEN, number) if word in shown]


async def test_a_dead_core_is_not_asked_again_and_again(connect: Connect, stand_in: StandIn) -> None:
    breaker = Breaker(Rules(opens_after=3, rest_seconds=1000))
    core = connect(stand_in.url, breaker=breaker)
    number = await submitted(core)
    await stand_in.fault("500", times=1000)
    await refused(core.decide(WORKER, decision(number, Outcome.GRANTED)))
    assert breaker.state is State.OPEN
    assert (await refused(core.decide(WORKER, decision(number, Outcome.GRANTED)))).code == "core_open"
    assert (await stand_in.calls())["/v1/decisions"] == 3


def test_a_reason_shows_in_no_repr() -> None:
    assert "张三" not in repr(replace(decision("GD20261120-0001", Outcome.REFUSED), key="k"))


def test_what_a_decision_brings_is_known_by_the_names_of_our_items() -> None:
    labels = {item.name: {field.label for field in item.fields} for item in items.load().items.values()}
    for item, (_, place, _lasts) in effects._REMOTE.items():
        assert place in labels[item]
    assert effects._DISEASE in labels[effects._CHRONIC]
