"""A console with its database, and members of staff who use it as a browser would."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from casework.staff import Role, StaffAccounts
from connectors.console.routes import setup
from knowledge.answering import Answer, Explained
from knowledge.explaining import Why
from knowledge.hit_test import Explains
from knowledge.index import Encoder, Floats
from service.database import Database
from service.messages import Source

PASSWORD = "correct-horse-7"
NAMES = {
    "bianji": ("王编辑", Role.EDITOR),
    "bianji2": ("赵编辑", Role.EDITOR),
    "shenhe": ("李审核", Role.REVIEWER),
    "shenhe2": ("周审核", Role.REVIEWER),
    "zuoxi": ("孙坐席", Role.AGENT),
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


class NobodyAnswers:
    """An assistant with one answer; a test may change it."""

    def __init__(self) -> None:
        self.text = "要备案。"

    async def explain(self, question: str, *, place: str | None, on: date) -> Explained:
        source = Source("济医保字〔2023〕25号", "第八条", "二十项便民措施")
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
async def office(
    file: Path, assistant: Explains | None = None, encoder: Encoder | None = None
) -> AsyncIterator[Office]:
    """The console over a database file that holds the project's knowledge, on a free port of loopback."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    accounts = StaffAccounts(database, hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    for username, (name, role) in NAMES.items():
        await accounts.add(username, name, role, PASSWORD, by="test")
    app, answers = web.Application(), assistant or NobodyAnswers()
    setup(app, database, accounts, answers, encoder or FirstLetters())
    server = TestServer(app)
    await server.start_server()
    try:
        yield Office(server, database, accounts, answers)
    finally:
        await server.close()
        await database.aclose()
