"""A live desk with two agents and a supervisor, a scripted assistant, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from base.every import every
from base.messages import Reply
from base.room import Room
from base.tasks import own
from bot.sayings import say
from bot.turn import Dialogue
from casework.livechat import models as live_models  # noqa: F401  # tables
from casework.livechat.book import Book, Line, Turn
from casework.livechat.closing import Closing
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.models import LiveConversation
from casework.livechat.news import LOOK_SECONDS, News
from casework.livechat.outward import Outward
from casework.livechat.pictures import LivePictures
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.watch import Watch
from casework.livechat.writer import Writer
from tests.casework.bureau import Bureau, bureau
from tests.guard import GUARD_SECONDS

WEB = "web-" + "0a" * 16
CALL = "web-" + "0b" * 8
"""The softphone's: spoken, not typed."""
OPENID = "wechat-oTestAaaaaaaaaaaaaaaaaaaaaa1"


class ScriptedEngine:
    """转人工 opens the call-back form, or asks for a person where one is free; the rest is echoed."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bool]] = []

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.heard.append((text, metadata.get("can_transfer") is True))
        if text != "转人工":
            return [Reply(f"答：{text}")]
        return [say("utter_transfer") if metadata.get("can_transfer") else say("utter_ask_phone")]


@dataclass
class Floor:
    """Everything of one process; `restart` makes another one on the same database."""

    bureau: Bureau
    pushed: list[tuple[str, str]] = field(default_factory=list)
    """What went to WeChat."""
    engine: ScriptedEngine = field(default_factory=ScriptedEngine)
    accepted: list[Reply] | None = None
    """What casework says of a picture handed on as material; None: there is no filing."""

    async def start(self) -> None:
        self._stack = AsyncExitStack()
        database, self.book = self.bureau.database, Book(self.bureau.vault, lambda: self.bureau.now)
        self.writer, self.outward = Writer(database), Outward(self._push)
        self.presence = Presence(database, lambda: self.bureau.now)
        held = Held(database)
        self.desk = LiveDesk(held, self.book, self.writer, self.presence, quick_seconds=GUARD_SECONDS)
        self.steps = LiveSteps(database, self.book, self.outward, held)
        self.news = News(database, self.book)
        self.pictures = LivePictures(database, self.bureau.vault, self.book, self.steps, self._accept, Room(Path("/")))
        self.dialogue = Dialogue(self.engine, desk=self.desk)
        self.watch = Watch(database, self.book, self.presence, self.outward, self.dialogue.nobody_came)
        self.closing = Closing(
            database,
            self.book,
            self.steps,
            self.bureau.tickets,
            self.bureau.work,
            self.bureau.ratings,
            "https://yibao.example",
        )
        own(self._stack, self.writer.run(), "writer")
        own(self._stack, every(LOOK_SECONDS, self.news.look, "news"), "news")

    async def stop(self) -> None:
        await self._stack.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def ask(self, text: str, name: str = WEB, channel: str = "web") -> list[str]:
        """What the citizen reads at once."""
        return [reply.text for reply in await self.dialogue.reply(name, text, channel)]

    async def written(self) -> None:
        """Everything sent to the writer so far is in the database."""
        await self.writer.do(lambda session: session.execute(text("SELECT 1")))

    async def line(self, name: str = WEB) -> Line:
        await self.written()
        async with self.bureau.database.session() as session:
            row = await session.scalar(select(LiveConversation).where(LiveConversation.key == self.book.key(name)))
            assert row is not None
            return self.book.line(row)

    async def turns(self, name: str = WEB) -> list[tuple[str, str]]:
        line = await self.line(name)
        async with self.bureau.database.session() as session:
            return [(turn.who, turn.reply.text) for turn in await self.book.turns(session, line.id)]

    async def fetched(self, name: str = WEB, after: int = 0) -> list[Turn]:
        """What the citizen's page would show now."""
        return await self.news.next(name, after, seconds=0)

    async def _accept(self, conversation: str, channel: str, content: bytes) -> list[Reply] | None:
        return self.accepted

    async def _push(self, name: str, replies: Sequence[Reply]) -> None:
        self.pushed += [(name, reply.text) for reply in replies]


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    async with bureau(tmp_path) as opened:
        opened.now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
        floor = Floor(opened)
        await floor.start()
        yield floor
        await floor.stop()
