"""Calls from the page with a fake microphone: sound must really arrive, both ways."""

from __future__ import annotations

import asyncio
import base64

import numpy as np
import pytest

from tests.browser.conftest import NO_MICROPHONE, PHONE
from tests.connectors.web.scripted import soon
from voice.audio import RATE_HZ, read_wav, to_float
from voice.line import Digit, Heard, Line

pytestmark = pytest.mark.browser

# Notes what the loudspeaker gets: a second ear beside the real destination. The page knows nothing of it.
SECOND_EAR = """
(() => {
  window.heard = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination && !this.isEar) {
      const ear = this.context.createScriptProcessor(1024, 1, 1);
      ear.isEar = true;
      ear.onaudioprocess = (event) => window.heard.push(Array.from(event.inputBuffer.getChannelData(0)));
      window.earRate = this.context.sampleRate;
      connect.call(this, ear);
      connect.call(ear, this.context.destination);
    }
    return connect.call(this, target, ...rest);
  };
})();
"""
# A browser that, like Firefox, cannot bring a 48 kHz microphone into a 16 kHz context.
LIKE_FIREFOX = """
(() => {
  const create = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    if (this.sampleRate === 16000) throw new DOMException("different sample-rate", "NotSupportedError");
    window.microphoneRate = this.sampleRate;
    return create.call(this, stream);
  };
})();
"""


async def heard_by_citizen(page) -> np.ndarray:
    assert await page.evaluate("window.earRate") == RATE_HZ
    encoded = await page.evaluate(
        """() => { const bytes = new Uint8Array(Float32Array.from(window.heard.flat()).buffer);
                   let text = ""; for (const byte of bytes) text += String.fromCharCode(byte); return btoa(text); }"""
    )
    return np.frombuffer(base64.b64decode(encoded), dtype=np.float32)


