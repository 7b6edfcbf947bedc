"""Fits `knowledge/data/passages.json`: how the measures of a sentence are weighed, and how sure the first one is.

    python -m bench.fit_passages [--documents FOLDER] [--leave-out] [--questions bench/data/questions_dev.yaml]

Examples: the project's own wordings asked of the seeds' clauses with all topics hidden (right: the sentences that the
topic's answers quote), the wordings of what no document says, the questions for tuning, and the questions of every
second new document, near misses among them. The other half is never read. With `--leave-out`, each new document is
judged by weights that were fitted without it, and nothing is written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console

from bench import published_documents
from knowledge import passage_answers, snapshot
from knowledge.fit_ranking import _fit_logistic
from knowledge.index import Floats, Vectors
from knowledge.models import TopicKind
from knowledge.normalise import fold, vocabulary
from knowledge.places import JINING, place_in
from knowledge.retrieval import ranking
from knowledge.retrieval.lexicon import lexicon
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.ranking import MEASURES, NUMBERS, Weights
from knowledge.search import SentenceEncoder, question_for_search
from knowledge.seed import DATA
from knowledge.snapshot import Snapshot

_NETWORKS, _HIDDEN, _SHRINK, _STEPS, _RATE = 4, 8, 3e-3, 400, 0.03
_DAY = date(2026, 1, 5)
_OF_OTHERS, _OTHERS_WEIGHT = 6, 0.7
_WORDINGS = 4
"""Of each topic: neighbours are near-repetitions."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates, their measures, which of them are right (none for what nothing says), with which of them
    a right one is shown, and how much it counts. `group`: the document it is about."""

    group: str
    measures: Floats
    owners: NDArray[np.int64]
    right: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    answerable: bool
    weight: float
    text: str


class Asking:
    """The passages of one state of the knowledge, and questions asked of them."""

    def __init__(self, known: Snapshot, vectors: Vectors) -> None:
        self.known, self._vectors = known, vectors
        self.passages = Passages(known, vectors, vocabulary(known.synonyms))

    def example(
        self, question: str, right: Iterable[int], *, group: str, weight: float, place: str = JINING
    ) -> Example | None:
        asked = ranking.understood(question_for_search(fold(question)), self.passages, lexicon())
        allowed = self.passages.allowed(frozenset([*self.known.chain(place), *self.known.chain(JINING)]), _DAY)
        numbers, measures = ranking.measure(self.passages, self._vectors, asked, allowed)
        if not len(numbers):
            return None
        wanted = set(right)
        owners = self.passages.owner_numbers[numbers]
        right = np.isin(numbers, list(wanted))
        with_it = np.array([bool(wanted.intersection(self.shown(int(number)))) for number in numbers])
        return Example(group, measures, owners, right, with_it, bool(wanted), weight, question)

    def shown(self, number: int) -> list[int]:
        """The passages that an answer with this one shows."""
        owner = self.passages.owners[self.passages.owner_of[number]]
        lengths = [len(one.text) for one in self.passages.passages[owner.first : owner.end]]
        return [owner.first + at for at in passage_answers.shown(lengths, number - owner.first)]

    def quoting(self, quotes: Sequence[tuple[str, str]]) -> set[int]:
        """Passages that hold these words of these clauses, or are held by them."""
        return {
            number
            for number, one in enumerate(self.passages.passages)
            for clause, text in quotes
            if one.clause.id == clause and (text in one.text or one.text in text)
        }

    def holding(self, ids: Sequence[str], words: Sequence[str]) -> set[int]:
        """Passages of these documents that hold all the words; else those with one of them, in clauses with all."""
        words = [published_documents.same_dates(word) for word in words]
        mine = [n for n, one in enumerate(self.passages.passages) if one.clause.document.id in ids]
        found = {n for n in mine if all(word in _said(self.passages, n) for word in words)}
        if found:
            return found
        return {
            n
            for n in mine
            if any(word in _said(self.passages, n) for word in words)
            and all(word in self.passages.passages[n].clause.text for word in words)
        }


def _said(passages: Passages, number: int) -> str:
    one = passages.passages[number]
    return published_documents.same_dates(f"{one.head}：{one.text}" if one.head else one.text)


def seed_examples(asking: Asking, questions: Sequence[dict[str, Any]]) -> list[Example]:
    found: list[Example | None] = []
    for topic in asking.known.topics.values():
        home = [answer for answer in topic.answers if answer.place in (JINING, "sd-jining-zoucheng")]
        quotes = [(quote.clause.id, quote.text) for answer in home for quote in answer.quotes if quote.leads]
        right = asking.quoting(quotes) if topic.kind is TopicKind.ANSWER else set()
        if topic.kind is TopicKind.ANSWER and not right:
            continue
        place = home[0].place if home else JINING
        some = topic.wordings[:: max(1, len(topic.wordings) // _WORDINGS)]
        found += [asking.example(wording, right, group="seed", weight=0.3, place=place) for wording in some]
    for row in questions:
        ids = set(row.get("expect", ()))
        right = {n for n, one in enumerate(asking.passages.passages) if one.clause.id in ids}
        place = place_in(fold(row["q"])).jurisdiction or row.get("place") or JINING
        found.append(asking.example(row["q"], right, group="seed", weight=0.5, place=place))
    return [one for one in found if one is not None]


async def document_examples(documents: Sequence[published_documents.NewDocument], vectors: Vectors) -> list[Example]:
    found: list[Example | None] = []
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        template = Path(folder) / "seed.db"
        await (await published_documents.fresh_base(template)).aclose()
        for document in documents:
            database = published_documents.copied(template, Path(folder) / f"{document.name}.db")
            ids = await published_documents.publish(database, document)
            asking = Asking(await snapshot.read(database), vectors)
            await database.aclose()
            # What another document answers, this one hardly does: questions as near misses are asked.
            others = [q for other in documents if other is not document for q in other.questions[:: 25 // _OF_OTHERS]]
            found += [asking.example(q.text, (), group=document.name, weight=_OTHERS_WEIGHT) for q in others]
            for question in document.questions:
                right = asking.holding(ids, question.must_contain) if question.must_contain else set()
                if question.must_contain and not right:
                    Console().print(f"[red]{document.name}: not found in any clause: {question.must_contain}")
                    continue
                weight = 3.0 if question.must_contain else 6.0
                found.append(asking.example(question.text, right, group=document.name, weight=weight))
    return [one for one in found if one is not None]


def fit(examples: Sequence[Example]) -> Weights:
    """The ranking on what has an answer among the candidates, the confidence on everything."""
    usable = [one for one in examples if one.right.any()]
    most = max(len(one.measures) for one in usable)
    table = np.zeros((len(usable), most, len(MEASURES)), np.float32)
    there, good = np.zeros((len(usable), most), bool), np.zeros((len(usable), most), bool)
    for row, one in enumerate(usable):
        count = len(one.measures)
        table[row, :count], there[row, :count], good[row, :count] = one.measures, True, one.right
    counts = np.array([one.weight for one in usable], np.float32)
    middle, spread = table[there].mean(0), table[there].std(0) + 1e-3
    even = (table - middle) / spread
    networks = [_network(even, good, there, counts, seed) for seed in range(_NETWORKS)]
    into, bias, out, straight = zip(*networks, strict=True)
    weights = Weights(
        middle=middle,
        spread=spread,
        into=np.hstack(into),
        bias=np.concatenate(bias),
        out=(np.concatenate(out) / _NETWORKS).astype(np.float32),
        straight=np.mean(straight, axis=0),
        confidence=np.zeros(4 + len(MEASURES), np.float32),
    )
    rows = [_confidence_row(one, weights) for one in examples]
    features = np.array([row[0] for row in rows])
    right = np.array([row[1] for row in rows])
    confidence = _fit_logistic(features, right, np.array([one.weight for one in examples], np.float32))
    return Weights(
        **{**{name: getattr(weights, name) for name in NUMBERS}, "confidence": confidence.astype(np.float32)}
    )


def _network(
    even: Floats, good: NDArray[np.bool_], there: NDArray[np.bool_], counts: Floats, seed: int
) -> tuple[Floats, ...]:
    start = np.random.default_rng(seed)
    sizes = ((len(MEASURES), _HIDDEN), (_HIDDEN,), (_HIDDEN,), (len(MEASURES),))
    into, bias, out, straight = parts = [start.normal(0, 0.3, size).astype(np.float32) for size in sizes]
    means = [np.zeros_like(part) for part in parts]
    squares = [np.zeros_like(part) for part in parts]
    rows = even.reshape(-1, len(MEASURES))
    for step in range(1, _STEPS + 1):
        hidden = np.tanh(even @ into + bias)
        scores = np.where(there, hidden @ out + even @ straight, -1e9)
        chance = np.exp(scores - scores.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        wanted = np.where(good, chance, 0)
        wanted /= np.maximum(wanted.sum(1, keepdims=True), 1e-9)
        slope = (chance - wanted) * (counts / counts.sum())[:, None]
        back = slope[..., None] * out * (1 - hidden**2)
        slopes = [
            rows.T @ back.reshape(-1, _HIDDEN) + _SHRINK * into,
            back.sum((0, 1)),
            slope.reshape(-1) @ hidden.reshape(-1, _HIDDEN) + _SHRINK * out,
            slope.reshape(-1) @ rows + _SHRINK * straight,
        ]
        for part, mean, square, change in zip(parts, means, squares, slopes, strict=True):
            mean += 0.1 * (change - mean)
            square += 0.01 * (change**2 - square)
            part -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return into, bias, out, straight


def _ordered(one: Example, weights: Weights) -> tuple[NDArray[np.int64], Floats]:
    scores = weights.score(one.measures)
    order = np.argsort(-scores)
    chances = np.exp(scores[order] - scores[order[0]])
    return order, (chances / chances.sum()).astype(np.float32)


def _confidence_row(one: Example, weights: Weights) -> tuple[Floats, bool]:
    order, chances = _ordered(one, weights)
    features = ranking.confidence_features(chances, one.measures[order], one.owners[order])
    return features, bool(one.shown[order[0]])


def report(examples: Sequence[Example], weights: Sequence[Weights], name: str) -> None:
    """First / in three / in ten right sentence and right clause, and what thresholds of confidence take."""
    first, clause, sure, right, stated = [], [], [], [], []
    for one, own in zip(examples, weights, strict=True):
        if one.weight == _OTHERS_WEIGHT:
            continue
        order, _ = _ordered(one, own)
        features, is_right = _confidence_row(one, own)
        sure.append(float(1 / (1 + np.exp(-features @ own.confidence))))
        right.append(is_right)
        stated.append(one.answerable)
        if one.answerable:
            hits = np.flatnonzero(one.right[order])
            first.append(hits[0] if len(hits) else 999)
            owners = list(dict.fromkeys(one.owners[order].tolist()))
            good = {int(owner) for owner in one.owners[one.right]}
            clause.append(next((at for at, owner in enumerate(owners) if owner in good), 999))
    ranks, of_clause = np.array(first), np.array(clause)
    console = Console(width=160)
    console.print(
        f"{name}: {len(ranks)} answerable; sentence first/3/10 "
        + " / ".join(f"{(ranks < k).mean():.1%}" for k in (1, 3, 10))
        + "; clause "
        + " / ".join(f"{(of_clause < k).mean():.1%}" for k in (1, 3, 10))
    )
    certain, good, there = np.array(sure), np.array(right), np.array(stated)
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        taken = certain >= threshold
        console.print(
            f"  from {threshold}: right {(taken & good & there).sum() / max(1, there.sum()):.1%}, "
            f"wrong {(taken & ~good & there).sum() / max(1, there.sum()):.1%}, "
            f"near misses answered {(taken & ~there).sum()}/{(~there).sum()}"
        )


async def main(folder: Path, questions: Path, leave_out: bool, show: bool) -> None:
    vectors = Vectors(SentenceEncoder())
    with tempfile.TemporaryDirectory(prefix="yibao-") as place:
        database = await published_documents.fresh_base(Path(place) / "seed.db")
        asking = Asking(await snapshot.read(database), vectors)
        await database.aclose()
    seeds = seed_examples(asking, yaml.safe_load(questions.read_text(encoding="utf-8")))
    new = await document_examples(published_documents.load(folder, even=True), vectors)
    if leave_out:
        groups = list(dict.fromkeys(one.group for one in new))
        fitted = {group: fit([*seeds, *(one for one in new if one.group != group)]) for group in groups}
        report(new, [fitted[one.group] for one in new], "each document unseen")
        for group in groups:
            report(
                [one for one in new if one.group == group], [fitted[group]] * sum(o.group == group for o in new), group
            )
        if show:
            for one in (one for one in new if one.weight != _OTHERS_WEIGHT):
                features, right = _confidence_row(one, fitted[one.group])
                sure = 1 / (1 + np.exp(-features @ fitted[one.group].confidence))
                if right != one.answerable or (sure > 0.5) != right:
                    print(f"{sure:.2f} {right} {one.answerable} {one.right.any()} {one.text}")
        return
    weights = fit([*seeds, *new])
    report(new, [weights] * len(new), "new documents (seen)")
    report(seeds, [weights] * len(seeds), "seeds")
    stored = {name: getattr(weights, name).round(4).tolist() for name in NUMBERS}
    text = json.dumps({"measures": MEASURES, **stored}, indent=1)
    (DATA / "passages.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, default=published_documents.FOLDER)
    parser.add_argument("--questions", type=Path, default=Path("bench/data/questions_dev.yaml"))
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.documents, arguments.questions, arguments.leave_out, arguments.show))
