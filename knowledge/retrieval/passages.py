"""Every sentence of every live document, with where it stands: what a question is compared with.

A passage is one sentence (a table row is one), its clause, the headings above it and the head of the list it is an
item of. What a document says of itself (its number, who issued it and when, how long it holds) are passages of a
clause of its own, whose number is OWN_DATA.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval import nearness, normalise
from knowledge.retrieval.index import Floats, Meaning, Vectors
from knowledge.retrieval.kinds import Thing, held
from knowledge.retrieval.nearness import Nearness
from knowledge.retrieval.normalise import Vocabulary, plain
from knowledge.retrieval.snapshot import KnownClause, KnownDocument, Snapshot

OWN_DATA = "data"
"""Number of the clause that is made of what a document says of itself."""
_TABLE_ROW = "table_row"
_LONGEST = 400
"""Characters of a sentence that are compared; a longer one is a list that nobody cut."""
_HEAD = re.compile(r"^(.{4,80}?)[:：]")
_ITEM = re.compile(r"^([（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]|[①-⑳])")
_PATCHWORK = 0.1
_SHOWN_CHARS = 220


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` stands word for word in `clause.text` (but for OWN_DATA). `head` is the beginning of the list that it is
    an item of, "" for others. `place` counts the passages of the clause."""

    text: str
    head: str
    clause: KnownClause
    place: int
    plain: str
    near: str
    """Plain: the headings above, the clause's heading and the head of the list."""
    title: str
    """Plain: the document's."""
    whole: str
    """Plain: title, headings and the clause's text."""
    holds: frozenset[Thing]
    folded: str


@dataclass(frozen=True, slots=True)
class Owner:
    """A clause with its passages, numbers `first` .. `end` - 1."""

    clause: KnownClause
    first: int
    end: int


