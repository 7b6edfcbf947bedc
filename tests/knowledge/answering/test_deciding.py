"""Between what staff wrote and a sentence of a document: who answers, and what is quoted as the nearest."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering import deciding
from knowledge.answering.passage_answers import Hit
from knowledge.models import TopicKind
from knowledge.retrieval.index import Target
from knowledge.retrieval.passages import cut
from knowledge.retrieval.search import NOTHING, Candidate, Found
from knowledge.retrieval.snapshot import KnownClause, KnownDocument, KnownTopic

NEW = KnownDocument("new", "关于护理床位的通知", "济医保发〔2026〕3号", "某局", date(2026, 1, 1), "sd-jining")


def hit(confidence: float, *unnamed: str) -> Hit:
    text = "护理床位费为每日30元。"
    return Hit(
        cut(KnownClause("new.1", "1", "", text, (text,), NEW, None, None))[0],
        confidence,
        tuple(((word,), 0.4) for word in unnamed),
    )


def topic(kind: TopicKind, true_of: frozenset[str] = frozenset()) -> Found:
    known = KnownTopic("t", "g", kind, "床位多少钱", "", None, (), (), true_of=true_of)
    return Found((Candidate(Target("t", known, None, 0, 1), 0.9),), 0.95, sure=True, torn=False)


@pytest.mark.parametrize(
    ("found", "confidence", "nearest"),
    [
        (NOTHING, 0.3, True),
        (NOTHING, 0.1, False),
        (topic(TopicKind.GAP), 0.25, True),
        (topic(TopicKind.GAP, frozenset({"new"})), 0.45, False),
        (topic(TopicKind.OUTSIDE), 0.25, False),
        (topic(TopicKind.OUTSIDE), 0.45, True),
        (topic(TopicKind.ANSWER), 0.45, False),
    ],
)
def test_a_sure_gap_does_not_hide_what_comes_nearest_in_a_newer_document(
    found: Found, confidence: float, nearest: bool
) -> None:
    assert deciding.sentence_is_nearest(found, hit(confidence)) is nearest


@pytest.mark.parametrize("kind", [TopicKind.GAP, TopicKind.OUTSIDE])
def test_a_sentence_that_answers_is_said_whatever_was_not_known_before(kind: TopicKind) -> None:
    assert deciding.sentence_answers(topic(kind), hit(0.55))


def test_what_only_the_gap_names_is_not_answered_by_a_neighbour() -> None:
    """慢病证丢了: a clause on lost cards is near, and no answer."""
    assert deciding.sentence_answers(topic(TopicKind.GAP), hit(0.6, "陪护"))
    assert not deciding.sentence_answers(topic(TopicKind.GAP), hit(0.6, "床位"))
    assert deciding.sentence_is_nearest(topic(TopicKind.GAP), hit(0.6, "床位"))
