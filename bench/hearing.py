"""Answers right by voice, beside the same questions typed: `python -m bench.hearing [--every 4] [--decibels 10]`.

Kokoro's voices speak over an 8 kHz µ-law line, with pink noise where `--decibels` says how much louder the speech is;
what was said is recognised and corrected as in a call, and put to the knowledge as typed, as heard, as chosen among
five hypotheses, and then by its sound (`knowledge.answering.asked.heard`), as the product does. How a reply is judged
stands in bench/data/README.md. What was heard is kept in `--kept FILE`, so that another choice can be compared without
recognising again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from base.database import Base, Database
from bench.recognisers import LEAD, TAIL
from bench.search_quality import DAY, Row, _ours
from bench.speech import over_phone, with_noise
from knowledge.answering.answer import Assistant
from knowledge.answering.asked.heard import by_its_sound, most_answerable
from knowledge.authoring.importing import import_seed
from knowledge.retrieval.snapshot import read
from voice import models
from voice.correction import correct
from voice.kokoro import Kokoro
from voice.whisper import WhisperRecogniser

VOICES = ("zf_xiaoyi", "zm_yunxia", "zf_xiaoni", "zm_yunxi")
"""Nothing of the hearing was set with these."""
GREETING = "您有什么医保问题，请直接说。"


def main(questions: Path, every: int, decibels: float | None, kept: Path | None) -> None:
    rows = [row for row in yaml.safe_load(questions.read_text("utf-8")) if not row.get("asr")][::every]
    heard = json.loads(kept.read_text("utf-8")) if kept and kept.exists() else {}
    missing = [row["q"] for row in rows if _key(row["q"], decibels) not in heard]
    if missing:
        for text, hypotheses in _recognised(missing, decibels):
            heard[_key(text, decibels)] = hypotheses
            if kept:
                kept.write_text(json.dumps(heard, ensure_ascii=False, indent=0), "utf-8")
    asyncio.run(_judge(rows, {row["q"]: heard[_key(row["q"], decibels)] for row in rows}))


def _key(text: str, decibels: float | None) -> str:
    return f"{decibels or ''}|{text}"


def _recognised(texts: list[str], decibels: float | None) -> Iterator[tuple[str, list[str]]]:
    """Each text with what may have been heard, best first."""
    paths = models.ensure(models.default_cache_dir(), print)
    assert paths.whisper
    assert paths.kokoro
    recogniser = WhisperRecogniser(paths.whisper)
    for number, voice in enumerate(VOICES):
        for text, pcm in asyncio.run(_spoken(paths.kokoro, voice, texts[number :: len(VOICES)])):
            noisy = pcm if decibels is None else with_noise(pcm, decibels)
            transcript = recogniser.recognise(over_phone(LEAD + noisy + TAIL), threading.Event(), GREETING)
            yield text, [correct(one) for one in (transcript.text, *transcript.others)]
    recogniser.thread.shutdown()


async def _spoken(folder: Path, name: str, texts: list[str]) -> list[tuple[str, bytes]]:
    voice = Kokoro(folder, name)
    said = [(text, await voice.speak(text)) for text in texts]
    await voice.aclose()
    return said


async def _judge(rows: list[Row], heard: dict[str, list[str]]) -> None:
    database = Database("sqlite+aiosqlite://")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await import_seed(database, lambda line: None)
    snapshot, assistant = await read(database), Assistant(database)
    await assistant.refresh()
    ways: dict[str, Counter[str]] = {way: Counter() for way in ("typed", "heard", "of five hypotheses", "by its sound")}
    for row in rows:
        text, *others = heard[row["q"]]
        place = row.get("place")
        chosen = await most_answerable(assistant, text, others, place=place, on=DAY)
        reply = await assistant.ask(chosen, place=place, on=DAY)
        sounding, _ = await by_its_sound(assistant, chosen, reply, place=place, on=DAY)
        said = {"typed": row["q"], "heard": text, "of five hypotheses": chosen, "by its sound": sounding}
        for way, q in said.items():
            ways[way][(await _ours(assistant, snapshot, {**row, "q": q})).outcome] += 1
    await assistant.aclose()
    await database.aclose()
    table = Table("question", "right", "asked back", "missed", "wrong", "n")
    for way, counts in ways.items():
        shares = (f"{counts[one] / len(rows):.1%}" for one in ("right", "asked back", "missed", "wrong"))
        table.add_row(way, *shares, str(len(rows)))
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=Path("bench/data/questions_test.yaml"))
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--decibels", type=float)
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    main(given.questions, given.every, given.decibels, given.kept)
