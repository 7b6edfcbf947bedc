"""One short question back, with at most two choices: topics that staff wrote, or sentences of documents by subject."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering import composing
from knowledge.answering.passage_answers import Hit
from knowledge.answering.passage_names import name_of
from knowledge.answering.replies import Option, Unclear
from knowledge.models import TopicKind
from knowledge.retrieval.snapshot import Snapshot

_SECOND_FROM = 0.3
"""How likely a second sentence must be beside the first, to be offered as well."""


def of_topics(known: Snapshot, wanted: Sequence[str]) -> tuple[Option, ...]:
    """Two topics to choose from; () unless both are there and a matter of ours."""
    topics = [known.topics[key] for key in wanted if key in known.topics]
    options = tuple(Option(topic.id, topic.title) for topic in topics if topic.kind is not TopicKind.OUTSIDE)
    return options if len(options) == 2 else ()


def of_sentences(hits: Sequence[Hit]) -> tuple[Option, ...]:
    """The first sentence, and that of another clause when it is nearly as likely; () when it has no name."""
    options: list[Option] = []
    for hit in hits:
        name = name_of(hit.passage)
        first = not options
        again = not first and any(hit.passage.clause is other.passage.clause for other in hits[: hits.index(hit)])
        if not name or again or any(name == option.title for option in options):
            if first:
                return ()
            continue
        if not first and hit.confidence < _SECOND_FROM * hits[0].confidence:
            break
        options.append(Option(hit.key, name))
    return tuple(options[:2])


def unclear(options: tuple[Option, ...], confidence: float) -> Unclear:
    """“您是想问……吗？” of one or two options."""
    if len(options) == 1:
        (name,) = (option.title for option in options)
        return Unclear(f"您是想问“{name}”吗？", composing.asked_back_one(name), options, confidence)
    first, second = (option.title for option in options)
    return Unclear(f"您是想问：{first}？还是：{second}？", composing.asked_back(first, second), options, confidence)
