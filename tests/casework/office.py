"""All of casework on a database of its own, with the demo's people, as the service wires it; and somebody to talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.personal_data import Vault
from bot.flows.manager import Answer
from casework.outbox import KeepingGateway
from casework.people.consents import Letter
from casework.people.identity import Codes
from demo.core import DemoCore, demo_file
from service.wiring.assembly import Casework, assemble
from tests.tables import make_tables

CODE = "135790"
KEY = "ab" * 32


@dataclass
class Clock:
    """The demo's day, at ten in the morning in Jining; moves when told to."""

    now: datetime = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **how_long: int) -> None:
        self.now += timedelta(**how_long)


def people() -> dict[str, dict[str, Any]]:
    return {person["key"]: person for person in demo_file()["people"]}


@dataclass
class Post:
    """The official account: whom it is bound to, and what it wrote. A `casework.people.consents.Letters`."""

    bound: dict[str, list[str]] = field(default_factory=dict)
    letters: list[tuple[str, Letter]] = field(default_factory=list)

    async def names(self, person: str) -> Sequence[str]:
        return self.bound.get(person, [])

    async def write(self, session: AsyncSession, conversation: str, letter: Letter) -> None:
        if conversation.startswith("wechat-"):
            self.letters.append((conversation, letter))

    def wake(self) -> None:
        """Nothing waits."""


@dataclass
class Office:
    database: Database
    vault: Vault
    core: DemoCore
    clock: Clock
    parts: Casework
    post: Post
    conversations: int = field(default=0)

    def caller(self, channel: str = "web") -> Caller:
        self.conversations += 1
        return Caller(self, f"{channel}-{self.conversations}", channel)

    async def bind(self, who: str) -> str:
        """This person's WeChat, bound. Returns the conversation."""
        talker = self.caller("wechat")
        await talker.wants("prove_identity", "核实身份")
        await talker.proves(who)
        await self.parts.identity.bind(talker.conversation)
        self.post.bound.setdefault(self.vault.lookup(people()[who]["id_number"]), []).append(talker.conversation)
        return talker.conversation

    async def messages(self, who: str) -> list[str]:
        """What was sent to this person's phone, the oldest first."""
        return [message.text for message in reversed(await self.parts.outbox.to(people()[who]["phone"]))]


@dataclass
class Caller:
    """Talks to the errands directly: the intent is what Rasa would have said."""

    office: Office
    conversation: str
    channel: str
    last: Answer | None = None

    async def wants(self, intent: str, text: str) -> str:
        self.last = await self.office.parts.errands.begin(self.conversation, self.channel, intent, text)
        return self._heard()

    async def says(self, text: str, intent: str = "", *, typed: str = "", is_spoken: bool = False) -> str:
        """What is heard back; "—" when it was taken for something else than an answer."""
        self.last = await self.office.parts.errands.hear(
            self.conversation, self.channel, intent, text, typed=typed, is_spoken=is_spoken
        )
        return self._heard() if self.last else "—"

    async def proves(self, who: str) -> str:
        await self.says(people()[who]["id_number"])
        return await self.says(CODE)

    def _heard(self) -> str:
        assert self.last is not None
        spoken = self.channel == "phone"
        return "".join(reply.to_say if spoken else reply.text for reply in self.last.replies)


async def open_office(directory: Path, url: str = "") -> Office:
    """Tables made, people loaded."""
    database = Database(url or f"sqlite+aiosqlite:///{directory / 'office.db'}")
    await make_tables(database)
    return await staff_office(database, directory)


async def staff_office(database: Database, directory: Path) -> Office:
    """On tables that are there."""
    vault, clock, post = Vault(KEY), Clock(), Post()
    core = DemoCore(database, vault)
    await core.load(demo_file()["people"])
    parts = assemble(
        database,
        vault,
        core,
        KeepingGateway(),
        Codes(CODE),
        materials=directory / "materials",
        address="https://yibao.example",
        now=clock,
        letters=post,
    )
    return Office(database, vault, core, clock, parts, post)
