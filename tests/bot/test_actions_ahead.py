"""Actions on trial: what only reads is answered, what would change something is not begun."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot import actions
from bot.actions.read_only import CANNOT_FORETELL
from tests.bot.conftest import NoWords, ScriptedErrands, ScriptedKnowledge, TicketBook
from tests.bot.test_actions import post, tracker


class Counted:
    """Notes, counted."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def asked(self, turn: Any, result: Any) -> None:
        self.kept.append(turn.text)

    def handed_over(self, turn: Any) -> None:
        self.kept.append(turn.text)


async def _act(name: str, text: str, intent: str, *, ahead: bool) -> tuple[Any, Counted, ScriptedErrands, NoWords]:
    notes, errands, words, app = Counted(), ScriptedErrands(), NoWords(), web.Application()
    actions.setup(app, ScriptedKnowledge(), TicketBook(), errands, words, token="secret", notes=notes)
    body = tracker(text)
    body["latest_message"]["intent"]["name"] = intent
    body["events"][-1]["metadata"] |= {"ahead": ahead}
    status, answer = await post(app, {"next_action": name, "tracker": body})
    assert status == 200
    return answer, notes, errands, words


async def test_a_question_of_policy_is_answered_and_not_counted() -> None:
    foretold, notes, *_ = await _act("action_answer", "备案管几年", "ask_policy", ahead=True)
    answered, counted, *_ = await _act("action_answer", "备案管几年", "ask_policy", ahead=False)
    assert foretold == answered
    assert notes.kept == []
    assert counted.kept == ["备案管几年"]


@pytest.mark.parametrize(
    ("action", "text", "intent"),
    [
        ("action_begin_errand", "给我查一下余额", "query_mine"),
        ("action_urge", "催一下我的工单", "urge_case"),
        ("action_drop", "不办了", "drop"),
        ("action_leave", "再见", "goodbye"),
    ],
)
async def test_what_would_do_something_is_not_begun(action: str, text: str, intent: str) -> None:
    answer, notes, errands, words = await _act(action, text, intent, ahead=True)
    assert answer["responses"] == [{"custom": {CANNOT_FORETELL: True}}]
    assert (notes.kept, errands.open, errands.left, words.said) == ([], set(), [], [])


async def test_what_fails_on_trial_is_not_said() -> None:
    """The turn itself is taken then; a caller never hears 没处理好 for something nobody has tried yet."""
    app = web.Application()
    broken = ScriptedKnowledge()
    broken.ask = None  # type: ignore[assignment, method-assign]
    actions.setup(app, broken, TicketBook(), ScriptedErrands(), NoWords(), token="secret", notes=Counted())
    body = tracker("备案管几年")
    body["events"][-1]["metadata"] |= {"ahead": True}
    _, answer = await post(app, {"next_action": "action_answer", "tracker": body})
    assert answer["responses"] == [{"custom": {CANNOT_FORETELL: True}}]
