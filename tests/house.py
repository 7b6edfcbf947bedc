"""A bureau's whole house as processes, wired as deploy/ wires it: nginx, services, engines, PostgreSQL, Redis, a core
system, a gateway for short messages and a WeChat platform that stand in for the bureau's.

Each service asks nginx for an engine: its own first, the other's when that one is gone (nginx/yibao-engines.conf).
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp
import yaml
from aiohttp import web

from base.settings import ROOT
from demo.core_standin import TOKEN as CORE_TOKEN
from tests.citizens import Caller
from tests.whole import free_port

DEPLOY = ROOT / "deploy"
NAME = "12393.example.gov.cn"
_STARTS_WITHIN_SECONDS = 1200
"""Two services and two engines load at once, on two cores, beside other tests."""


@dataclass(slots=True)
class Machine:
    """One of the bureau's: a service, its engine, and where it asks for an engine."""

    port: int = field(default_factory=free_port)
    engine_port: int = field(default_factory=free_port)
    engines_port: int = field(default_factory=free_port)
    service: subprocess.Popen[bytes] | None = None
    engine: subprocess.Popen[bytes] | None = None


@dataclass(slots=True)
class House:
    """`messages`: what the gateway was given, {"phone", "text"}."""

    folder: Path
    machines: Sequence[Machine]
    environment: dict[str, str]
    model: Path
    redis_url: str
    wechat: str
    """The stand-in's address."""

    messages: list[dict[str, str]] = field(default_factory=list)
    https_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    async def ask(self, sender: str, text: str, machine: Machine | None = None) -> str:
        """The answer's words; from `machine` itself, or through nginx as a citizen's browser asks."""
        base = f"http://127.0.0.1:{machine.port}" if machine else f"https://{NAME}:{self.https_port}"
        asked = {"sender": sender, "message": text, "metadata": {"message_id": secrets.token_hex(8)}}
        async with (
            self._browser() as http,
            http.post(f"{base}/webhooks/rest/webhook", json=asked, ssl=_trusting(self.folder)) as came,
        ):
            assert came.status == 200, (came.status, await came.text())
            return "\n".join(message["text"] for message in await came.json())

    async def status(self, path: str, **given: Any) -> int:
        """Of a page, through nginx."""
        async with (
            self._browser() as http,
            http.get(f"https://{NAME}:{self.https_port}{path}", ssl=_trusting(self.folder), **given) as came,
        ):
            return came.status

    async def counted(self, machine: Machine, name: str) -> float:
        """A metric of that service, whatever its labels."""
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{machine.port}/metrics") as came:
            counts = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", await came.text(), re.MULTILINE)
            return sum(map(float, counts))

    @asynccontextmanager
    async def call(self) -> AsyncIterator[Caller]:
        """A call from a web page, from greeting to hanging up."""
        url, origin = f"https://{NAME}:{self.https_port}/ws/call", self.environment["YIBAO_PUBLIC_URL"]
        async with (
            self._browser() as http,
            http.ws_connect(url, ssl=_trusting(self.folder), headers={"Origin": origin}) as socket,
        ):
            caller = Caller(socket)
            tasks = [asyncio.create_task(caller.listen()), asyncio.create_task(caller.speak())]
            try:
                yield caller
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def until_ready(self, machine: Machine) -> None:
        async with asyncio.timeout(_STARTS_WITHIN_SECONDS), aiohttp.ClientSession() as http:
            while True:
                for running in (machine.service, machine.engine):
                    assert running is None or running.poll() is None, "it ended while starting; see the logs in folder"
                try:
                    async with http.get(f"http://127.0.0.1:{machine.port}/healthz") as came:
                        if came.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.5)

    def start_service(self, machine: Machine) -> None:
        machine.service = self._program(
            machine,
            "run",
            {
                **self.environment,
                **_given("service"),
                "YIBAO_PORT": str(machine.port),
                "YIBAO_RASA_URL": f"http://127.0.0.1:{machine.engines_port}",
            },
        )

    def start_engine(self, machine: Machine) -> None:
        """With what its container is given, and nothing of citizens."""
        tokens = {name: self.environment[name] for name in ("YIBAO_RASA_TOKEN", "YIBAO_ACTION_TOKEN")}
        given = {name: value for name, value in _given("engine").items() if name.startswith("YIBAO_")}
        machine.engine = self._program(
            machine,
            "engine",
            {
                **tokens,
                **given,
                "YIBAO_REDIS_URL": self.redis_url,
                "YIBAO_ENGINE_MODEL": str(self.model),
                "YIBAO_ENGINE_LOG": str(self.folder / f"rasa-{machine.engine_port}.log"),
                "YIBAO_RASA_URL": f"http://127.0.0.1:{machine.engine_port}",
                "YIBAO_ACTIONS_URL": f"http://127.0.0.1:{machine.port}/actions",
            },
        )

    def _program(self, machine: Machine, command: str, given: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command}-{machine.port}.out").open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "service", command],
                cwd=ROOT,
                env={**_plain(), **given},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _browser(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=_Here()), timeout=aiohttp.ClientTimeout(60)
        )


