"""A real Asterisk as our child: its configuration rendered from `etc/`, started, asked, stopped by its process id.

For the demo, the tests and a small bureau without a PBX. It runs as whoever runs the service and listens on
loopback only. A bureau with its own Asterisk does not need this file: see docs/connect-pbx.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
import string
from dataclasses import dataclass, field
from pathlib import Path

from base.errors import SetupError
from base.tenant import TENANT
from connectors.phone.tree import AsteriskTree, Report
from voice.audio import read_wav

TEMPLATES = Path(__file__).parent / "etc"
_LONGEST_SOCKET_PATH = 107
_BOOT_SECONDS = 30.0
_STOP_SECONDS = 5.0
_COMMAND_SECONDS = 5.0
_UNTAKEN_SECONDS = 9
"""For so long a caller waits for whoever listens to our application; then the dialplan tells them that nobody is there.
Longer than it takes us to win back the application from a listener who takes no call."""


@dataclass(frozen=True, slots=True)
class AsteriskConfig:
    """Everything the rendered configuration says. Two Asterisks on one machine differ in directory and ports."""

    directory: Path
    """Holds configuration, logs and the control socket; made readable by its owner only."""

    ari_password: str = field(repr=False)
    ari_user: str = "yibao"
    app: str = "yibao"
    """The name our service registers under; the dialplan sends callers there."""

    extension: str = TENANT.hotline
    host: str = "127.0.0.1"
    sip_port: int = 5080
    http_port: int = 18088
    rtp_ports: tuple[int, int] = (20000, 20999)
    """First and last UDP port for audio; a call uses one or two."""

    maintenance_prompt: Path | None = None
    """A WAV that says the service is away; the busy prompt is used without it, a busy tone without either."""

    busy_prompt: Path | None = None
    """A WAV that says all lines are taken."""

    agent_password: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    """With it an agent's phone registers as "agent1"; random by default, so that none can."""

    longest_call_seconds: int = 7200
    """A call is cut after this (and the part with an agent after as much again): the last resort should our service
    vanish with callers on the line. We say goodbye before."""

    @property
    def ari_url(self) -> str:
        return f"http://{self.host}:{self.http_port}"


