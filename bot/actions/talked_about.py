"""What was talked about just before: a receipt, an authorisation, chronic illness, their number, fraud."""

from __future__ import annotations

import re

from bot.actions.later import FORGOTTEN
from bot.actions.protocol import TICKET_FORM, Outcome, Turn
from bot.flows.small_words import sounds_like_question
from bot.flows.wording import say
from bot.sayings import say as say_of_talk
from casework.tickets.tickets import Kind

_CASE_NUMBER = re.compile(r"GD[0-9]{8}-[0-9]{4}")


def was_just_handed_in(turn: Turn) -> bool:
    """The receipt of a filing or a complaint is what we said last."""
    return any(_CASE_NUMBER.search(reply.text) for reply in turn.said_before)


_NOTES = re.compile(r"记(?:一?下|上|下来)|登记|反映|举报|报(?:一?下|上去|给)|备个底")


def notes_fraud(turn: Turn) -> Outcome | None:
    """ "那你给我记一下吧" behind word of fraud: it is registered for staff like a complaint."""
    warned = any(say_of_talk("utter_scam").text == text for who, text in turn.transcript[-5:] if who == "assistant")
    if not warned or not _NOTES.search(turn.text) or sounds_like_question(turn.text):
        return None
    slots = {"ticket_kind": Kind.COMPLAINT.name, **FORGOTTEN}
    return Outcome((say("fraud_noted"),), slots, then=TICKET_FORM)


def spoke_of_authorising(turn: Turn) -> bool:
    return any("授权" in text for _, text in turn.transcript[-4:])


def spoke_of_chronic(turn: Turn) -> bool:
    """Of the 本 or of what is paid for chronic illness."""
    words = [text for who, text in turn.transcript[-4:] if who == "citizen"]
    return any(re.search(r"慢(?:特|性)?病|[啥什]么?本|个本|特病|门慢", text) for text in words)


def spoke_of_number(turn: Turn) -> bool:
    """Who they are is what was talked about last."""
    last = [text for _, text in turn.transcript[-3:-1]]
    return any("身份证" in text for text in last)
