"""Learns `knowledge/data/nearness.npz`: how near a sentence is to what somebody says in words of their own.

    python -m bench.fit_nearness [--leave-out]

Of each document with questions, every question should be nearest to the sentences that answer it, among all sentences
of the document and of others drawn at random (softmax over the sentences). Members are learnt from different
beginnings and put side by side; few rounds, since more of them learn the documents by heart. Read are the documents
written for it (`data/training_documents`), the seeds with questions of their own, and every second new document. With
`--leave-out`, each fourth of the documents is ranked by what was learnt from the rest, beside the encoder alone, and
nothing is written.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from bench.asked_documents import Asked, asked_documents, published, training_documents
from knowledge.retrieval import nearness
from knowledge.retrieval.index import Floats
from knowledge.retrieval.nearness import Nearness, grams

_MEMBERS, _ROUNDS, _TURN, _LENGTH = 4, 5, 32, 40
_RATE, _RATE_GRAMS, _DECAY_GRAMS = 2e-3, 3e-3, 0.1
_DROP, _DROP_GRAMS = 0.1, 0.3
_OTHERS, _SELDOM, _SCALE, _GRAM_SCALE = 2, 3, float(np.exp(3.0)), 5.0
_PARTS, _KEPT = 4, 64


@dataclass
class Learner:
    """One member and Adam's memory of it."""

    parts: dict[str, Floats]
    steps: int = 0
    means: dict[str, Floats] = field(default_factory=dict)
    squares: dict[str, Floats] = field(default_factory=dict)

    def step(self, slopes: dict[str, Floats]) -> None:
        self.steps += 1
        for name, slope in slopes.items():
            grams_ = name in ("asked", "written")
            mean = self.means.setdefault(name, np.zeros_like(slope))
            square = self.squares.setdefault(name, np.zeros_like(slope))
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope**2 - square)
            rate = _RATE_GRAMS if grams_ else _RATE
            way = (mean / (1 - 0.9**self.steps)) / (np.sqrt(square / (1 - 0.999**self.steps)) + 1e-8)
            decay = _DECAY_GRAMS if grams_ else 0.01
            self.parts[name] -= rate * (way + decay * self.parts[name])


def learn(documents: Sequence[Asked]) -> Nearness:
    """What the questions of these documents teach."""
    asked = _known(gram for one in documents for question in one.questions for gram in _asked_grams(question))
    written = _known(gram for one in documents for text in _written(one) for gram in text)
    tables = [(_table(map(_asked_grams, one.questions), asked), _table(_written(one), written)) for one in documents]
    members = [_member(documents, tables, len(asked), len(written), seed) for seed in range(_MEMBERS)]
    # Members are averaged: their turns side by side are one turn, their products of grams one longer product.
    away, back = _shortened([one["away"] for one in members], [one["back"] / _MEMBERS for one in members])
    even = _GRAM_SCALE / _MEMBERS
    of_asked, of_written = _shortened([one["asked"] * even for one in members], [one["written"] for one in members])
    return Nearness(away, back, asked, of_asked, written, of_written, _SCALE)


