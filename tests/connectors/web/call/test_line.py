import asyncio
import json

import pytest

from base.errors import BadInput
from connectors.web.call import line as line_module
from connectors.web.call.line import MAX_HEARD, WebLine
from tests.guard import GUARD_SECONDS, until
from voice.audio import SILENT_FRAME
from voice.line import Digit, Heard

SECOND = bytes(32_000)


class Browser:
    """The other end of a line: what it got, and, while `is_playing`, an immediate "played" for every mark."""

    def __init__(self) -> None:
        self.got: list[str | int] = []
        self.is_playing = True
        self.is_gone = False
        self.line: WebLine

    async def send_bytes(self, data: bytes) -> None:
        self.got.append(len(data))

    async def send_str(self, data: str) -> None:
        if self.is_gone:
            raise ConnectionResetError
        message = json.loads(data)
        self.got.append(message["type"])
        if message["type"] == "mark" and self.is_playing:
            self.line.take_control(json.dumps({"type": "played", "id": message["id"]}))

    @property
    def seconds(self) -> float:
        return sum(length for length in self.got if isinstance(length, int)) / 32_000


@pytest.fixture
async def browser():
    browser = Browser()
    browser.line = WebLine(browser)
    sending = asyncio.create_task(browser.line.send())
    yield browser
    browser.line.end("test")
    await asyncio.wait_for(sending, GUARD_SECONDS)


async def test_frames_and_keys_arrive_in_order_until_the_caller_hangs_up(browser):
    browser.line.take_audio(SILENT_FRAME)
    browser.line.take_control('{"type": "digit", "key": "#"}')
    events = browser.line.events()
    assert await anext(events) == Heard(SILENT_FRAME)
    assert await anext(events) == Digit("#")
    asyncio.get_running_loop().call_later(0.02, browser.line.take_control, '{"type": "hang_up"}')
    assert [event async for event in events] == []
    assert browser.line.ending.code == "caller_hung_up"


async def test_what_nobody_fetches_is_bounded_the_newest_is_kept_and_every_key(browser):
    browser.line.take_control('{"type": "digit", "key": "1"}')
    for _ in range(MAX_HEARD + 50):
        browser.line.take_audio(SILENT_FRAME)
    browser.line.take_control('{"type": "digit", "key": "7"}')
    assert len(browser.line._heard) == MAX_HEARD
    assert [browser.line._heard[0], browser.line._heard[-1]] == [Digit("1"), Digit("7")]


@pytest.mark.parametrize("pcm", [b"", bytes(639), bytes(641), bytes(320), bytes(1280)])
async def test_anything_but_one_frame_is_refused(browser, pcm):
    with pytest.raises(BadInput) as refused:
        browser.line.take_audio(pcm)
    assert refused.value.code == "bad_frame"


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[]", "{}", '{"type": "digit", "key": "12"}', '{"type": "digit", "key": "a"}', "[" * 4000]
    + ['{"type": "digit"}', '{"type": "played", "id": "1"}', '{"type": "dance"}', '{"type": "digit", "key": ""}'],
)
async def test_text_garbage_is_refused(browser, text):
    with pytest.raises(BadInput) as refused:
        browser.line.take_control(text)
    assert refused.value.code == "bad_control"


async def test_played_means_heard_not_sent(browser):
    browser.is_playing = False
    await browser.line.play(SECOND)
    waiting = asyncio.create_task(browser.line.wait_played())
    await until(lambda: browser.seconds == 1.0)
    assert not waiting.done()
    browser.line.take_control('{"type": "played", "id": 5}')
    await asyncio.wait_for(waiting, GUARD_SECONDS)


async def test_a_slow_browser_never_has_more_than_a_second_and_a_bit_in_hand(browser):
    browser.is_playing = False
    await browser.line.play(SECOND * 10)
    await until(lambda: browser.seconds >= 1.0)
    await asyncio.sleep(0.1)
    assert browser.seconds == 1.0


async def test_a_long_text_is_taken_as_fast_as_it_is_played(browser):
    browser.is_playing = False
    playing = asyncio.create_task(browser.line.play(SECOND * 60))
    await asyncio.sleep(0.1)
    assert not playing.done()
    assert browser.line._playout.waiting_seconds <= line_module.MAX_WAITING_SECONDS
    await browser.line.flush()
    await asyncio.wait_for(playing, GUARD_SECONDS)
    assert browser.line._playout.waiting_seconds == 0


async def test_flush_silences_and_frees_whoever_waits(browser):
    browser.is_playing = False
    await browser.line.play(SECOND * 5)
    waiting = asyncio.create_task(browser.line.wait_played())
    await until(lambda: browser.seconds == 1.0)
    browser.is_playing = True
    await asyncio.wait_for(browser.line.flush(), GUARD_SECONDS)
    await asyncio.wait_for(waiting, GUARD_SECONDS)
    assert browser.got[-2:] == ["flush", "mark"]
    await browser.line.play(SECOND)
    await asyncio.wait_for(browser.line.wait_played(), GUARD_SECONDS)
    assert browser.seconds == 2.0


async def test_flush_does_not_wait_for_ever_on_a_slow_network(browser, monkeypatch):
    monkeypatch.setattr(line_module, "_FLUSH_SECONDS", 0.05)
    browser.is_playing = False
    await browser.line.play(SECOND)
    await asyncio.wait_for(browser.line.flush(), GUARD_SECONDS)


async def test_after_the_end_nothing_waits_and_nothing_is_sent(browser):
    await browser.line.hang_up()
    await browser.line.hang_up()
    await asyncio.wait_for(browser.line.play(SECOND * 100), GUARD_SECONDS)
    await asyncio.wait_for(browser.line.wait_played(), GUARD_SECONDS)
    await asyncio.wait_for(browser.line.flush(), GUARD_SECONDS)
    assert browser.seconds == 0


async def test_a_browser_that_stops_playing_ends_the_call(browser, monkeypatch):
    monkeypatch.setattr(line_module, "_STALL_SECONDS", 0.1)
    browser.is_playing = False
    await browser.line.play(SECOND)
    await asyncio.wait_for(browser.line.wait_played(), GUARD_SECONDS)
    assert browser.line.ending.code == "client_stalled"


async def test_a_lost_socket_is_a_hang_up(browser):
    browser.is_gone = True
    await browser.line.play(SECOND)
    await asyncio.wait_for(browser.line.wait_played(), GUARD_SECONDS)
    assert browser.line.ending.code == "client_gone"


async def test_captions_go_out_in_order(browser):
    browser.line.caption("caller", "备案")
    await until(lambda: browser.got == ["answered", "caption"])
