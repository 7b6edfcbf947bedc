"""What is prepared before all else: what is asked most, first."""

from __future__ import annotations

from datetime import date

from knowledge.answering.answer import Assistant
from knowledge.answering.usual import usual_spoken

DAY = date(2026, 11, 29)


async def test_what_was_asked_comes_first_then_what_citizens_have_most_words_for(assistant: Assistant) -> None:
    known = (await assistant.search()).index.snapshot
    told = usual_spoken(known, "sd-jining", DAY)
    asked = usual_spoken(known, "sd-jining", DAY, ["chronic-where"])
    assert len(told) > 40
    assert len(set(told)) == len(told)
    assert set(asked) == set(told)
    assert asked[0] != told[0]
    assert asked[1:20] == [text for text in told if text != asked[0]][:19]
