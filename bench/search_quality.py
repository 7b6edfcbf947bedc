"""Right facts in the first answer: ours, BM25 alone, embeddings alone and SQLite FTS5, on the same questions.

    python -m bench.search_quality [--questions bench/data/questions_test.yaml] [--show]
    python -m bench.search_quality --questions bench/data/questions_dev.yaml --folds 5

With `--folds`, ours is judged on each part of the questions with a ranking fitted without that part: figures for
questions that are tuned on, minutes per fold.


How a reply is judged stands in bench/data/README.md. The three baselines search the clauses themselves, filtered by
place like ours, and answer with the best clause; their threshold for declining is the one that would have given them
the best result on the very questions they are judged by, so they look better than they would in service.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

from base.database import Base, Database
from bench.fit_topic_ranking import fit, own_examples, tuning_examples
from knowledge.answering.answer import Assistant
from knowledge.answering.places import HOME, place_in
from knowledge.answering.replies import Answer, Declined, Reply
from knowledge.authoring.importing import import_seed
from knowledge.retrieval.index import Index, Vectors
from knowledge.retrieval.normalise import fold, seed_synonyms, vocabulary
from knowledge.retrieval.search import SentenceEncoder
from knowledge.retrieval.snapshot import KnownClause, Snapshot, read
from knowledge.retrieval.topic_ranking import Weights

DAY = date(2026, 1, 5)
Row = dict[str, Any]
Ranker = Callable[[str, list[KnownClause]], tuple[KnownClause, float]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one question: right, wrong, missed (declined though answerable) or asked back."""

    row: Row
    outcome: str
    said: str


async def main(questions: Path, show: bool, folds: int) -> None:
    rows: list[Row] = yaml.safe_load(questions.read_text(encoding="utf-8"))
    database = Database("sqlite+aiosqlite://")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await import_seed(database, lambda line: None)
    snapshot = await read(database)
    if folds:
        verdicts = {"ours": await _folded(database, snapshot, rows, folds)}
    else:
        verdicts = {"ours": await _asked(database, snapshot, rows, None)}
    await database.aclose()
    for name, make in {"BM25": _bm25, "embeddings": _embeddings, "SQLite FTS5": _fts5}.items():
        verdicts[name] = _baseline(rows, snapshot, make)
    _print(questions, rows, verdicts)
    if show:
        for verdict in verdicts["ours"]:
            if verdict.outcome != "right":
                wanted = verdict.row.get("expect") or verdict.row.get("gap") or "decline"
                Console(width=200).print(
                    f"{verdict.outcome}: {verdict.row['q']} | {wanted} | {verdict.said}", markup=False
                )


async def _asked(database: Database, snapshot: Snapshot, rows: list[Row], weights: Weights | None) -> list[Verdict]:
    assistant = Assistant(database, weights=weights)
    await assistant.refresh()
    verdicts = [await _ours(assistant, snapshot, row) for row in rows]
    await assistant.aclose()
    return verdicts


async def _folded(database: Database, snapshot: Snapshot, rows: list[Row], folds: int) -> list[Verdict]:
    """Every question answered with a ranking that was fitted without it and without the others of its part."""
    vectors = Vectors(SentenceEncoder())
    index = Index(snapshot, vectors)
    own, labelled = own_examples(index, vectors), tuning_examples(index, vectors, rows)
    part = np.random.default_rng(0).permutation(len(rows)) % folds
    verdicts: dict[int, Verdict] = {}
    for fold_number in range(folds):
        weights = fit(index, own, [one for one, its in zip(labelled, part, strict=True) if its != fold_number])
        asked = [int(at) for at in np.flatnonzero(part == fold_number)]
        judged = await _asked(database, snapshot, [rows[at] for at in asked], weights)
        verdicts |= zip(asked, judged, strict=True)
    return [verdicts[at] for at in range(len(rows))]


async def _ours(assistant: Assistant, snapshot: Snapshot, row: Row) -> Verdict:
    reply = await assistant.ask(row["q"], place=row.get("place"), on=DAY)
    if isinstance(reply, Answer):
        cited = _cited(snapshot, reply, reply.place, reply.topic)
        outcome = "right" if cited & set(row.get("expect", ())) else "wrong"
        return Verdict(row, outcome, f"{reply.topic} {reply.confidence:.2f}")
    if isinstance(reply, Declined):
        cited = _cited(snapshot, reply, reply.place or HOME, reply.topic)
        said_it = bool(cited & set(row.get("expect", ())))
        outcome = "right" if row.get("decline") or said_it else "missed"
        return Verdict(row, outcome, f"declined {reply.topic} {reply.confidence:.2f}")
    options = {option.topic for option in reply.options}
    hit = any(_topic_cites(snapshot, key, row.get("place") or HOME) & set(row.get("expect", ())) for key in options)
    return Verdict(row, "asked back" if hit else "missed" if row.get("expect") else "asked back", str(options))


def _cited(snapshot: Snapshot, reply: Reply, place: str, key: str | None) -> set[str]:
    """Clauses whose words are in the reply's text."""
    if key in snapshot.clauses:
        return {str(key)}
    return {c for c in _topic_cites(snapshot, key, place) if _spoken_of(snapshot, c, reply.text)}


