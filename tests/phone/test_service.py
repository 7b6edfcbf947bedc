"""How the service sets its telephone up and lets it go (service/wiring/phone.py), with a real Asterisk."""

from __future__ import annotations

import re
import socket
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from base.settings import ROOT, Settings
from connectors.phone.asterisk import Asterisk
from service.wiring import phone
from tests.guard import until
from tests.phone.caller import SipCaller
from tests.phone.conftest import MAINTENANCE, free_port
from tests.phone.sounds import likeness
from tests.phone.test_faults import greet_and_stay, hears_greeting
from voice.audio import write_wav

pytestmark = pytest.mark.phone

SECRETS = dict.fromkeys(("data_key", "rasa_token", "action_token"), SecretStr("0" * 64))


class Recorded:
    """Prompts as the service has them: files to be written."""

    def write_wav(self, key: str, path: Path) -> None:
        write_wav(path, MAINTENANCE)


async def test_a_stopping_service_lets_its_callers_hear_why(tmp_path: Path) -> None:
    settings = Settings(
        **SECRETS,  # type: ignore[arg-type]
        phone="asterisk",
        var_dir=tmp_path,
        sip_port=free_port(socket.SOCK_DGRAM),
        ari_url=f"http://127.0.0.1:{free_port(socket.SOCK_STREAM)}",
        rtp_port=25000,
    )
    telephone = phone.Telephone()
    async with SipCaller(settings.sip_port) as caller:
        async with AsyncExitStack() as stack:
            await phone.set_up(settings, stack, greet_and_stay, Recorded(), telephone)  # type: ignore[arg-type]
            await until(lambda: telephone.is_connected)
            await caller.dial()
            await caller.hears(0.5)
        await caller.is_hung_up()
        assert likeness(caller.heard.without_gaps(), MAINTENANCE) > 0.95


async def test_the_settings_of_the_pbx_guide_take_calls(asterisk: Asterisk, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "connect-pbx.md").read_text()
    written = dict(re.findall(r"^\s*(YIBAO_\w+)=(\S+)$", guide, re.MULTILINE))
    assert len(written) >= 5
    written["YIBAO_ARI_URL"] = asterisk.config.ari_url
    written["YIBAO_ARI_PASSWORD"] = asterisk.config.ari_password
    for name, value in written.items():
        monkeypatch.setenv(name, value)
    telephone = phone.Telephone()
    async with AsyncExitStack() as stack:
        settings = Settings(**SECRETS)  # type: ignore[arg-type]
        await phone.set_up(settings, stack, greet_and_stay, Recorded(), telephone)  # type: ignore[arg-type]
        await until(lambda: telephone.is_connected)
        assert await hears_greeting(asterisk)