@asynccontextmanager
async def house(folder: Path, machines: int, *, database_url: str, redis_url: str, model: Path) -> AsyncIterator[House]:
    """All of it, ready. `database_url`: of an empty PostgreSQL."""
    core_port, sms_port, wechat_port = free_port(), free_port(), free_port()
    account = {name: secrets.token_hex(16) for name in ("SECRET", "TOKEN")}
    account |= {"APPID": "wxhouse0000000001", "AES_KEY": secrets.token_hex(22)[:43]}
    environment = {
        "YIBAO_DATABASE_URL": database_url,
        "YIBAO_VAR_DIR": str(folder / "var"),
        "YIBAO_DATA_KEY": secrets.token_hex(32),
        "YIBAO_RASA_TOKEN": secrets.token_hex(32),
        "YIBAO_ACTION_TOKEN": secrets.token_hex(32),
        "YIBAO_PUBLIC_URL": f"https://{NAME}",
        "YIBAO_CORE_URL": f"http://127.0.0.1:{core_port}",
        "YIBAO_CORE_TOKEN": CORE_TOKEN,
        "YIBAO_SMS_URL": f"http://127.0.0.1:{sms_port}/sms",
        "YIBAO_SMS_TOKEN": "sms",
        "YIBAO_SYNTHESISER": "pyttsx3",
        "YIBAO_WECHAT_API_BASE": f"http://127.0.0.1:{wechat_port}",
        **{f"YIBAO_WECHAT_{name}": value for name, value in account.items()},
    }
    made = House(
        folder, [Machine() for _ in range(machines)], environment, model, redis_url, f"http://127.0.0.1:{wechat_port}"
    )
    running: list[subprocess.Popen[bytes]] = []
    gateway = await _gateway(made, sms_port)
    try:
        running.append(_core(core_port))
        await asyncio.to_thread(_load, environment)
        running.append(nginx(made))
        running.append(_wechat(made, wechat_port, account))
        for machine in made.machines:
            made.start_engine(machine)
            made.start_service(machine)
        for machine in made.machines:
            await made.until_ready(machine)
        yield made
    finally:
        for one in made.machines:
            running += [program for program in (one.service, one.engine) if program]
        for program in running:
            program.terminate()
        for program in running:
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
        await gateway.cleanup()


def _core(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "demo.core_standin", "--port", str(port)]
    return subprocess.Popen(command, cwd=ROOT, env=_plain(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _wechat(made: House, port: int, account: dict[str, str]) -> subprocess.Popen[bytes]:
    """It delivers through nginx, as the platform does."""
    callback = f"https://127.0.0.1:{made.https_port}/wechat"
    given = {f"STANDIN_{name}": value for name, value in account.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "demo.wechat", "--callback", callback, "--port", str(port)],
        cwd=ROOT,
        env={**_plain(), **given, "SSL_CERT_FILE": str(made.folder / "nginx" / "tls" / "yibao.crt")},
        stdin=subprocess.DEVNULL,
    )


def _load(environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "service", "load"], cwd=ROOT, env={**_plain(), **environment}, check=True)


async def _gateway(made: House, port: int) -> web.AppRunner:
    async def take(request: web.Request) -> web.Response:
        made.messages.append(await request.json())
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/sms", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def nginx(made: House) -> subprocess.Popen[bytes]:
    """The two shipped files, on free ports; the way to the other machine's engine without TLS, for both are here."""
    folder = made.folder / "nginx"
    (folder / "tls").mkdir(parents=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
        + [
            "-addext",
            f"subjectAltName=DNS:{NAME},IP:127.0.0.1",
            "-keyout",
            folder / "tls/yibao.key",
            "-out",
            folder / "tls/yibao.crt",
        ],
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx" / "yibao.conf").read_text()
    ours = "\n".join(f"    server 127.0.0.1:{one.port} max_fails=2 fail_timeout=5s;" for one in made.machines)
    site = re.sub(r"^    server 127\.0\.0\.1:8080 .*$", ours, site, flags=re.MULTILINE)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{made.http_port};")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{made.https_port} ssl;")
    site = site.replace("/etc/nginx/tls", str(folder / "tls")).replace("/var/log/nginx", str(folder))
    (folder / "site.conf").write_text(site)
    engines = (DEPLOY / "nginx" / "yibao-engines.conf").read_text()
    local = engines[: engines.index("# 另一台机器的引擎")]
    for number, machine in enumerate(made.machines):
        other = made.machines[number - 1]
        text = local.replace("yibao_engines", f"yibao_engines_{number}").replace(":5004", f":{machine.engines_port}")
        text = text.replace(":5005", f":{machine.engine_port}")
        text = text.replace(":5006", f":{other.engine_port}") if other is not machine else _alone(text)
        (folder / f"engines-{number}.conf").write_text(text)
    main = folder / "nginx.conf"
    main.write_text(
        f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ include {folder}/site.conf; include {folder}/engines-*.conf; }}\n"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is not installed: make test installs it"
    return subprocess.Popen([program, "-c", main, "-p", folder], stdin=subprocess.DEVNULL)


def _alone(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if ":5006" not in line)


def _given(name: str) -> dict[str, str]:
    """What deploy/compose.yaml gives the container of that name."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return {key: str(value) for key, value in compose["services"][name].get("environment", {}).items()}


def _plain() -> dict[str, str]:
    """No setting of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("YIBAO_")}


def _trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "nginx" / "tls" / "yibao.crt"))


class _Here(aiohttp.abc.AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self) -> None: ...


async def killed(machine: Machine, what: Literal["service", "engine"]) -> None:
    """As a power cut ends it, with what it started."""
    program: subprocess.Popen[bytes] | None = getattr(machine, what)
    assert program is not None
    os.killpg(program.pid, 9)
    await asyncio.to_thread(program.wait, 30)
    setattr(machine, what, None)
