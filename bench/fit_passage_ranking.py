"""Fits `knowledge/data/passages.json`: how the measures of a sentence are weighed, and how sure the first one is.

    python -m bench.fit_passage_ranking [--leave-out] [--questions bench/data/questions_dev.yaml]

Examples: the project's own wordings asked of the seeds' clauses with all topics hidden (right: the sentences that the
topic's answers quote), the wordings of what no document says, the questions for tuning, those that others wrote about
the seeds, and the documents of `asked_documents` with their questions and near misses. The odd new documents are never
read. Every document is measured by a nearness that was learnt without it, and its confidence fitted on a ranking that
did not see it, in four parts. With `--leave-out`, each part is judged by what was fitted on the others, and nothing is
written.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console

from bench import fit_nearness
from bench.asked_documents import (
    DAY,
    FOLDER,
    Knowing,
    Remembering,
    asked_documents,
    published,
    seed_questions,
    training_documents,
)
from bench.published_documents import NewDocument
from knowledge.answering.places import HOME, place_in
from knowledge.authoring.seed import DATA
from knowledge.models import TopicKind
from knowledge.retrieval import passage_ranking as ranking
from knowledge.retrieval.certainty import Unit
from knowledge.retrieval.index import Floats, Vectors
from knowledge.retrieval.lexicon import Lexicon, lexicon, of_files
from knowledge.retrieval.nearness import Nearness
from knowledge.retrieval.normalise import fold
from knowledge.retrieval.passage_ranking import MEASURES, NUMBERS, Question, Weights
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.search import question_for_search
from knowledge.retrieval.snapshot import Snapshot

_NETWORKS, _HIDDEN, _SHRINK, _STEPS, _RATE, _BATCH = 4, 12, 1e-3, 500, 0.02, 800
_PARTS = 4
_OF_OTHERS, _OTHERS_WEIGHT = 6, 0.5
"""How many questions of other documents each is asked as near misses, and what one counts beside a written one."""
_MASKS, _KEPT = 2, 0.5
"""How often a question that the writer of the lexicon had read is asked with words of it struck out, and the share of
them that stays."""
_SHRINK_CONFIDENCE = 5.0
_WORDINGS = 4
"""Of each topic: neighbours are near-repetitions."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates and their measures, which of them are right (none for what nothing says), with which of
    them a right one is shown, and how much it counts for the ranking and for the confidence. `group`: the document it
    is about; `part`: which of the parts that belongs to; `counts`: whether it stands in the report."""

    group: str
    part: int
    passages: Passages
    question: Question
    units: Sequence[Unit]
    numbers: NDArray[np.int64]
    measures: Floats
    right: frozenset[int]
    weight: float
    sure_weight: float
    counts: bool
    official: bool
    text: str

    @property
    def good(self) -> NDArray[np.bool_]:
        return np.isin(self.numbers, list(self.right))

    def shows(self, number: int) -> bool:
        """Whether an answer with this passage shows a right one."""
        return bool(self.right.intersection(self.passages.shown(number)))


class Asking(Knowing):
    """Questions asked of the passages of one state of the knowledge."""

    def __init__(self, known: Snapshot, vectors: Vectors, learnt: Nearness, group: str, part: int) -> None:
        super().__init__(known, vectors, learnt)
        self._vectors, self._group, self._part = vectors, group, part

    def example(
        self,
        question: str,
        right: Iterable[int],
        *,
        weight: float,
        sure_weight: float,
        counts: bool = True,
        official: bool = True,
        words: Lexicon | None = None,
        place: str = HOME,
    ) -> Example | None:
        """`words`: in place of the project's lexicon."""
        asked = ranking.understood(question_for_search(fold(question)), self.passages, words or lexicon())
        # Some of the documents have run out since they were written.
        day = DAY if self._group == "seeds" else None
        allowed = self.passages.allowed(frozenset([*self.known.chain(place), *self.known.chain(HOME)]), day)
        units = ranking.unit_weights(self.passages, asked)
        numbers, measures = ranking.measure(self.passages, self._vectors, asked, allowed, units)
        if not len(numbers):
            return None
        return Example(
            self._group,
            self._part,
            self.passages,
            asked,
            units,
            numbers,
            measures,
            frozenset(right),
            weight,
            sure_weight,
            counts,
            official,
            question,
        )

    def quoting(self, quotes: Sequence[tuple[str, str]]) -> set[int]:
        """Passages that hold these words of these clauses, or are held by them."""
        return {
            number
            for number, one in enumerate(self.passages.passages)
            for clause, text in quotes
            if one.clause.id == clause and (text in one.text or one.text in text)
        }


