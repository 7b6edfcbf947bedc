"""Which answers are likely to be asked for first: what a voice prepares before all others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from knowledge.answering import composing
from knowledge.models import TopicKind
from knowledge.retrieval.snapshot import Snapshot


def usual_spoken(known: Snapshot, home: str, on: date, asked: Sequence[str] = ()) -> list[str]:
    """First answers of the place `home`, the most usual first: of the topics in `asked`, ids in their order, then of
    those that citizens have the most words for, which is what a new machine knows of how often they are asked."""
    rank = {topic: number for number, topic in enumerate(asked)}
    usual = sorted(known.topics.values(), key=lambda one: (rank.get(one.id, len(rank)), -len(one.wordings)))
    told = [
        composing.first_part(known, answer, home).spoken
        for topic in usual
        if topic.kind is TopicKind.ANSWER and (answer := known.answer(topic, home, on)) is not None
    ]
    return list(dict.fromkeys(told))
