"""Which of the sentences that may have been said is the one to answer: a recogniser in doubt gives several.

The best by its sound is not always the one that makes sense: of "升孩子住院爆多少" and "生孩子住院报多少" a document
knows one. Only whole questions are compared: "要几天" means something only after what was talked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from knowledge.answering.replies import Answer, Reply
from knowledge.retrieval.normalise import asks_without_subject

_MOST = 4
"""Other sentences that are looked at: each costs a search."""
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
    """`text` where a document answers it, or none answers any; else that with the surest answer of `others` (best
    first) and of what `text` sounds like. Raises EngineUnavailable."""
    if len(text) < _SHORTEST or asks_without_subject(text):
        return text
    if isinstance(await knowledge.ask(text, place=place, on=on), Answer):
        return text
    best, sure = text, 0.0
    for other in dict.fromkeys((*others[:_MOST], await knowledge.respelled(text))):
        if len(other) < _SHORTEST or asks_without_subject(other):
            continue
        reply = await knowledge.ask(other, place=place, on=on)
        if isinstance(reply, Answer) and reply.confidence > sure:
            best, sure = other, reply.confidence
    return best
