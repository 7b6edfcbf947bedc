from connectors.web.call.playout import CHUNK_BYTES, Playout

SECOND = bytes(32_000)


def sent(playout: Playout) -> list[int]:
    """Send all that may be sent now; the marks."""
    marks = []
    while chunk := playout.next_chunk():
        marks.append(chunk.mark)
    return marks


def test_no_more_than_a_second_runs_ahead_of_the_loudspeaker():
    playout = Playout(ahead_seconds=1.0)
    playout.queue(SECOND * 3)
    assert sent(playout) == [1, 2, 3, 4, 5]
    playout.played(2)
    assert sent(playout) == [6, 7]
    assert playout.waiting_seconds == 1.6


def test_audio_leaves_in_order_and_whole():
    playout = Playout()
    playout.queue(b"\x01\x00" * 100)
    playout.queue(b"\x02\x00" * CHUNK_BYTES)
    audio = b""
    while chunk := playout.next_chunk():
        assert len(chunk.pcm) <= CHUNK_BYTES
        audio += chunk.pcm
        playout.played(chunk.mark)
    assert audio == b"\x01\x00" * 100 + b"\x02\x00" * CHUNK_BYTES


def test_heard_only_once_the_browser_said_so():
    playout = Playout()
    playout.queue(SECOND)
    marks = sent(playout)
    assert playout.heard_bytes == 0
    playout.played(marks[-2])
    assert playout.heard_bytes == 32_000 - CHUNK_BYTES
    playout.played(marks[-1])
    assert playout.heard_bytes == playout.queued_bytes == 32_000
    assert not playout.awaits_client


def test_flush_drops_everything_and_old_marks_no_longer_count():
    playout = Playout()
    playout.queue(SECOND * 3)
    old = sent(playout)
    silent = playout.flush()
    assert playout.heard_bytes == playout.queued_bytes
    playout.queue(SECOND)
    playout.played(old[-1])
    assert not playout.is_played(silent)
    playout.played(silent)
    assert playout.is_played(silent)
    assert playout.heard_bytes == 32_000 * 3
