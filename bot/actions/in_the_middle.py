"""What a message in the middle of an errand is, that answered nothing of what was asked. Pure."""

from __future__ import annotations

import re
from enum import Enum

from bot.actions.protocol import Turn
from bot.actions.talk import INTERRUPTS, goes_on_about_policy, says_goodbye
from bot.flows.goals import INTENTS, asks_about_rules
from bot.flows.small_words import sounds_like_question
from language.following import asks_supposing

_COMPLAINS = re.compile(r"投诉|举报|反映|告你|告他|告状|意见|态度|不像话|凭啥|凭什么|欺负|骂|推来推去|踢皮球|窝火|气人")
_TAKES_OVER = INTERRUPTS | {"human_agent", "complaint", "urge_case"}
"""Intents with a rule of their own while the form is open (bot/data/rules/errand.yml)."""
_HEARD_FIRST = frozenset(
    ("emergency", "human_agent", "complaint", "doubt", "scam", "grief", "abuse", "read_out", "repeat")
)
"""Intents that count before the kind of reply it seems to be, unless it is surely an answer."""
_ALWAYS_FIRST = frozenset(("emergency", "human_agent"))
_NO_ANSWER_MEANT = ("repeat", "greet", "thanks", "resume_errand")
_NOT_UNDERSTOOD, _NAMES_SOMETHING = "nlu_fallback", 7
"""What the engine is unsure of, and from how many characters on the documents are asked: "怎么弄啊" names nothing."""
_LIKELY, _CLEARLY, _SURELY = 0.5, 0.6, 0.8
"""How likely a kind of reply must be."""
_FEW = 8
"""Characters."""


class Meant(Enum):
    QUESTION = "answered first, then the open question"
    PERSON = "a person is offered"
    ELSE = "a rule of its own takes it"
    NOTHING = "asked on, as if nothing had been said"
    ANSWER = "an answer that was not understood"


def meant(turn: Turn) -> Meant:
    """By the words of rules, then by what was learnt of the kind of reply, then by the intent."""
    reply = turn.guesses.reply_to(turn.text)
    is_reply = turn.intent not in (_ALWAYS_FIRST if reply.is_likely("value", _SURELY) else _HEARD_FIRST)
    has_rule = turn.intent in _TAKES_OVER and turn.likely(turn.intent) >= _LIKELY
    if _asks_rules(turn) or (is_reply and not has_rule and reply.is_likely("question")):
        return Meant.QUESTION
    if is_reply and reply.is_likely("person", _CLEARLY):
        return Meant.PERSON
    goes_on = goes_on_about_policy(turn)
    if is_reply and reply.is_likely("value", _CLEARLY) and not goes_on:
        return Meant.ANSWER
    if goes_on or (turn.intent in _TAKES_OVER and not _is_slip(turn)):
        return Meant.ELSE
    return Meant.NOTHING if turn.intent in _NO_ANSWER_MEANT else Meant.ANSWER


def is_danger(turn: Turn) -> bool:
    """And not likely an answer: "糖尿病，眼都快瞎了" to the question for the disease. Danger in plain words was heard
    before."""
    return turn.intent == "emergency" and not turn.guesses.reply_to(turn.text).is_likely("value")


def _asks_rules(turn: Turn) -> bool:
    may_ask = turn.intent in INTENTS or (turn.intent == _NOT_UNDERSTOOD and len(turn.text) >= _NAMES_SOMETHING)
    return may_ask and (asks_about_rules(turn.text) or asks_supposing(turn.text))


def _is_slip(turn: Turn) -> bool:
    """A goodbye nobody said: odd words in the middle of a form must not end the conversation. Nor are few words that
    ask nothing a question about what is none of our business."""
    if turn.intent == "complaint":
        return not _COMPLAINS.search(turn.text)
    if turn.intent == "out_of_scope":
        return len(turn.text) <= _FEW and not sounds_like_question(turn.text)
    return turn.intent == "goodbye" and not says_goodbye(turn.text)