class Passages:
    """Immutable once built; building is CPU work for a thread. `renewed` costs what changed."""

    def __init__(
        self, snapshot: Snapshot, vectors: Vectors, vocabulary: Vocabulary, learnt: Nearness | None = None
    ) -> None:
        """`learnt` in place of the project's own, for fitting."""
        self.learnt = learnt or nearness.load()
        self._begin(vocabulary, frozenset())
        self._add(_clauses(snapshot))
        self._measure(vectors)

    def renewed(self, snapshot: Snapshot, vectors: Vectors, vocabulary: Vocabulary) -> Passages:
        """Those of `snapshot`, sharing what stayed the same; from nothing where too much changed."""
        wanted = {_key(clause): clause for clause in _clauses(snapshot)}
        gone = set(self.gone)
        for number, owner in enumerate(self.owners):
            if number not in gone and wanted.pop(_key(owner.clause), None) is None:
                gone.add(number)
        hidden = sum(self.owners[number].end - self.owners[number].first for number in gone)
        added = len(self.passages) - self._built + sum(len(clause.sentences) for clause in wanted.values())
        if vocabulary is not self.vocabulary or hidden + added > max(200, _PATCHWORK * self._built):
            return Passages(snapshot, vectors, vocabulary, self.learnt)
        new = Passages.__new__(Passages)
        new.learnt = self.learnt
        new._begin(vocabulary, frozenset(gone))
        new.owners, new.passages = self.owners.copy(), self.passages.copy()
        new.owner_of = self.owner_of.copy()
        new._add(wanted.values())
        more = new.passages[len(self.passages) :]
        new._more(self, more, new.owners[len(self.owners) :], vectors)
        return new

    def _begin(self, vocabulary: Vocabulary, gone: frozenset[int]) -> None:
        self.vocabulary, self.gone = vocabulary, gone
        self.owners: list[Owner] = []
        self.passages: list[Passage] = []
        self.owner_of: list[int] = []
        self._wholes: dict[str, tuple[str, ...]] = {}
        self._allowed: dict[tuple[frozenset[str], date | None], NDArray[np.bool_]] = {}

    def _add(self, clauses: Iterable[KnownClause]) -> None:
        for clause in clauses:
            found = cut(clause)
            if found:
                first = len(self.passages)
                self.passages.extend(found)
                self.owner_of.extend([len(self.owners)] * len(found))
                self.owners.append(Owner(clause, first, len(self.passages)))

    def _measure(self, vectors: Vectors) -> None:
        self._built = len(self.passages)
        its, heads = texts(self.passages, self.vocabulary)
        wholes = [self.passages[owner.first].whole for owner in self.owners]
        encoded = vectors.of([*its, *heads])
        self._meaning, self._above = Meaning(encoded[: len(its)]), Meaning(encoded[len(its) :])
        self._grams = self.learnt.sentences(its, heads)
        self.pairs, self.words = Weighed(its, _pairs), Weighed(its, self.vocabulary.words)
        normal = [self.vocabulary.normalise(whole[-4000:]) for whole in wholes]
        self.clause_pairs = Weighed(normal, _pairs)
        self._finish()

    def _more(self, before: Passages, passages: Sequence[Passage], owners: Sequence[Owner], vectors: Vectors) -> None:
        self._built = before._built
        its, heads = texts(passages, self.vocabulary)
        encoded = vectors.more([*its, *heads])
        self._meaning = before._meaning.with_more(encoded[: len(its)])
        self._above = before._above.with_more(encoded[len(its) :])
        self._grams = np.concatenate([before._grams, self.learnt.sentences(its, heads)])
        self.pairs, self.words = before.pairs.with_more(its), before.words.with_more(its)
        wholes = [self.vocabulary.normalise(self.passages[owner.first].whole[-4000:]) for owner in owners]
        self.clause_pairs = before.clause_pairs.with_more(wholes)
        self._finish()

    def known(self, word: str) -> bool:
        """Whether any document writes it."""
        return self.rarity(word) < self.rarity("\n")

    def rarity(self, word: str) -> float:
        """How much a word tells: by its rarest pair of characters among the clauses."""
        pairs = _pairs(self.vocabulary.normalise(word)) if word != "\n" else []
        return max(map(self.clause_pairs.rarity, pairs or [word]), default=0.0)

    def _finish(self) -> None:
        self.owner_numbers = np.array(self.owner_of, dtype=np.int64)
        self.starts = np.array([owner.first for owner in self.owners], dtype=np.int64)

    def wholes(self, document: str) -> tuple[str, ...]:
        """The plain texts of a document's clauses."""
        if document not in self._wholes:
            self._wholes[document] = tuple(
                self.passages[owner.first].whole
                for number, owner in enumerate(self.owners)
                if owner.clause.document.id == document and number not in self.gone
            )
        return self._wholes[document]

    def meaning(self, question: Floats) -> tuple[Floats, Floats]:
        """Cosines of a question [1, d] with every sentence and with what stands above it, [passages] each."""
        return self._meaning.cosines(question)[0], self._above.cosines(question)[0]

    def learnt_nearness(self, question: Floats, normal: str, written: str) -> tuple[Floats, Floats]:
        """Of a question's two vectors [2, d] and texts: with every sentence, by its turned vector and by its grams,
        [passages] each."""
        turned = self._meaning.cosines(self.learnt.turned(question))[0]
        return turned, self._grams @ self.learnt.question(normal, written)

    def allowed(self, places: frozenset[str], on: date | None) -> NDArray[np.bool_]:
        """Which passages are of these places, on air and valid on the day (None: on any), [passages]."""
        key = (places, on)
        if key not in self._allowed:
            ours = [
                number not in self.gone
                and owner.clause.document.place in places
                and (on is None or owner.clause.valid(on))
                for number, owner in enumerate(self.owners)
            ]
            self._allowed[key] = np.array(ours, dtype=bool)[self.owner_numbers] if ours else np.zeros(0, bool)
        return self._allowed[key]

    def shown(self, number: int) -> list[int]:
        """The passages that an answer with this one shows."""
        owner = self.owners[self.owner_of[number]]
        lengths = [len(one.text) for one in self.passages[owner.first : owner.end]]
        return [owner.first + at for at in shown(lengths, number - owner.first)]

    def named(self, number: int) -> str:
        """Plain: what an answer with this passage shows, with what stands above it and the document's title."""
        first = self.passages[number]
        return "".join(self.passages[one].plain for one in self.shown(number)) + first.near + first.title

    def of_document(self, document: str) -> list[Passage]:
        """The sentences of a document, in their order."""
        return [
            passage
            for number, owner in enumerate(self.owners)
            if owner.clause.document.id == document and number not in self.gone
            for passage in self.passages[owner.first : owner.end]
        ]

    def clause(self, key: str) -> KnownClause | None:
        """A clause by its id, those of a document's own data among them."""
        for number, owner in enumerate(self.owners):
            if owner.clause.id == key and number not in self.gone:
                return owner.clause
        return None


class Weighed:
    """BM25 over one kind of terms, as a share of what the question's terms could score, 0..~1."""

    _K1, _B = 1.2, 0.6

    def __init__(self, texts: Sequence[str], cut_into: Callable[[str], list[str]]) -> None:
        self._cut = cut_into
        self._bm25 = bm25s.BM25(method="lucene", k1=self._K1, b=self._B)
        self._built = len(texts)
        self._more: tuple[list[str], ...] = ()
        if texts:
            terms = [cut_into(text) or ["_"] for text in texts]
            self._mean_length = sum(map(len, terms)) / len(terms)
            self._bm25.index(terms, show_progress=False)

    def with_more(self, texts: Sequence[str]) -> Weighed:
        """These texts and `texts` behind them."""
        new = Weighed.__new__(Weighed)
        new._cut, new._bm25, new._built = self._cut, self._bm25, self._built
        new._mean_length = getattr(self, "_mean_length", 20.0)
        new._more = (*self._more, *(self._cut(text) or ["_"] for text in texts))
        return new

    def scores(self, terms: Sequence[str]) -> Floats:
        """[texts]"""
        found = np.zeros(self._built + len(self._more), np.float32)
        known = self._bm25.vocab_dict if self._built else {}
        terms = list(dict.fromkeys(terms))
        if indexed := [term for term in terms if term in known]:
            found[: self._built] = self._bm25.get_scores(indexed)
        for at, theirs in enumerate(self._more, self._built):
            damping = self._K1 * (1 - self._B + self._B * len(theirs) / max(1.0, self._mean_length))
            for term in set(terms).intersection(theirs):
                count = theirs.count(term)
                found[at] += self.rarity(term) * count / (damping + count)
        most = sum(self.rarity(term) for term in terms)
        return np.asarray(found / max(1e-6, most), dtype=np.float32)

    def rarity(self, term: str) -> float:
        """Inverse document frequency; of a term nobody wrote it is the highest."""
        column = self._bm25.vocab_dict.get(term) if self._built else None
        having = 0
        if column is not None:
            starts = self._bm25.scores["indptr"]
            having = int(starts[column + 1] - starts[column])
        return float(np.log(1 + (self._built - having + 0.5) / (having + 0.5)))


