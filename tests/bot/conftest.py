"""A scripted knowledge package and ticket book, and the real Rasa process trained once per state of its inputs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr

from bot import actions, engine
from casework.tickets import Kind, Opened
from knowledge.answering import Answer, Declined, Option, Unclear
from service.messages import Source
from service.settings import ROOT, Settings
from service.steps import digest

Result = Answer | Declined | Unclear

VENV = ROOT / ".venv-rasa"
SOURCE = Source("济医保字〔2023〕25号", "第8条", "济宁市医保服务二十项便民措施")
PLACES = {None: "济宁", "sd-jining": "济宁", "sd-jinan": "济南", "sd-jining-zoucheng": "邹城", "sd": "山东"}


@dataclass
class ScriptedKnowledge:
    """Knows about 备案, in every place, with two parts more; is unsure about 慢病; knows nothing else."""

    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Result:
        self.asked.append((question, place, topic))
        if "慢病" in question:
            text = "您是想问：慢病多久审一次？还是：慢病去哪里办？"
            return Unclear(
                text, text, (Option("chronic-review", "慢病多久审一次"), Option("chronic-where", "慢病去哪里办"))
            )
        if "备案" in question:
            return await self.about("remote-valid", place="sd-jinan" if "济南" in question else place, on=on)
        return Declined("这个我不掌握，要不要我给您登记，让工作人员回电？", "这个我不掌握，要不要登记？", None)

    async def about(self, topic: str, *, place: str | None, on: date) -> Result:
        text = f"{PLACES[place]}：{topic}"
        return Answer(text, text, (SOURCE,), topic, place or "sd-jining", 0.9, True)

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None:
        if part > 2:
            return None
        text = f"{PLACES[place]}：{topic} 第{part}部分"
        return Answer(text, text, (SOURCE,), topic, place or "sd-jining", 1.0, part < 2, part)

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        return Answer("依据是第8条。", "依据是第八条。", (SOURCE,), topic, place or "sd-jining", 1.0, False)


@dataclass
class TicketBook:
    opened: list[tuple[Kind, str, str | None, str | None]] = field(default_factory=list)

    async def open(self, kind: Kind, *, channel: str, phone: str | None = None, topic: str | None = None) -> Opened:
        self.opened.append((kind, channel, phone, topic))
        return Opened("GD20261122-0001", date(2026, 11, 23))


@pytest.fixture
def knowledge() -> ScriptedKnowledge:
    return ScriptedKnowledge()


@pytest.fixture
def tickets() -> TicketBook:
    return TicketBook()


@dataclass
class RunningRasa:
    client: engine.RasaClient
    url: str
    knowledge: ScriptedKnowledge
    tickets: TicketBook
    log: Path


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """Trains when no model of exactly these inputs is in the cache (about a minute), else at once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "yibao" / "rasa-models"
    model = cache / f"{digest(engine.training_inputs())[:16]}.tar.gz"
    if not model.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = engine.train_command(VENV, model)
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **engine.environment()}, capture_output=True)
    return model


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def rasa(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningRasa]:
    """The real engine on a free port, calling back to a scripted action server on another."""
    knowledge, tickets = ScriptedKnowledge(), TicketBook()
    app = web.Application()
    actions.setup(app, knowledge, tickets, token="actions-token", today=lambda: date(2026, 11, 22))
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port := free_port()).start()
    settings = Settings(  # type: ignore[call-arg]  # the rest has defaults
        port=port,
        data_key=SecretStr("0" * 64),
        rasa_token=SecretStr("rasa-token"),
        action_token=SecretStr("actions-token"),
    )
    rasa_port = free_port()
    url = f"http://127.0.0.1:{rasa_port}"
    client = engine.RasaClient(url, "rasa-token", timeout_seconds=10)
    with (tmp_path_factory.mktemp("rasa") / "rasa.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *engine.run_command(VENV, trained_model, rasa_port),
            env={**os.environ, **engine.environment(settings)},
            stdout=log,
            stderr=log,
        )
        try:
            async with asyncio.timeout(180):
                while not await client.ready():
                    assert process.returncode is None, Path(log.name).read_text()
                    await asyncio.sleep(0.3)
            yield RunningRasa(client, url, knowledge, tickets, Path(log.name))
        finally:
            await client.aclose()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            await runner.cleanup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