class Asterisk:
    """One Asterisk process. `start`, and `stop` in a `finally`; it also dies with us if we are killed."""

    def __init__(self, tree: AsteriskTree, config: AsteriskConfig, report: Report) -> None:
        self.config = config
        self._tree = tree
        self._report = report
        self._arguments = (*tree.command, "-C", str(config.directory / "etc" / "asterisk.conf"))
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Returns when calls are taken, about a second later. Raises SetupError with the reason if it cannot."""
        await asyncio.to_thread(render, self._tree, self.config)
        await self._stop_leftover()
        _check_ports_free(self.config)
        self._report(f"正在启动 Asterisk（SIP {self.config.host}:{self.config.sip_port}）")
        with (self.config.directory / "log" / "console").open("wb") as console:
            self._process = await asyncio.create_subprocess_exec(
                *_with_precedence(),
                *_dying_with_us(),
                *self._arguments,
                *("-f", "-n"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=console,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: we end the calls first
            )
        try:
            async with asyncio.timeout(_BOOT_SECONDS):
                await self._wait_booted()
        except TimeoutError as error:
            await self.stop()
            raise SetupError(f"Asterisk 在 {_BOOT_SECONDS:.0f} 秒内没有启动成功：{self._last_log_line()}") from error
        self._report(f"Asterisk 已就绪：拨 {self.config.extension}@{self.config.host}:{self.config.sip_port}")

    async def stop(self) -> None:
        """End the process, calls included. Safe to call twice or after it died."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def wait(self) -> int:
        """Return the exit code once the process ended, for whoever supervises it."""
        if self._process is None:
            raise SetupError("Asterisk 尚未启动")
        return await self._process.wait()

    async def command(self, text: str) -> str:
        """Run a console command ("core show channels") and return what it prints; empty if none answers."""
        process = await asyncio.create_subprocess_exec(
            *self._arguments,
            *("-rx", text),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _COMMAND_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            return ""
        return output.decode(errors="replace") if process.returncode == 0 else ""

    async def _wait_booted(self) -> None:
        while "fully booted" not in await self.command("core waitfullybooted"):
            if self._process is None or self._process.returncode is not None:
                raise SetupError(f"Asterisk 启动后立即退出：{self._last_log_line()}")
            await asyncio.sleep(0.1)

    async def _stop_leftover(self) -> None:
        """A run that was killed may have left its Asterisk on our ports."""
        if await self.command("core show uptime"):
            self._report("正在停止上次遗留的 Asterisk")
            await self.command("core stop now")
            await asyncio.sleep(1.0)

    def _last_log_line(self) -> str:
        for name in ("messages", "console"):
            log = self.config.directory / "log" / name
            if log.exists() and (lines := log.read_text(errors="replace").strip().splitlines()):
                return lines[-1]
        return "没有日志"


class _Template(string.Template):
    """`@{name}`: the dialplan needs `$` for itself."""

    delimiter = "@"


def render(tree: AsteriskTree, config: AsteriskConfig) -> None:
    """Write the configuration and make the directories. Raises SetupError for a path that is too long."""
    directory = config.directory.resolve()
    if len(str(directory / "run" / "asterisk.ctl")) > _LONGEST_SOCKET_PATH:
        raise SetupError(f"路径太长，Asterisk 无法使用：{directory}。请把 YIBAO_VAR_DIR 设到较短的目录")
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)  # the configuration holds passwords
    for name in ("etc", "run", "log", "db", "data/sounds/en", "spool/recording", "prompts"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    for name in ("documentation", "rest-api"):
        link = directory / "data" / name
        link.unlink(missing_ok=True)
        link.symlink_to(tree.share / name)
    values = _values(tree, config, directory)
    for template in TEMPLATES.glob("*.conf"):
        (directory / "etc" / template.name).write_text(_Template(template.read_text()).substitute(values))


def _values(tree: AsteriskTree, config: AsteriskConfig, directory: Path) -> dict[str, object]:
    busy = _say(config.busy_prompt, directory / "prompts" / "busy")
    return {
        "directory": directory,
        "modules": tree.modules,
        "app": config.app,
        "extension": config.extension,
        "host": config.host,
        "sip_port": config.sip_port,
        "http_port": config.http_port,
        "rtp_first": config.rtp_ports[0],
        "rtp_last": config.rtp_ports[1],
        "ari_user": config.ari_user,
        "ari_password": config.ari_password,
        "agent_password": config.agent_password,
        "untaken_seconds": _UNTAKEN_SECONDS,
        "longest_call_seconds": config.longest_call_seconds,
        "say_busy": busy,
        "say_maintenance": _say(config.maintenance_prompt, directory / "prompts" / "maintenance")
        if config.maintenance_prompt
        else busy,
    }


def _say(prompt: Path | None, place: Path) -> str:
    """The dialplan step that plays `prompt` (any 16-bit WAV), or a busy tone without one."""
    if prompt is None:
        return "Playtones(busy)\n same => n,Wait(3)"
    place.with_suffix(".sln16").write_bytes(read_wav(prompt))
    return f"Playback({place})"


def _with_precedence() -> tuple[str, ...]:
    """Before recognisers that take every core: Asterisk needs little time, but on time, every 20 ms. Without the
    right to it (an ordinary user) `nice` says so in the log and goes on."""
    return ("nice", "-n", "-10")


def _dying_with_us() -> tuple[str, ...]:
    """The kernel ends the child when our process dies, however it dies. Linux only; without it a later start cleans."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM") if setpriv else ()


def _check_ports_free(config: AsteriskConfig) -> None:
    """Asterisk would only write a line into its log. Raises SetupError."""
    for kind, port, name in (
        (socket.SOCK_DGRAM, config.sip_port, "SIP UDP"),
        (socket.SOCK_STREAM, config.http_port, "ARI TCP"),
    ):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((config.host, port))
            except OSError as error:
                raise SetupError(
                    f"{name} 端口 {config.host}:{port} 已被占用，请停止占用它的程序或换一个端口"
                ) from error
