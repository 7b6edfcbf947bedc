from voice.silent_caller import Silence, SilentCaller


def test_a_silent_caller_is_asked_then_offered_a_person_then_let_go() -> None:
    caller = SilentCaller()
    assert [caller.run_out() for _ in range(4)] == [Silence.ASK, Silence.OFFER, Silence.LEAVE, Silence.LEAVE]


def test_a_word_starts_it_anew() -> None:
    caller = SilentCaller()
    first = caller.seconds
    caller.run_out()
    caller.heard()
    assert caller.seconds == first
    assert caller.run_out() is Silence.ASK


def test_whoever_was_told_to_take_their_time_has_a_minute_once() -> None:
    caller = SilentCaller()
    caller.give_time()
    assert caller.seconds >= 60
    assert caller.run_out() is Silence.ASK
    assert caller.seconds < 60
