"""An answer or a decline, made of what is said and of what it stands on."""

from __future__ import annotations

from datetime import date

from base.messages import Source
from knowledge.answering import composing
from knowledge.answering.composing import Part
from knowledge.answering.errand_offer import errand_for
from knowledge.answering.guide_answers import guide_answer
from knowledge.answering.replies import Answer, Declined, Reply
from knowledge.retrieval.snapshot import KnownAnswer, Snapshot


def from_guide(known: Snapshot, key: str, place: str, on: date, confidence: float) -> Reply | None:
    told = guide_answer(known, key, place, on)
    if told is None:
        return None
    if told.answer is not None and not told.missing:
        return answered(known, told.answer, place, confidence, key)
    said = composing.not_stated_part(known, told.missing, told.answer, place)
    return declined(said, key, place, confidence, composing.sources(told.answer) if told.answer else ())


def answered(known: Snapshot, answer: KnownAnswer, place: str, confidence: float, key: str) -> Answer:
    said = composing.first_part(known, answer, place)
    more = bool(composing.more_parts(answer))
    stood_on = tuple(dict.fromkeys(quote.clause.id for quote in answer.quotes if quote.leads))
    errand = errand_for(key, said.text)
    sources = composing.sources(answer)
    return Answer(said.text, said.spoken, sources, key, place, confidence, more, clauses=stood_on, errand=errand)


def declined(
    said: Part, topic: str | None, place: str | None, confidence: float, sources: tuple[Source, ...] = ()
) -> Declined:
    return Declined(said.text, said.spoken, topic, sources, place, confidence)


def asked_places(known: Snapshot) -> list[str]:
    """The places that have answers of their own."""
    own = {answer.place for topic in known.topics.values() for answer in topic.answers}
    return sorted(own)
