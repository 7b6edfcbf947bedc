"""A real Asterisk on ports of its own for the whole test run, and a connector for each test that wants one.

A machine that cannot have Asterisk fails here with the command that mends it: a skipped phone test proves nothing.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from connectors.phone.ari import Ari
from connectors.phone.asterisk import Asterisk, AsteriskConfig
from connectors.phone.connector import OnCall, PhoneConnector
from connectors.phone.tree import AsteriskTree, get_asterisk
from tests.guard import GUARD_SECONDS, until
from tests.phone.caller import SipCaller
from tests.phone.sounds import babble
from tests.whole import Whole, whole_service
from voice import models, whisper
from voice.audio import write_wav
from voice.kokoro import Kokoro
from voice.whisper import WhisperRecogniser

MAINTENANCE = babble(2.0, seed=101)
BUSY = babble(1.5, seed=102)

TakeCalls = Callable[..., Awaitable[PhoneConnector]]


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def config_in(directory: Path) -> AsteriskConfig:
    """Free ports and both prompts, so that any number of test runs and a demo live side by side."""
    write_wav(directory / "maintenance.wav", MAINTENANCE)
    write_wav(directory / "busy.wav", BUSY)
    return AsteriskConfig(
        directory / "asterisk",
        ari_password=secrets.token_urlsafe(16),
        sip_port=free_port(socket.SOCK_DGRAM),
        http_port=free_port(socket.SOCK_STREAM),
        rtp_ports=(21000, 21999),
        maintenance_prompt=directory / "maintenance.wav",
        busy_prompt=directory / "busy.wav",
    )


@pytest.fixture(scope="session")
def asterisk_tree() -> AsteriskTree:
    return get_asterisk(print)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def hotline(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    """The whole service, for the tests of this folder only: in its spare time it speaks answers ahead."""
    async with whole_service(tmp_path_factory.mktemp("hotline"), phone=True) as whole:
        yield whole


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def grandma() -> AsyncIterator[Kokoro]:
    folder = models.ensure(models.default_cache_dir(), print).kokoro
    assert folder, "callers need the Kokoro model: make demo fetches it"
    voice = Kokoro(folder, "zf_xiaoxiao")
    yield voice
    await voice.aclose()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def ear() -> AsyncIterator[WhisperRecogniser]:
    folder = models.ensure(models.default_cache_dir(), print).whisper
    assert folder, "reading what was heard needs the whisper model: make demo fetches it"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whisper, "DECODE_TIMEOUT_SECONDS", 120.0)  # the test's own ear: slow on a busy machine, not deaf
        recogniser = WhisperRecogniser(folder)
        yield recogniser
        await recogniser.aclose()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def asterisk(asterisk_tree: AsteriskTree, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    pbx = Asterisk(asterisk_tree, config_in(tmp_path_factory.mktemp("pbx")), print)
    await pbx.start()
    yield pbx
    await pbx.stop()


def ari_of(pbx: Asterisk) -> Ari:
    """A client of `pbx`; close it."""
    return Ari(pbx.config.ari_url, pbx.config.ari_user, pbx.config.ari_password, pbx.config.app)


@asynccontextmanager
async def connector_for(pbx: Asterisk, on_call: OnCall, max_calls: int = 50) -> AsyncIterator[PhoneConnector]:
    """A connector that takes `pbx`'s calls; at the end nothing of them may be left anywhere."""
    ari = ari_of(pbx)
    connector = PhoneConnector(ari, on_call, max_calls)
    running = asyncio.create_task(connector.run())
    try:
        await until(lambda: connector.is_connected)
        yield connector
        await until(lambda: connector.calls == 0)
        await until_async(lambda: nothing_left(ari))
    finally:
        running.cancel()
        await asyncio.wait([running])
        await ari.aclose()
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("phone")] == []


async def nothing_left(ari: Ari) -> bool:
    return not await ari.channels() and not await ari.bridges()


async def until_async(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(GUARD_SECONDS):
        while not await is_so():
            await asyncio.sleep(0.05)


@pytest.fixture
async def take_calls(asterisk: Asterisk) -> AsyncIterator[TakeCalls]:
    """`await take_calls(on_call)`: from now on the shared Asterisk's callers reach `on_call`."""
    async with AsyncExitStack() as stack:

        async def take(on_call: OnCall, max_calls: int = 50) -> PhoneConnector:
            return await stack.enter_async_context(connector_for(asterisk, on_call, max_calls))

        yield take


@pytest.fixture
async def phone(asterisk: Asterisk) -> AsyncIterator[SipCaller]:
    async with SipCaller(asterisk.config.sip_port) as caller:
        yield caller
