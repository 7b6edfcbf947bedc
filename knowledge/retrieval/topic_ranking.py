"""How sure are we that a target is what the question asks for: a few measures, weighed by numbers fitted once.

`fit_ranking.py` fits the numbers and writes `data/ranking.json`; this module only applies them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.authoring.seed import DATA
from knowledge.retrieval import normalise
from knowledge.retrieval.index import NOT_KNOWN, Floats, Index, Vectors

CANDIDATES = 40
_CHINESE = re.compile("[\u4e00-\u9fff].*[\u4e00-\u9fff]")
_PIECES = 2
"""Pieces of a long question that are also looked up on their own."""
_COMPARED = 8
"""Wordings of a candidate that are compared character by character: the nearest by meaning and words."""
_OFTEN = 4.0
"""A side that a quarter of a topic's wordings ask about is one of its own."""
MEASURES = (
    "learned",  # likeness to what the topic's wordings have in common
    "meaning",  # cosine with the nearest wording
    "meaning_3",  # mean cosine with the three nearest wordings
    "meaning_written",  # cosine with the nearest heading or quoted sentence
    "meaning_part",  # cosine of the best single piece of the question with the nearest wording
    "words",  # word score of the nearest wording
    "words_3",  # mean word score of the three nearest wordings
    "words_written",  # word score of the nearest heading or sentence
    "pairs",  # share of character pairs in common with the nearest wording (Dice)
    "covered",  # share of the nearest wording's character pairs that the question has
    "sounds",  # like `pairs`, by sound: what recognition heard instead
    "unsaid",  # what nothing of the target says or sounds like, of all the question's character pairs, by rarity
    "unsaid_words",  # the same of its words: 押金 in a question about day surgery
    "asks",  # share of the wordings that ask about the sides of the matter that the question asks about
    "asks_else",  # 1 when the question asks about a side (its price, a list, a number) that no wording asks about
)


NUMBERS = ("middle", "spread", "into", "bias", "out", "straight", "confidence")


