"""From a reviewer's click on "publish" to a citizen hearing the new answer from another process's assistant.

    python -m bench.publish_latency [--rounds 10]

A real database of the seed, two engines on it as two processes would have them: one publishes, the other answers and
is asked every 50 ms until it says the new words. No restart, no retraining.
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

from knowledge.answering import Assistant
from knowledge.backoffice_models import Kind
from knowledge.editing import Editing
from knowledge.importing import import_seed
from knowledge.review import Review
from service.database import Base, Database

TOPIC, QUESTION = "remote-filing-longterm", "长期住外地的人看病怎么报，要备案不要"
_PATIENCE_SECONDS = 30


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        office, hall = Database(url), Database(url)
        async with office.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await import_seed(office, lambda line: None)
        assistant = Assistant(hall)
        await assistant.refresh()
        seconds = [await _round(number, office, assistant) for number in range(rounds)]
        await assistant.aclose()
        await office.aclose()
        await hall.aclose()
    table = Table("what", "n", "p50 s", "max s", title="publish → answered")
    table.add_row("new spoken answer heard", str(rounds), f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}")
    Console().print(table)


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
    asyncio.run(main(parser.parse_args().rounds))
