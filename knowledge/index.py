"""The texts that questions are compared with, and how near each of them is: by words and by meaning.

A target is what can be found: a topic with its wordings, title, headings and quoted sentences, or a clause that no
topic quotes. Every text is an entry of exactly one target; entries of one target are neighbours in all arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge import normalise
from knowledge.models import TopicKind
from knowledge.normalise import Vocabulary
from knowledge.snapshot import KnownClause, KnownTopic, Snapshot

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

_EXACT_ENTRIES = 20_000
"""Above this many entries, vectors are first compared in COARSE_DIMENSIONS and only the best exactly."""
_COARSE_DIMENSIONS = 64
_EXACT_BEST = 800
_ENCODE_BATCH = 512


class Kind(IntEnum):
    """What an entry's text is. ASKED: a wording or title, as citizens say it. WRITTEN: words of a document."""

    ASKED = 0
    WRITTEN = 1


class Encoder(Protocol):
    """Sentence embeddings: texts -> float32 [len(texts), d], rows of length 1."""

    def encode(self, texts: list[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Target:
    """`topic` or `clause` is set, never both. Its entries are `first` .. `end` - 1."""

    id: str
    topic: KnownTopic | None
    clause: KnownClause | None
    first: int
    end: int


class Vectors:
    """Remembers the vector of every text of one index, so that a rebuild encodes only what is new.

    Used by one thread at a time.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Halves] = {}

    def of(self, texts: Sequence[str]) -> Halves:
        """float16 [len(texts), d]; texts no longer used are forgotten."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for at in range(0, len(new), _ENCODE_BATCH):
            batch = new[at : at + _ENCODE_BATCH]
            self._known.update(zip(batch, self._encoder.encode(batch).astype(np.float16), strict=True))
        self._known = {text: self._known[text] for text in texts}
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, 512), np.float16)

    def question(self, texts: list[str]) -> Floats:
        """float32 [len(texts), d]."""
        return self._encoder.encode(texts)


class Index:
    """Immutable once built; `build` and `near` are CPU work for a thread."""

    def __init__(self, snapshot: Snapshot, vectors: Vectors) -> None:
        self.snapshot = snapshot
        self.vocabulary = normalise.vocabulary(snapshot.synonyms)
        self.targets: list[Target] = []
        self.texts: list[str] = []
        self.kinds: list[Kind] = []
        for topic in snapshot.topics.values():
            self._add(topic.id, topic, None, _topic_texts(topic))
        for clause in snapshot.loose:
            self._add(clause.id, None, clause, _clause_texts(clause))
        self.is_asked = np.array(self.kinds, dtype=np.int8) == Kind.ASKED
        self.sides = [self._sides(target) for target in self.targets]
        # There are as many keys as places; two threads at once would store the same.
        self._answerable: dict[frozenset[str], NDArray[np.bool_]] = {}
        self.says = [_says(target) for target in self.targets]
        self.starts = np.array([target.first for target in self.targets], dtype=np.int64)
        self._words = Words(self.texts, self.vocabulary)
        encoded = vectors.of(self.texts)
        self._meaning = Meaning(encoded)
        topics = sum(target.topic is not None for target in self.targets)
        self._learned = Learned(encoded, self.is_asked, self.targets[:topics])

    def _add(
        self, key: str, topic: KnownTopic | None, clause: KnownClause | None, texts: Iterable[tuple[Kind, str]]
    ) -> None:
        rows = {self.vocabulary.normalise(text): kind for kind, text in texts}  # one entry per spelling
        rows.pop("", None)
        first = len(self.texts)
        self.texts.extend(rows)
        self.kinds.extend(rows.values())
        if rows:
            self.targets.append(Target(key, topic, clause, first, len(self.texts)))

    def _sides(self, target: Target) -> dict[str, float]:
        """Which share of the target's wordings asks about each side of the matter."""
        asked = [self.texts[at] for at in range(target.first, target.end) if self.is_asked[at]]
        counts = Counter(side for text in asked for side in normalise.asks(text))
        return {side: count / len(asked) for side, count in counts.items()}

    def words(self, question: str) -> Floats:
        """Word score of every entry, [entries], in 0..~1: its share of what the question's words could score."""
        return self._words.scores(question)

    def meaning(self, questions: Floats) -> Floats:
        """Cosine of questions [k, d] with every entry, [k, entries]; far entries of a large index are approximate."""
        return self._meaning.cosines(questions)

    def learned(self, vector: Floats, without_entry: int | None = None) -> Floats:
        """How much the question looks like what each topic's wordings have in common, [targets]; 0 for clauses."""
        return np.concatenate([self._learned.scores(vector, without_entry), np.zeros(len(self.targets), np.float32)])[
            : len(self.targets)
        ]

    def answerable(self, places: set[str]) -> NDArray[np.bool_]:
        """Which targets may be found when answers of these places count, [targets]. What is not known to any
        document, or not our business, may always be found."""
        key = frozenset(places)
        if key not in self._answerable:
            self._answerable[key] = np.array([_answerable(target, places) for target in self.targets], dtype=bool)
        return self._answerable[key]


