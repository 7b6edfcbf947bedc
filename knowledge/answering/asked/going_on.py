"""A question that goes on from what was talked about: what that was, in words, and what may answer."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from knowledge.answering import guide_answers, passage_answers
from knowledge.answering.passage_answers import Hit
from knowledge.retrieval.normalise import pairs, subject
from knowledge.retrieval.search import Search
from knowledge.retrieval.snapshot import KnownTopic

_NUMBERED = re.compile("^[第（(]?[0-9一二三四五六七八九十百]+[）)、.．章节条]+")
SHORT = 9
"""Normalised characters of a question that may go on from what was talked about."""
_LEANS = re.compile("^(那|要是|如果|万一)|呢[？?。]*$")


def goes_on(hit: Hit, about: str, documents: Set[str]) -> bool:
    """Whether a sentence may answer a question that only goes on ("要什么材料"): its document was talked about, or it
    names the matter. What some other document says of the same kind is no answer."""
    return hit.passage.clause.document.id in documents or passage_answers.names(hit, about)


def context(search: Search, topic: str) -> str:
    """What was talked about, in words that a question which only goes on is asked with."""
    if guide := guide_answers.guide_of(search.index.snapshot, topic):
        return subject(guide.name)
    if topic in search.index.snapshot.topics:
        return subject(search.index.snapshot.topics[topic].title)
    clause = search.passages.clause(passage_answers.clause_id(topic))
    if clause is None:
        return ""
    matter = search.matters.of.get(clause.document.id)
    if matter:
        return "".join(matter.words)
    return subject(_NUMBERED.sub("", clause.path[-1])) if clause.path else clause.heading


def leans_on_clause(search: Search, topic: str, question: str) -> bool:
    """Whether a short question goes on from a clause that was read out: "那居民呢", "要是去上海做呢"."""
    of_clause = topic not in search.index.snapshot.topics and not guide_answers.is_guide(topic)
    short = len(search.index.vocabulary.normalise(question)) <= SHORT
    return of_clause and short and bool(_LEANS.search(question))


def likely(hits: Sequence[Hit]) -> float:
    """How likely the first of some sentences answers."""
    return hits[0].confidence if hits and not hits[0].apart else 0.0


def is_of(topic: KnownTopic, about: str) -> bool:
    """Whether what a question is about is named where people ask about the topic: half of its character pairs."""
    mine, theirs = set(pairs(about)), set(pairs("\n".join([topic.title, *topic.wordings])))
    return not mine or 2 * len(mine & theirs) >= len(mine)
