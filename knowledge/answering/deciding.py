"""Between a topic that staff wrote and a sentence of a document: which of them answers.

Topics refine, they do not gate. A topic that answers is preferred to a sentence of the documents it was written for;
what no document says (a gap) or is none of our business yields to a document that it was not known of, when a sentence
of it answers.
"""

from __future__ import annotations

from datetime import date

from knowledge.answering.passage_answers import Hit
from knowledge.answering.verdict import says_whether_needed
from knowledge.models import TopicKind
from knowledge.retrieval import kinds, own_matter
from knowledge.retrieval.normalise import fold, plain
from knowledge.retrieval.search import Found
from knowledge.retrieval.snapshot import KnownAnswer, KnownTopic, Snapshot

ANSWERS_FROM = 0.4
"""Confidence from which a sentence answers where no topic does."""
_NEAREST_FROM = 0.15
"""The same from which it is quoted as what comes nearest, with the question whether that is meant; under it are most
near misses."""
_NEAREST_NAMED_FROM = 0.05
"""The same of a clause whose own matter the question names, where the gap that was found is about another."""
_NEAREST_FROM_OUTSIDE = 0.33
"""The same where the question looks like one that is none of our business."""
_NEAR_FROM = 0.1
"""The same from which its document is worth naming to somebody who is told that nothing was found."""
_OVER_KNOWN_GAP = 0.93
"""The same against a gap whose author had read that document."""
_NAMED_BY_GAP_ALONE = 0.3
"""Share of the question that only the gap names, from which it takes as much to be answered."""
_SAME_MATTER_FROM = 0.6
"""Confidence from which a clause answers before a gap on the same matter, though that names more of the question."""
_OWN_WORDS = 0.3
"""Share of the question in words of the citizen's own, over which they may mean the clause's matter by them."""
_NEARLY = 0.6
"""Chance of a gap, as a share of the first topic's, from which it is the more careful answer."""
_OVER_TOPIC, _OVER_NEWER_TOPIC = 0.65, 0.75
"""The same against an answer of staff that stands on other documents: older ones, and newer ones."""


def sentence_answers(found: Found, hit: Hit | None, question: str = "") -> bool:
    """Whether the sentence is to be said, and not what the topics come to. `question`: folded."""
    topic = found.candidates[0].target.topic if found.candidates else None
    if hit is None or _is_apart(topic, hit):
        return False
    if topic is not None and found.sure and topic.kind is not TopicKind.ANSWER:
        return gap_yields(topic, hit)
    of_case = hit.needed and hit.of_case and hit.confidence >= _NEAREST_FROM
    if hit.confidence < ANSWERS_FROM and not of_case:
        return False
    if topic is None or not found.sure:
        return True
    if hit.of_matter and not _cites(topic, hit):
        return True
    if hit.needed and not _says_whether_needed(topic, question):
        return True  # 要不要备案 is not answered by where one does it
    return hit.confidence >= max(_needed(topic, hit), found.confidence)


def _says_whether_needed(topic: KnownTopic, question: str) -> bool:
    texts = (text for one in topic.answers for text in (one.written, one.spoken, *(q.text for q in one.quotes)))
    return any(says_whether_needed(question, fold(text)) for text in texts)


def gap_yields(topic: KnownTopic, hit: Hit) -> bool:
    """Whether what is said to be written nowhere, or to be none of our business, gives way to the sentence."""
    known = hit.passage.clause.document.id in topic.true_of
    if _is_apart(topic, hit):
        return False
    if not known and hit.told and _of_other_matter(topic, hit) and hit.confidence >= _NEAR_FROM:
        return True
    needed = _OVER_KNOWN_GAP if known or _names_more(topic, hit) else ANSWERS_FROM
    return hit.confidence >= ANSWERS_FROM and (hit.of_matter and not known or hit.confidence >= needed)


