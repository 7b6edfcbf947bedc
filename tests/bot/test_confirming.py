"""A number of the last answer that is said back."""

from __future__ import annotations

import pytest

from base.messages import Reply, Source
from bot.actions.confirming import confirmed
from bot.actions.protocol import Turn

SOURCE = (Source("文号", "第6条", "标题"),)
ANSWER = Reply("转移接续时间由原来45个工作日压缩为15个工作日。\n（依据：文号 第6条）", sources=SOURCE)


@pytest.mark.parametrize("said", ["十五个工作日是吧", "15个工作日对吧", "那就是十五个工作日，是吧"])
def test_it_is_read_again(said: str) -> None:
    outcome = confirmed(Turn(said, "ask_policy", "web", said_before=(ANSWER,)))
    assert outcome is not None
    [reply] = outcome.replies
    assert isinstance(reply, Reply)
    assert reply.text.startswith("对。")
    assert "15个工作日" in reply.text
    assert reply.sources == SOURCE


def test_days_are_said_to_be_working_days() -> None:
    outcome = confirmed(Turn("十五天是吧", "ask_policy", "web", said_before=(ANSWER,)))
    assert outcome is not None
    assert "不算休息日" in getattr(outcome.replies[0], "text", "")


@pytest.mark.parametrize("said", ["十六天是吧", "三个月是吧", "十五天能办好吗", "15"])
def test_another_number_or_a_question_is_none(said: str) -> None:
    assert confirmed(Turn(said, "ask_policy", "web", said_before=(ANSWER,))) is None


def test_what_no_document_said_is_not_confirmed() -> None:
    assert confirmed(Turn("十五天是吧", "ask_policy", "web", said_before=(Reply("15天。"),))) is None
