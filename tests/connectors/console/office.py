"""A console with its database, and members of staff who use it as a browser would."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from base.database import Database
from base.errors import EngineUnavailable
from base.every import every
from base.messages import Reply, Source
from base.personal_data import Vault
from base.room import Room
from base.tasks import own
from bot.turn import Dialogue
from casework.filings.view import FilingView
from casework.livechat.book import Book
from casework.livechat.closing import Closing
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.news import LOOK_SECONDS, News
from casework.livechat.outward import Outward
from casework.livechat.pictures import LivePictures
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.writer import Writer
from casework.tickets.changes import StepRefused
from casework.tickets.ratings import Ratings
from casework.tickets.tickets import NotFound, Tickets
from casework.tickets.work import TicketWork
from connectors.console.chat.pages import Live
from connectors.console.kit.multipart import ROOM
from connectors.console.routes import setup
from knowledge.answering.answer import Assistant
from knowledge.answering.explaining import Why
from knowledge.answering.replies import Answer, Declined, Explained, Unclear
from knowledge.authoring.gaps import Gaps
from knowledge.insight.hit_test import Explains
from knowledge.retrieval.index import Floats
from staff.accounts import Role, StaffAccounts
from tests.guard import GUARD_SECONDS

PASSWORD = "correct-horse-7"
DOCUMENT = "jining-yb-2023-25"
NAMES = {
    "bianji": ("王编辑", Role.EDITOR),
    "bianji2": ("赵编辑", Role.EDITOR),
    "shenhe": ("李审核", Role.REVIEWER),
    "shenhe2": ("周审核", Role.REVIEWER),
    "zuoxi": ("孙坐席", Role.AGENT),
    "zuoxi2": ("郑坐席", Role.AGENT),
    "zhuguan": ("钱主管", Role.SUPERVISOR),
    "guanli": ("吴管理", Role.ADMINISTRATOR),
}


@dataclass
class Browser:
    """One person's browser: cookies of its own, and the form token of the page last seen."""

    client: ClientSession
    token: str = ""
    page: str = ""

    async def open(self, path: str, expect: int = 200) -> str:
        """Visit a page below /console."""
        return await self._see(await self.client.get("/console" + path), expect)

    async def send(
        self, path: str, fields: Mapping[str, Any] | list[tuple[str, str]], expect: int = 200, **more: Any
    ) -> str:
        """Submit a form with the token of the page last seen, and follow where it leads."""
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        response = await self.client.post("/console" + path, data=[("csrf", self.token), *pairs], **more)
        return await self._see(response, expect)

    async def _see(self, response: ClientResponse, expect: int) -> str:
        self.page = await response.text()
        assert response.status == expect, f"{response.status} {response.url}\n{self.text}"
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page)
        self.token = found.group(1) if found else self.token
        return self.page

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        body = re.sub(r"<(script|style)\b.*?</\1>", "", self.page, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@dataclass
class Office:
    """The running console."""

    server: TestServer
    database: Database
    accounts: StaffAccounts
    assistant: Explains
    vault: Vault
    filings: ScriptedFilings
    floor: Floor

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        async with ClientSession(base_url=self.server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as client:
            yield Browser(client)

    @asynccontextmanager
    async def logged_in(self, username: str) -> AsyncIterator[Browser]:
        """Somebody of NAMES, past the login."""
        async with self.browser() as browser:
            await browser.open("/login")
            await browser.send("/login", {"name": username, "password": PASSWORD, "next": "/console/password"})
            yield browser


class ScriptedFilings:
    """What staff see of one filing, and what they did with it."""

    def __init__(self) -> None:
        self.ticket = ""
        self.shown: FilingView | None = None
        self.files: dict[int, tuple[str, bytes]] = {}
        self.done: list[tuple[str, ...]] = []
        self.is_down = False
        self.told, self.to_enter = "", False

    async def view(self, ticket_number: str) -> FilingView | None:
        if self.is_down:
            raise EngineUnavailable
        return self.shown if ticket_number == self.ticket else None

    async def material(self, ticket_number: str, material_id: int) -> tuple[str, bytes]:
        if ticket_number != self.ticket or material_id not in self.files:
            raise NotFound
        return self.files[material_id]

    async def told_core(self, ticket_number: str) -> str:
        return self.told if ticket_number == self.ticket else ""

    async def must_be_entered(self, ticket_number: str) -> bool:
        return self.to_enter and ticket_number == self.ticket

    async def entered(self, ticket_number: str, *, by: str) -> None:
        if not self.to_enter:
            raise StepRefused
        self.to_enter = False
        self.done.append(("entered", ticket_number, by))

    async def decide(self, ticket_number: str, *, approved: bool, reason: str, by: str) -> None:
        if self.is_down:
            raise EngineUnavailable
        self.done.append(("approved" if approved else "refused", ticket_number, reason, by))

    async def withdraw(self, ticket_number: str, *, reason: str, by: str) -> None:
        self.done.append(("withdrawn", ticket_number, reason, by))

    async def ask_supplement(self, ticket_number: str, *, what: str, by: str) -> None:
        self.done.append(("asked", ticket_number, what, by))


class EchoEngine:
    """Says back what it hears; gives to a person who asks for one, where one is free."""

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        return [Reply(f"答：{text}", transfer=text == "转人工" and metadata.get("can_transfer") is True)]


class Floor:
    """The live desk, and citizens who speak to it."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self.writer, self.outward = database, Writer(database), Outward()
        self.book, self.presence, held = Book(vault), Presence(database), Held(database)
        self.desk = LiveDesk(held, self.book, self.writer, self.presence, quick_seconds=GUARD_SECONDS)
        self.dialogue = Dialogue(EchoEngine(), desk=self.desk)
        self.steps, self.news = LiveSteps(database, self.book, self.outward, held), News(database, self.book)
        self.pictures = LivePictures(database, vault, self.book, self.steps, self._accept, Room(Path("/")))
        self.accepted: list[Reply] | None = None
        self.tickets = Tickets(database, vault)
        self.ratings = Ratings(database, vault, self.tickets)
        work = TicketWork(database, vault, self.ratings)
        self.closing = Closing(
            database, self.book, self.steps, self.tickets, work, self.ratings, "https://yibao.example"
        )

    async def _accept(self, conversation: str, channel: str, content: bytes) -> list[Reply] | None:
        return self.accepted

    async def ask(self, name: str, text: str, channel: str = "web") -> tuple[int, list[str]]:
        """The conversation's number at the desk, and what the citizen reads at once."""
        replies = await self.dialogue.reply(name, text, channel)
        row = await self.writer.do(lambda session: self.book.going_on(session, name, channel))
        return row.id, [reply.text for reply in replies]

    async def told(self, name: str) -> list[str]:
        """What the citizen's page would fetch."""
        return [turn.reply.text for turn in await self.news.next(name, 0, seconds=0)]


class NobodyAnswers:
    """An assistant with one answer; a test may change it."""

    def __init__(self) -> None:
        self.text = "要备案。"

    async def ask(
        self, question: str, *, place: str | None, on: date, topic: str | None = None
    ) -> Answer | Declined | Unclear:
        if "备案" not in question:
            return Declined("没有写。", "没有写。", None)
        return (await self.explain(question, place=place, on=on)).reply

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained:
        source = Source(
            "济医保字〔2023〕25号", "第八条", "二十项便民措施", "jining-yb-2023-25", "jining-yb-2023-25.m08"
        )
        answer = Answer(self.text, self.text, (source,), "remote-filing-online", place or "", 0.9, more=False)
        why = Why("remote-filing-online", "手机上哪里办", True, 0.9, 0.5, 0.6, 0.7, "sd-jining", "")
        return Explained(answer, place or "", 1, (why,))


class FirstLetters:
    """Sentences that begin alike mean the same."""

    def encode(self, texts: list[str]) -> Floats:
        rows = np.zeros((len(texts), 64), np.float32)
        rows[range(len(texts)), [ord(text[0]) % 64 for text in texts]] = 1
        return rows


@asynccontextmanager
async def office(file: Path, assistant: Explains | None = None) -> AsyncIterator[Office]:
    """The console over a database file that holds the project's knowledge, on a free port of loopback."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    vault = Vault("ab" * 32)
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    accounts = StaffAccounts(database, hasher=quick, vault=vault)
    for username, (name, role) in NAMES.items():
        await accounts.add(username, name, role, PASSWORD, by="test")
    app, answers = web.Application(), assistant or NobodyAnswers()
    app[ROOM] = Room(Path("/"))
    filings = ScriptedFilings()
    floor = Floor(database, vault)
    live = Live(floor.steps, floor.closing, floor.presence, NobodyAnswers(), floor.pictures)
    gaps = Gaps(database, answers) if isinstance(answers, Assistant) else None
    setup(app, database, accounts, answers, vault=vault, filings=filings, live=live, gaps=gaps)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.aclose)
        server = TestServer(app)
        stack.push_async_callback(server.close)
        own(stack, floor.writer.run(), "live writer")
        own(stack, every(LOOK_SECONDS, floor.news.look, "live news"), "live news")
        await server.start_server()
        yield Office(server, database, accounts, answers, vault, filings, floor)
