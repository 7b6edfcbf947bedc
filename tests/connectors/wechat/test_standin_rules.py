"""The stand-in keeps the platform's rules, or tests against it prove nothing."""

from __future__ import annotations

from demo.wechat.rules import Fault, Faults, MediaStore, Token, Window


def test_stable_token_is_the_same_until_its_end_or_forced():
    token = Token(lifetime_seconds=100)
    first, seconds = token.fetch(0.0, force=False)
    assert seconds == 100
    assert token.fetch(50.0, force=False) == (first, 50)
    assert token.error(first, 50.0) == 0
    assert token.error(first, 100.0) == 42001
    forced, _ = token.fetch(60.0, force=True)
    assert forced != first
    assert token.error(first, 60.0) == 40001
    assert token.fetch(80.0, force=True)[0] == forced, "twice within 30 s changes nothing"


def test_five_messages_in_48_hours_and_three_in_a_minute():
    window = Window()
    assert window.send(0.0) == 45015
    window.wrote(0.0)
    assert [window.send(1.0) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    window.acted(10.0)
    assert [window.send(11.0) for _ in range(4)] == [0, 0, 0, 45047]
    window.wrote(20.0)
    assert window.send(20.0 + 49 * 3600) == 45015
    window.subscribed = False
    assert window.send(21.0) == 45015


def test_one_notice_for_each_consent():
    window = Window(consents=1)
    assert [window.notify(), window.notify()] == [0, 43101]


def test_media_is_kept_for_three_days():
    store = MediaStore()
    media_id = store.add("audio/amr", b"#!AMR\n", 0.0)
    assert store.get(media_id, 60.0).data == b"#!AMR\n"
    assert store.get(media_id, 4 * 24 * 3600) is None
    assert store.get("unknown", 0.0) is None


def test_a_fault_happens_as_often_as_it_was_asked_for():
    faults = Faults()
    faults.add(Fault("/a", errcode=-1), times=2)
    assert faults.next("/b") is None
    assert [faults.next("/a") is not None for _ in range(3)] == [True, True, False]
