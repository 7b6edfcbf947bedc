"""A scripted knowledge package and ticket book, and the real Rasa process trained once per state of its inputs."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr
from rich.console import Console

from base.messages import Reply, Source
from base.settings import ROOT, Settings
from bot import actions, engine
from bot.flows import manager as desk
from bot.flows.wished import Wish
from casework.tickets.said_later import Became, Noted, TicketWords
from casework.tickets.tickets import Kind, Opened, Tickets
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Option, Unclear
from service.installing import setup
from tests.casework.office import Office, open_office

Result = Answer | Declined | Unclear

VENV = ROOT / ".venv-rasa"
SOURCE = Source("济医保字〔2023〕25号", "第8条", "济宁市医保服务二十项便民措施")
PLACES = {None: "济宁", "sd-jining": "济宁", "sd-jinan": "济南", "sd-jining-zoucheng": "邹城", "sd": "山东"}


@dataclass
class ScriptedKnowledge:
    """Knows about 备案, in every place, with two parts more; is unsure about 慢病 and 床位; knows nothing else."""

    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Result:
        self.asked.append((question, place, topic))
        if "慢病" in question:
            text = "您是想问：慢病多久审一次？还是：慢病去哪里办？"
            return Unclear(
                text, text, (Option("chronic-review", "慢病多久审一次"), Option("chronic-where", "慢病去哪里办"))
            )
        if "床位" in question:
            text = "最接近的是：护理床位费每日30元。您问的是这个吗？"
            return Unclear(text, text, (Option("d.1~0", "护理床位费", quoted=True),))
        if "备案" in question:
            return await self.about("remote-valid", place="sd-jinan" if "济南" in question else place, on=on)
        if "社保卡" in question:
            return Declined("补卡，文件没有写。", "补卡，文件没有写。", "gap-card-loss")
        return Declined("这个我不掌握，要不要我给您登记，让工作人员回电？", "这个我不掌握，要不要登记？", None)

    async def respelled(self, text: str) -> str:
        return text.replace("背安", "备案")

    async def about(self, topic: str, *, place: str | None, on: date, said: str = "") -> Result:
        self.said.append(said)
        text = f"{PLACES[place]}：{topic}"
        return Answer(text, text, (SOURCE,), topic, place or "sd-jining", 0.9, True)

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None:
        if part > 2:
            return None
        text = f"{PLACES[place]}：{topic} 第{part}部分"
        return Answer(text, text, (SOURCE,), topic, place or "sd-jining", 1.0, part < 2, part)

    async def whole(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        return Answer(f"全文：{topic}", f"全文：{topic}", (SOURCE,), topic, place or "sd-jining", 1.0, True, 3)

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        return Answer("依据是第8条。", "依据是第八条。", (SOURCE,), topic, place or "sd-jining", 1.0, False)


@dataclass
class TicketBook:
    opened: list[tuple[Kind, str, str | None, str | None]] = field(default_factory=list)
    transcript: Sequence[tuple[str, str]] = ()
    conversation: str | None = None

    async def open(
        self,
        kind: Kind,
        *,
        channel: str,
        phone: str | None = None,
        topic: str | None = None,
        conversation: str | None = None,
        transcript: Sequence[tuple[str, str]] = (),
    ) -> Opened:
        self.opened.append((kind, channel, phone, topic))
        self.conversation, self.transcript = conversation, transcript
        return Opened("GD20261122-0001", date(2026, 11, 23), "4073")


@dataclass(frozen=True)
class Said:
    replies: tuple[Reply, ...]
    waits: bool = True
    offer_person: bool = False
    question: str = ""


@dataclass
class ScriptedErrands:
    """Asks for a colour, takes 红 and 蓝, is done then; knows nothing of money."""

    open: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)

    async def begin(
        self, conversation: str, channel: str, intent: str, text: str, before: str = "", **how: Any
    ) -> Said:
        if "余额" in text:
            return Said((Reply("余额查不了。"),), waits=False, offer_person=True)
        self.open.add(conversation)
        return Said((Reply(f"{intent}开始了。"), Reply("什么颜色？")))

    async def hear(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        transcript: Sequence[tuple[str, str]] = (),
        **how: Any,
    ) -> Said | None:
        if conversation not in self.open or text not in ("红", "蓝", "取消"):
            return None
        if text == "蓝":
            return Said((Reply("蓝的没有了。什么颜色？"),))
        self.open.discard(conversation)
        return Said((Reply("不办了。" if text == "取消" else "红的办好了。"),), waits=False)

    async def asking(self, conversation: str, *, in_between: bool = False) -> list[Reply]:
        return [Reply("什么颜色？")] if conversation in self.open else []

    async def is_open(self, conversation: str) -> bool:
        return conversation in self.open

    async def half_done(self, conversation: str, channel: str, text: str) -> Said | None:
        return None

    async def dropped(self, conversation: str, channel: str, text: str) -> Said | None:
        return None

    async def drug(self, conversation: str, channel: str, text: str) -> None:
        return None

    async def about(self, conversation: str, text: str) -> Reply | None:
        return None

    def split(self, text: str) -> tuple[str, str, str] | None:
        return None

    def materials(self, text: str) -> Reply | None:
        return None

    def wish(self, text: str, *learnt: Any) -> Wish | None:
        return None

    async def misheard(self, conversation: str) -> list[Reply]:
        asking = await self.asking(conversation)
        return [Reply("我没听明白。"), *asking] if asking else []

    async def stop(self, conversation: str, *, later: bool = False) -> list[Reply]:
        self.open.discard(conversation)
        return [Reply("先放着。")]

    async def leave(self, conversation: str) -> None:
        self.open.discard(conversation)
        self.left.append(conversation)


CASEWORK = "case-"
"""Conversations whose ids begin so are those of the real casework."""


@dataclass
class NoWords:
    """Nobody has a ticket; a list of what they said."""

    said: list[tuple[str, str]] = field(default_factory=list)

    async def urge(self, conversation: str, words: str, *, for_other: bool = False) -> list[Noted]:
        self.said.append(("urge", words))
        return []

    async def add(self, conversation: str, words: str, *, phone: str = "", for_other: bool = False) -> list[Noted]:
        self.said.append(("add", words))
        return []

    async def take_back(self, conversation: str, words: str) -> list[Noted]:
        self.said.append(("take back", words))
        return []

    async def became(self, conversation: str, words: str) -> list[Became]:
        return []

    async def lists(self, conversation: str, words: str) -> bool:
        return False

    async def rate(self, conversation: str, channel: str, words: str) -> list[Reply]:
        return []


class BothWords(NoWords):
    """The same, and for some conversations casework itself."""

    real: TicketWords | None = None

    def _of(self, conversation: str) -> TicketWords | None:
        return self.real if conversation.startswith(CASEWORK) else None

    async def urge(self, conversation: str, words: str, *, for_other: bool = False) -> list[Noted]:
        real = self._of(conversation) or super()
        return await real.urge(conversation, words, for_other=for_other)

    async def add(self, conversation: str, words: str, *, phone: str = "", for_other: bool = False) -> list[Noted]:
        real = self._of(conversation) or super()
        return await real.add(conversation, words, phone=phone, for_other=for_other)

    async def take_back(self, conversation: str, words: str) -> list[Noted]:
        return await (self._of(conversation) or super()).take_back(conversation, words)

    async def lists(self, conversation: str, words: str) -> bool:
        return await (self._of(conversation) or super()).lists(conversation, words)

    async def became(self, conversation: str, words: str) -> list[Became]:
        return await (self._of(conversation) or super()).became(conversation, words)

    async def rate(self, conversation: str, channel: str, words: str) -> list[Reply]:
        return await (self._of(conversation) or super()).rate(conversation, channel, words)


class BothTickets(TicketBook):
    """The scripted book, and for some conversations casework's own."""

    real: Tickets | None = None

    async def open(self, kind: Kind, **what: Any) -> Opened:
        real = self.real if (what.get("conversation") or "").startswith(CASEWORK) else None
        return await (real or super()).open(kind, **what)


