"""The call-back form: a number, read back masked, confirmed, then a ticket. May be cancelled at any step.

Rasa's form asks for two slots, `phone` and `phone_confirmed`; it calls `validate` after every message while the form
is open. An outcome without slots tells Rasa that the message was about something else: then the rules take over
(a policy question is answered) and come back to the form.
"""

from __future__ import annotations

from typing import Protocol

from bot.actions.digits import digits_said, masked_spoken, read_digits
from bot.actions.notes import Notes
from bot.actions.protocol import Outcome, Saying, Turn
from casework.personal_data import is_phone, mask_phone
from casework.tickets import Kind, Opened

EMPTY = dict.fromkeys(("phone", "phone_part", "phone_confirmed", "caller_declined", "ticket_kind", "offer"))

_MOBILE_DIGITS = 11
_ASK_AFRESH = ("deny", "repeat", "human_agent", "complaint")
_NOT_HEARD = ("nlu_fallback", "give_phone", "affirm", "choose")


class Tickets(Protocol):
    """`casework.tickets.Tickets`, as far as the conversation needs it."""

    async def open(self, kind: Kind, *, channel: str, phone: str | None = None, topic: str | None = None) -> Opened: ...


class TicketForm:
    """The actions of the form, by Rasa's names for them. Keeps nothing between calls: the slots do."""

    def __init__(self, tickets: Tickets, notes: Notes) -> None:
        self._tickets, self._notes = tickets, notes

    async def start_complaint(self, turn: Turn) -> Outcome:
        kind = Kind.SUGGESTION if "建议" in turn.text or "表扬" in turn.text else Kind.COMPLAINT
        return Outcome((Saying("utter_complaint_heard"),), {"ticket_kind": kind.name})

    async def validate(self, turn: Turn) -> Outcome:
        """Take what was said as the answer to what was asked, if it is one."""
        asked = turn.slot("requested_slot")
        if asked is None and turn.intent == "give_phone":
            return _take_digits(turn)
        if asked == "phone":
            return _answer_to_phone(turn)
        if asked == "phone_confirmed":
            return _answer_to_confirmation(turn)
        return Outcome()

    async def ask_phone(self, turn: Turn) -> Outcome:
        if offered := _offered(turn):
            tail = offered[-4:]
            return Outcome((Saying("utter_offer_caller_number", {"tail": tail, "tail_spoken": read_digits(tail)}),))
        if turn.slot("phone_part"):
            return Outcome((Saying("utter_ask_phone_rest"),))
        return Outcome((Saying(_how_to_ask(turn)),))

    async def ask_phone_confirmed(self, turn: Turn) -> Outcome:
        phone = turn.slot("phone") or ""
        values = {"masked": mask_phone(phone), "masked_spoken": masked_spoken(phone)}
        return Outcome((Saying("utter_ask_phone_confirmed", values),))

    async def open(self, turn: Turn) -> Outcome:
        kind = Kind[turn.slot("ticket_kind") or Kind.CALLBACK.name]
        opened = await self._tickets.open(
            kind, channel=turn.channel, phone=turn.slot("phone"), topic=turn.slot("topic")
        )
        if kind is Kind.CALLBACK:
            self._notes.handed_over(turn)
        values = {
            "ticket": opened.number,
            "ticket_spoken": read_digits(opened.number),
            "due": f"{opened.due_on.month}月{opened.due_on.day}日",
        }
        return Outcome((Saying("utter_ticket_opened", values),), EMPTY)

    async def cancel(self, turn: Turn) -> Outcome:
        return Outcome((Saying("utter_ticket_cancelled"),), EMPTY)


def _offered(turn: Turn) -> str | None:
    """The number the call comes from, unless it cannot be called back or was declined."""
    if turn.caller is None or turn.slots.get("caller_declined") or not is_phone(turn.caller):
        return None
    return turn.caller


def _how_to_ask(turn: Turn) -> str:
    """The first time; again because no number was heard; or after something else came in between."""
    if turn.slot("requested_slot") != "phone" or turn.intent in _ASK_AFRESH:
        return "utter_ask_phone"
    if digits_said(turn.text) or turn.intent in _NOT_HEARD:
        return "utter_ask_phone_again"
    return "utter_ask_phone_resume"


def _answer_to_phone(turn: Turn) -> Outcome:
    if digits_said(turn.text):
        return _take_digits(turn)
    if (offered := _offered(turn)) and turn.intent == "affirm":
        return Outcome(slots={"phone": offered, "phone_confirmed": True})
    if turn.intent == "deny":
        return Outcome(slots={"phone": None, "phone_part": None, "caller_declined": True})
    return Outcome()


def _take_digits(turn: Turn) -> Outcome:
    """A whole number, or a further part of one: old people pause between the groups."""
    said, before = digits_said(turn.text), turn.slot("phone_part") or ""
    number = said if _is_whole(said) and (len(said) == _MOBILE_DIGITS or not before) else before + said
    if _is_whole(number):
        return Outcome(slots={"phone": number, "phone_part": None, "phone_confirmed": None})
    unfinished = number if len(number) < _MOBILE_DIGITS else None
    return Outcome(slots={"phone": None, "phone_part": unfinished, "caller_declined": True})


def _is_whole(number: str) -> bool:
    """Seven digits that begin with 1 are not a landline but the first half of a mobile number."""
    return is_phone(number) and (len(number) == _MOBILE_DIGITS or not number.startswith("1"))


def _answer_to_confirmation(turn: Turn) -> Outcome:
    if digits_said(turn.text):
        return _take_digits(turn)
    if turn.intent == "affirm":
        return Outcome(slots={"phone_confirmed": True})
    if turn.intent == "deny":
        return Outcome(slots={"phone": None, "phone_part": None, "phone_confirmed": None, "caller_declined": True})
    return Outcome()
