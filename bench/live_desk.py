"""What the live desk costs: `python -m bench.live_desk`.

A temporary SQLite database on disk, an engine that answers at once. Prints the milliseconds of a turn with and without
the desk while `--others` conversations go on at once, and of the staff's list when it shows 200 of them.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

import staff.models  # noqa: F401  # tables
from base.database import Base, Database
from base.messages import Reply
from base.personal_data import Vault
from bot.turn import Dialogue
from casework.livechat.book import Book
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.outward import Outward
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.writer import Writer
from staff.roles import Role, StaffMember

_PAUSE_SECONDS = 0.5
"""20 conversations then make 40 turns a second, as many as Rasa answers."""
_AGENT = StaffMember("bench", "测量", Role.AGENT)


class _AtOnce:
    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        return [Reply("要备案。" * 30)]


async def _turns(dialogue: Dialogue, names: list[str], each: int) -> list[float]:
    """Milliseconds of every turn; the conversations go on at the same time."""
    taken: list[float] = []

    async def talk(name: str) -> None:
        for number in range(each):
            began = time.perf_counter()
            await dialogue.reply(name, f"第{number}问：俺在北京看病怎么报销", "web")
            taken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(_PAUSE_SECONDS)

    await asyncio.gather(*(talk(name) for name in names))
    return taken


def _tell(what: str, taken: list[float]) -> None:
    p50, p95, most = np.percentile(taken, [50, 95, 100])
    print(f"{what}: p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {most:.1f} ms ({len(taken)} times)")


async def _run(folder: Path, others: int, each: int) -> None:
    database, book = Database(f"sqlite+aiosqlite:///{folder / 'bench.db'}"), Book(Vault("ab" * 32))
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    writer, presence, held = Writer(database), Presence(database), Held(database)
    writing = asyncio.create_task(writer.run())
    await presence.switch("bench", is_on=True)
    desk, steps = LiveDesk(held, book, writer, presence), LiveSteps(database, book, Outward(), held)
    names = [f"web-{number:032x}" for number in range(others)]
    _tell("turn without a desk", await _turns(Dialogue(_AtOnce()), names, each))
    _tell("turn with the desk", await _turns(Dialogue(_AtOnce(), desk=desk), names, each))
    more = Dialogue(_AtOnce(), desk=desk)
    await _turns(more, [f"web-{number:032x}" for number in range(1000, 1200)], 1)
    await asyncio.sleep(2)
    taken = []
    for _ in range(20):
        began = time.perf_counter()
        lines = await steps.lines(_AGENT)
        taken.append((time.perf_counter() - began) * 1000)
    _tell(f"the list of {len(lines)}", taken)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await database.aclose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", type=int, default=20, help="conversations at once")
    parser.add_argument("--each", type=int, default=20, help="turns of each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder), asked.others, asked.each))


if __name__ == "__main__":
    main()
