"""The texts that questions are compared with, and how near each of them is: by words and by meaning.

A target is what can be found: a topic with its wordings, title, headings and quoted sentences, or a clause that no
topic quotes. Every text is an entry of exactly one target; entries of one target are neighbours in all arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.models import TopicKind
from knowledge.retrieval import normalise
from knowledge.retrieval.kept_vectors import KeptVectors
from knowledge.retrieval.normalise import Vocabulary
from knowledge.retrieval.snapshot import KnownClause, KnownTopic, Snapshot

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

NOT_KNOWN = "not known"
"""What gaps and matters that are not ours say, beside the clauses they cite."""

_EXACT_ENTRIES = 20_000
"""Above this many entries, vectors are first compared in COARSE_DIMENSIONS and only the best exactly."""
_COARSE_DIMENSIONS = 64
_EXACT_BEST = 800
_ENCODE_BATCH = 512
_PATCHWORK = 0.1
"""Share of an index that may be renewed before it is built from nothing: word statistics slowly grow old."""


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

    def __init__(self, encoder: Encoder, keep_in: Path | None = None, name: str = "topics") -> None:
        """`keep_in`: a folder for what was encoded, so that the next run need not; a file of it is called `name`."""
        self._encoder, self._keep_in = encoder, keep_in
        self._kept = KeptVectors(keep_in / name) if keep_in else None
        self._is_kept = True
        self._known: dict[str, Halves] = {}
        self._beside: Vectors | None = None

    @property
    def beside(self) -> Vectors:
        """The memory of another index that uses the same encoder."""
        if self._beside is None:
            self._beside = Vectors(self._encoder, self._keep_in, "passages")
        return self._beside

    def of(self, texts: Sequence[str]) -> Halves:
        """float16 [len(texts), d]; texts no longer used are forgotten."""
        if self._kept and (missing := [text for text in texts if text not in self._known]):
            self._known |= self._kept.read(missing)
        encoded = self.more(texts)
        self._known = {text: self._known[text] for text in texts}
        if self._kept and not self._is_kept:
            self._kept.write(self._known)
            self._is_kept = True
        return encoded

    def more(self, texts: Sequence[str]) -> Halves:
        """float16 [len(texts), d]; nothing is forgotten."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._is_kept = self._is_kept and not new
        for at in range(0, len(new), _ENCODE_BATCH):
            batch = new[at : at + _ENCODE_BATCH]
            self._known.update(zip(batch, self._encoder.encode(batch).astype(np.float16), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, 512), np.float16)

    def question(self, texts: list[str]) -> Floats:
        """float32 [len(texts), d]."""
        return self._encoder.encode(texts)


