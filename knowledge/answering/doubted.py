"""A question that looks like one no document answers (a gap), and hardly shares a word with how that is asked.

Such a guess is as often wrong as right: of 374 questions of `questions_dev` and `questions_test` that a gap declined,
the gap was that of the question for 29 of 54 whose words it has less than a fifth of, and for 9 in 10 of the others.
Who asked for the ambulance's fee must not hear that injuries are written nowhere. So nothing is named then but what
they asked: "您问的这件事，我手里的文件里没有查到".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from base.messages import Source
from knowledge.answering import composing, passage_answers
from knowledge.answering.composing import PERSON_SPOKEN, PERSON_TEXT, Part
from knowledge.answering.passage_answers import Hit
from knowledge.models import TopicKind
from knowledge.retrieval.normalise import pairs, plain
from knowledge.retrieval.search import Search
from knowledge.retrieval.snapshot import KnownTopic

_ITS_OWN = 0.25
"""Share of a question's character pairs, each by how rare it is among topics, that a gap must have."""
_NEAR_FROM = 0.4
"""Confidence from which a sentence is worth quoting beside word that nothing was found."""
_OURS = re.compile(r"医保|住院|门诊|报销|报(?:吗|么|不)|[能给]报|看病|发票|备案")
"""Says that it is a matter of ours, whatever else it looks like."""
_UNKNOWN = "您问的这件事，我手里的文件里没有查到，不能乱说。"


class _Words:
    """The character pairs of every topic."""

    def __init__(self, search: Search) -> None:
        vocabulary = search.index.vocabulary
        self.of = {
            topic.id: frozenset(
                pair
                for text in (topic.title, topic.missing, *topic.wordings)
                for form in {plain(text), vocabulary.normalise(text)}
                for pair in pairs(form)
            )
            for topic in search.index.snapshot.topics.values()
        }
        self._topics = Counter(pair for its in self.of.values() for pair in its)

    def rarity(self, pair: str) -> float:
        return math.log((len(self.of) + 1) / (self._topics[pair] + 0.5))


_known: WeakKeyDictionary[Search, _Words] = WeakKeyDictionary()


def prepare(search: Search) -> None:
    """Count the pairs of all topics: a fifth of a second, once for each publication, and not on the event loop."""
    if search not in _known:
        _known[search] = _Words(search)


def is_doubtful(search: Search, topic: KnownTopic, question: str) -> bool:
    """Whether a gap, or what is none of our business, is not to be named to who asked this (folded) question. Quick
    after `prepare`."""
    if topic.kind is TopicKind.OUTSIDE and not _OURS.search(question):
        return False
    if topic.kind is TopicKind.ANSWER or topic.id not in search.index.snapshot.topics:
        return False
    prepare(search)
    words = _known[search]
    asked = set(pairs(plain(question)))
    whole = sum(map(words.rarity, asked))
    return whole > 0 and sum(map(words.rarity, asked & words.of[topic.id])) < _ITS_OWN * whole


def not_found(hits: Sequence[Hit], question: str) -> tuple[Part, tuple[Source, ...]]:
    """That nothing of it was found, what comes nearest if anything is near, and that a person can say more."""
    if not hits or hits[0].confidence < _NEAR_FROM:
        return Part(f"{_UNKNOWN}\n{PERSON_TEXT}", f"{_UNKNOWN}{PERSON_SPOKEN}"), ()
    told = passage_answers.answer(hits[0].passage, question, hits[0].scope, judges=False)
    title = hits[0].passage.clause.document.title
    text = f"{_UNKNOWN}最接近的是《{title}》里的这一条：\n{told.written}\n{PERSON_TEXT}"
    spoken = f"{_UNKNOWN}最接近的一条是：{composing.ended(told.spoken)}{PERSON_SPOKEN}"
    return Part(text, spoken), composing.sources(told)