@dataclass(frozen=True, slots=True)
class Weights:
    """A small network ranks (MEASURES -> HIDDEN -> score, with a straight way beside it). Two logistic regressions over
    `confidence_features` give the confidence, [2, features]: of an answer, and of what is not known or not ours."""

    middle: Floats
    spread: Floats
    into: Floats
    bias: Floats
    out: Floats
    straight: Floats
    confidence: Floats
    answer_from: float
    ask_back_from: float

    def score(self, measures: Floats) -> Floats:
        """Scores of candidates, [n, len(MEASURES)] -> [n]; only their differences mean something."""
        even = (measures - self.middle) / self.spread
        return np.asarray(np.tanh(even @ self.into + self.bias) @ self.out + even @ self.straight, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates, best first: `targets` are numbers in `Index.targets`, `chances` sum to 1 over the candidates.
    `confidence` is the chance that the first is what was asked, everything considered."""

    targets: NDArray[np.int64]
    chances: Floats
    measures: Floats
    confidence: float


def rank(
    index: Index,
    vectors: Vectors,
    question: str,
    weights: Weights,
    *,
    allowed: NDArray[np.bool_] | None = None,
    without_entry: int | None = None,
) -> Ranked:
    """Rank the targets for one question. `allowed` [targets] leaves out other places' clauses; `without_entry`
    hides one entry, so that a wording can be asked while it is not there to be found."""
    targets, measures = measure(index, vectors, question, allowed=allowed, without_entry=without_entry)
    scores = weights.score(measures)
    order = np.argsort(-scores)
    chances = np.exp(scores[order] - scores[order[0]]) if len(order) else scores
    chances = (chances / chances.sum()).astype(np.float32) if len(order) else chances
    says = [index.says[int(number)] for number in targets[order]]
    features = confidence_features(chances, measures[order], says)
    confidence = float(1 / (1 + np.exp(-features @ weights.confidence[regression(says)])))
    return Ranked(targets[order], chances, measures[order], confidence)


def confidence_features(chances: Floats, measures: Floats, says: Sequence[frozenset[str]]) -> Floats:
    """[1, chance of the first and of those that say the same, its lead over the best that says something else,
    chance that it is not known, the measures of the first]; `says` is `Index.says` of the candidates, best first."""
    if not len(chances):
        return np.zeros(4 + len(MEASURES), np.float32)
    same = np.array([not says[0].isdisjoint(other) for other in says])
    chance = float(chances[same].sum())
    lead = chance - float(chances[~same].max(initial=0.0))
    unknown = float(chances[np.array([NOT_KNOWN in other for other in says])].sum())
    return np.concatenate([[1.0, chance, lead, unknown], measures[0]]).astype(np.float32)


def regression(says: Sequence[frozenset[str]]) -> int:
    """Which of the two regressions is asked, by what the candidates say, best first."""
    return int(bool(says) and NOT_KNOWN in says[0])


def measure(
    index: Index,
    vectors: Vectors,
    question: str,
    *,
    allowed: NDArray[np.bool_] | None = None,
    without_entry: int | None = None,
) -> tuple[NDArray[np.int64], Floats]:
    """The best CANDIDATES targets and their MEASURES, [n] and [n, len(MEASURES)], in no order."""
    plain = index.vocabulary.normalise(question)
    if not _CHINESE.search(plain) or not index.targets:
        return np.zeros(0, np.int64), np.zeros((0, len(MEASURES)), np.float32)
    pieces = index.vocabulary.parts(question)
    encoded = vectors.question([plain, *[piece for piece in pieces if piece != plain][:_PIECES]])
    each, words = index.meaning(encoded), index.words(plain)
    meaning, part = each[0], each.max(axis=0)
    if without_entry is not None:
        meaning[without_entry] = words[without_entry] = part[without_entry] = -1.0
    learned = index.learned(encoded[0], without_entry)
    rough = np.maximum.reduceat(part + words, index.starts) + learned
    if allowed is not None:
        rough[~allowed] = -np.inf
    count = min(CANDIDATES, len(rough))
    best = np.argpartition(-rough, count - 1)[:count]
    best = best[np.isfinite(rough[best])]
    terms = {term: index.rarity(term) for term in index.vocabulary.terms(plain)}
    rows = [
        [float(learned[target]), *_measures(index, int(target), plain, terms, meaning, part, words, without_entry)]
        for target in best
    ]
    return best.astype(np.int64), np.array(rows, dtype=np.float32).reshape(-1, len(MEASURES))


def _measures(
    index: Index,
    number: int,
    plain: str,
    terms: Mapping[str, float],
    meaning: Floats,
    part: Floats,
    words: Floats,
    without_entry: int | None,
) -> list[float]:
    target = index.targets[number]
    span = slice(target.first, target.end)
    asked = index.is_asked[span].copy()
    if without_entry is not None and target.first <= without_entry < target.end:
        asked[without_entry - target.first] = False
    near, near_part, near_words = meaning[span], part[span], words[span]
    nearest = np.argsort(np.where(asked, -near - near_words, np.inf))[: min(_COMPARED, int(asked.sum()))]
    written = ~index.is_asked[span]
    compared = [index.texts[target.first + int(at)] for at in nearest]
    pairs, covered, sounds = _likeness(plain, compared)
    return [
        _top(near[asked], 1),
        _top(near[asked], 3),
        _top(near[written], 1),
        _top(near_part[asked], 1),
        _top(near_words[asked], 1),
        _top(near_words[asked], 3),
        _top(near_words[written], 1),
        pairs,
        covered,
        sounds,
        *unsaid(terms, index.says_anywhere(number, without_entry), compared),
        *_same_side(normalise.asks(plain), index.sides[number]),
    ]


def _top(values: Floats, count: int) -> float:
    if not len(values):
        return 0.0
    return float(values.max() if count == 1 else np.sort(values)[-count:].mean())


def _likeness(plain: str, texts: list[str]) -> tuple[float, float, float]:
    mine, my_sounds = frozenset(normalise.pairs(plain)), normalise.sounds(plain)
    pairs = covered = sounds = 0.0
    for text in texts:
        theirs, their_sounds = _pairs_of(text), normalise.sounds(text)
        common = len(mine & theirs)
        pairs = max(pairs, 2 * common / max(1, len(mine) + len(theirs)))
        covered = max(covered, common / max(4, len(theirs)))
        sounds = max(sounds, 2 * len(my_sounds & their_sounds) / max(1, len(my_sounds) + len(their_sounds)))
    return pairs, covered, sounds


def unsaid(terms: Mapping[str, float], text: str, compared: Sequence[str]) -> tuple[float, float]:
    """Shares of the pairs and of the words in `terms` (with their rarity) that are not in `text` and sound like
    nothing in the texts compared."""
    heard = frozenset(sound for one in compared for sound in normalise.sounds(one))
    missing, all_of = [0.0, 0.0], [1e-6, 1e-6]
    for term, rarity in terms.items():
        word = term.removeprefix("_")
        kind = int(word == term)
        all_of[kind] += rarity
        sounds = normalise.sounds(word)
        if word not in text and not (sounds and sounds <= heard):
            missing[kind] += rarity
    return missing[0] / all_of[0], missing[1] / all_of[1]


def _same_side(mine: frozenset[str], shares: Mapping[str, float]) -> tuple[float, float]:
    if not mine:
        return 0.5, 0.0
    theirs = {side: shares.get(side, 0.0) for side in mine}
    particular = [1 - min(1.0, _OFTEN * theirs[side]) for side in mine if side in normalise.PARTICULAR_SIDES]
    return sum(theirs.values()) / len(theirs), max(particular, default=0.0)


@lru_cache(maxsize=20_000)
def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(normalise.pairs(text))


def load_weights() -> Weights:
    """The fitted numbers. Raises ValueError when they were fitted for other measures."""
    stored = json.loads((DATA / "ranking.json").read_text(encoding="utf-8"))
    if stored["measures"] != list(MEASURES):
        raise ValueError("knowledge/data/ranking.json was fitted for other measures: run bench.fit_topic_ranking")
    numbers = {name: np.array(stored[name], np.float32) for name in NUMBERS}
    return Weights(**numbers, answer_from=stored["answer_from"], ask_back_from=stored["ask_back_from"])
