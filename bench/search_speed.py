"""How fast a question is searched among 1,000, 10,000 and 100,000 clauses, how much memory it takes, and how long an
index takes to build.

    nice python -m bench.search_speed [--sizes 1000 10000 100000]

The clauses are variations of the real ones: other numbers, other places, sentences mixed from different clauses, so
that words keep their real frequencies. The project's topics are in the index too. The 100,000 take several minutes to
encode the first time a process sees them; a rebuild encodes only what is new.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from bench.seed_snapshot import seed_snapshot
from knowledge.answering.places import HOME
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.index import Vectors
from knowledge.retrieval.search import Search, SentenceEncoder
from knowledge.retrieval.snapshot import KnownClause, Snapshot

QUESTIONS = Path("bench/data/questions_dev.yaml")
_PLACES = ("任城区", "兖州区", "曲阜市", "泗水县", "邹城市", "微山县", "鱼台县", "金乡县", "嘉祥县", "汶上县", "梁山县")


def main(sizes: list[int]) -> None:
    questions = [row["q"] for row in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    snapshot, vectors = seed_snapshot(), Vectors(SentenceEncoder())
    table = Table(title=f"{len(questions)} questions, one after the other")
    for column in ("clauses", "texts", "p50 ms", "p95 ms", "max ms", "first build s", "rebuild s", "process MB"):
        table.add_column(column, justify="right")
    for size in sizes:
        made = {clause.id: clause for clause in variations(snapshot, size)}
        clauses, searchable = snapshot.clauses | made, snapshot.searchable | set(made)
        larger = replace(snapshot, clauses=clauses, searchable=searchable)
        first_build, _ = _timed_build(larger, vectors)
        rebuild, search = _timed_build(larger, vectors)
        for question in questions[:20]:
            _ask(search, question)
        took = np.array([_ask(search, question) for question in questions]) * 1000
        table.add_row(
            f"{size:,}",
            f"{len(search.index.texts) + len(search.passages.passages):,}",
            f"{np.percentile(took, 50):.1f}",
            f"{np.percentile(took, 95):.1f}",
            f"{took.max():.1f}",
            f"{first_build:.1f}",
            f"{rebuild:.1f}",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} (peak)",
        )
        Console().print(f"{size:,} done")
    Console().print(table)


def _timed_build(snapshot: Snapshot, vectors: Vectors) -> tuple[float, Search]:
    start = time.perf_counter()
    search = Search(snapshot, vectors, ranking.load_weights())
    return time.perf_counter() - start, search


def _ask(search: Search, question: str) -> float:
    start = time.perf_counter()
    places = frozenset(search.index.snapshot.chain(HOME))
    search.find(question, places)
    search.hits(question, places, date(2026, 1, 5))
    return time.perf_counter() - start


def variations(snapshot: Snapshot, size: int) -> Iterator[KnownClause]:
    """Clauses of one or two sentences that never existed, of Jining so that none is left out."""
    chance = random.Random(1)
    home = next(c for c in snapshot.clauses.values() if c.document.place == HOME)
    sentences = [s for c in snapshot.clauses.values() for s in c.sentences if 12 <= len(s) <= 80]
    for number in range(size):
        chosen = [_varied(chance, text) for text in chance.sample(sentences, chance.choice((1, 2)))]
        heading = f"{chance.choice(_PLACES)}{chosen[0][:10]}"
        yield replace(
            home,
            id=f"made-{number}",
            heading=heading,
            text="".join(chosen),
            sentences=tuple(chosen),
            number=f"m{number}",
        )


def _varied(chance: random.Random, text: str) -> str:
    return re.sub(r"\d+", lambda _: str(chance.randint(1, 99)), chance.choice(_PLACES) + text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    main(parser.parse_args().sizes)
