"""One short question back: at most two topics that staff wrote, or what comes nearest in the documents, word for word.

Who hears only what a sentence is about ("您是想问“集中缴费”吗") must say yes before anything is known. So the
sentence itself is quoted, as what comes nearest and not as the answer, with the document it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answering import composing, passage_answers
from knowledge.answering.passage_answers import Hit
from knowledge.answering.passage_names import name_of
from knowledge.answering.replies import Option, Unclear
from knowledge.models import TopicKind
from knowledge.retrieval.snapshot import Snapshot

_SECOND_FROM = 0.6
"""How likely a second sentence must be beside the first, to be offered as well."""


def of_topics(known: Snapshot, wanted: Sequence[str]) -> tuple[Option, ...]:
    """Two topics to choose from; () unless both are there and a matter of ours."""
    topics = [known.topics[key] for key in wanted if key in known.topics]
    options = tuple(Option(topic.id, topic.title) for topic in topics if topic.kind is not TopicKind.OUTSIDE)
    return options if len(options) == 2 else ()


def nearest(hits: Sequence[Hit], question: str) -> Unclear | None:
    """“最接近的是《…》里的这一条：……” of the first sentence, and of that of another clause when it is nearly as likely.
    None without hits."""
    if not hits:
        return None
    first = hits[0]
    others = (hit for hit in hits[1:] if hit.passage.clause is not first.passage.clause)
    likely = (hit for hit in others if hit.confidence >= _SECOND_FROM * first.confidence)
    second = next((hit for hit in likely if _name(hit) != _name(first)), None)  # two alike are no choice
    chosen = [first] if second is None else [first, second]
    told = [passage_answers.answer(hit.passage, question, judges=False) for hit in chosen]
    options = tuple(Option(hit.key, _name(hit), True) for hit in chosen)
    titles = [hit.passage.clause.document.title for hit in chosen]
    said = composing.nearest_part(told, titles)
    sources = tuple(dict.fromkeys(source for one in told for source in composing.sources(one)))
    return Unclear(said.text, said.spoken, options, first.confidence, sources)


def _name(hit: Hit) -> str:
    return name_of(hit.passage) or hit.passage.clause.document.title


def unclear(options: tuple[Option, ...], confidence: float) -> Unclear:
    """“您是想问：……？还是：……？” of two options."""
    first, second = (option.title for option in options)
    return Unclear(f"您是想问：{first}？还是：{second}？", composing.asked_back(first, second), options, confidence)