class BothKnowledge(ScriptedKnowledge):
    """The scripted one, and while a test says so the real one."""

    real: Assistant | None = None

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Result:
        return await (self.real or super()).ask(question, place=place, on=on, topic=topic)

    async def respelled(self, text: str) -> str:
        return await (self.real or super()).respelled(text)

    async def about(self, topic: str, *, place: str | None, on: date, said: str = "") -> Result:
        return await (self.real or super()).about(topic, place=place, on=on, said=said)

    async def more(self, topic: str, *, place: str | None, on: date, part: int) -> Answer | None:
        return await (self.real or super()).more(topic, place=place, on=on, part=part)

    async def whole(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        return await (self.real or super()).whole(topic, place=place, on=on)

    async def source(self, topic: str, *, place: str | None, on: date) -> Answer | None:
        return await (self.real or super()).source(topic, place=place, on=on)


class BothErrands(ScriptedErrands):
    """The scripted ones, and for some conversations casework itself."""

    def __init__(self) -> None:
        super().__init__()
        self.real: desk.Errands | None = None

    async def begin(
        self, conversation: str, channel: str, intent: str, text: str, before: str = "", **how: Any
    ) -> Said | desk.Answer:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.begin(conversation, channel, intent, text, before, **how)
        return await super().begin(conversation, channel, intent, text, before)

    async def hear(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        transcript: Sequence[tuple[str, str]] = (),
        **how: Any,
    ) -> Said | desk.Answer | None:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.hear(conversation, channel, intent, text, transcript, **how)
        return await super().hear(conversation, channel, intent, text)

    async def asking(self, conversation: str, *, in_between: bool = False) -> list[Reply]:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.asking(conversation, in_between=in_between)
        return await super().asking(conversation)

    async def stop(self, conversation: str, *, later: bool = False) -> list[Reply]:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.stop(conversation, later=later)
        return await super().stop(conversation, later=later)

    async def half_done(self, conversation: str, channel: str, text: str) -> Said | desk.Answer | None:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.half_done(conversation, channel, text)
        return None

    async def dropped(self, conversation: str, channel: str, text: str) -> Said | desk.Answer | None:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.dropped(conversation, channel, text)
        return None

    async def drug(self, conversation: str, channel: str, text: str) -> None:
        return None

    async def about(self, conversation: str, text: str) -> Reply | None:
        return await self.real.about(conversation, text) if self.real and conversation.startswith(CASEWORK) else None

    def split(self, text: str) -> tuple[str, str, str] | None:
        return self.real.split(text) if self.real else None

    def wish(self, text: str, *learnt: Any) -> Wish | None:
        return self.real.wish(text, *learnt) if self.real else None

    async def is_open(self, conversation: str) -> bool:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.is_open(conversation)
        return await super().is_open(conversation)

    async def misheard(self, conversation: str) -> list[Reply]:
        if self.real and conversation.startswith(CASEWORK):
            return await self.real.misheard(conversation)
        return await super().misheard(conversation)

    async def leave(self, conversation: str) -> None:
        if self.real and conversation.startswith(CASEWORK):
            await self.real.leave(conversation)
        else:
            await super().leave(conversation)


@pytest.fixture
def errands() -> ScriptedErrands:
    return ScriptedErrands()


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
    knowledge: BothKnowledge
    tickets: BothTickets
    errands: BothErrands
    words: BothWords
    log: Path


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The checkout's own, which is the one that a demo runs; trained if its inputs changed (a minute)."""
    setup.train(Console(file=io.StringIO()))
    return engine.MODEL


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def rasa(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningRasa]:
    """The real engine on a free port, calling back to a scripted action server on another."""
    knowledge, tickets, errands, words = BothKnowledge(), BothTickets(), BothErrands(), BothWords()
    app = web.Application()
    day = date(2026, 11, 22)
    actions.setup(app, knowledge, tickets, errands, words, token="actions-token", today=lambda: day)
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
            yield RunningRasa(client, url, knowledge, tickets, errands, words, Path(log.name))
        finally:
            await client.aclose()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def office(rasa: RunningRasa, tmp_path: Path) -> AsyncIterator[Office]:
    """A bureau of its own for each conversation: nobody is authorised, nothing is filed."""
    office = await open_office(tmp_path)
    rasa.errands.real = office.parts.errands
    rasa.tickets.real, rasa.words.real = office.parts.tickets, office.parts.words
    yield office
    rasa.errands.real, rasa.tickets.real, rasa.words.real = None, None, None
    await office.database.aclose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
