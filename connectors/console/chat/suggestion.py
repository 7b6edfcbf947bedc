"""What the knowledge says to a conversation's last question that it can answer, understood as the assistant would
understand it there: after what was asked before, for the place the citizen named.

    suggested = await suggestion(answers, ["俺是邹城的，医保转移咋办", "要几天"], on=today)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from base.errors import EngineUnavailable
from knowledge.answering import places
from knowledge.answering.replies import Answer, Declined, Unclear
from knowledge.retrieval.normalise import asks_without_subject, fold, plain

_QUESTIONS_KNOWN, _QUESTIONS_TRIED = 8, 3
_COMPARES = re.compile("^[那要]")
"""“那济南呢” only wants to know; “俺是邹城的” says whose rules count from now on."""
_SHORT = 4
_FOR_A_PERSON = "人工"


class Answers(Protocol):
    """`knowledge.answering.answer.Assistant`, as far as a suggestion needs it."""

    async def ask(
        self, question: str, *, place: str | None, on: date, topic: str | None = None
    ) -> Answer | Declined | Unclear: ...


@dataclass(frozen=True, slots=True)
class Suggested:
    """`after`: the question that this one goes on from, "" when it stands alone."""

    question: str
    after: str
    answer: Answer


async def suggestion(answers: Answers, said: Sequence[str], on: date) -> Suggested | None:
    """`said`: what the citizen said, oldest first. None when none of the last few can be answered, or the knowledge
    is not loaded."""
    place = topic = found = None
    subject = ""
    known = said[-_QUESTIONS_KNOWN:]
    for number, question in enumerate(known):
        folded = fold(question)
        try:
            result = await answers.ask(question, place=place, on=on, topic=topic)
        except EngineUnavailable:
            return None
        if not _COMPARES.match(folded):
            place = places.place_in(folded).jurisdiction or place
        goes_on = asks_without_subject(folded) or places.only_place(folded) is not None
        if isinstance(result, Answer):
            topic = result.topic
            if number >= len(known) - _QUESTIONS_TRIED:
                found = Suggested(question, subject if goes_on else "", result)
        elif _is_another_matter(folded):
            topic = result.topic if isinstance(result, Declined) else None
        else:
            continue
        subject = subject if goes_on else question
    return found


def _is_another_matter(question: str) -> bool:
    """Whether who gets no answer to this talks about something else now; "谢谢" and "转人工" change nothing."""
    return len(plain(question)) > _SHORT and _FOR_A_PERSON not in question