def sentence_is_nearest(found: Found, hit: Hit | None) -> bool:
    """Whether the sentence, which does not answer, is quoted as what comes nearest: where no topic is sure, or
    only that something is said nowhere, by somebody who had not read the sentence's document. How sure such a topic is
    tells nothing of what a newer document says (measured: it separates right sentences from wrong ones no better)."""
    if hit is None:
        return False
    topic = found.candidates[0].target.topic if found.candidates else None
    if (
        topic is not None
        and topic.kind is not TopicKind.ANSWER
        and _of_other_matter(topic, hit)
        and not _is_apart(topic, hit)
    ):
        return hit.passage.clause.document.id not in topic.true_of and hit.confidence >= _NEAREST_NAMED_FROM
    if hit.confidence < _NEAREST_FROM:
        return False
    if not found.sure or topic is None:
        return not found.torn or hit.confidence >= found.confidence
    if _is_apart(topic, hit):
        return topic.kind is TopicKind.GAP and any(mark in _about(topic) for mark in hit.marks)
    if hit.of_matter and hit.passage.clause.document.id not in topic.true_of:
        return topic.kind is not TopicKind.ANSWER or not _cites(topic, hit)
    if topic.kind is TopicKind.ANSWER or hit.passage.clause.document.id in topic.true_of:
        return False
    return topic.kind is TopicKind.GAP or hit.confidence >= _NEAREST_FROM_OUTSIDE


def _is_apart(topic: KnownTopic | None, hit: Hit) -> bool:
    """Whether the clause is about another matter than the question. Words that neither the clause nor the topic names
    may be the citizen's own for its matter; not for a thing that was lost."""
    if not hit.apart or own_matter.befell(hit.passage):
        return hit.apart
    about = _about(topic) if topic else ""
    own = (s for words, s in hit.unnamed if not any(own_matter.is_common(w) or w in about for w in words))
    return sum(own) <= _OWN_WORDS


def _names_more(topic: KnownTopic, hit: Hit) -> bool:
    """Whether a good part of what is asked about is named by the topic and not by the sentence: "慢病证丢了" beside a
    clause on lost cards. Not where the question names the clause's own matter, and the gap is about that too."""
    if hit.named and hit.confidence >= _SAME_MATTER_FROM and not _of_other_matter(topic, hit):
        return False
    about = _about(topic)
    return sum(share for words, share in hit.unnamed if any(word in about for word in words)) > _NAMED_BY_GAP_ALONE


def _of_other_matter(topic: KnownTopic, hit: Hit) -> bool:
    """Whether the question names the matter of the clause, of which the topic says nothing."""
    about = _about(topic)
    return hit.named and not any(mark in about for mark in hit.marks)


def _about(topic: KnownTopic) -> str:
    return plain("".join([topic.title, topic.missing, *topic.wordings]))


def is_near(hit: Hit | None) -> bool:
    """Whether the document of the sentence that comes first is worth naming when nothing is answered."""
    return hit is not None and hit.confidence >= _NEAR_FROM


def _cites(topic: KnownTopic, hit: Hit) -> bool:
    mine = hit.passage.clause.document
    return any(quote.clause.document == mine for answer in topic.answers for quote in answer.quotes)


def _needed(topic: KnownTopic, hit: Hit) -> float:
    cited = {quote.clause.document for answer in topic.answers for quote in answer.quotes}
    mine = hit.passage.clause.document
    if mine in cited:
        return 1.0
    newer = all(mine.issue_date > document.issue_date for document in cited)
    return _OVER_TOPIC if newer else _OVER_NEWER_TOPIC


def careful(known: Snapshot, found: Found, first: KnownTopic, place: str, on: date) -> KnownTopic:
    """When a gap on the same clauses is nearly as likely, take the gap: it says the same facts, and what is missing."""
    mine = _cited(known.answer(first, place, on))
    for candidate in found.candidates[1:3]:
        other = candidate.target.topic
        if other is None or first.kind is not TopicKind.ANSWER or other.kind is not TopicKind.GAP:
            continue
        near = candidate.chance >= _NEARLY * found.candidates[0].chance
        if near and mine and mine <= _cited(known.answer(other, place, on)):
            return other
    return first


def only_where_to_look(answer: KnownAnswer, question: str) -> bool:
    """Whether all that can be said is where one may look, to somebody who asks how much or whether."""
    return all(kinds.only_tells_where_to_look(question, fold(quote.text)) for quote in answer.quotes if quote.leads)


def _cited(answer: KnownAnswer | None) -> set[str]:
    return {quote.clause.id for quote in answer.quotes if quote.leads} if answer else set()
