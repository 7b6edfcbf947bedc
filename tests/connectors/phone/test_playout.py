"""The queue's rules, against a media socket that only notes what it was sent."""

from __future__ import annotations

import asyncio

import pytest

from connectors.phone import playout as module
from connectors.phone.media import MESSAGE_BYTES, MediaSocket
from connectors.phone.playout import Playout
from tests.guard import GUARD_SECONDS, until
from voice.audio import FRAME_BYTES, RATE_HZ

SECOND = b"\1\2" * RATE_HZ


class NotedSocket(MediaSocket):
    """Keeps every command; marks are answered when the test says so."""

    def __init__(self) -> None:
        self.sent: list[bytes | int | str] = []

    async def send(self, pcm: bytes) -> None:
        self.sent.append(pcm)

    async def mark(self, number: int) -> None:
        self.sent.append(number)

    async def flush(self) -> None:
        self.sent.append("flush")

    def speech(self) -> bytes:
        return b"".join(piece for piece in self.sent if isinstance(piece, bytes) and piece.strip(b"\0"))

    def seconds(self) -> float:
        return len(self.speech()) / len(SECOND)

    def marks(self) -> list[int]:
        return [item for item in self.sent if isinstance(item, int)]


@pytest.fixture
async def media() -> NotedSocket:
    return NotedSocket()


@pytest.fixture
async def playout(media: NotedSocket) -> Playout:
    return Playout(media)


async def test_pieces_are_whole_frames_and_short_enough_for_asterisk(playout: Playout, media: NotedSocket) -> None:
    await playout.play(SECOND * 3 + b"\1\2" * 7)
    pieces = [piece for piece in media.sent if isinstance(piece, bytes)]
    assert all(len(piece) % FRAME_BYTES == 0 and len(piece) <= MESSAGE_BYTES for piece in pieces)
    assert media.speech() == SECOND * 3
    playout.close()


async def test_a_frame_begun_is_completed_by_the_next_audio(playout: Playout, media: NotedSocket) -> None:
    for _ in range(8):
        await playout.play(b"\1\2" * 40)
    assert media.speech() == b"\1\2" * 320
    playout.close()


async def test_a_frame_that_nobody_completes_is_filled_up_and_played(playout: Playout, media: NotedSocket) -> None:
    await playout.play(b"\1\2" * 10)
    waiting = asyncio.create_task(playout.wait_played())
    await until(lambda: media.speech() != b"")
    assert media.speech() == (b"\1\2" * 10).ljust(FRAME_BYTES, b"\0")
    playout.marked(media.marks()[-1])
    await asyncio.wait_for(waiting, GUARD_SECONDS)
    playout.close()


async def test_no_more_is_sent_than_asterisk_can_hold(playout: Playout, media: NotedSocket) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    playing = asyncio.create_task(playout.play(SECOND * 30))
    await until(lambda: media.seconds() >= 15)
    await asyncio.sleep(0.05)
    played = clock() - began
    assert media.seconds() - played <= 15 + MESSAGE_BYTES / len(SECOND)
    assert not playing.done()
    playout.close()
    await asyncio.wait_for(playing, GUARD_SECONDS)


async def test_a_full_queue_makes_us_wait(playout: Playout, media: NotedSocket) -> None:
    playout.queue_full()
    playing = asyncio.create_task(playout.play(SECOND))
    await asyncio.sleep(0.05)
    assert media.speech() == b""
    playout.close()
    await playing


async def test_played_means_that_the_last_mark_came_back(playout: Playout, media: NotedSocket) -> None:
    await playout.play(SECOND)
    await playout.play(SECOND)
    waiting = asyncio.create_task(playout.wait_played())
    first, last = media.marks()
    playout.marked(first)
    await asyncio.sleep(0.2)
    assert not waiting.done()
    playout.marked(last)
    await asyncio.wait_for(waiting, GUARD_SECONDS)
    playout.close()


async def test_a_flush_drops_what_is_queued_and_what_still_waits_to_be(
    playout: Playout, media: NotedSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FLUSH_SECONDS", 2 * GUARD_SECONDS)
    playing = asyncio.create_task(playout.play(SECOND * 30))
    behind = asyncio.create_task(playout.play(SECOND))
    waiting = asyncio.create_task(playout.wait_played())
    await until(lambda: media.seconds() >= 15)
    sent_before = len(media.speech())
    flushing = asyncio.create_task(playout.flush())
    await asyncio.wait_for(asyncio.gather(playing, behind, waiting), GUARD_SECONDS)
    assert not flushing.done()
    playout.marked(media.marks()[-1])
    await asyncio.wait_for(flushing, GUARD_SECONDS)
    assert len(media.speech()) == sent_before
    assert media.sent[media.sent.index(media.marks()[-1]) - 1] == "flush"
    playout.close()


async def test_a_flush_that_asterisk_does_not_confirm_does_not_hang(
    playout: Playout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FLUSH_SECONDS", 0.05)
    await playout.play(SECOND)
    await asyncio.wait_for(playout.flush(), GUARD_SECONDS)
    playout.close()


async def test_speech_right_behind_a_flush_waits_for_nothing(
    playout: Playout, media: NotedSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FLUSH_SECONDS", 2 * GUARD_SECONDS)
    await playout.play(SECOND)
    media.sent.clear()
    flushing = asyncio.create_task(playout.flush())
    await until(lambda: "flush" in media.sent)
    await playout.play(SECOND)
    await asyncio.wait_for(flushing, GUARD_SECONDS)
    assert media.sent[-3:] == ["flush", SECOND, media.marks()[-1]]
    playout.close()


async def test_silence_flows_while_idle_and_is_taken_back_before_speech(playout: Playout, media: NotedSocket) -> None:
    await until(lambda: media.sent != [])
    await asyncio.sleep(0.15)
    assert not media.speech()
    await playout.play(SECOND)
    assert media.sent[-3:] == ["flush", SECOND, 1]
    await asyncio.sleep(0.15)
    assert media.sent[-1:] == [1]
    playout.marked(1)
    await until(lambda: media.sent[-1] == bytes(MESSAGE_BYTES))
    playout.close()


async def test_no_silence_gets_between_the_pieces_of_a_long_answer(playout: Playout, media: NotedSocket) -> None:
    await playout.play(SECOND)
    long = asyncio.create_task(playout.play(SECOND * 20))
    await asyncio.sleep(0)
    playout.marked(1)
    await asyncio.sleep(0.15)
    assert bytes(MESSAGE_BYTES) not in media.sent
    playout.close()
    await long


async def test_a_cancelled_play_still_ends_in_a_mark(playout: Playout, media: NotedSocket) -> None:
    playing = asyncio.create_task(playout.play(SECOND * 30))
    await until(lambda: media.speech() != b"")
    playing.cancel()
    await asyncio.wait([playing])
    assert media.marks() == [1]
    playout.close()


async def test_after_the_end_nothing_waits_and_nothing_is_sent(playout: Playout, media: NotedSocket) -> None:
    playout.close()
    media.sent.clear()
    await playout.play(SECOND)
    await playout.wait_played()
    await playout.flush()
    await asyncio.sleep(0.1)
    assert media.sent == []
