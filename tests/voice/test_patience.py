from voice.patience import Patience, Silence


def test_a_silent_caller_is_asked_then_offered_a_person_then_let_go() -> None:
    patience = Patience()
    assert [patience.run_out() for _ in range(4)] == [Silence.ASK, Silence.OFFER, Silence.LEAVE, Silence.LEAVE]


def test_a_word_starts_it_anew() -> None:
    patience = Patience()
    first = patience.seconds
    patience.run_out()
    patience.heard()
    assert patience.seconds == first
    assert patience.run_out() is Silence.ASK


def test_whoever_was_told_to_take_their_time_has_a_minute_once() -> None:
    patience = Patience()
    patience.give_time()
    assert patience.seconds >= 60
    assert patience.run_out() is Silence.ASK
    assert patience.seconds < 60
