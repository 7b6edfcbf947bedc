"""The whole service as its users meet it: `python -m service run` as a process of its own, on ports of its own.

Shares the trained model and the caches with the checkout, and nothing else: its data live in a folder of the test.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from base.settings import ROOT

_START_SECONDS = 420


@dataclass(frozen=True, slots=True)
class Whole:
    """A running service."""

    url: str
    sip_port: int
    var_dir: Path
    pid: int

    async def until_ok(self) -> None:
        """Wait until a message can be answered (again)."""
        await _wait_until_ok(self.url)

    @property
    def log(self) -> str:
        return (self.var_dir / "log" / "service.log").read_text()


@asynccontextmanager
async def whole_service(
    var_dir: Path, *, phone: bool, root: Path = ROOT, rtp_port: int = 24000, waits: bool = True, **settings: str
) -> AsyncIterator[Whole]:
    """Start it, wait until /healthz says ok, stop it. `settings`: more YIBAO_ settings, names in lower case; `root`:
    the checkout, with its environments and its trained model; not `waits`: be there while it starts."""
    port, rasa, sip, ari = free_port(), free_port(), free_udp_port(), free_port()
    environment = {
        "YIBAO_PORT": str(port),
        "YIBAO_RASA_URL": f"http://127.0.0.1:{rasa}",
        "YIBAO_VAR_DIR": str(var_dir),
        "YIBAO_PHONE": "asterisk" if phone else "none",
        "YIBAO_SIP_PORT": str(sip),
        "YIBAO_RTP_PORT": str(rtp_port),
        "YIBAO_ARI_URL": f"http://127.0.0.1:{ari}",
        "YIBAO_DEMO": "1",
        "YIBAO_WECHAT_STANDIN_PORT": str(free_port()),
        **{f"YIBAO_{name.upper()}": value for name, value in settings.items()},
    }
    loading = await _service("load", environment, root)
    assert await loading.wait() == 0
    process = await _service("run", environment, root)
    try:
        url = f"http://127.0.0.1:{port}"
        if waits:
            await _wait_until_ok(url, process)
        yield Whole(url, sip, var_dir, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def _service(command: str, environment: dict[str, str], root: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(str(root / ".venv" / "bin" / "python"), "-m", "service", command),
        cwd=root,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
    )


def free_udp_port() -> int:
    return free_port(socket.SOCK_DGRAM)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _wait_until_ok(url: str, process: asyncio.subprocess.Process | None = None) -> None:
    async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as http:
        while True:
            assert process is None or process.returncode is None, "the service ended while starting; see its log"
            try:
                async with http.get(url + "/healthz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.25)
