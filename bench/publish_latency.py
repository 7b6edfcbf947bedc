"""From a reviewer's click on "publish" to a citizen hearing the new answer from another process's assistant.

    nice python -m bench.publish_latency [--rounds 10] [--sizes 0 1000 10000 100000]

A real database of the seed and of so many made-up clauses besides, two engines on it as two processes would have
them: one publishes, the other answers and is asked every 50 ms until it says the new words. No restart, no
retraining. The 100,000 take minutes to encode before the first round; that is the start, not a publication.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from base.database import Base, Database
from bench.search_speed import variations
from knowledge.answering.answer import Assistant
from knowledge.answering.places import HOME
from knowledge.authoring.editing import Editing
from knowledge.authoring.importing import import_seed
from knowledge.authoring.models import Kind
from knowledge.authoring.review import Review
from knowledge.models import Clause
from knowledge.retrieval import snapshot
from knowledge.retrieval.search import SentenceEncoder

TOPIC, QUESTION = "remote-filing-longterm", "长期住外地的人看病怎么报，要备案不要"
_PATIENCE_SECONDS = 30


async def main(rounds: int, sizes: list[int]) -> None:
    table = Table("clauses besides", "rounds", "p50 s", "max s", "first load s", title="publish → answered")
    encoder = SentenceEncoder()
    for size in sizes:
        loading, seconds = await _measure(rounds, size, encoder)
        spread = (f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}")
        table.add_row(f"{size:,}", str(rounds), *spread, f"{loading:.0f}")
        Console().print(f"{size:,} done")
    Console().print(table)


async def _measure(rounds: int, size: int, encoder: SentenceEncoder) -> tuple[float, list[float]]:
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        office, hall = Database(url), Database(url)
        async with office.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await import_seed(office, lambda line: None)
        await _add_clauses(office, size)
        assistant = Assistant(hall, encoder=encoder)
        began = time.monotonic()
        await assistant.refresh()
        loading = time.monotonic() - began
        seconds = [await _round(number, office, assistant) for number in range(rounds)]
        await assistant.aclose()
        await office.aclose()
        await hall.aclose()
    return loading, seconds


async def _add_clauses(database: Database, count: int) -> None:
    known = await snapshot.read(database)
    home = next(clause for clause in known.clauses.values() if clause.document.place == HOME)
    rows = [
        {
            **{"id": made.id, "document_id": home.document.id, "number": made.number, "position": 10_000 + number},
            **{"kind": "measure", "heading": made.heading, "text": made.text, "sentences": list(made.sentences)},
            **{"tags": [], "audience": [], "caller_facing": True, "searchable": True, "live": True},
        }
        for number, made in enumerate(variations(known, count))
    ]
    async with database.session() as session:
        for at in range(0, len(rows), 5_000):
            await session.execute(insert(Clause), rows[at : at + 5_000])


async def _round(number: int, office: Database, assistant: Assistant) -> float:
    editing, review = Editing(office), Review(office)
    opened = await editing.open(Kind.FAQ, TOPIC)
    words = f"第{number}次修改，长期住在外省的，登记备案以后，看病可以直接结算，备案长期有效。"
    made = await editing.save(Kind.FAQ, TOPIC, _with_spoken(opened.content, words), base=opened.version, who="li")
    await review.submit(made.revision_id, who="li")
    await review.approve(made.revision_id, who="wang")
    began = time.monotonic()
    await review.publish([made.revision_id], who="wang")
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while words not in (await assistant.ask(QUESTION, place=None, on=date.today())).spoken:
            await asyncio.sleep(0.05)
    return time.monotonic() - began


def _with_spoken(content: Any, words: str) -> Any:
    answers = tuple(
        answer.model_copy(update={"spoken": words}) if answer.jurisdiction == "sd-jining" else answer
        for answer in content.answers
    )
    return content.model_copy(update={"answers": answers})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 1_000, 10_000, 100_000])
    asyncio.run(main(parser.parse_args().rounds, parser.parse_args().sizes))
