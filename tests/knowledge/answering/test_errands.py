"""Where the matter can be done here, the answer says so."""

from __future__ import annotations

import yaml

from knowledge.answering.answer import Assistant
from knowledge.answering.errand_offer import errand_for
from knowledge.answering.replies import Answer
from knowledge.authoring.seed import DATA, load
from tests.knowledge.answering.test_answering import DAY


async def test_who_asks_how_is_offered_to_have_it_done(assistant: Assistant) -> None:
    reply = await assistant.ask("异地就医备案在手机上怎么办", place=None, on=DAY)
    assert isinstance(reply, Answer)
    assert reply.errand == "异地就医备案"


def test_a_sentence_about_the_matter_offers_it_and_another_does_not() -> None:
    assert errand_for("some.clause~1", "参保人员可以在线上申请办理异地就医备案手续。") == "异地就医备案"
    assert errand_for("some.clause~1", "参保人员持医保电子凭证就医购药。") == ""


def test_the_topics_are_there() -> None:
    topics = {topic.id for topic in load().topics}
    rows = yaml.safe_load((DATA / "errands.yaml").read_text(encoding="utf-8"))
    assert {topic for row in rows for topic in row["topics"]} <= topics