def cut(clause: KnownClause) -> list[Passage]:
    """A clause's passages, in order."""
    texts = [clause.text.replace("\n", "，")] if clause.kind == _TABLE_ROW else list(clause.sentences)
    above, title = plain("".join([*clause.path, clause.heading])), plain(clause.document.title)
    whole = title + above + plain(clause.text)
    found: list[Passage] = []
    head = ""
    for text in texts:
        opens = _HEAD.match(text)
        if opens and not _ITEM.match(text):
            head = opens[1]
        elif head and not (_ITEM.match(text) or found and found[-1].text.endswith(("；", ";", "：", ":"))):
            head = ""
        own = head if head and not text.startswith(head) else ""
        words = plain(text[:_LONGEST])
        if len(words) >= 2:
            holds, folded = held_by(text, own), normalise.fold(text[:_LONGEST])
            near = above + plain(own)
            found.append(Passage(text, own, clause, len(found), words, near, title, whole, holds, folded))
    return found


def shown(lengths: Sequence[int], at: int) -> range:
    """Which sentences of a clause are shown for the one `at`: itself, and its neighbours while it stays short; what
    follows goes before what came first. `lengths`: of all sentences of the clause, in characters."""
    first, last, total = at, at, lengths[at]
    while True:
        if last + 1 < len(lengths) and total + lengths[last + 1] <= _SHOWN_CHARS:
            last += 1
            total += lengths[last]
        elif first > 0 and total + lengths[first - 1] <= _SHOWN_CHARS:
            first -= 1
            total += lengths[first]
        else:
            return range(first, last + 1)


def held_by(text: str, head: str) -> frozenset[Thing]:
    """What a sentence holds; an item of a list has what its head says besides."""
    return (
        held(normalise.fold(text)) | (held(normalise.fold(head)) & {Thing.MAY, Thing.WHO})
        if head
        else held(normalise.fold(text))
    )


def own_data(document: KnownDocument) -> KnownClause:
    """What a document says of itself, as a clause."""
    name = f"《{document.title}》"
    day = document.issue_date
    lines = [f"{name}的印发日期是{day.year}年{day.month}月{day.day}日。"]
    if document.issuer:
        lines.append(f"{name}的发文机关是{document.issuer}。")
    if document.doc_no:
        lines.append(f"{name}的文号是{document.doc_no}。")
    if first := document.valid_from:
        lines.append(f"{name}自{first.year}年{first.month}月{first.day}日起施行。")
    if last := document.valid_until:
        lines.append(f"{name}有效期至{last.year}年{last.month}月{last.day}日。")
    text = "\n".join(lines)
    key = f"{document.id}.{OWN_DATA}"
    return KnownClause(key, OWN_DATA, "文件信息", text, tuple(lines), document, None, None, "own_data")


def _clauses(snapshot: Snapshot) -> Iterable[KnownClause]:
    documents: dict[str, KnownDocument] = {}
    repeated: dict[str, list[str]] = {}
    for clause in snapshot.clauses.values():
        documents[clause.document.id] = clause.document
        if clause.kind == "measure":
            repeated.setdefault(clause.document.id, []).append(clause.heading)
    for clause in snapshot.clauses.values():
        if clause.id not in snapshot.searchable:
            continue
        again = clause.kind == _TABLE_ROW and clause.heading in repeated.get(clause.document.id, ())
        if not again:
            yield clause
    for document in documents.values():
        if not document.id.startswith("fact-"):
            yield own_data(document)


def _key(clause: KnownClause) -> tuple[object, ...]:
    return clause.id, clause.text, clause.heading, clause.path, clause.document, clause.valid_from, clause.valid_until


def texts(passages: Sequence[Passage], vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """What is encoded and counted of each passage: itself with the head of its list, and what stands above it."""
    texts = [vocabulary.normalise(passage.head + passage.text[:_LONGEST]) or "_" for passage in passages]
    above = [
        vocabulary.normalise("".join([*passage.clause.path[-2:], passage.clause.heading, passage.head])) or "_"
        for passage in passages
    ]
    return texts, above


def _pairs(text: str) -> list[str]:
    return normalise.pairs(text)


__all__ = ["OWN_DATA", "Owner", "Passage", "Passages", "Weighed", "cut", "own_data", "shown", "texts"]
