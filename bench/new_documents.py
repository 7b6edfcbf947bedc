"""Documents that nobody prepared: are the questions that they answer answered, from them, once they are published?

    python -m bench.new_documents [--half odd|even|all] [--folder bench/data/new_documents] [--build PATH] [--show]

Each document is uploaded, reviewed and published in a fresh database with all the project's knowledge in it, then
asked 25 questions that it answers and 5 near misses that it does not. Fit and lexicon saw the even ones; the figures
that count are those of the odd ones. "Nearest quoted" is a question back that quotes a sentence as what comes nearest:
right when the words asked for stand in it. In the same run: BM25 over words, BM25 over character pairs and the encoder
alone (which clause they put first, in three, in ten), and with `--build` the answers of another build of the project,
the path of a work tree. `--show` prints what was not right and is refused for the odd half.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from rich.console import Console
from rich.table import Table

from bench import published_documents
from bench.published_documents import NewDocument, Question
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer, Declined, Reply
from knowledge.retrieval import snapshot
from knowledge.retrieval.normalise import pairs, plain
from knowledge.retrieval.search import SentenceEncoder
from knowledge.retrieval.snapshot import KnownClause

DAY = date(2026, 1, 5)
_RANKS = (1, 3, 10)
Row = dict[str, Any]


async def ask_all(documents: Sequence[NewDocument], *, baselines: bool) -> list[Row]:
    """A row for each question: what became of it, and at which place each method has the right clause."""
    encoder, rows = SentenceEncoder(), []
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        template = Path(folder) / "seed.db"
        await (await published_documents.fresh_base(template)).aclose()
        for document in documents:
            database = published_documents.copied(template, Path(folder) / f"{document.name}.db")
            ids = await published_documents.publish(database, document)
            assistant = Assistant(database, encoder=encoder)
            await assistant.refresh()
            known = await snapshot.read(database)
            clauses = [c for c in known.clauses.values() if c.document.place in known.chain("sd-jining")]
            rankers = _rankers(clauses, encoder) if baselines else {}
            # A document that has run out since is asked on its last day.
            ends = [c.document.valid_until for c in clauses if c.document.id in ids and c.document.valid_until]
            day = min([DAY, *ends])
            rows += [await _asked(assistant, document, one, ids, clauses, rankers, day) for one in document.questions]
            await assistant.aclose()
            await database.aclose()
    return rows


async def _asked(
    assistant: Assistant,
    document: NewDocument,
    question: Question,
    ids: Sequence[str],
    clauses: Sequence[KnownClause],
    rankers: dict[str, Any],
    day: date,
) -> Row:
    began = time.process_time()
    reply = await assistant.ask(question.text, place=None, on=day)
    took = time.process_time() - began
    from_it = bool({source.document for source in getattr(reply, "sources", ())} & set(ids))
    if isinstance(reply, Answer):
        outcome = "right" if _is_right(reply, question, ids) else "wrong"
    elif isinstance(reply, Declined):
        outcome = "right" if _is_right(reply, question, ids) else "declined"
    elif reply.sources:
        outcome = "quoted" if _is_right(reply, question, ids) else "quoted wrongly"
    else:
        told = [await assistant.about(option.topic, place=None, on=day) for option in reply.options]
        outcome = "asked back" if any(_is_right(one, question, ids) for one in told) else "asked back wrongly"
    right = {
        n for n, c in enumerate(clauses) if c.document.id in ids and all(w in c.text for w in question.must_contain)
    }
    ranks = {name: _rank(rank(question.text), right) for name, rank in rankers.items()} if right else {}
    if rankers and question.must_contain and right:
        ranks["ours"] = await _our_rank(assistant, question.text, {clauses[n].id for n in right}, day)
    return {
        "document": document.name,
        "question": question.text,
        "near_miss": not question.must_contain,
        "official": question.official_words,
        "kind": question.kind,
        "outcome": outcome,
        "other_sentence": outcome == "wrong" and from_it,
        "ranks": ranks,
        "seconds": took,
        "said": reply.text,
        "wanted": list(question.must_contain),
    }


def _is_right(reply: Reply, question: Question, ids: Sequence[str]) -> bool:
    """Whether it holds every one of the words and cites the document."""
    said = published_documents.same_dates(reply.text)
    holds = all(published_documents.same_dates(words) in said for words in question.must_contain)
    cited = {source.document for source in getattr(reply, "sources", ())}
    return bool(question.must_contain) and holds and bool(cited & set(ids))


async def _our_rank(assistant: Assistant, question: str, right: set[str], day: date) -> int:
    from knowledge.retrieval.normalise import fold
    from knowledge.retrieval.search import question_for_search

    search = await assistant.search()
    places = frozenset(search.index.snapshot.chain("sd-jining"))
    hits = search.hits(question_for_search(fold(question)), places, day, most=48)
    found = list(dict.fromkeys(hit.passage.clause.id for hit in hits))
    return next((at for at, clause in enumerate(found) if clause in right), 999)


def _rankers(clauses: Sequence[KnownClause], encoder: SentenceEncoder) -> dict[str, Any]:
    import jieba

    texts = [plain(f"{clause.document.title}{clause.heading}{clause.text}") for clause in clauses]
    words, doubles = bm25s.BM25(method="lucene"), bm25s.BM25(method="lucene")
    words.index([list(jieba.cut(text)) for text in texts], show_progress=False)
    doubles.index([pairs(text) for text in texts], show_progress=False)
    owners = [n for n, clause in enumerate(clauses) for _ in clause.sentences]
    vectors = encoder.encode([plain(one) or "_" for clause in clauses for one in clause.sentences])

    def by(index: Any, terms: list[str]) -> list[int]:
        known = [term for term in terms if term in index.vocab_dict]
        scores = index.get_scores(known) if known else np.zeros(len(clauses))
        return [int(n) for n in np.argsort(-scores)]

    def meaning(question: str) -> list[int]:
        order = np.argsort(-(vectors @ encoder.encode([plain(question)])[0]))
        return list(dict.fromkeys(owners[int(n)] for n in order))

    return {
        "BM25 words": lambda question: by(words, list(jieba.cut(plain(question)))),
        "BM25 pairs": lambda question: by(doubles, pairs(plain(question))),
        "encoder": meaning,
    }


def _rank(order: list[int], right: set[int]) -> int:
    return next((at for at, number in enumerate(order) if number in right), 999)


def _of_build(path: Path, arguments: list[str]) -> list[Row]:
    """The same questions answered by another work tree of the project."""
    ours = Path(__file__).resolve().parent.parent
    place = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), str(ours)])}
    made = subprocess.run(
        [sys.executable, "-m", "bench.new_documents", "--json", *arguments],
        cwd=path,
        env=place,
        capture_output=True,
        check=True,
    )
    rows: list[Row] = json.loads(made.stdout.splitlines()[-1])
    return rows


def _print(verdicts: dict[str, list[Row]], half: str) -> None:
    table = Table(title=f"new documents, {half}")
    for column in ("", "right", "official words", "own words", "wrong", "of these another sentence"):
        table.add_column(column, justify="left" if not column else "right")
    for column in ("nearest quoted: right", "not", "asked back: right choice", "not", "declined"):
        table.add_column(column, justify="right")
    for column in ("near misses not answered", "of these declined"):
        table.add_column(column, justify="right")
    for name, rows in verdicts.items():
        stated, missed = [r for r in rows if not r["near_miss"]], [r for r in rows if r["near_miss"]]
        counts = Counter(row["outcome"] for row in stated)
        table.add_row(
            name,
            _share(counts["right"], len(stated)),
            _of(stated, official=True),
            _of(stated, official=False),
            _share(counts["wrong"], len(stated)),
            str(sum(row["other_sentence"] for row in stated)),
            _share(counts["quoted"], len(stated)),
            _share(counts["quoted wrongly"], len(stated)),
            _share(counts["asked back"], len(stated)),
            _share(counts["asked back wrongly"], len(stated)),
            _share(counts["declined"], len(stated)),
            _share(sum(row["outcome"] != "wrong" for row in missed), len(missed)),
            _share(sum(row["outcome"] == "declined" for row in missed), len(missed)),
        )
    Console(width=170).print(table)


def _of(rows: Sequence[Row], *, official: bool) -> str:
    mine = [row for row in rows if row["official"] is official]
    return _share(sum(row["outcome"] == "right" for row in mine), len(mine))


def _print_ranks(rows: Sequence[Row]) -> None:
    ranked = [row["ranks"] for row in rows if "ours" in row["ranks"]]
    table = Table(title=f"the right clause, {len(ranked)} questions")
    for column in ("", *(f"first {count}" if count > 1 else "first" for count in _RANKS)):
        table.add_column(column, justify="left" if not column else "right")
    for name in next(iter(ranked), {}):
        places = [ranks[name] for ranks in ranked]
        table.add_row(name, *(_share(sum(at < count for at in places), len(places)) for count in _RANKS))
    Console(width=150).print(table)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part}/{whole})" if whole else "-"


async def main(folder: Path, half: str, build: Path | None, show: bool, as_json: bool) -> None:
    documents = published_documents.load(folder, even={"even": True, "odd": False, "all": None}[half])
    rows = await ask_all(documents, baselines=not as_json)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    verdicts = {"this build": rows}
    if build is not None:
        verdicts["the other build"] = _of_build(build.resolve(), ["--folder", str(folder.resolve()), "--half", half])
    for name in dict.fromkeys(row["document"] for row in rows):
        mine = [row["outcome"] for row in rows if row["document"] == name and not row["near_miss"]]
        near = [row["outcome"] for row in rows if row["document"] == name and row["near_miss"]]
        Console(width=150).print(f"{name}: {dict(Counter(mine))}, near misses {dict(Counter(near))}")
    _print(verdicts, half)
    _print_ranks(rows)
    if show and half == "even":
        for row in rows:
            if row["outcome"] != ("declined" if row["near_miss"] else "right"):
                said = row["said"].replace("\n", " | ")[:150]
                print(f"{row['outcome']}: {row['question']} | {row['wanted']} | {said}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=published_documents.FOLDER)
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd")
    parser.add_argument("--build", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true", help="print the rows for another run, nothing else")
    given = parser.parse_args()
    asyncio.run(main(given.folder, given.half, given.build, given.show, given.json))