def loudness(samples: np.ndarray) -> np.ndarray:
    """Loudness of each 20 ms: survives what a browser does to speech (gain, filtering, resampling)."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    return np.sqrt((frames**2).mean(axis=1))


def likeness(samples: np.ndarray, wanted: np.ndarray) -> float:
    """Best correlation of the spectra of `wanted` (cut in 20 ms) with any stretch of `samples`: 1 means the same."""
    a, b = _spectra(samples), _spectra(wanted)
    if len(a) < len(b):
        return 0.0
    scores = [np.corrcoef(a[start : start + len(b)].ravel(), b.ravel())[0, 1] for start in range(len(a) - len(b) + 1)]
    return float(np.nanmax(scores))


def _spectra(samples: np.ndarray) -> np.ndarray:
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320) * np.hanning(320)
    return np.log1p(200 * np.abs(np.fft.rfft(frames, axis=1))[:, 2:80])


async def state_is(page, words: str) -> None:
    await page.wait_for_selector(f"#call-state:has-text('{words}')", timeout=10_000)


async def collect(line: Line, into: list[bytes]) -> None:
    async for event in line.events():
        assert isinstance(event, Heard)
        into.append(event.pcm)  # noqa: PERF401  the test looks at it while it grows


@pytest.mark.parametrize("before", ["", LIKE_FIREFOX])
async def test_the_microphone_reaches_the_service(site, open_page, spoken_wav, before):
    received: list[bytes] = []
    site.on_call = lambda line: collect(line, received)
    page = await open_page(site.url, microphone=spoken_wav, before=before)
    await page.click("#call")
    await state_is(page, "正在听")
    await soon(lambda: len(received) >= 250, 10)
    await page.click("#hang-up")
    assert await page.evaluate("window.microphoneRate || 0") == (0 if not before else pytest.approx(46_050, abs=1_950))
    heard = to_float(b"".join(received))
    assert np.abs(heard).max() > 0.05
    assert likeness(heard, to_float(read_wav(spoken_wav))[:RATE_HZ]) > 0.8


async def test_frames_come_in_real_time(site, open_page, spoken_wav):
    received: list[bytes] = []
    site.on_call = lambda line: collect(line, received)
    page = await open_page(site.url, microphone=spoken_wav)
    await page.click("#call")
    await soon(lambda: len(received) >= 10, 10)
    at_start, started = len(received), asyncio.get_running_loop().time()
    await asyncio.sleep(2)
    seconds = asyncio.get_running_loop().time() - started
    assert (len(received) - at_start) * 0.02 == pytest.approx(seconds, rel=0.15)


async def test_the_assistant_is_heard_whole_and_only_then_counts_as_played(site, open_page, spoken_wav):
    speech = read_wav(spoken_wav)
    took: list[float] = []

    async def say(line: Line) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        await line.play(speech)
        await line.wait_played()
        took.append(clock() - started)
        await asyncio.sleep(0.3)
        await line.hang_up()

    site.on_call = say
    page = await open_page(site.url, microphone=spoken_wav, before=SECOND_EAR)
    await page.click("#call")
    await state_is(page, "正在说")
    await state_is(page, "已挂断")
    heard = await heard_by_citizen(page)
    assert 2.9 <= took[0] <= 4.0
    assert likeness(heard, to_float(speech)) > 0.95
    assert (loudness(heard) > 0.01).sum() * 0.02 == pytest.approx(3.0, abs=0.25)


async def test_an_echo_comes_back_through_both_ways(site, open_page, spoken_wav):
    async def echo(line: Line) -> None:
        async for event in line.events():
            if isinstance(event, Heard):
                await line.play(event.pcm)

    site.on_call = echo
    page = await open_page(site.url, microphone=spoken_wav, before=SECOND_EAR)
    await page.click("#call")
    await state_is(page, "正在说")
    await asyncio.sleep(4)
    heard = await heard_by_citizen(page)
    await page.click("#hang-up")
    assert likeness(heard, to_float(read_wav(spoken_wav))[: RATE_HZ // 2]) > 0.7


async def test_an_interruption_silences_the_loudspeaker_within_300_ms(site, open_page, spoken_wav):
    speech = read_wav(spoken_wav)
    took: list[float] = []

    async def interrupted(line: Line) -> None:
        clock = asyncio.get_running_loop().time
        await line.play(speech * 10)
        await asyncio.sleep(1.5)
        started = clock()
        await line.flush()
        took.append(clock() - started)
        await asyncio.sleep(1.0)
        await line.play(speech[: RATE_HZ * 2])
        await line.wait_played()
        await line.hang_up()

    site.on_call = interrupted
    page = await open_page(site.url, microphone=spoken_wav, before=SECOND_EAR)
    await page.click("#call")
    await state_is(page, "已挂断")
    is_loud = loudness(await heard_by_citizen(page)) > 0.01
    assert took[0] < 0.3
    assert is_loud.sum() * 0.02 < 1.5 + 0.3 + 1.0 + 0.2
    pause = max(len(run) for run in "".join("x" if loud else "." for loud in is_loud).strip(".").split("x"))
    assert pause * 0.02 >= 0.7


async def test_captions_keys_and_states_are_shown(site, open_page, spoken_wav):
    keys: list[str] = []

    async def call(line: Line) -> None:
        line.caption("assistant", "您好，这里是医保热线。请按键或说话。")
        async for event in line.events():
            if isinstance(event, Digit):
                keys.append(event.key)
                line.caption("caller", "我按了" + event.key)

    site.on_call = call
    page = await open_page(site.url, PHONE, microphone=spoken_wav)
    await page.click("#call")
    await page.wait_for_selector("text=您好，这里是医保热线。请按键或说话。")
    assert await page.get_attribute("#log", "aria-live") == "off"
    await page.click("#keypad-toggle")
    await page.click("#keypad button[data-key='5']")
    await page.focus("#keypad button[data-key='1']")
    await page.keyboard.press("#")
    await page.wait_for_selector("text=我按了#")
    assert keys == ["5", "#"]
    await page.focus("#hang-up")
    await page.keyboard.press("Enter")
    await state_is(page, "已挂断")
    assert await page.get_attribute("#log", "aria-live") == "polite"
    assert await page.evaluate("document.activeElement.id") == "call"
    await soon(lambda: site.calls.active == 0)


async def test_one_call_after_another_and_closing_the_page_hangs_up(site, open_page, spoken_wav):
    received: list[bytes] = []
    site.on_call = lambda line: collect(line, received)
    page = await open_page(site.url, microphone=spoken_wav)
    for _ in range(2):
        received.clear()
        await page.click("#call")
        await soon(lambda: len(received) > 10, 8)
        await page.click("#hang-up")
        await soon(lambda: site.calls.active == 0)
    await page.click("#call")
    await soon(lambda: site.calls.active == 1, 8)
    await page.close(run_before_unload=True)
    await soon(lambda: site.calls.active == 0)


async def test_the_service_ending_the_call_with_a_reason_is_read(site, open_page, spoken_wav):
    site.on_call = None  # the scripted call then fails
    page = await open_page(site.url, microphone=spoken_wav)
    await page.click("#call")
    await state_is(page, "已挂断")
    assert "请您再说一遍" in await page.inner_text(".message.trouble")


async def test_a_refused_microphone_is_explained(site, open_page):
    page = await open_page(site.url, PHONE)
    await page.click("#call")
    await page.wait_for_selector(".message.trouble")
    assert "没有得到使用麦克风的许可" in await page.inner_text(".message.trouble")
    assert "12393" in await page.inner_text(".message.trouble")
    assert await page.inner_text("#call-state") == "已挂断"
    assert await page.is_enabled("#call")


async def test_a_missing_microphone_is_explained(site, open_page):
    page = await open_page(site.url, microphone=NO_MICROPHONE)
    await page.click("#call")
    await page.wait_for_selector(".message.trouble")
    assert "没有找到麦克风" in await page.inner_text(".message.trouble")


async def test_an_insecure_address_is_explained(site, open_page, spoken_wav):
    page = await open_page(site.url.replace("127.0.0.1", "yibao.test"), microphone=spoken_wav)
    await page.click("#call")
    await page.wait_for_selector(".message.trouble")
    assert "不是安全连接" in await page.inner_text(".message.trouble")


async def test_chat_works_on_an_insecure_address(site, open_page):
    page = await open_page(site.url.replace("127.0.0.1", "yibao.test"))
    await page.fill("#question", "备案")
    await page.click("#send")
    await page.wait_for_selector(".sources")
