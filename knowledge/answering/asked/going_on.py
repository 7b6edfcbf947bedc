"""A question that goes on from what was talked about: what that was, in words, and what may answer."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from knowledge.answering import guide_answers, passage_answers, places
from knowledge.answering.passage_answers import Hit
from knowledge.retrieval import scopes
from knowledge.retrieval.normalise import fold, pairs, subject
from knowledge.retrieval.scopes import Scope
from knowledge.retrieval.search import Search
from knowledge.retrieval.snapshot import KnownTopic

_NUMBERED = re.compile("^[第（(]?[0-9一二三四五六七八九十百]+[）)、.．章节条]+")
SHORT = 9
"""Normalised characters of a question that may go on from what was talked about."""
_LEANS = re.compile("^(那|要是|如果|万一)|呢[？?。]*$")


def goes_on(search: Search, hit: Hit, about: str, documents: Set[str]) -> bool:
    """Whether a sentence may answer a question that only goes on ("要什么材料"): its document was talked about, or it
    names the matter, by that word or another for it (零星报销, 手工报销). What some other document says of the same
    kind is no answer."""
    words = {about, search.index.vocabulary.normalise(about)}
    return hit.passage.clause.document.id in documents or any(passage_answers.names(hit, one) for one in words)


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


def scope(search: Search, question: str, folded: str, topic: str) -> Scope:
    """Where, for whom and in which case a question wants to know the rule. `folded`: with the place that was named, of
    which `question` says nothing any more; `topic`: what was talked about, "" for nothing."""
    own = scopes.of_question(question)
    if places.stays_at_home(folded):
        own = own.at_home()
    if not topic or not _LEANS.search(question) or len(search.index.vocabulary.normalise(question)) > SHORT:
        return own
    known = search.index.snapshot.topics
    if topic in known:
        answers = sorted(known[topic].answers, key=lambda answer: answer.place != places.HOME)
        quoted = [quote.text for answer in answers[:1] for quote in answer.quotes[:1]]
        return own.behind(scopes.named_in(fold("".join([known[topic].title, *quoted]))))
    said = passage_answers.of_sentence(search.passages, topic)
    return own.behind(scopes.named_in(said.folded)) if said else own


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
