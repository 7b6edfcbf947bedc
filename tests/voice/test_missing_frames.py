from __future__ import annotations

from voice.missing_frames import GapWatch


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_gap_is_credited_whole_and_goes_on_being_credited() -> None:
    clock, missing = Clock(), list[float]()
    watch = GapWatch(missing.append, clock)
    for _ in range(5):
        clock.now += watch.look()
    assert [round(seconds, 3) for seconds in missing] == [0.1] * 4


def test_lost_and_late_packets_are_no_silence() -> None:
    clock, missing = Clock(), list[float]()
    watch = GapWatch(missing.append, clock)
    for until_next_frame in (0.02, 0.04, 0.08, 0.02, 0.06):
        watch.heard()
        clock.now += until_next_frame
        watch.look()
    assert missing == []


def test_a_stall_of_our_own_is_not_taken_for_the_callers_silence() -> None:
    clock, missing = Clock(), list[float]()
    watch = GapWatch(missing.append, clock)
    clock.now += 5.0
    watch.look()
    watch.heard()
    clock.now += 0.02
    watch.look()
    assert sum(missing) <= 0.2