def seed_examples(asking: Asking, questions: Sequence[dict[str, Any]]) -> list[Example]:
    found: list[Example | None] = []
    for topic in asking.known.topics.values():
        home = [answer for answer in topic.answers if answer.place in (HOME, "sd-jining-zoucheng")]
        quotes = [(quote.clause.id, quote.text) for answer in home for quote in answer.quotes if quote.leads]
        right = asking.quoting(quotes) if topic.kind is TopicKind.ANSWER else set()
        if topic.kind is TopicKind.ANSWER and not right:
            continue
        place = home[0].place if home else HOME
        some = topic.wordings[:: max(1, len(topic.wordings) // _WORDINGS)]
        found += [asking.example(one, right, weight=0.3, sure_weight=0.3, counts=False, place=place) for one in some]
    for row in questions:
        ids = set(row.get("expect", ()))
        right = {n for n, one in enumerate(asking.passages.passages) if one.clause.id in ids}
        place = place_in(fold(row["q"])).jurisdiction or row.get("place") or HOME
        found.append(asking.example(row["q"], right, weight=0.5, sure_weight=0.3, counts=False, place=place))
    for one in seed_questions():
        right = asking.answering(one, None)
        if bool(right) == bool(one.answer):
            place = place_in(fold(one.text)).jurisdiction or "sd-jining-zoucheng"
            found.append(
                asking.example(one.text, right, weight=1.0, sure_weight=1.0, official=one.official_words, place=place)
            )
    return [one for one in found if one is not None]


def document_examples(
    asking: Asking, document: NewDocument, ids: Sequence[str], others: Sequence[str]
) -> list[Example]:
    """Its questions and near misses, and questions that others answer and this one hardly does."""
    found = [asking.example(q, (), weight=0.0, sure_weight=_OTHERS_WEIGHT, counts=False) for q in others]
    read_by_lexicon = not (FOLDER / f"{document.name}.yaml").exists()
    for question in document.questions:
        right = asking.answering(question, ids) if question.must_contain else set()
        if question.must_contain and not right:
            Console().print(f"[red]{document.name}: not found in any clause: {question.must_contain}")
            continue
        official = question.official_words
        found.append(asking.example(question.text, right, weight=1.0, sure_weight=1.0, official=official))
        found += [
            asking.example(question.text, right, weight=1.0, sure_weight=0.5, counts=False, words=words)
            for words in (_gappy() if read_by_lexicon else ())
        ]
    return [one for one in found if one is not None]


@lru_cache(maxsize=1)
def _gappy() -> tuple[Lexicon, ...]:
    """The lexicon with words of the street struck out."""
    rows = of_files()
    made = []
    for seed in range(_MASKS):
        kept = random.Random(seed)
        made.append(Lexicon({to: [word for word in said if kept.random() < _KEPT] for to, said in rows.items()}))
    return tuple(made)


def fit(examples: Sequence[Example]) -> Weights:
    """The ranking on what has an answer among the candidates; the confidence on everything, each example in the order
    of a ranking that did not see its part."""
    parts = sorted({one.part for one in examples})
    rows: list[tuple[Floats, bool, float]] = []
    for part in parts:
        order = _ranking([one for one in examples if one.part != part])
        mine = [one for one in examples if one.part == part]
        rows += [(*row, one.sure_weight) for one in mine if (row := _confidence_row(one, order)) is not None]
    features, right, counts = zip(*rows, strict=True)
    confidence = _logistic(np.array(features, float), np.array(right, float), np.array(counts))
    return replace(_ranking(examples), confidence=confidence.astype(np.float32))


def _logistic(features: NDArray[np.float64], right: NDArray[np.float64], counts: NDArray[np.float64]) -> Any:
    """Newton's method on features brought to one scale; the first feature is the constant and is not held back."""
    middle, spread = features.mean(0), features.std(0) + 1e-6
    middle[0], spread[0] = 0.0, 1.0
    even, found = (features - middle) / spread, np.zeros(features.shape[1])
    shrink = _SHRINK_CONFIDENCE * np.eye(len(found))
    shrink[0, 0] = 1e-3
    for _ in range(25):
        sure = 1 / (1 + np.exp(-even @ found))
        slope = even.T @ (counts * (sure - right)) + shrink @ found
        found -= np.linalg.solve((even.T * (counts * sure * (1 - sure))) @ even + shrink, slope)
    found /= spread
    found[0] -= found[1:] @ middle[1:]
    return found


def _ranking(examples: Sequence[Example]) -> Weights:
    usable = [one for one in examples if one.good.any() and one.weight]
    most = max(len(one.measures) for one in usable)
    table = np.zeros((len(usable), most, len(MEASURES)), np.float32)
    there, good = np.zeros((len(usable), most), bool), np.zeros((len(usable), most), bool)
    for row, one in enumerate(usable):
        count = len(one.measures)
        table[row, :count], there[row, :count], good[row, :count] = one.measures, True, one.good
    counts = np.array([one.weight for one in usable], np.float32)
    middle, spread = table[there].mean(0), table[there].std(0) + 1e-3
    even = np.where(there[..., None], (table - middle) / spread, 0).astype(np.float32)
    networks = [_network(even, good, there, counts, seed) for seed in range(_NETWORKS)]
    into, bias, out, straight = zip(*networks, strict=True)
    return Weights(
        middle=middle,
        spread=spread,
        into=np.hstack(into),
        bias=np.concatenate(bias),
        out=(np.concatenate(out) / _NETWORKS).astype(np.float32),
        straight=np.mean(straight, axis=0),
        confidence=np.zeros(len(ranking.CERTAINTY), np.float32),
    )


def _network(
    even: Floats, good: NDArray[np.bool_], there: NDArray[np.bool_], counts: Floats, seed: int
) -> tuple[Floats, ...]:
    start = np.random.default_rng(seed)
    sizes = ((len(MEASURES), _HIDDEN), (_HIDDEN,), (_HIDDEN,), (len(MEASURES),))
    into, bias, out, straight = parts = [start.normal(0, 0.3, size).astype(np.float32) for size in sizes]
    means = [np.zeros_like(part) for part in parts]
    squares = [np.zeros_like(part) for part in parts]
    everything = (even, good, there, counts)
    for step in range(1, _STEPS + 1):
        drawn = start.choice(len(everything[0]), min(_BATCH, len(everything[0])), replace=False)
        even, good, there, counts = (one[drawn] for one in everything)
        rows = even.reshape(-1, len(MEASURES))
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
            part -= (
                _RATE
                * (1 - 0.9 * step / _STEPS)
                * (mean / (1 - 0.9**step))
                / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
            )
    return into, bias, out, straight


def _confidence_row(one: Example, weights: Weights) -> tuple[Floats, bool] | None:
    """What the confidence is computed from, and whether the first answers; None where something speaks against it."""
    ranked = ranking.in_order(one.passages, one.numbers, one.measures, weights)
    if ranking.spoken_against(ranked):
        return None
    return ranking.certainty_of(one.passages, one.question, one.units, ranked), one.shows(int(ranked.numbers[0]))


def _sure(one: Example, weights: Weights) -> tuple[float, bool]:
    row = _confidence_row(one, weights)
    return (0.0, False) if row is None else (float(1 / (1 + np.exp(-row[0] @ weights.confidence))), row[1])


def report(examples: Sequence[Example], weights: Sequence[Weights], name: str) -> None:
    """First / in three / in ten right sentence and right clause, and what thresholds of confidence take."""
    first, clause, sure, right, stated = [], [], [], [], []
    for one, own in zip(examples, weights, strict=True):
        if not one.counts:
            continue
        chance, is_right = _sure(one, own)
        sure.append(chance)
        right.append(is_right)
        stated.append(bool(one.right))
        if one.right:
            ranked = ranking.in_order(one.passages, one.numbers, one.measures, own).numbers
            hits = np.flatnonzero(np.isin(ranked, list(one.right)))
            first.append(hits[0] if len(hits) else 999)
            owners = list(dict.fromkeys(one.passages.owner_numbers[ranked].tolist()))
            wanted = set(one.passages.owner_numbers[list(one.right)].tolist())
            clause.append(next((at for at, owner in enumerate(owners) if owner in wanted), 999))
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


async def _examples(questions: Path) -> list[Example]:
    """Of the seeds and of every document, each measured by a nearness that was learnt from the other parts."""
    states = await published(training_documents())
    asked = asked_documents(states)
    part_of = {one.name: number % _PARTS for number, one in enumerate(asked)}
    learnt = [fit_nearness.learn([one for one in asked if part_of[one.name] != part]) for part in range(_PARTS)]
    vectors, draw, found = Vectors(Remembering()), random.Random(0), []
    texts = {one.name: [question.text for question in one.questions] for one in asked}
    for document, known, ids in states:
        name = document.name if document else "seeds"
        asking = Asking(known, vectors, learnt[part_of[name]], name, part_of[name])
        if document is None:
            found += seed_examples(asking, yaml.safe_load(questions.read_text(encoding="utf-8")))
            continue
        others = draw.sample([q for other, its in texts.items() if other != name for q in its], _OF_OTHERS)
        found += document_examples(asking, document, ids, others)
    return found


async def main(questions: Path, leave_out: bool) -> None:
    examples = await _examples(questions)
    if leave_out:
        fitted = [fit([one for one in examples if one.part != part]) for part in range(_PARTS)]
        report(examples, [fitted[one.part] for one in examples], "each part unseen")
        for official, name in ((True, "official words"), (False, "own words")):
            some = [one for one in examples if one.official is official]
            report(some, [fitted[one.part] for one in some], f"each part unseen, {name}")
        return
    weights = fit(examples)
    report(examples, [weights] * len(examples), "seen")
    stored = {name: getattr(weights, name).round(4).tolist() for name in NUMBERS}
    text = json.dumps({"measures": MEASURES, "certainty": ranking.CERTAINTY, **stored}, indent=1)
    (DATA / "passages.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=Path("bench/data/questions_dev.yaml"))
    parser.add_argument("--leave-out", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.questions, arguments.leave_out))