def _topic_cites(snapshot: Snapshot, key: str | None, place: str) -> set[str]:
    answer = snapshot.answer(snapshot.topics[key], place, DAY) if key in snapshot.topics else None
    return {quote.clause.id for quote in answer.quotes if quote.leads} if answer else set()


def _spoken_of(snapshot: Snapshot, clause_id: str, text: str) -> bool:
    return snapshot.clauses[clause_id].document.doc_no in text


def _baseline(rows: list[Row], snapshot: Snapshot, make: Callable[[list[KnownClause]], Ranker]) -> list[Verdict]:
    searchable = {q.clause.id for t in snapshot.topics.values() for a in t.answers for q in a.quotes}
    searchable |= {clause.id for clause in snapshot.loose}
    clauses = [clause for key, clause in snapshot.clauses.items() if key in searchable]
    rank = make(clauses)
    found = [rank(row["q"], _of_place(snapshot, clauses, row)) for row in rows]
    thresholds = sorted({score for _, score in found} | {0.0})
    judged = (
        [_judge(row, clause, score >= t) for row, (clause, score) in zip(rows, found, strict=True)] for t in thresholds
    )
    return max(judged, key=lambda verdicts: sum(verdict.outcome == "right" for verdict in verdicts))


def _of_place(snapshot: Snapshot, clauses: list[KnownClause], row: Row) -> list[KnownClause]:
    place = place_in(fold(row["q"])).jurisdiction or row.get("place") or HOME
    return [clause for clause in clauses if clause.document.place in snapshot.chain(place)]


def _judge(row: Row, clause: KnownClause, answers: bool) -> Verdict:
    expected = set(row.get("expect", ()))
    if not answers:
        return Verdict(row, "right" if row.get("decline") else "missed", "declined")
    return Verdict(row, "right" if clause.id in expected else "wrong", clause.id)


def _bm25(clauses: list[KnownClause]) -> Ranker:
    index, words = bm25s.BM25(method="lucene"), vocabulary(seed_synonyms())
    index.index([words.terms(words.normalise(c.heading + c.text)) for c in clauses], show_progress=False)
    position = {clause.id: at for at, clause in enumerate(clauses)}

    def rank(question: str, allowed: list[KnownClause]) -> tuple[KnownClause, float]:
        terms = [term for term in words.terms(words.normalise(question)) if term in index.vocab_dict]
        scores = index.get_scores(terms) if terms else np.zeros(len(clauses))
        best = max(allowed, key=lambda clause: scores[position[clause.id]])
        return best, float(scores[position[best.id]])

    return rank


def _embeddings(clauses: list[KnownClause]) -> Ranker:
    encoder = SentenceEncoder()
    texts = [(clause, text) for clause in clauses for text in (clause.heading, *clause.sentences)]
    vectors = encoder.encode([text for _, text in texts])

    def rank(question: str, allowed: list[KnownClause]) -> tuple[KnownClause, float]:
        cosines = vectors @ encoder.encode([question])[0]
        ids = {clause.id for clause in allowed}
        return max(
            ((c, float(s)) for (c, _), s in zip(texts, cosines, strict=True) if c.id in ids), key=lambda pair: pair[1]
        )

    return rank


def _fts5(clauses: list[KnownClause]) -> Ranker:
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table clause using fts5(id unindexed, text, tokenize='trigram')")
    database.executemany("insert into clause values (?, ?)", [(c.id, c.heading + "\n" + c.text) for c in clauses])

    def rank(question: str, allowed: list[KnownClause]) -> tuple[KnownClause, float]:
        plain = "".join(character for character in question if character.isalnum())
        query = " OR ".join(f'"{plain[at : at + 3]}"' for at in range(max(1, len(plain) - 2)))
        by_id = {clause.id: clause for clause in allowed}
        for key, score in database.execute("select id, rank from clause where clause match ? order by rank", (query,)):
            if key in by_id:
                return by_id[key], -float(score)
        return allowed[0], 0.0

    return rank


def _print(questions: Path, rows: list[Row], verdicts: dict[str, list[Verdict]]) -> None:
    table = Table(title=f"{questions.name}: {len(rows)} questions")
    for column in ("", "right facts", "(misheard)", "asked back", "missed", "wrong answer", "declined right"):
        table.add_column(column, justify="left" if not column else "right")
    for name, judged in verdicts.items():
        stated = [v for v in judged if v.row.get("expect")]
        misheard = [v for v in stated if v.row.get("asr")]
        unstated = [v for v in judged if not v.row.get("expect")]
        counts = Counter(v.outcome for v in stated)
        table.add_row(
            name,
            _share(counts["right"], len(stated)),
            _share(sum(v.outcome == "right" for v in misheard), len(misheard)),
            _share(counts["asked back"], len(stated)),
            _share(counts["missed"], len(stated)),
            _share(sum(v.outcome == "wrong" for v in judged), len(judged)),
            _share(sum(v.outcome == "right" for v in unstated), len(unstated)),
        )
    Console().print(table)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part}/{whole})" if whole else "-"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=Path("bench/data/questions_test.yaml"))
    parser.add_argument("--show", action="store_true", help="list what was not right (never on the test questions)")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate ours over the questions")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.questions, arguments.show, arguments.folds))
