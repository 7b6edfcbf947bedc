"""What was talked about just before, as far as it says what a message about somebody's case means. Pure."""

from __future__ import annotations

import re

from bot.actions.going_on import ERRAND, said_before
from bot.actions.protocol import FORGOTTEN, LISTEN, TICKET_FORM, Outcome, Turn
from bot.flows.authorise.questions import asked as asked_of_authorising
from bot.flows.small_words import sounds_like_question
from bot.flows.wording import say
from bot.sayings import say as say_of_talk
from bot.understood import Guess, Guesses
from casework.tickets.tickets import Kind

_CASE_NUMBER = re.compile(r"GD[0-9]{8}-[0-9]{4}")
_SHORTEST_QUESTION = 6
"""Characters."""


def was_just_handed_in(turn: Turn) -> bool:
    """The receipt of a filing or a complaint is what we said last."""
    return any(_CASE_NUMBER.search(reply.text) for reply in turn.said_before)


_NOTES = re.compile(r"记(?:一?下|上|下来)|登记|反映|举报|报(?:一?下|上去|给)|备个底")


def of_authorising(turn: Turn) -> Outcome | None:
    """What an authorisation lets somebody see and do, where that is asked outside of giving one; and one is offered."""
    told = None if turn.form else asked_of_authorising(turn.text, in_it=False)
    if told is None:
        return None
    offered = {"offer": ERRAND, "offered_words": "授权给家里人", "offered_intent": "authorise"}
    return Outcome((told, say("authorise_now")), {**offered, "offered_matter": None, "options": None}, then=LISTEN)


def notes_fraud(turn: Turn) -> Outcome | None:
    """ "那你给我记一下吧" behind word of fraud: it is registered for staff like a complaint."""
    warned = any(say_of_talk("utter_scam").text == text for who, text in turn.transcript[-5:] if who == "assistant")
    if not warned or not _NOTES.search(turn.text) or sounds_like_question(turn.text):
        return None
    slots = {"ticket_kind": Kind.COMPLAINT.name, **FORGOTTEN}
    return Outcome((say("fraud_noted"),), slots, then=TICKET_FORM)


CHRONIC, FAMILY = "chronic", "family"
"""The query by its name in bot/flows/goals.py."""
STILL_MAY = re.compile(r"(?:还|再)(?:能|会|可以)(?:不能)?.{0,3}(?:看|查|替|办|动)")
"""Of whom an authorisation was taken from: "他还能看我的不"."""
LOOKS_FOR_CHRONIC = re.compile(
    r"不知道?(?:我|俺|他|她|自己)*(?:到底)?(?:有没有|有没|办没办|算不算)|(?:我|俺)(?:到底)?有没有(?:啊|呢|这个)?$"
)


def spoke_of_chronic(turn: Turn) -> bool:
    """Of the 本 or of what is paid for chronic illness."""
    words = [text for who, text in turn.transcript[-4:] if who == "citizen"]
    return any(re.search(r"慢(?:特|性)?病|[啥什]么?本|个本|特病|门慢", text) for text in words)


_IS_IT_ALL_RIGHT = re.compile(r"[，, ]*(?:[行中成可好](?:不行|不中|吗|不|么)|可以吗|好不好)[？?]?$")


def asks_something(text: str) -> bool:
    """ "回来还用取消不" asks; "不办了行吗" asks nothing."""
    said = _IS_IT_ALL_RIGHT.sub("", text)
    return len(said) >= _SHORTEST_QUESTION and sounds_like_question(said)


def spoke_of_number(turn: Turn) -> bool:
    """Who they are is what was talked about last."""
    last = [text for _, text in turn.transcript[-3:-1]]
    return any("身份证" in text for text in last)


def spoke_of_authorising(turn: Turn) -> bool:
    return any("授权" in text for _, text in turn.transcript[-4:])


def guesses_of(turn: Turn) -> Guesses:
    """Of the message; of what was offered, where a yes begins that."""
    matter = turn.slot("offered_matter")
    if matter and turn.text == turn.slot("offered_words"):
        return Guesses(turn.text, {turn.intent: Guess(matter, 1.0)})
    return turn.guesses


def what_before(turn: Turn) -> str:
    """What the citizen said last: what "那你给我办了吧" is about."""
    return "，".join(said_before(turn))
