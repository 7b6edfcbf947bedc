"""The phone, wired: our own Asterisk if there is no other, kept running, and the connector that takes its calls."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from urllib.parse import urlsplit

import structlog
from prometheus_client import Gauge

from base.errors import EngineUnavailable, SetupError
from base.settings import Settings
from base.tasks import own
from base.tenant import TENANT
from connectors.phone.ari import Ari
from connectors.phone.asterisk import Asterisk, AsteriskConfig
from connectors.phone.connector import OnCall, PhoneConnector
from connectors.phone.tree import get_asterisk
from service.watching.processes import Ended, keep_running
from voice.prompts import Prompts

log = structlog.get_logger()

EXTENSION = TENANT.hotline
_LONGEST_PROMPT_SECONDS = 8.0
"""The prompts of voice/prompts are shorter; a stopping service is not held up longer."""


CONNECTED = Gauge("yibao_phone_connected", "1 while callers of the telephone reach us; without a telephone always 0")

EXPECTED = Gauge("yibao_phone_expected", "1 when this service is to take calls by telephone")


class Telephone:
    """What the health check asks."""

    def __init__(self) -> None:
        self._connector: PhoneConnector | None = None
        CONNECTED.set_function(lambda: float(self.is_connected))

    @property
    def is_connected(self) -> bool:
        """Whether a caller would reach us now."""
        return self._connector is not None and self._connector.is_connected

    async def ready(self) -> bool:
        return self.is_connected

    def takes_calls_by(self, connector: PhoneConnector) -> None:
        self._connector = connector


async def set_up(
    settings: Settings, stack: AsyncExitStack, take: OnCall, prompts: Prompts, telephone: Telephone
) -> str:
    """Start taking calls; returns what to dial. Raises SetupError when there can be no Asterisk."""
    EXPECTED.set(1)
    password = settings.ari_password.get_secret_value() or secrets.token_urlsafe(24)
    ari = Ari(settings.ari_url, settings.ari_user, password)
    stack.push_async_callback(ari.aclose)
    dial = EXTENSION
    if settings.phone == "asterisk":
        config = await asyncio.to_thread(_config, settings, password, prompts)
        tree = await asyncio.to_thread(get_asterisk, _quiet)
        asterisk = Asterisk(tree, config, _quiet)
        stack.push_async_callback(asterisk.stop)
        stack.push_async_callback(_until_quiet, ari)
        await asterisk.start()
        own(stack, keep_running("asterisk", running(asterisk)), "watch asterisk")
        dial = f"sip:{EXTENSION}@{config.host}:{config.sip_port}"
    connector = PhoneConnector(ari, take, settings.max_calls, settings.longest_call_seconds)
    telephone.takes_calls_by(connector)
    own(stack, connector.run(), "phone")
    return dial


async def set_up_direct(settings: Settings, stack: AsyncExitStack, take: OnCall) -> str:
    """Answer softphones on this machine ourselves; returns what to dial, "" where the port is somebody else's."""
    from connectors.phone.direct import DirectSip  # only a demo needs its libraries

    sip = DirectSip(take, settings.softphone_port, settings.max_calls)
    try:
        await sip.start()
    except OSError as error:
        log.warning("softphone_port_taken", port=settings.softphone_port, code=type(error).__name__)
        return ""
    stack.push_async_callback(sip.aclose)
    return f"sip:{EXTENSION}@127.0.0.1:{sip.port}"


def _config(settings: Settings, password: str, prompts: Prompts) -> AsteriskConfig:
    directory = settings.var_dir / "asterisk"
    directory.mkdir(parents=True, exist_ok=True)
    for key in ("maintenance", "busy"):
        prompts.write_wav(key, directory / f"{key}.wav")
    return AsteriskConfig(
        directory,
        agent_password=settings.agent_password.get_secret_value() or secrets.token_urlsafe(16),
        ari_password=password,
        ari_user=settings.ari_user,
        extension=EXTENSION,
        sip_port=settings.sip_port,
        http_port=urlsplit(settings.ari_url).port or 18088,
        rtp_ports=(settings.rtp_port, settings.rtp_port + 999),
        maintenance_prompt=directory / "maintenance.wav",
        busy_prompt=directory / "busy.wav",
        longest_call_seconds=settings.longest_call_seconds,
    )


async def _until_quiet(ari: Ari) -> None:
    """Whoever was on the line is hearing the maintenance prompt; Asterisk stops when they have heard it."""
    with suppress(TimeoutError, EngineUnavailable):
        async with asyncio.timeout(_LONGEST_PROMPT_SECONDS):
            while await ari.channels():  # noqa: ASYNC110 - another program, asked
                await asyncio.sleep(0.1)


def running(asterisk: Asterisk) -> Callable[[], Awaitable[Ended]]:
    """The run that has begun, and each that follows it."""
    has_ended = False

    async def run() -> Ended:
        nonlocal has_ended
        try:
            if has_ended:
                await asterisk.start()
            has_ended = True
            return Ended(await asterisk.wait())
        except (SetupError, OSError) as error:
            log.error("asterisk_not_started", reason=str(error))
            return Ended(None)

    return run


def _quiet(_line: str) -> None:
    """Set-up has already told what there is to tell."""
