"""The adapter against the stand-in, a process of its own that fails in every way it can."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import structlog

from casework.core.breaker import Breaker, Rules, State
from casework.core.calls import AT_ONCE, Patience
from casework.core.contract import Decision, Drug, Outcome, Settlement, Submission
from casework.core.errors import CoreRefused
from casework.core.http import HttpCore
from tests.casework.core.conftest import NOBODY, PATIENT, PEOPLE, QUICK, TOKEN, Connect, StandIn, refused

MOTHER = PEOPLE["mother"]["id_number"]
MOVER = PEOPLE["mover"]["id_number"]
LATER = "过一会儿再试"
NEVER = 1000


def filing(key: str) -> Submission:
    return Submission(key, f"BA{key}", "异地就医备案", date(2026, 11, 20), {"place": "北京市"}, 5)


def granted(key: str) -> Decision:
    return Decision(key, PEOPLE["mover"]["cases"][0]["number"], Outcome.GRANTED, date(2026, 11, 26))


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_is_as_in_the_file(core: HttpCore, who: str) -> None:
    given = PEOPLE[who]
    number = given["id_number"]
    person = await core.person(number)
    assert person is not None
    for name in ("name", "id_number", "phone", "scheme", "insured_place", "status"):
        assert getattr(person, name) == given[name]
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


async def test_the_key_is_the_same_whichever_core_system_answers(core: HttpCore) -> None:
    person = await core.person(MOTHER)
    assert person is not None
    assert person.key == core._vault.lookup(MOTHER)


async def test_who_is_unknown_has_empty_records(core: HttpCore) -> None:
    assert await core.person(NOBODY) is None
    assert await core.balance(NOBODY) is None
    for records in (core.contributions, core.remote_filings, core.chronic, core.cases, core.settlements):
        assert await records(NOBODY) == []
    assert (await refused(core.submit(NOBODY, filing("nobody")))).code == "core_rejected"


async def test_settlements_come_newest_first_and_drugs_by_name(core: HttpCore) -> None:
    settlements = await core.settlements(MOTHER)
    assert settlements is not None
    assert settlements[0] == Settlement(date(2026, 10, 15), "山东大学齐鲁医院", 1864520, 932260, "济南市")
    assert settlements[1].on == date(2026, 9, 3)
    assert await core.drugs("甘精") == [Drug("甘精胰岛素", "注射剂", "乙")]


@pytest.mark.parametrize(
    ("kind", "code", "tries"),
    [
        ("hang", "core_timeout", 3),
        ("500", "core_failed", 3),
        ("drop", "core_unreachable", 3),
        ("truncated", "core_unreachable", 3),
        ("garbage", "core_nonsense", 1),
        ("huge", "core_nonsense", 1),
        ("wrong_type", "core_nonsense", 1),
    ],
)
async def test_what_goes_wrong_has_a_name_and_a_limit(
    connect: Connect, stand_in: StandIn, kind: str, code: str, tries: int
) -> None:
    core = connect(stand_in.url, patience=QUICK if kind == "hang" else PATIENT)
    await stand_in.fault(kind, times=NEVER)
    error = await refused(core.person(MOTHER))
    assert error.code == code
    assert error.retryable
    assert LATER in error.citizen_text
    assert (await stand_in.calls())["/v1/person"] == tries


@pytest.mark.parametrize("kind", ["500", "drop", "truncated", "hang"])
async def test_a_passing_fault_is_not_noticed(connect: Connect, stand_in: StandIn, kind: str) -> None:
    core = connect(stand_in.url, patience=QUICK if kind == "hang" else PATIENT)
    await stand_in.fault(kind)
    assert await core.balance(PEOPLE["elder"]["id_number"]) == 186235


async def test_a_slow_answer_is_an_answer(core: HttpCore, stand_in: StandIn) -> None:
    await stand_in.fault("slow", seconds=0.2)
    assert await core.balance(PEOPLE["elder"]["id_number"]) == 186235
    assert (await stand_in.calls())["/v1/balance"] == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda core: core.contributions(MOTHER),
        lambda core: core.balance(PEOPLE["elder"]["id_number"]),
        lambda core: core.remote_filings(MOTHER),
        lambda core: core.chronic(PEOPLE["elder"]["id_number"]),
        lambda core: core.cases(MOTHER),
        lambda core: core.settlements(MOTHER),
        lambda core: core.drugs("药"),
        lambda core: core.submit(MOTHER, filing("twisted")),
        lambda core: core.decide(MOVER, granted("twisted-decision")),
    ],
)
async def test_no_question_takes_words_for_numbers(
    core: HttpCore, stand_in: StandIn, ask: Callable[[HttpCore], Coroutine[Any, Any, object]]
) -> None:
    await stand_in.fault("wrong_type")
    assert (await refused(ask(core))).code == "core_nonsense"


async def test_a_busy_core_is_waited_for_as_long_as_it_says(core: HttpCore, stand_in: StandIn) -> None:
    await stand_in.fault("429", seconds=1)
    began = time.monotonic()
    assert await core.balance(PEOPLE["elder"]["id_number"]) == 186235
    assert time.monotonic() - began >= 1


async def test_but_not_longer_than_a_call_may_last(core: HttpCore, stand_in: StandIn) -> None:
    await stand_in.fault("429", times=NEVER, seconds=600)
    assert (await refused(core.person(MOTHER))).code == "core_overloaded"
    assert (await stand_in.calls())["/v1/person"] == 1


async def test_a_call_ends_however_many_tries_it_may_have(stand_in: StandIn, connect: Connect) -> None:
    endless = Patience(call_seconds=1.0, try_seconds=0.3, tries=10_000, pause_seconds=0.01, least_seconds=0.1)
    core = connect(stand_in.url, patience=endless, breaker=Breaker(Rules(opens_after=NEVER)))
    await stand_in.fault("hang", times=NEVER)
    assert (await refused(core.person(MOTHER))).code == "core_timeout"


async def test_a_wrong_token_is_said_once(stand_in: StandIn, connect: Connect) -> None:
    await stand_in.fault("500", times=0)
    error = await refused(connect(stand_in.url, token="another").person(MOTHER))
    assert (error.code, error.retryable) == ("core_refused", False)
    assert "转人工" in error.citizen_text
    assert (await stand_in.calls())["/v1/person"] == 1


async def test_a_refused_question_is_not_asked_again(core: HttpCore, stand_in: StandIn) -> None:
    await stand_in.fault("500", times=0)
    error = await refused(core.person("not a number"))
    assert isinstance(error, CoreRefused)
    assert (await stand_in.calls())["/v1/person"] == 1


async def test_a_wrong_address_does_not_make_everybody_unknown(stand_in: StandIn, connect: Connect) -> None:
    assert (await refused(connect(f"{stand_in.url}/elsewhere").person(MOTHER))).code == "core_nonsense"


async def test_nobody_listening(connect: Connect) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await refused(connect(f"http://127.0.0.1:{taken.getsockname()[1]}").person(MOTHER))
    assert error.code == "core_unreachable"


async def test_a_lost_answer_makes_one_case(core: HttpCore, stand_in: StandIn) -> None:
    number, once = PEOPLE["worker"]["id_number"], filing("lost")
    await stand_in.fault("drop")
    await core.submit(number, once)
    assert (await stand_in.calls())["/v1/submissions"] == 2
    await core.submit(number, once)
    (case,) = await core.cases(number)
    assert (case.number, case.item, case.submitted_on) == (once.number, once.item, once.submitted_on)
    assert (case.state, case.limit_working_days) == ("办理中", 5)


async def test_a_key_used_for_another_case_is_refused(core: HttpCore) -> None:
    number = PEOPLE["target"]["id_number"]
    await core.submit(number, filing("reused"))
    other = Submission("reused", "BA-other", "异地就医备案", date(2026, 11, 20), {})
    assert (await refused(core.submit(number, other))).code == "core_rejected"


async def test_a_dead_core_costs_nothing_and_is_found_alive_again(stand_in: StandIn, connect: Connect) -> None:
    breaker, rested_seconds = Breaker(Rules(opens_after=4, rest_seconds=1000)), 0
    core = connect(stand_in.url, patience=QUICK, breaker=breaker, now=lambda: time.monotonic() + rested_seconds)
    await stand_in.fault("hang", times=NEVER)
    await refused(core.person(MOTHER))
    await refused(core.person(MOTHER))
    assert breaker.state is State.OPEN
    asked = await stand_in.calls()
    for _ in range(20):
        error = await refused(core.person(MOTHER))
        assert error.code == "core_open"
        assert LATER in error.citizen_text
    assert await stand_in.calls() == asked, "nobody waits for it"
    await stand_in.fault("hang", times=0)
    rested_seconds = 1000
    assert await core.person(MOTHER) is not None
    assert breaker.state is State.CLOSED


async def test_the_call_that_opens_the_breaker_says_why_and_tries_no_more(stand_in: StandIn, connect: Connect) -> None:
    core = connect(stand_in.url, breaker=Breaker(Rules(opens_after=2)))
    await stand_in.fault("500", times=NEVER)
    assert (await refused(core.person(MOTHER))).code == "core_failed"
    assert (await refused(core.person(MOTHER))).code == "core_open"
    assert (await stand_in.calls())["/v1/person"] == 2


async def test_who_tries_and_hangs_up_leaves_the_try_to_the_next(stand_in: StandIn, connect: Connect) -> None:
    core = connect(stand_in.url, breaker=Breaker(Rules(opens_after=1, rest_seconds=0.1)))
    await stand_in.fault("500")
    await refused(core.person(MOTHER))
    await stand_in.fault("hang")
    await asyncio.sleep(0.1)
    await hang_up_on(core, stand_in)
    assert await core.person(MOTHER) is not None


async def hang_up_on(core: HttpCore, stand_in: StandIn) -> None:
    """Ask, and go away when the question has arrived."""
    asking = asyncio.create_task(core.person(MOTHER))
    await stand_in.asked("/v1/person")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_those_who_wait_for_a_slot_do_not_wait_for_a_dead_core(stand_in: StandIn, connect: Connect) -> None:
    core = connect(stand_in.url, patience=QUICK, breaker=Breaker(Rules(opens_after=2)), at_once=2)
    await stand_in.fault("hang", times=NEVER)
    errors = await asyncio.gather(*(refused(core.person(MOTHER)) for _ in range(20)))
    assert {error.code for error in errors} <= {"core_timeout", "core_open"}
    assert (await stand_in.calls())["/v1/person"] <= 4


async def test_who_gets_no_slot_is_told_so(stand_in: StandIn, connect: Connect) -> None:
    core = connect(stand_in.url, patience=replace(PATIENT, call_seconds=0.2), at_once=1)
    await stand_in.fault("500", times=0)
    async with core._calls._slots:
        assert (await refused(core.person(MOTHER))).code == "core_overloaded"
    assert await stand_in.calls() == {}


async def test_many_at_once_are_all_answered(core: HttpCore) -> None:
    people = await asyncio.gather(*(core.person(MOTHER) for _ in range(AT_ONCE * 4)))
    assert all(person is not None for person in people)


async def test_a_caller_who_hangs_up_leaves_the_breaker_and_the_slots_as_they_were(
    stand_in: StandIn, connect: Connect
) -> None:
    breaker = Breaker(Rules(opens_after=1))
    core = connect(stand_in.url, breaker=breaker, at_once=1)
    await stand_in.fault("hang", times=1)
    await hang_up_on(core, stand_in)
    assert breaker.state is State.CLOSED
    assert await core.person(MOTHER) is not None


@pytest.mark.parametrize("kind", ["hang", "500", "drop", "garbage", "huge", "wrong_type", "truncated"])
async def test_nobody_is_named_when_it_goes_wrong(stand_in: StandIn, connect: Connect, kind: str) -> None:
    patience = Patience(call_seconds=0.6, try_seconds=0.3, pause_seconds=0.01, least_seconds=0.1)
    core = connect(stand_in.url, patience=patience)
    await stand_in.fault(kind, times=NEVER)
    with structlog.testing.capture_logs() as logs:
        error: BaseException | None = await refused(core.person(MOTHER))
    shown = [repr(logs), repr(core), repr(core._calls), repr(vars(core._calls))]
    while error is not None:
        shown += [repr(error), str(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    for planted in (MOTHER, PEOPLE["mother"]["name"], PEOPLE["mother"]["phone"], TOKEN):
        assert planted not in "".join(shown)
    assert [entry["event"] for entry in logs] == ["core_call_failed"]


async def test_after_closing_it_says_so(stand_in: StandIn, connect: Connect) -> None:
    core = connect(stand_in.url)
    await core.aclose()
    await core.aclose()
    assert (await refused(core.person(MOTHER))).code == "core_unreachable"
