"""The health check asks a real question, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from base.errors import EngineUnavailable
from base.messages import Reply
from bot.actions.protocol import Turn
from bot.sayings import say
from knowledge.answering.replies import Declined
from service.watching.probe import CHANNEL, CONVERSATION, Probe
from service.wiring.notes import QuestionNotes


class Engine:
    def __init__(self, replies: list[Reply] | None) -> None:
        self.replies = replies
        self.did: list[str] = []

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.did.append(f"{sender} {channel}")
        if self.replies is None:
            raise EngineUnavailable(code="dialogue_timeout")
        return self.replies

    async def begin_anew(self, sender: str, *, keep: bool) -> None:
        self.did.append("anew")


@pytest.mark.parametrize(
    ("replies", "answers"),
    [
        ([Reply("要先备案。")], True),
        ([Reply("这个我不掌握。")], True),
        ([], False),
        (None, False),
        ([say("utter_trouble")], False),
        ([Reply(EngineUnavailable.citizen_text)], False),
        ([Reply("文件没有写。")] * 10, False),
    ],
)
async def test_healthy_is_who_answers_a_question(replies: list[Reply] | None, answers: bool) -> None:
    engine = Engine(replies)
    probe = Probe(engine)
    assert not probe.answers, "nothing was answered yet"
    await probe.ask()
    assert probe.answers is answers
    assert engine.did == ["anew", f"{CONVERSATION} {CHANNEL}"]


async def test_healthy_again_with_the_next_answer() -> None:
    engine = Engine(None)
    probe = Probe(engine)
    await probe.ask()
    engine.replies = [Reply("要先备案。")]
    await probe.ask()
    assert probe.answers


def test_its_question_is_nobodys() -> None:
    class Log:
        def record(self, noted: object) -> None:
            raise AssertionError("counted")

    QuestionNotes(Log()).asked(Turn("备案", "ask_policy", CHANNEL), Declined("无", "无", None))  # type: ignore[arg-type]
