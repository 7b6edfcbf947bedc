import pytest

from connectors.web.chat.rate import RateLimit, RateLimiter, TooFast

LIMIT = RateLimit(per_second=2, burst=3, patience_seconds=1.0)


def test_a_person_never_waits():
    limiter = RateLimiter(LIMIT)
    assert [limiter.reserve("a", now) for now in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)] == [0] * 6


def test_a_burst_goes_through_then_one_is_slowed_then_refused():
    limiter = RateLimiter(LIMIT)
    assert [limiter.reserve("a", 0.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    with pytest.raises(TooFast) as refused:
        limiter.reserve("a", 0.0)
    assert refused.value.retry_seconds == pytest.approx(1.5)


def test_being_refused_costs_nothing():
    limiter = RateLimiter(LIMIT)
    for _ in range(5):
        limiter.reserve("a", 0.0)
    for _ in range(100):
        with pytest.raises(TooFast):
            limiter.reserve("a", 0.0)
    assert limiter.reserve("a", 0.5) == pytest.approx(1.0)


def test_each_client_has_its_own_bucket():
    limiter = RateLimiter(LIMIT)
    for _ in range(5):
        limiter.reserve("a", 0.0)
    assert limiter.reserve("b", 0.0) == 0


def test_no_more_clients_are_remembered_than_allowed():
    limiter = RateLimiter(LIMIT, max_clients=100)
    for number in range(1000):
        limiter.reserve(str(number), 0.0)
    assert len(limiter._full_at) == 100


def test_no_up_time_of_the_machine_refuses_a_first_message():
    """0.1 s + 100 s - 0.1 s - 100 s is not 0 in floats."""
    limiter = RateLimiter(RateLimit(per_second=0.01, burst=1, patience_seconds=0.0))
    for number in range(3000):
        limiter.reserve(str(number), 1580.0 + number / 7)
