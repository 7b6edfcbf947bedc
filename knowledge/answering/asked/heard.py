"""Which sentence was said, where recognition was in doubt or wrote the right sounds in the wrong characters.

The best by its sound is not always the one that makes sense: of "升孩子住院爆多少" and "生孩子住院报多少" a document
knows one. Only whole questions are compared: "要几天" means something only after what was talked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Protocol

from knowledge.answering.replies import Answer, Declined, Reply, Unclear
from knowledge.retrieval.normalise import asks_without_subject, plain
from language.places import cities

_MOST = 4
"""Other sentences that are looked at: each costs a search."""
_SURE = 0.7
"""Confidence of what is taken for said and is then declined: it costs more than a person asked for in vain."""
_SHORTEST = 6
"""Characters; shorter ones are answers, or go on from what was said before."""


class Knowledge(Protocol):
    """`knowledge.answering.answer.Assistant`, as far as it is needed here."""

    async def ask(self, question: str, *, place: str | None, on: date, topic: str | None = None) -> Reply: ...

    async def respelled(self, text: str) -> str:
        """What sounds like `text` and is most likely asked."""


async def most_answerable(
    knowledge: Knowledge, text: str, others: Sequence[str], *, place: str | None, on: date
) -> str:
    """`text` where a document answers it, or none answers any; else that of `others` (best first) with the surest
    answer; where none has one and nothing was understood in `text`, the surest that is known to be in no document.
    Raises EngineUnavailable."""
    if _is_no_question(text):
        return text
    first = await knowledge.ask(text, place=place, on=on)
    if isinstance(first, Answer):
        return text
    answered, known = (0.0, ""), (0.0, "")
    for other in _other_words(text, others)[:_MOST]:
        reply = await knowledge.ask(other, place=place, on=on)
        if isinstance(reply, Answer):
            answered = max(answered, (reply.confidence, other), key=itemgetter(0))
        elif _understood_now(first, reply):
            known = max(known, (reply.confidence, other), key=itemgetter(0))
    return answered[1] or known[1] or text


async def by_its_sound(
    knowledge: Knowledge, question: str, reply: Reply, *, place: str | None, on: date, topic: str | None = None
) -> tuple[str, Reply]:
    """A question that was recognised, and what it is replied as it was written → the same; where that is a decline or
    no more than the nearest that was found, and a document answers what sounds like it and is often asked, that
    question and its answer; where nothing was understood and the other is known to be in no document, word of that
    ("退休了还用脚步" is 还用交不). For what is known to be meant as a question to the documents. Raises
    EngineUnavailable."""
    if _is_no_question(question) or not (isinstance(reply, Declined) or _only_nearest(reply)):
        return question, reply
    meant = await knowledge.respelled(question)
    if meant == question or any(city in question and city not in meant for city in cities()):
        return question, reply
    answer = await knowledge.ask(meant, place=place, on=on, topic=topic)
    return (meant, answer) if isinstance(answer, Answer) or _understood_now(reply, answer) else (question, reply)


def _understood_now(before: Reply, now: Reply) -> bool:
    """Nothing was understood, and now something is that surely no document says."""
    is_known = isinstance(now, Declined) and now.topic is not None and now.is_ours and now.confidence >= _SURE
    return is_known and isinstance(before, Declined) and before.topic is None


def _other_words(text: str, others: Sequence[str]) -> list[str]:
    """Those that ask something of their own, each wording once: many differ in their marks only."""
    wordings = {plain(text): text}
    for other in others:
        if not _is_no_question(other):
            wordings.setdefault(plain(other), other)
    return list(wordings.values())[1:]


def _only_nearest(reply: Reply) -> bool:
    """Sentences are read out that may have nothing to do with it."""
    return isinstance(reply, Unclear) and any(option.quoted for option in reply.options)


def _is_no_question(text: str) -> bool:
    return len(text) < _SHORTEST or asks_without_subject(text)
