"""Sentences of documents with the questions that they answer, as what is fitted and learnt reads them.

The documents of `data/training_documents` were written for this, with their questions, by writers who saw neither code,
lexicon nor topics; most of them are invented and say so. The seeds have questions of their own beside them. Every
second document of `data/new_documents` is read as well, the others never.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bench import published_documents
from bench.published_documents import NewDocument, Question
from knowledge.retrieval import nearness, snapshot
from knowledge.retrieval import passage_ranking as ranking
from knowledge.retrieval.index import Floats, Vectors
from knowledge.retrieval.lexicon import lexicon
from knowledge.retrieval.nearness import Nearness
from knowledge.retrieval.normalise import fold, vocabulary
from knowledge.retrieval.passages import Passages
from knowledge.retrieval.passages import texts as texts_of
from knowledge.retrieval.search import SentenceEncoder, question_for_search
from knowledge.retrieval.snapshot import Snapshot

FOLDER = Path(__file__).parent / "data" / "training_documents"
DAY = date(2026, 1, 5)


State = tuple[NewDocument | None, Snapshot, list[str]]
"""A document (None: the seeds alone), the knowledge with it on air, and the ids of what it became."""


class Remembering:
    """The sentence encoder, which encodes no text a second time."""

    def __init__(self) -> None:
        self._encoder, self._known = SentenceEncoder(), dict[str, Floats]()

    def encode(self, texts: list[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """`right`: which of the document's sentences answer; `normal` and `written` as the ranking has them."""

    text: str
    normal: str
    written: str
    right: tuple[int, ...]
    official: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A document's sentences, [n], with their vectors [n, d] and the clauses they belong to, and its questions with
    the mean of their two vectors, [questions, d]."""

    name: str
    texts: tuple[str, ...]
    above: tuple[str, ...]
    vectors: Floats
    owners: NDArray[np.int64]
    questions: tuple[AskedQuestion, ...]
    asked: Floats

    def is_right(self, count: int) -> NDArray[np.bool_]:
        """[questions, count]; sentences of others behind its own are never right."""
        table = np.zeros((len(self.questions), count), bool)
        for row, question in zip(table, self.questions, strict=True):
            row[list(question.right)] = True
        return table


class Knowing:
    """The passages of one state of the knowledge, and which of them answer what."""

    def __init__(self, known: Snapshot, vectors: Vectors, learnt: Nearness) -> None:
        self.known = known
        self.passages = Passages(known, vectors, vocabulary(known.synonyms), learnt)
        self._squeezed = ["".join(one.text.split()) for one in self.passages.passages]

    def answering(self, question: Question, ids: Sequence[str] | None) -> set[int]:
        """Those that hold the piece which answers, of these documents (None: of all); else those with all of its words;
        else those with one of them, in clauses with all."""
        mine = [n for n, one in enumerate(self.passages.passages) if ids is None or one.clause.document.id in ids]
        piece = "".join(question.answer.split())
        found = {n for n in mine if piece and piece in self._squeezed[n]}
        if found or not question.must_contain:
            return found
        words = [published_documents.same_dates(word) for word in question.must_contain]
        found = {n for n in mine if all(word in self._said(n) for word in words)}
        if found:
            return found
        return {
            n
            for n in mine
            if any(word in self._said(n) for word in words)
            and all(word in self.passages.passages[n].clause.text for word in words)
        }

    def _said(self, number: int) -> str:
        one = self.passages.passages[number]
        return published_documents.same_dates(f"{one.head}：{one.text}" if one.head else one.text)


def training_documents() -> list[NewDocument]:
    """Those written for it, and every second of the others."""
    return [*published_documents.load(FOLDER), *published_documents.load(published_documents.FOLDER, even=True)]


def seed_questions() -> list[Question]:
    """Of the seeds; those that they do not answer have no piece that answers."""
    rows = yaml.safe_load((FOLDER / "seeds.yaml").read_text(encoding="utf-8"))
    return [
        Question(
            row["q"], tuple(row.get("must_contain", ())), bool(row.get("official_words")), "", row.get("answer", "")
        )
        for row in rows
    ]


async def published(documents: Iterable[NewDocument]) -> list[State]:
    """The seeds alone, then each document on air beside them."""
    states: list[State] = []
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        template = Path(folder) / "seed.db"
        database = await published_documents.fresh_base(template)
        states.append((None, await snapshot.read(database), []))
        await database.aclose()
        for document in documents:
            database = published_documents.copied(template, Path(folder) / f"{document.number}-{document.name}.db")
            ids = await published_documents.publish(database, document)
            states.append((document, await snapshot.read(database), ids))
            await database.aclose()
    return states


def asked_documents(states: Sequence[State]) -> list[Asked]:
    """All of them with what they answer."""
    vectors, found = Vectors(Remembering()), []
    for document, known, ids in states:
        knowing = Knowing(known, vectors, nearness.nothing())
        if document is None:
            found.append(_asked("seeds", knowing, vectors, seed_questions(), None))
        else:
            found.append(_asked(document.name, knowing, vectors, document.questions, ids))
    return found


def _asked(
    name: str, knowing: Knowing, vectors: Vectors, questions: Sequence[Question], ids: Sequence[str] | None
) -> Asked:
    passages = knowing.passages
    mine = [n for n, one in enumerate(passages.passages) if ids is None or one.clause.document.id in ids]
    place = {number: at for at, number in enumerate(mine)}
    texts, above = texts_of([passages.passages[n] for n in mine], passages.vocabulary)
    rows = []
    for one in questions:
        right = [place[n] for n in sorted(knowing.answering(one, ids))]
        if right:
            asked = ranking.understood(question_for_search(fold(one.text)), passages, lexicon())
            rows.append(AskedQuestion(one.text, asked.normal, asked.written, tuple(right), one.official_words))
    said = vectors.question([row.normal or "_" for row in rows]) + vectors.question(
        [row.written or "_" for row in rows]
    )
    return Asked(
        name,
        tuple(texts),
        tuple(above),
        vectors.of(texts).astype(np.float32),
        passages.owner_numbers[mine],
        tuple(rows),
        (said / 2).astype(np.float32),
    )
