"""Calls from the page with a fake microphone: sound must really arrive, both ways."""

from __future__ import annotations

import asyncio
import base64

import numpy as np
import pytest

from tests.browser.conftest import NO_MICROPHONE, PHONE
from tests.guard import GUARD_SECONDS, until
from voice.audio import RATE_HZ, read_wav, to_float
from voice.line import Digit, Heard, Line

pytestmark = pytest.mark.browser

# Notes what the loudspeaker gets: a second ear beside the real destination. The page knows nothing of it. It loses what
# the page's thread does not take in time, so it hears half a second at once: a busy machine is late by less.
SECOND_EAR = """
(() => {
  window.heard = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination && !this.isEar) {
      const ear = this.context.createScriptProcessor(8192, 1, 1);
      ear.isEar = true;
      ear.onaudioprocess = (event) => {
        const samples = Array.from(event.inputBuffer.getChannelData(0));
        for (let at = 0; at < samples.length; at += 1024) window.heard.push(samples.slice(at, at + 1024));
      };
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


async def heard_is(page, seconds: float) -> None:
    """Wait until the citizen has heard so many seconds that are not silence."""
    loud = "window.heard.filter((samples) => samples.some((sample) => Math.abs(sample) > 0.01)).length"
    async with asyncio.timeout(seconds + GUARD_SECONDS):
        while await page.evaluate(loud) * 1024 / RATE_HZ < seconds:
            await asyncio.sleep(0.05)


async def ear_is_through(page) -> None:
    """Wait until the second ear, which is a little behind, has heard all that was played by now."""
    heard = await page.evaluate("window.heard.length")
    async with asyncio.timeout(GUARD_SECONDS):
        while await page.evaluate("window.heard.length") <= heard + 2 * 8:
            await asyncio.sleep(0.05)


def loudness(samples: np.ndarray) -> np.ndarray:
    """Loudness of each 20 ms: survives what a browser does to speech (gain, filtering, resampling)."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    return np.sqrt((frames**2).mean(axis=1))


def likeness(samples: np.ndarray, wanted: np.ndarray) -> float:
    """Best correlation of the spectra of `wanted` (cut in 20 ms) with any stretch of `samples`: 1 means the same; what
    is missing at the end lowers it."""
    a, b = _spectra(np.pad(samples, (0, len(wanted) // 2))), _spectra(wanted)
    if len(a) < len(b):
        return 0.0
    stretches = (a[start : start + len(b)].ravel() for start in range(len(a) - len(b) + 1))
    with np.errstate(invalid="ignore"):  # a stretch of nothing but silence
        return float(np.nanmax([np.corrcoef(stretch, b.ravel())[0, 1] for stretch in stretches]))


def _spectra(samples: np.ndarray) -> np.ndarray:
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320) * np.hanning(320)
    return np.log1p(200 * np.abs(np.fft.rfft(frames, axis=1))[:, 2:80])


async def state_is(page, words: str) -> None:
    await page.wait_for_selector(f"#call-state:has-text('{words}')", timeout=1000 * GUARD_SECONDS)


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
    await until(lambda: len(received) >= 250)
    await page.click("#hang-up")
    assert await page.evaluate("window.microphoneRate || 0") == (0 if not before else pytest.approx(46_050, abs=1_950))
    heard = to_float(b"".join(received))
    assert np.abs(heard).max() > 0.05
    assert likeness(heard, to_float(read_wav(spoken_wav))[:RATE_HZ]) > 0.8


async def test_no_more_frames_come_than_were_spoken(site, open_page, spoken_wav):
    received: list[bytes] = []
    site.on_call = lambda line: collect(line, received)
    page = await open_page(site.url, microphone=spoken_wav)
    called = asyncio.get_running_loop().time()
    await page.click("#call")
    await until(lambda: len(received) >= 150)
    assert len(received) * 0.02 <= asyncio.get_running_loop().time() - called + 0.1, "no more than was spoken"


async def test_the_assistant_is_heard_whole_and_only_then_counts_as_played(site, open_page, spoken_wav):
    speech = read_wav(spoken_wav)
    took: list[float] = []

    async def say(line: Line) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        await line.play(speech)
        await line.wait_played()
        took.append(clock() - started)
        await heard_is(page, 2.9)
        await ear_is_through(page)
        await line.hang_up()

    site.on_call = say
    page = await open_page(site.url, microphone=spoken_wav, before=SECOND_EAR)
    await page.click("#call")
    await state_is(page, "正在说")
    await state_is(page, "已挂断")
    heard = await heard_by_citizen(page)
    assert took[0] >= 2.9
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
    await heard_is(page, 3.0)
    heard = await heard_by_citizen(page)
    await page.click("#hang-up")
    assert likeness(heard, to_float(read_wav(spoken_wav))[: RATE_HZ // 2]) > 0.7


async def test_an_interruption_silences_the_loudspeaker_and_the_next_sentence_is_heard(site, open_page, spoken_wav):
    speech = read_wav(spoken_wav)
    following = speech[: RATE_HZ * 2]

    async def interrupted(line: Line) -> None:
        await line.play(speech * 10)
        await heard_is(page, 1.0)
        await line.flush()
        await asyncio.sleep(1.0)
        await line.play(following)
        await line.wait_played()
        await ear_is_through(page)
        await line.hang_up()

    site.on_call = interrupted
    page = await open_page(site.url, microphone=spoken_wav, before=SECOND_EAR)
    await page.click("#call")
    await state_is(page, "已挂断")
    heard = await heard_by_citizen(page)
    loud = np.flatnonzero(loudness(heard) > 0.01)
    pauses = np.diff(loud)
    assert pauses.max() * 0.02 >= 0.7, "silence since the interruption"
    after = heard[320 * loud[pauses.argmax() + 1] :]
    assert likeness(after, to_float(following)) > 0.9
    assert (loudness(after) > 0.01).sum() * 0.02 < 1.2, "nothing of what was interrupted"


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
    await until(lambda: site.calls.active == 0)


async def test_one_call_after_another_and_closing_the_page_hangs_up(site, open_page, spoken_wav):
    received: list[bytes] = []
    site.on_call = lambda line: collect(line, received)
    page = await open_page(site.url, microphone=spoken_wav)
    for _ in range(2):
        received.clear()
        await page.click("#call")
        await until(lambda: len(received) > 10)
        await page.click("#hang-up")
        await until(lambda: site.calls.active == 0)
    await page.click("#call")
    await until(lambda: site.calls.active == 1)
    await page.close(run_before_unload=True)
    await until(lambda: site.calls.active == 0)


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
    assert "就选“允许”" in await page.inner_text(".message.trouble")
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
    assert "从这个网址进来，不能用麦克风" in await page.inner_text(".message.trouble")


async def test_chat_works_on_an_insecure_address(site, open_page):
    page = await open_page(site.url.replace("127.0.0.1", "yibao.test"))
    await page.fill("#question", "备案")
    await page.click("#send")
    await page.wait_for_selector(".sources")
