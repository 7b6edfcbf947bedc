"""The breaker by the second: nothing waits here."""

from __future__ import annotations

import pytest

from casework.core.breaker import Breaker, Rules, State

RULES = Rules(opens_after=3, rest_seconds=5, longest_rest_seconds=15)


@pytest.fixture
def breaker() -> Breaker:
    return Breaker(RULES)


def fail(breaker: Breaker, now: float, times: int = 1) -> None:
    for _ in range(times):
        permit = breaker.enter(now)
        assert permit is not None
        breaker.failed(permit, now)


def test_it_opens_at_the_third_failure_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 0, 2)
    assert breaker.state is State.CLOSED
    fail(breaker, 1)
    assert breaker.state is State.OPEN
    assert breaker.enter(5.9) is None


def test_one_good_answer_starts_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 0, 2)
    breaker.succeeded(breaker.enter(0))
    fail(breaker, 0, 2)
    assert breaker.state is State.CLOSED


def test_after_the_rest_one_may_try_and_only_one(breaker: Breaker) -> None:
    fail(breaker, 0, 3)
    assert breaker.may_enter(5)
    permit = breaker.enter(5)
    assert permit is not None
    assert breaker.enter(5) is None
    assert not breaker.may_enter(6)
    breaker.succeeded(permit)
    assert breaker.state is State.CLOSED


def test_asking_whether_one_may_takes_nothing(breaker: Breaker) -> None:
    fail(breaker, 0, 3)
    assert breaker.may_enter(5)
    assert breaker.state is State.OPEN
    assert breaker.enter(5) is not None


def test_each_failed_try_doubles_the_rest_up_to_the_longest(breaker: Breaker) -> None:
    fail(breaker, 0, 3)
    for now, rest in ((5, 10), (15, 15), (30, 15)):
        fail(breaker, now)
        assert not breaker.may_enter(now + rest - 0.1)
        assert breaker.may_enter(now + rest)


def test_a_recovery_forgets_the_long_rest(breaker: Breaker) -> None:
    fail(breaker, 0, 3)
    fail(breaker, 5)
    breaker.succeeded(breaker.enter(15))
    fail(breaker, 20, 3)
    assert breaker.may_enter(25)


@pytest.mark.parametrize("outcome", ["good", "bad"])
def test_what_began_before_the_opening_counts_no_more(breaker: Breaker, outcome: str) -> None:
    early = breaker.enter(0)
    fail(breaker, 0, 3)
    if outcome == "good":
        breaker.succeeded(early)
        assert breaker.enter(1) is None
    else:
        breaker.failed(early, 4)
        assert breaker.may_enter(5), "and does not prolong the rest"


def test_what_began_before_says_nothing_of_the_try(breaker: Breaker) -> None:
    early = breaker.enter(0)
    fail(breaker, 0, 3)
    trying = breaker.enter(5)
    breaker.failed(early, 5)
    breaker.succeeded(early)
    assert breaker.state is State.HALF_OPEN
    breaker.succeeded(trying)
    assert breaker.state is State.CLOSED


def test_a_caller_who_goes_away_leaves_the_try_to_the_next(breaker: Breaker) -> None:
    fail(breaker, 0, 3)
    breaker.forgotten(breaker.enter(5))
    assert breaker.enter(5) is not None


def test_a_caller_who_goes_away_is_no_failure(breaker: Breaker) -> None:
    fail(breaker, 0, 2)
    breaker.forgotten(breaker.enter(0))
    assert breaker.state is State.CLOSED
    fail(breaker, 0)
    assert breaker.state is State.OPEN


def test_every_turn_is_told() -> None:
    told: list[State] = []
    breaker = Breaker(RULES, turned=told.append)
    fail(breaker, 0, 3)
    breaker.succeeded(breaker.enter(5))
    assert told == [State.OPEN, State.HALF_OPEN, State.CLOSED]