class Index:
    """Immutable once built. Building is CPU work for a thread: `Index(...)` from nothing, `renewed` from the index
    before it, which takes as long as what changed and not as long as all there is.
    """

    def __init__(self, snapshot: Snapshot, vectors: Vectors) -> None:
        self._begin(snapshot, normalise.vocabulary(snapshot.synonyms), frozenset())
        self._add_all(snapshot.topics.values(), ())
        self._words = Words(self.texts, self.vocabulary)
        self._meaning = Meaning(vectors.of(self.texts))
        self._built_entries = len(self.texts)
        self._finish()

    def renewed(self, snapshot: Snapshot, vectors: Vectors) -> Index | None:
        """The index of `snapshot`, sharing what stayed the same: targets that changed are hidden and put at the end.

        None when everything must be built: another vocabulary reads every text differently.
        """
        if snapshot.synonyms != self.snapshot.synonyms:
            return None
        wanted: dict[int, KnownTopic | KnownClause] = {id(topic): topic for topic in snapshot.topics.values()}
        gone = set(self.gone)
        for number, target in enumerate(self.targets):
            if number not in self.gone and wanted.pop(id(target.topic or target.clause), None) is None:
                gone.add(number)
        new = Index.__new__(Index)
        new._begin(snapshot, self.vocabulary, frozenset(gone))
        new.targets, new.texts, new.kinds = self.targets.copy(), self.texts.copy(), self.kinds.copy()
        new.sides, new.says = self.sides.copy(), self.says.copy()
        new._add_all(
            [known for known in wanted.values() if isinstance(known, KnownTopic)],
            [known for known in wanted.values() if isinstance(known, KnownClause)],
        )
        more = new.texts[len(self.texts) :]
        new._words = self._words.with_more(more)
        new._meaning = self._meaning.with_more(vectors.more(more))
        new._built_entries = self._built_entries
        new._finish()
        return new

    @property
    def is_patchwork(self) -> bool:
        """So much was renewed that building it from nothing is due."""
        hidden = sum(self.targets[number].end - self.targets[number].first for number in self.gone)
        return hidden + len(self.texts) - self._built_entries > _PATCHWORK * self._built_entries

    def _begin(self, snapshot: Snapshot, vocabulary: Vocabulary, gone: frozenset[int]) -> None:
        self.snapshot, self.vocabulary = snapshot, vocabulary
        self.gone = gone
        """Targets that are no longer there to be found; their entries keep their places."""
        self.targets: list[Target] = []
        self.texts: list[str] = []
        self.kinds: list[Kind] = []
        self.sides: list[dict[str, float]] = []
        self.says: list[frozenset[str]] = []
        # There are as many keys as places; two threads at once would store the same.
        self._answerable: dict[frozenset[str], NDArray[np.bool_]] = {}

    def _add_all(self, topics: Iterable[KnownTopic], clauses: Iterable[KnownClause]) -> None:
        for topic in topics:
            self._add(topic.id, topic, None, _topic_texts(topic))
        for clause in clauses:
            self._add(clause.id, None, clause, _clause_texts(clause))

    def _finish(self) -> None:
        self.is_asked = np.array(self.kinds, dtype=np.int8) == Kind.ASKED
        self.starts = np.array([target.first for target in self.targets], dtype=np.int64)
        topics = [n for n, target in enumerate(self.targets) if target.topic is not None and n not in self.gone]
        entries = [np.arange(self.targets[n].first, self.targets[n].end) for n in topics]
        owners = np.repeat(topics, [len(each) for each in entries]).astype(np.int64)
        rows = np.concatenate([np.zeros(0, np.int64), *entries])
        self._learned = Learned(self._meaning.rows(rows), self.is_asked[rows], rows, owners, len(self.targets))

    def _add(
        self, key: str, topic: KnownTopic | None, clause: KnownClause | None, texts: Iterable[tuple[Kind, str]]
    ) -> None:
        rows = {self.vocabulary.normalise(text): kind for kind, text in texts}  # one entry per spelling
        rows.pop("", None)
        first = len(self.texts)
        self.texts.extend(rows)
        self.kinds.extend(rows.values())
        if rows:
            target = Target(key, topic, clause, first, len(self.texts))
            self.targets.append(target)
            self.sides.append(self._sides(target))
            self.says.append(_says(target))

    def _sides(self, target: Target) -> dict[str, float]:
        """Which share of the target's wordings asks about each side of the matter."""
        asked = [self.texts[at] for at in range(target.first, target.end) if self.kinds[at] is Kind.ASKED]
        counts = Counter(side for text in asked for side in normalise.asks(text))
        return {side: count / len(asked) for side, count in counts.items()}

    def words(self, question: str) -> Floats:
        """Word score of every entry, [entries], in 0..~1: its share of what the question's words could score."""
        return self._words.scores(question)

    def meaning(self, questions: Floats) -> Floats:
        """Cosine of questions [k, d] with every entry, [k, entries]; far entries of a large index are approximate."""
        return self._meaning.cosines(questions)

    def rarity(self, term: str) -> float:
        """How much a term tells, 0..~1: 1 when no text has it."""
        return self._words.rarity(term) / float(np.log(2 + 2 * len(self.texts)))

    def says_anywhere(self, number: int, without_entry: int | None = None) -> str:
        """All texts of a target, a line each."""
        target = self.targets[number]
        return "\n".join(self.texts[at] for at in range(target.first, target.end) if at != without_entry)

    def learned(self, vector: Floats, without_entry: int | None = None) -> Floats:
        """How much the question looks like what each topic's wordings have in common, [targets]; 0 for clauses."""
        return self._learned.scores(vector, without_entry)

    def answerable(self, places: set[str]) -> NDArray[np.bool_]:
        """Which targets may be found when answers of these places count, [targets]. What is not known to any
        document, or not our business, may always be found."""
        key = frozenset(places)
        if key not in self._answerable:
            may = np.array([_answerable(target, places) for target in self.targets], dtype=bool)
            may[list(self.gone)] = False
            self._answerable[key] = may
        return self._answerable[key]


class Learned:
    """A linear classifier of vectors into topics: regularised least squares, solved in closed form at every build."""

    _SHRINK = 0.3
    _WRITTEN_WEIGHT = 0.3

    def __init__(
        self,
        vectors: Floats,
        is_asked: NDArray[np.bool_],
        entries: NDArray[np.int64],
        owners: NDArray[np.int64],
        targets: int,
    ) -> None:
        """Row by row: the vector of a topic's entry, whether it is asked or written, the entry's number (rising), and
        the number of its target, of which there are `targets` in all."""
        self._vectors, self._entries, self._owners, self._targets = vectors, entries, owners, targets
        self._weights = np.where(is_asked, 1.0, self._WRITTEN_WEIGHT).astype(np.float32)
        self._topics, rows = np.unique(owners, return_inverse=True)
        weighted = vectors * self._weights[:, None]
        size = vectors.shape[1]
        self._inverse = np.linalg.inv(weighted.T @ vectors + self._SHRINK * np.eye(size, dtype=np.float32))
        sums = np.zeros((len(self._topics), size), np.float32)
        np.add.at(sums, rows, weighted)
        self._classes = sums @ self._inverse

    def scores(self, vector: Floats, without_entry: int | None = None) -> Floats:
        scores = np.zeros(self._targets, np.float32)
        scores[self._topics] = self._classes @ vector
        at = len(self._entries) if without_entry is None else int(np.searchsorted(self._entries, without_entry))
        if at == len(self._entries) or self._entries[at] != without_entry:
            return scores
        row = self._vectors[at]
        pull = self._weights[at] * (self._inverse @ row)
        own = float(pull @ row)
        # Taking one row out of a least-squares fit changes its own prediction by a known factor.
        scores[self._owners[at]] -= own
        return scores / (1 - own)