def _shortened(left: Sequence[Floats], right: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The products of the members, of one length, kept in the _KEPT directions that say most."""
    first, second = np.hstack(left), np.hstack(right)
    first_basis, first_rest = np.linalg.qr(first)
    second_basis, second_rest = np.linalg.qr(second)
    turn, sizes, back = np.linalg.svd(first_rest @ second_rest.T)
    even = np.sqrt(sizes[:_KEPT])
    return (first_basis @ turn[:, :_KEPT]) * even, (second_basis @ back[:_KEPT].T) * even


def _asked_grams(question: Any) -> frozenset[str]:
    return grams(question.normal) | grams(question.written)


def _written(one: Asked) -> list[frozenset[str]]:
    return [grams(text) | grams(above) for text, above in zip(one.texts, one.above, strict=True)]


def _known(found: Any) -> dict[str, int]:
    counts = Counter(found)
    return {gram: row for row, gram in enumerate(sorted(g for g, count in counts.items() if count >= _SELDOM))}


def _table(of: Any, rows: dict[str, int]) -> Floats:
    """[texts, grams]: which it has, as a row of length one."""
    texts = list(of)
    table = np.zeros((len(texts), len(rows)), np.float32)
    for at, found in enumerate(texts):
        known = [rows[gram] for gram in found if gram in rows]
        table[at, known] = 1 / np.sqrt(max(1, len(known)))
    return table


def _member(
    documents: Sequence[Asked], tables: Sequence[tuple[Floats, Floats]], asked: int, written: int, seed: int
) -> dict[str, Floats]:
    draw = np.random.default_rng(seed)
    size = documents[0].vectors.shape[1]

    def begin(spread: float, *shape: int) -> Floats:
        return draw.normal(0, spread, shape).astype(np.float32)

    member = Learner(
        {
            "away": begin(0.05, size, _TURN),
            "back": np.zeros((size, _TURN), np.float32),
            "asked": begin(0.02, asked, _LENGTH),
            "written": begin(0.02, written, _LENGTH),
        }
    )
    for _ in range(_ROUNDS):
        for at in draw.permutation(len(documents)):
            others = [int(n) for n in draw.choice(len(documents), _OTHERS, replace=False) if n != at]
            member.step(_slopes(member.parts, documents, tables, int(at), others, draw))
    return member.parts


def _slopes(
    parts: dict[str, Floats],
    documents: Sequence[Asked],
    tables: Sequence[tuple[Floats, Floats]],
    at: int,
    others: Sequence[int],
    draw: np.random.Generator,
) -> dict[str, Floats]:
    """Of the mean surprise at the sentences that answer the questions of a document."""
    one = documents[at]
    sentences = np.concatenate([documents[n].vectors for n in (at, *others)])
    written = np.concatenate([tables[n][1] for n in (at, *others)])
    asked = tables[at][0]
    question = one.asked * (draw.random(one.asked.shape) >= _DROP) / (1 - _DROP)
    question = question.astype(np.float32)
    turned = question @ parts["away"]
    short = asked @ parts["asked"]
    there = ((draw.random(short.shape) >= _DROP_GRAMS) / (1 - _DROP_GRAMS)).astype(np.float32)
    long = written @ parts["written"]
    scores = (question + turned @ parts["back"].T) @ sentences.T * _SCALE + _GRAM_SCALE * (short * there) @ long.T
    chance = _softmax(scores)
    wanted = np.where(one.is_right(len(sentences)), chance, 0)
    wanted /= np.maximum(wanted.sum(1, keepdims=True), 1e-9)
    slope = ((chance - wanted) / len(chance)).astype(np.float32)
    back = slope @ sentences * _SCALE
    of_short = _GRAM_SCALE * (slope @ long) * there
    of_long = _GRAM_SCALE * slope.T @ (short * there)
    return {
        "away": question.T @ (back @ parts["back"]),
        "back": back.T @ turned,
        "asked": asked.T @ of_short,
        "written": written.T @ of_long,
    }


def _softmax(scores: Floats) -> Floats:
    chance = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(chance / chance.sum(1, keepdims=True), dtype=np.float32)


def places(one: Asked, learnt: Nearness | None) -> NDArray[np.int64]:
    """At which place of its document's clauses each question has the right one, from 0; by the encoder alone without
    `learnt`."""
    if learnt is None:
        scores = one.asked @ one.vectors.T
    else:
        mine = np.stack([learnt.question(q.normal, q.written) for q in one.questions])
        turned = np.concatenate([learnt.turned(row[None, :]) for row in one.asked])
        scores = learnt.scale * turned @ one.vectors.T + mine @ learnt.sentences(one.texts, one.above).T
    found = []
    for row, question in zip(scores, one.questions, strict=True):
        order = list(dict.fromkeys(one.owners[np.argsort(-row)].tolist()))
        wanted = set(one.owners[list(question.right)].tolist())
        found.append(next(at for at, owner in enumerate(order) if owner in wanted))
    return np.array(found)


def _leave_out(documents: Sequence[Asked]) -> None:
    console = Console(width=150)
    before, after, official = [], [], []
    for part in range(_PARTS):
        learnt = learn([one for at, one in enumerate(documents) if at % _PARTS != part])
        for one in documents[part::_PARTS]:
            before.append(places(one, None))
            after.append(places(one, learnt))
            official += [question.official for question in one.questions]
    own = ~np.array(official)
    for name, found in (("encoder", np.concatenate(before)), ("learnt", np.concatenate(after))):
        shares = [
            f"{label}: " + " / ".join(f"{(found[which] < k).mean():.1%}" for k in (1, 3, 10))
            for label, which in (("all", own | ~own), ("own words", own))
        ]
        console.print(f"{name}, the right clause first / in three / in ten of its document, {'; '.join(shares)}")


def _save(learnt: Nearness) -> None:
    """Into the project's data; half precision."""
    half: dict[str, Any] = {
        name: getattr(learnt, name).astype(np.float16) for name in ("away", "back", "of_asked", "of_written")
    }
    words = {name: np.array("\n".join(getattr(learnt, name))) for name in ("asked", "written")}
    np.savez_compressed(nearness.FILE, scale=np.float32(learnt.scale), **half, **words)


async def main(leave_out: bool) -> None:
    documents = asked_documents(await published(training_documents()))
    print(f"{len(documents)} documents, {sum(len(one.questions) for one in documents)} questions")
    if leave_out:
        _leave_out(documents)
    else:
        _save(learn(documents))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leave-out", action="store_true")
    asyncio.run(main(parser.parse_args().leave_out))
