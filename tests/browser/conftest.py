"""A real headless Chromium, and the page it visits.

`open_page(url)` works for any address: pass another one (the whole running service) in place of `site.url`.
Every page opened here fails its test if the console shows an error or anything but loopback is asked.
All pages share one Chromium, each in a context of its own; only a microphone that is special starts another.
"""

from __future__ import annotations

import shutil
import subprocess
import time
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Playwright, async_playwright, expect

from connectors.web.call.calls import WebCalls
from tests.connectors.web.scripted import ScriptedDialogue, running
from tests.guard import GUARD_SECONDS
from voice.line import Line

PHONE = (390, 844)
DESKTOP = (1280, 900)
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
]
_STEADY = [
    "--hide-scrollbars",
    "--mute-audio",
    "--force-color-profile=srgb",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--password-store=basic",
    "--disable-back-forward-cache",
]
"""What playwright gives a Chromium that it starts itself."""
REFUSED_MICROPHONE = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
NO_MICROPHONE = ()

expect.set_options(timeout=1000 * GUARD_SECONDS)

OpenPage = Callable[..., Awaitable[Page]]


@dataclass
class Site:
    """The page, served here with a dialogue and calls that do what the test says."""

    url: str
    dialogue: ScriptedDialogue
    calls: WebCalls
    on_call: Callable[[Line], Awaitable[None]] | None = field(default=None)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async def call(line: Line) -> None:
        assert site.on_call is not None, "this test makes no call"
        await site.on_call(line)

    dialogue = ScriptedDialogue()
    async with running(dialogue, call) as (client, calls):
        site = Site(f"http://127.0.0.1:{client.port}", dialogue, calls)
        yield site


@pytest.fixture(scope="session")
def shared_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Chromium whose microphone is refused."""
    profile = tmp_path_factory.mktemp("chromium")
    arguments = [*_ARGS, *_STEADY, *REFUSED_MICROPHONE, "--headless", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [_chromium(), *arguments, f"--user-data-dir={profile}", "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{_debugging_port(profile / 'DevToolsActivePort', process)}"
    finally:
        process.terminate()
        process.wait(GUARD_SECONDS)


def _debugging_port(file: Path, process: subprocess.Popen[bytes]) -> int:
    """Chromium writes the port it chose into this file once it listens."""
    ends = time.monotonic() + GUARD_SECONDS
    while time.monotonic() < ends:
        assert process.poll() is None, "Chromium ended while starting"
        if file.exists() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.05)
    pytest.fail("Chromium did not say its port")


@pytest.fixture
async def open_page(shared_chromium: str) -> AsyncIterator[OpenPage]:
    """Open an address. `microphone` is a WAV spoken into the microphone over and over; or one of the sets of arguments
    above. `before` is JavaScript that runs before the page's own. `expected`: what the console may complain of."""
    complaints: list[str] = []
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())

        async def open_page(
            url: str,
            size: tuple[int, int] = DESKTOP,
            microphone: Path | tuple[str, ...] = REFUSED_MICROPHONE,
            before: str = "",
            javascript: bool = True,
            expected: str = "",
        ) -> Page:
            browser = await _browser(playwright, microphone, shared_chromium)
            stack.push_async_callback(browser.close)
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]}, locale="zh-CN", java_script_enabled=javascript
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            _listen(page, complaints, expected)
            await page.add_init_script(before)
            await page.goto(url)
            return page

        yield open_page
    assert complaints == []


@pytest.fixture
def spoken_wav(tmp_path: Path) -> Path:
    """Three seconds that cannot be mistaken for anything else: chirps of rising and falling pitch, 48 kHz."""
    rate_hz = 48_000
    t = np.arange(3 * rate_hz) / rate_hz
    pitch = 300 + 900 * np.abs(np.sin(2 * np.pi * 0.7 * t)) + 150 * np.sin(2 * np.pi * 2.3 * t)
    loudness = 0.35 * (0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 1.9 * t)))
    samples = loudness * np.sin(2 * np.pi * np.cumsum(pitch) / rate_hz)
    path = tmp_path / "spoken.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate_hz)
        wav.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


async def _browser(playwright: Playwright, microphone: Path | tuple[str, ...], shared: str) -> Browser:
    """The shared one (closing it only lets go of it), or one whose microphone is what the test says."""
    if microphone == REFUSED_MICROPHONE:
        return await playwright.chromium.connect_over_cdp(shared)
    sound = _fake_microphone(microphone) if isinstance(microphone, Path) else microphone
    return await playwright.chromium.launch(executable_path=_chromium(), args=[*_ARGS, *sound])


def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chromium here: apt-get install chromium")
    return path


def _fake_microphone(wav: Path) -> tuple[str, ...]:
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}",
    )


def _listen(page: Page, complaints: list[str], expected: str) -> None:
    def note(message: ConsoleMessage) -> None:
        is_ours = "ScriptProcessorNode" in message.text  # tests listen with one; the page does not use it
        is_refused_form = "status of 422" in message.text  # the page itself says what to change
        is_expected = bool(expected) and expected in message.text
        if message.type in ("error", "warning") and not (is_ours or is_refused_form or is_expected):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: _local_only(request.url, complaints))
    page.on("websocket", lambda socket: _local_only(socket.url, complaints))


def _local_only(url: str, complaints: list[str]) -> None:
    host = urlsplit(url).hostname or ""
    if host != "127.0.0.1" and not host.endswith(".test"):
        complaints.append(f"asked {url}")
