"""The table of cases for "has the caller finished?"; every row is a stretch of speech or silence in seconds."""

import pytest

from voice.endpointing import Endpointer, Moment

STEP = 0.02


def moments(endpointer: Endpointer, *stretches: tuple[str, float]) -> list[tuple[float, Moment]]:
    """Play "speech"/"silence" stretches; each moment with the time at which it came."""
    now, found = 0.0, []
    for kind, length in stretches:
        for _ in range(round(length / STEP)):
            now += STEP
            if moment := endpointer.hear(STEP, 0.9 if kind == "speech" else 0.1):
                found.append((round(now, 2), moment))
    return found


def test_a_click_is_not_a_turn() -> None:
    assert moments(Endpointer(), ("speech", 0.06), ("silence", 2.0)) == []


def test_a_finished_sentence_ends_soon() -> None:
    endpointer = Endpointer()
    (started, first), (paused, second) = moments(endpointer, ("speech", 1.0), ("silence", 0.22))
    assert (first, second) == (Moment.STARTED, Moment.PAUSED)
    assert (started, paused) == pytest.approx((0.12, 1.06), abs=0.03)
    endpointer.judge(0.36)
    [(finished, last)] = moments(endpointer, ("silence", 0.3))
    assert last is Moment.FINISHED
    assert finished == pytest.approx(0.14, abs=0.03)


def test_a_caller_who_stops_to_think_is_waited_for() -> None:
    endpointer = Endpointer()
    found = moments(endpointer, ("speech", 1.0), ("silence", 1.0), ("speech", 0.5), ("silence", 1.7))
    assert [moment for _, moment in found] == [
        Moment.STARTED,
        Moment.PAUSED,
        Moment.RESUMED,
        Moment.PAUSED,
        Moment.FINISHED,
    ]


def test_a_verdict_on_one_pause_does_not_count_for_the_next() -> None:
    endpointer = Endpointer()
    moments(endpointer, ("speech", 1.0), ("silence", 0.3))
    endpointer.judge(0.36)
    assert Moment.FINISHED not in [m for _, m in moments(endpointer, ("speech", 0.5), ("silence", 0.6))]


def test_one_quiet_window_inside_a_word_is_no_pause() -> None:
    endpointer = Endpointer()
    found = moments(endpointer, ("speech", 0.1), ("silence", 0.02), ("speech", 0.3), ("silence", 0.04), ("speech", 0.4))
    assert [moment for _, moment in found] == [Moment.STARTED]


def test_a_caller_who_never_stops_is_cut_at_the_longest_turn() -> None:
    found = moments(Endpointer(), ("speech", 26.0))
    assert (25.0, Moment.FINISHED) in [(round(at), moment) for at, moment in found]


def test_the_next_turn_starts_anew() -> None:
    endpointer = Endpointer()
    moments(endpointer, ("speech", 1.0), ("silence", 1.7))
    assert [m for _, m in moments(endpointer, ("speech", 0.5))] == [Moment.STARTED]


def test_a_verdict_that_comes_late_ends_a_silence_that_was_long_enough() -> None:
    endpointer = Endpointer()
    moments(endpointer, ("speech", 1.0), ("silence", 0.5))
    assert endpointer.judge(0.8) is None
    assert endpointer.judge(0.36) is Moment.FINISHED
    assert not endpointer.in_turn
    assert endpointer.judge(0.36) is None
