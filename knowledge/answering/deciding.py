"""Between a topic that staff wrote and a sentence of a document: which of them answers.

Topics refine, they do not gate. A topic that answers is preferred to a sentence of the documents it was written for;
what no document says (a gap) or is none of our business yields to a document that it was not known of, when a sentence
of it answers.
"""

from __future__ import annotations

from knowledge.answering.passage_answers import Hit
from knowledge.models import TopicKind
from knowledge.retrieval.search import Found
from knowledge.retrieval.snapshot import KnownTopic

ANSWERS_FROM = 0.6
"""Confidence from which a sentence answers where no topic does."""
_ASKS_BACK_FROM = 0.33
"""The same from which it is offered as what may be meant; under it are most near misses."""
_NEAR_FROM = 0.1
"""The same from which its document is worth naming to somebody who is told that nothing was found."""
_OVER_KNOWN_GAP = 0.93
"""The same against a gap whose author had read that document."""
_OVER_TOPIC, _OVER_NEWER_TOPIC = 0.65, 0.75
"""The same against an answer of staff that stands on other documents: older ones, and newer ones."""


def sentence_answers(found: Found, hit: Hit | None) -> bool:
    """Whether the sentence is to be said, and not what the topics come to."""
    if hit is None or hit.confidence < ANSWERS_FROM:
        return False
    topic = found.candidates[0].target.topic if found.candidates else None
    if topic is None or not found.sure:
        return True
    if topic.kind is TopicKind.ANSWER:
        return hit.confidence >= max(_needed(topic, hit), found.confidence)
    return hit.confidence >= (_OVER_KNOWN_GAP if hit.passage.clause.document.id in topic.true_of else ANSWERS_FROM)


def sentence_asks_back(found: Found, hit: Hit | None) -> bool:
    """Whether the sentence, not sure enough to be said, is offered: where no topic is sure, or only that something is
    said nowhere, by somebody who had not read the sentence's document."""
    if hit is None or not _ASKS_BACK_FROM <= hit.confidence < ANSWERS_FROM:
        return False
    topic = found.candidates[0].target.topic if found.candidates else None
    if found.sure and topic is not None:
        return topic.kind is TopicKind.GAP and hit.passage.clause.document.id not in topic.true_of
    return not found.torn or hit.confidence >= found.confidence


def is_near(hit: Hit | None) -> bool:
    """Whether the document of the sentence that comes first is worth naming when nothing is answered."""
    return hit is not None and hit.confidence >= _NEAR_FROM


def _needed(topic: KnownTopic, hit: Hit) -> float:
    cited = {quote.clause.document for answer in topic.answers for quote in answer.quotes}
    mine = hit.passage.clause.document
    if mine in cited:
        return 1.0
    newer = all(mine.issue_date > document.issue_date for document in cited)
    return _OVER_TOPIC if newer else _OVER_NEWER_TOPIC
