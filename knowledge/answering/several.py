"""What is said to several questions of one message. Pure."""

from __future__ import annotations

from dataclasses import replace

from knowledge.answering.composing import PERSON_SPOKEN, PERSON_TEXT, not_found_of
from knowledge.answering.replies import Answer, Declined, Reply, Unclear

Told = tuple[str, Reply]
"""A question, and what is said to it."""


def answers_enough(results: list[Reply]) -> bool:
    """Whether the parts say more than the whole would: one is answered, or of each it is known that nothing says it."""
    topics = [result.topic for result in results if isinstance(result, Declined)]
    known = len(topics) == len(results) and None not in topics and len(set(topics)) > 1
    return known or any(isinstance(result, Answer) for result in results)


def together(told: list[Told]) -> tuple[Told, list[Reply]]:
    """What is talked about afterwards, and what is said: the answers in their order, each once; behind them what was
    not found, or one question back. Where a person can help is said once."""
    answered = [one for one in told if isinstance(one[1], Answer) or isinstance(one[1], Declined) and one[1].topic]
    unclear = [one for one in told if isinstance(one[1], Unclear)]
    not_found = [question for question, result in told if isinstance(result, Declined) and not result.topic]
    said = [result for at, (_, result) in enumerate(answered) if _is_new(result, answered[:at])]
    helped = [result for result in said if isinstance(result, Declined) and result.text.endswith(PERSON_TEXT)]
    said = [_without_person(result) if result in (helped if not_found else helped[:-1]) else result for result in said]
    last = answered[-1]
    if not_found:
        part = not_found_of(not_found)
        lost = Declined(part.text, part.spoken, None, is_ours=True)
        said.append(lost)
    elif unclear:
        last = unclear[0]
        said.append(last[1])
    return last, said


def _is_new(result: Reply, before: list[Told]) -> bool:
    return all(result.text != one.text for _, one in before)


def _without_person(result: Reply) -> Reply:
    text, spoken = result.text.removesuffix(f"\n{PERSON_TEXT}"), result.spoken.removesuffix(PERSON_SPOKEN)
    return replace(result, text=text, spoken=spoken)
