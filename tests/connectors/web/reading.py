"""The pages that are read, over the project's own knowledge; a voice, and a recogniser, that do what a test says."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from base.database import Database
from base.errors import EngineUnavailable
from base.personal_data import Vault
from connectors.web.call.speech import ReadAloud
from connectors.web.chat.dictation import Dictation
from connectors.web.routes import Reading
from tests.connectors.web.scripted import NoNews, ScriptedDialogue, running
from voice.audio import RATE_HZ
from voice.recogniser import Transcript

TODAY = date(2026, 11, 25)
JINING = "sd-jining"
VAULT = Vault("cd" * 32)


class ScriptedVoice:
    """A second of a quiet tone for every sentence; keeps what it said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_broken = False

    def sentences(self, text: str) -> list[str]:
        return [sentence + "。" for sentence in text.split("。") if sentence]

    async def audio(self, sentence: str, _pace: float) -> bytes:
        if self.is_broken:
            raise EngineUnavailable(code="no_synthesiser")
        self.said.append(sentence)
        return b"\x00\x04\x00\xfc" * (RATE_HZ // 2)


class ScriptedRecogniser:
    """Hears `text`, whatever it is fed."""

    name = "scripted"

    def __init__(self, text: str = "俺在北京看病,用不用备案") -> None:
        self.text, self.fed, self.closed = text, 0, 0

    def utterance(self, asked: str = "") -> ScriptedRecogniser:
        return self

    def feed(self, pcm: bytes) -> None:
        self.fed += len(pcm)

    async def transcript(self) -> Transcript:
        return Transcript(self.text)

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        """Nothing is held."""


@dataclass
class Reader:
    """Somebody who reads the pages, and what stands behind them."""

    client: TestClient[web.Request, web.Application]
    database: Database
    dialogue: ScriptedDialogue
    voice: ScriptedVoice
    recogniser: ScriptedRecogniser
    staff: NoNews

    async def page(self, path: str, expect: int = 200, **options: Any) -> str:
        """The HTML of a page."""
        return await _html(await self.client.get(path, **options), expect)

    async def talk(self, message: str, page: str = "", expect: int = 200, **more: str) -> str:
        """Send the form of a page, as a browser without JavaScript does."""
        carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        response = await self.client.post("/talk", data={**carried, "message": message, **more})
        return await _html(response, expect)


@asynccontextmanager
async def reader(file: Path) -> AsyncIterator[Reader]:
    """The whole public site over a database file."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    dialogue, voice, recogniser, staff = ScriptedDialogue(), ScriptedVoice(), ScriptedRecogniser(), NoNews()
    more: dict[str, Any] = {
        "reading": Reading(database, JINING, lambda: TODAY),
        "seal": VAULT,
        "aloud": ReadAloud(voice, VAULT, 0.95),
        "dictation": Dictation(recogniser, lambda text: text),
    }
    try:
        async with running(dialogue, said=staff, **more) as (client, _):
            yield Reader(client, database, dialogue, voice, recogniser, staff)
    finally:
        await database.aclose()


def seen(page: str) -> str:
    """What a person reads on a page."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


async def _html(response: ClientResponse, expect: int) -> str:
    text = await response.text()
    assert response.status == expect, f"{response.status} {seen(text)[:300]}"
    return text
