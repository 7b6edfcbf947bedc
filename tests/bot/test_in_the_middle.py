"""What a message in the middle of an errand is, that answered nothing of what was asked."""

from __future__ import annotations

import pytest

from bot.actions.in_the_middle import Meant, is_danger, meant
from bot.actions.protocol import Turn
from bot.understood import NO_GUESSES, Guess, Guesses


def turn(text: str, intent: str, kind: str = "", sure: float = 0.9, likely: float = 0.9) -> Turn:
    guesses = Guesses(text, reply=Guess(kind, sure)) if kind else NO_GUESSES
    return Turn(text, intent, "phone", ranking={intent: likely}, guesses=guesses, form="errand_form")


@pytest.mark.parametrize(
    ("said", "is_meant"),
    [
        (turn("那得咋授权，要带啥", "authorise"), Meant.QUESTION),
        (turn("俺要是回来了这个还管用不", "query_mine", "question"), Meant.QUESTION),
        (turn("胸口疼得喘不上气", "emergency", "question"), Meant.ELSE),
        (turn("恁这是骗子吧", "scam", "question"), Meant.ELSE),
        (turn("还是找个会说人话的吧", "nlu_fallback", "person"), Meant.PERSON),
        (turn("庄上那个卫生室旁边", "ask_policy", "value"), Meant.ANSWER),
        (turn("谢谢恁啊", "thanks"), Meant.NOTHING),
        (turn("那个弄啥来着", "nlu_fallback"), Meant.ANSWER),
        (turn("再见", "goodbye"), Meant.ELSE),
        (turn("夜来", "goodbye"), Meant.ANSWER),
    ],
    ids=lambda one: one.text if isinstance(one, Turn) else "",
)
def test_what_it_is(said: Turn, is_meant: Meant) -> None:
    assert meant(said) is is_meant


def test_danger_comes_before_the_errand_unless_it_is_surely_an_answer() -> None:
    assert is_danger(turn("俺娘叫不应了，你先别问了", "emergency"))
    assert is_danger(turn("俺娘叫不应了，你先别问了", "emergency", "wait"))
    assert not is_danger(turn("糖尿病，眼都快瞎了", "emergency", "value"))
    assert not is_danger(turn("糖尿病", "file_item"))
