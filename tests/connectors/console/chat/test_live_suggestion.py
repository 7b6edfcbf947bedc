"""The suggestion at the desk goes on from what was talked about, over the project's own knowledge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from base.database import Database
from connectors.console.chat.suggestion import Suggested, suggestion
from knowledge.answering.answer import Assistant
from knowledge.answering.replies import Answer
from tests.knowledge.office import copied

DAY = date(2026, 11, 25)
MOVING = "医保跨省转移怎么办"


@pytest.fixture
async def assistant(seeded_file: Path, tmp_path: Path) -> AsyncIterator[Assistant]:
    database = Database(f"sqlite+aiosqlite:///{copied(seeded_file, tmp_path / 'knowledge.db')}")
    assistant = Assistant(database)
    await assistant.refresh()
    yield assistant
    await assistant.aclose()
    await database.aclose()


async def suggested(assistant: Assistant, *said: str) -> Suggested:
    found = await suggestion(assistant, said, DAY)
    assert found
    return found


async def test_a_short_question_is_about_what_was_asked_before(assistant: Assistant) -> None:
    found = await suggested(assistant, MOVING, "转人工", "谢谢啊", "要几天")
    assert (found.question, found.after) == ("要几天", MOVING)
    assert "15个工作日" in found.answer.text
    assert await suggestion(assistant, ["要几天"], DAY) is None, "of nothing"


async def test_what_was_asked_in_between_and_not_answered_is_what_is_meant(assistant: Assistant) -> None:
    said = [MOVING, "谢谢", "在吗", "好的", "手工报销的钱几天能到账", "要几天"]
    assert await suggestion(assistant, said, DAY) is None


async def test_the_place_that_was_named_counts_from_then_on(assistant: Assistant) -> None:
    here = await suggested(assistant, "俺是邹城的，慢病卡怎么办", "在哪办")
    assert here.answer.place == "sd-jining-zoucheng"
    there = await suggested(assistant, "门诊慢特病怎么申请", "那济南呢", "异地就医怎么备案")
    assert there.answer.place == "sd-jining", "only wanted to know"


async def test_an_older_question_is_answered_when_the_newest_cannot_be(assistant: Assistant) -> None:
    found = await suggested(assistant, "异地就医怎么备案", "谢谢啊")
    assert (found.question, found.after) == ("异地就医怎么备案", "")
    assert isinstance(found.answer, Answer)
    many = ["异地就医怎么备案", "谢谢啊", "好的", "好的"]
    assert await suggestion(assistant, many, DAY) is None, "too long ago"
