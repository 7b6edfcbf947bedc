"""No yes and no no leads a conversation into the ground: every published topic and every filing, walked to its end.

On the real engine with the real knowledge and casework: whatever short words follow an answer, each gets a sentence,
and the question after them is answered. "门诊慢性病怎么认定", "好的" once said ten things and then nothing for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest
import pytest_asyncio

from base.database import Database
from base.messages import Reply
from bot.rescue import TROUBLE, Trouble
from bot.turn import Dialogue
from casework.filings.items import load
from knowledge.answering.answer import Assistant
from knowledge.retrieval.snapshot import read
from tests.bot.conftest import CASEWORK, RunningRasa
from tests.casework.office import Office
from tests.knowledge.office import make_template

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

SHORT = ("好的", "对", "还有呢", "是的", "不用了", "嗯", "中")
AT_ONCE, STEPS, MOST_REPLIES = 8, 4, 6
NEXT = "异地备案管几年"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def published(rasa: RunningRasa, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """The seed, answered from by the engine's actions."""
    file = await make_template(tmp_path_factory.mktemp("walk"))
    database = Database(f"sqlite+aiosqlite:///{file}")
    assistant = Assistant(database)
    await assistant.refresh()
    rasa.knowledge.real = assistant
    yield database
    rasa.knowledge.real = None
    await assistant.aclose()
    await database.aclose()


async def test_every_topic_is_walked_to_its_end(rasa: RunningRasa, published: Database) -> None:
    topics = (await read(published)).topics.values()
    assert len(topics) > 100
    await walk(rasa, "walk-", [topic.title for topic in topics])


async def test_every_filing_item_is_walked(rasa: RunningRasa, published: Database, office: Office) -> None:
    await walk(rasa, f"{CASEWORK}walk-", [f"我要办{item.name}" for item in load().items.values()])


async def walk(rasa: RunningRasa, name: str, openings: Iterable[str]) -> None:
    dialogue, free, before = Dialogue(rasa.client), asyncio.Semaphore(AT_ONCE), troubles()

    async def one(number: int, opening: str) -> None:
        async with free:
            said = [opening]
            for step in range(STEPS):
                replies = await dialogue.reply(f"{name}{number}", said[-1], "web")
                assert 0 < len(replies) <= MOST_REPLIES, said
                assert len({reply.text for reply in replies}) == len(replies), said
                if step and not wants_more(replies):
                    break
                said.append(SHORT[(number + step) % len(SHORT)])
            last = await dialogue.reply(f"{name}{number}", NEXT, "web")
            assert any("长期有效" in reply.text for reply in last), (said, [reply.text for reply in last])

    await asyncio.gather(*(one(number, opening) for number, opening in enumerate(openings)))
    assert troubles() == before


def wants_more(replies: list[Reply]) -> bool:
    """Something is open still, or the same short word would lead on."""
    return any(reply.buttons or reply.text.endswith(("？", "吗")) for reply in replies)


def troubles() -> float:
    return sum(TROUBLE.labels(kind)._value.get() for kind in Trouble)