class Learned:
    """A linear classifier of vectors into topics: regularised least squares, solved in closed form at every build."""

    _SHRINK = 0.3
    _WRITTEN_WEIGHT = 0.3

    def __init__(self, vectors: Halves, is_asked: NDArray[np.bool_], targets: Sequence[Target]) -> None:
        end = targets[-1].end if targets else 0
        self._vectors = vectors[:end].astype(np.float32)
        self._weights = np.where(is_asked[:end], 1.0, self._WRITTEN_WEIGHT).astype(np.float32)
        self._target_of = np.repeat(np.arange(len(targets)), [target.end - target.first for target in targets])
        weighted = self._vectors * self._weights[:, None]
        size = vectors.shape[1]
        self._inverse = np.linalg.inv(weighted.T @ self._vectors + self._SHRINK * np.eye(size, dtype=np.float32))
        sums = np.zeros((len(targets), size), np.float32)
        np.add.at(sums, self._target_of, weighted)
        self._classes = sums @ self._inverse

    def scores(self, vector: Floats, without_entry: int | None = None) -> Floats:
        scores = np.asarray(self._classes @ vector, dtype=np.float32)
        if without_entry is None or without_entry >= len(self._vectors):
            return scores
        row = self._vectors[without_entry]
        pull = self._weights[without_entry] * (self._inverse @ row)
        own = float(pull @ row)
        # Taking one row out of a least-squares fit changes its own prediction by a known factor.
        scores[self._target_of[without_entry]] -= own
        return scores / (1 - own)


class Words:
    """BM25 over words and character pairs."""

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.5)
        self._size = len(texts)
        if texts:
            self._bm25.index([vocabulary.terms(text) or ["_"] for text in texts], show_progress=False)

    def scores(self, question: str) -> Floats:
        vocabulary = self._bm25.vocab_dict if self._size else {}
        all_terms = self._vocabulary.terms(question)
        known = [term for term in dict.fromkeys(all_terms) if term in vocabulary]
        if not known:
            return np.zeros(self._size, np.float32)
        raw = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        # A term nobody indexed counts like a rare one: a question about something else must not score full marks.
        best_possible = float(np.log(1 + self._size)) * len(dict.fromkeys(all_terms))
        return raw / best_possible


class Meaning:
    """Cosine similarity with all vectors, in two steps when they are many."""

    def __init__(self, vectors: Halves) -> None:
        self._many = len(vectors) > _EXACT_ENTRIES
        self._full: NDArray[np.floating] = vectors if self._many else vectors.astype(np.float32)
        if self._many:
            self._axes = _main_axes(vectors)
            self._coarse = np.concatenate(
                [chunk.astype(np.float32) @ self._axes for chunk in np.array_split(vectors, 1 + len(vectors) // 20_000)]
            )

    def cosines(self, questions: Floats) -> Floats:
        if not self._many:
            return np.asarray(questions @ self._full.T, dtype=np.float32)
        scores = np.asarray((questions @ self._axes) @ self._coarse.T, dtype=np.float32)
        overall = scores.max(axis=0)
        best = np.argpartition(overall, len(overall) - _EXACT_BEST)[-_EXACT_BEST:]
        scores[:, best] = questions @ self._full[best].astype(np.float32).T
        return scores


def _main_axes(vectors: Halves) -> Floats:
    """The directions in which a sample of the vectors differs most, [d, _COARSE_DIMENSIONS]."""
    sample = vectors[:: max(1, len(vectors) // 10_000)].astype(np.float32)
    _, axes = np.linalg.eigh(sample.T @ sample)
    return np.asarray(axes[:, -_COARSE_DIMENSIONS:], dtype=np.float32)


def _says(target: Target) -> frozenset[str]:
    """What an answer with this target comes to: the clauses it cites, and that something is not known."""
    if target.topic is None:
        return frozenset([target.id])
    cited = [quote.clause.id for answer in target.topic.answers for quote in answer.quotes if quote.leads]
    return frozenset(cited if target.topic.kind is TopicKind.ANSWER else [*cited, "not known"])


def _answerable(target: Target, places: set[str]) -> bool:
    if target.clause is not None:
        return target.clause.document.place in places
    topic = target.topic
    return topic is None or topic.kind != TopicKind.ANSWER or any(answer.place in places for answer in topic.answers)


def _topic_texts(topic: KnownTopic) -> Iterable[tuple[Kind, str]]:
    for answer in topic.answers:
        for quote in answer.quotes:
            yield Kind.WRITTEN, quote.text
            yield Kind.WRITTEN, quote.clause.heading
    yield Kind.ASKED, topic.title
    for wording in topic.wordings:
        yield Kind.ASKED, wording


def _clause_texts(clause: KnownClause) -> Iterable[tuple[Kind, str]]:
    for sentence in clause.sentences:
        yield Kind.WRITTEN, sentence
    yield Kind.ASKED, clause.heading