class Words:
    """BM25 over words and character pairs. Texts added later are scored with what the first ones say of how rare a
    word is."""

    _K1, _B = 1.2, 0.5

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._bm25 = bm25s.BM25(method="lucene", k1=self._K1, b=self._B)
        self._built = len(texts)
        self._more: tuple[Counter[str], ...] = ()
        terms = [terms or ["_"] for terms in vocabulary.terms_of_all(texts)]
        self._mean_length = sum(map(len, terms)) / max(1, len(terms))
        if texts:
            self._bm25.index(terms, show_progress=False)

    def with_more(self, texts: Sequence[str]) -> Words:
        """These texts and `texts` behind them."""
        new = Words.__new__(Words)
        new._vocabulary, new._bm25, new._built = self._vocabulary, self._bm25, self._built
        new._mean_length = self._mean_length
        new._more = (*self._more, *(Counter(self._vocabulary.terms(text) or ["_"]) for text in texts))
        return new

    def scores(self, question: str) -> Floats:
        size = self._built + len(self._more)
        known = self._bm25.vocab_dict if self._built else {}
        terms = list(dict.fromkeys(self._vocabulary.terms(question)))
        scores = np.zeros(size, np.float32)
        if indexed := [term for term in terms if term in known]:
            scores[: self._built] = self._bm25.get_scores(indexed)
        if self._more:
            scores[self._built :] = self._scores_of_more(terms)
        # A term nobody indexed counts like a rare one: a question about something else must not score full marks.
        return scores / max(1e-6, float(np.log(1 + size)) * len(terms))

    def _scores_of_more(self, terms: Sequence[str]) -> list[float]:
        """Lucene's BM25, as bm25s computes it."""
        rare = {term: self.rarity(term) for term in terms}
        found = []
        for counts in self._more:
            damping = self._K1 * (1 - self._B + self._B * counts.total() / self._mean_length)
            found.append(sum(rare[term] * counts[term] / (damping + counts[term]) for term in terms if term in counts))
        return found

    def rarity(self, term: str) -> float:
        """Inverse document frequency among the texts that were built; among those added where these have none."""
        column = self._bm25.vocab_dict.get(term) if self._built else None
        starts = self._bm25.scores["indptr"] if self._built else ()
        size, having = self._built, 0
        if column is None:
            size, having = size + len(self._more), sum(term in counts for counts in self._more)
        else:
            having = int(starts[column + 1] - starts[column])
        return float(np.log(1 + (size - having + 0.5) / (having + 0.5)))


class Meaning:
    """Cosine similarity with all vectors, in two steps when they are many."""

    def __init__(self, vectors: Halves) -> None:
        self._many = len(vectors) > _EXACT_ENTRIES
        self._full: NDArray[np.floating] = vectors if self._many else vectors.astype(np.float32)
        self._more = np.zeros((0, vectors.shape[1]), np.float32)
        if self._many:
            self._axes = _main_axes(vectors)
            self._coarse = np.concatenate(
                [chunk.astype(np.float32) @ self._axes for chunk in np.array_split(vectors, 1 + len(vectors) // 20_000)]
            )

    def with_more(self, vectors: Halves) -> Meaning:
        """These vectors and `vectors` behind them, which are always compared exactly."""
        new = copy(self)
        new._more = np.concatenate([self._more, vectors.astype(np.float32)])
        return new

    def rows(self, entries: NDArray[np.int64]) -> Floats:
        """The vectors of these entries, float32 [len(entries), d]; numbers must rise."""
        built = np.searchsorted(entries, len(self._full))
        first = self._full[entries[:built]].astype(np.float32)
        return np.concatenate([first, self._more[entries[built:] - len(self._full)]])

    def cosines(self, questions: Floats) -> Floats:
        return np.concatenate([self._built_cosines(questions), questions @ self._more.T], axis=1)

    def _built_cosines(self, questions: Floats) -> Floats:
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
    return frozenset(cited if target.topic.kind is TopicKind.ANSWER else [*cited, NOT_KNOWN])


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
