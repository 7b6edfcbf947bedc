"""POST /actions: where Rasa calls back. Behind the token; one action at a time per request, within a time limit."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date

import structlog
from aiohttp import web
from prometheus_client import Histogram

from base.clock import day_here, utc_now
from base.errors import ServiceError
from base.messages import Reply
from bot.actions import talk
from bot.actions.answers import Answers, Knowledge
from bot.actions.closing import closing, not_alike
from bot.actions.complained import read_back
from bot.actions.confirming import confirmed
from bot.actions.digits import is_number_to_call, names_ticket, says_more_than_digits
from bot.actions.errands import ErrandForm
from bot.actions.late_code import late_code
from bot.actions.later import Later, Words
from bot.actions.manager import Errands
from bot.actions.notes import NoNotes, Notes
from bot.actions.of_rules import goes_on_about_rule
from bot.actions.offers import may_be_a_question
from bot.actions.protocol import LISTEN, TICKET_FORM, Outcome, Saying, Turn, turn_from_json
from bot.actions.read_only import CannotForetell, ReadOnly, ReadOnlyErrands, cannot_foretell
from bot.actions.talked_about import of_authorising
from bot.actions.ticket import TicketForm, Tickets
from bot.flows.identify.relatives import tells_of_death
from bot.flows.wording import say as in_flow
from language.complaints import asks_how_it_goes
from language.putting_off import only_puts_off

log = structlog.get_logger()

Action = Callable[[Turn], Awaitable[Outcome]]

ACTION_SECONDS_TAKEN = Histogram(
    "yibao_action_seconds", "Seconds a custom action took: the knowledge and casework part of a turn", ("action",)
)
ACTION_SECONDS = 5.0
"""Shorter than the service waits for the whole turn, so that the citizen hears a sentence from here."""

_NO_NOTES = NoNotes()
_MAX_BODY_BYTES = 4_000_000  # Rasa posts the whole conversation


def local_today() -> date:
    return day_here(utc_now())


def actions(
    knowledge: Knowledge,
    tickets: Tickets,
    errands: Errands,
    words: Words,
    today: Callable[[], date] = local_today,
    notes: Notes = _NO_NOTES,
    address: str = "",
) -> dict[str, Action]:
    """Every custom action of bot/domain/domain.yml, by its name there. `address`: of the pages, https://host."""
    answers = Answers(knowledge, today, notes, lambda turn: errand.begin_offered(turn))
    form, later = TicketForm(tickets, notes, address, answers.answer, errands.wish), Later(words, errands)
    errand = ErrandForm(errands, later, answers.answer)

    def unless_asked(begin: Action) -> Action:
        """What was understood as a wish may be a question: then it is answered, and the wish offered."""

        async def act(turn: Turn) -> Outcome:
            is_question = may_be_a_question(turn) or (not turn.form and goes_on_about_rule(turn))
            is_question = is_question and not only_puts_off(turn.text)
            return await (answers.answer if is_question else begin)(turn)

        return act

    def unless_heard(action: Action) -> Action:
        """The action, unless they only say that they heard; and no fixed sentence time after time."""

        async def act(turn: Turn) -> Outcome:
            return closing(turn) or confirmed(turn) or not_alike(turn, await action(turn))

        return act

    def unless_aside(action: Action) -> Action:
        """The action, unless it is a one-time code that nothing waits for any more, what was registered is to be read
        out or put right, or it is asked what an authorisation is."""

        async def act(turn: Turn) -> Outcome:
            told = late_code(turn) or read_back(turn) or await errand.after_receipt(turn) or of_authorising(turn)
            return told or await action(turn)

        return act

    async def complain(turn: Turn) -> Outcome:
        """ "投诉进度咋样了" asks what became of one, and is none."""
        if asks_how_it_goes(turn.text):
            begun = await errand.begin(replace(turn, intent="query_mine", text=f"查进度，{turn.text}"))
            return begun if begun.then else replace(begun, then=LISTEN)
        return await form.start_complaint(turn)

    async def give_number(turn: Turn) -> Outcome:
        """A telephone number opens the call-back form, a ticket's number tells of the ticket; others are no wish."""
        if is_number_to_call(turn.text):
            return Outcome(then=TICKET_FORM)
        if names_ticket(turn.text):
            return await errand.begin(replace(turn, intent="query_mine"))
        if says_more_than_digits(turn.text):
            return await answers.answer(turn)
        return Outcome((Saying("utter_which_number"),))

    async def grief(turn: Turn) -> Outcome:
        """The condolence; and the answer, where something is asked in the same breath."""
        if not talk.asks_in_grief(turn.text):
            return Outcome((Saying("utter_grief"),))
        told = await answers.answer(replace(turn, intent="ask_policy", ranking={}))
        return told if tells_of_death(turn.text) else replace(told, replies=(in_flow("condolence"), *told.replies))

    return {
        "action_answer": unless_aside(unless_heard(errand.in_context(answers.answer))),
        "action_yes": unless_aside(unless_heard(errand.unless_to_do(answers.yes))),
        "action_give_number": unless_aside(give_number),
        "action_other_errand": answers.other_errand,
        "action_not_foreseen": answers.not_foreseen,
        "action_out_of_scope": unless_aside(unless_heard(errand.in_context(answers.outside))),
        "action_more": unless_aside(unless_heard(errand.in_context(answers.more))),
        "action_source": unless_aside(answers.source),
        "action_set_place": unless_aside(answers.set_place),
        "action_choose": unless_aside(answers.choose),
        "action_repeat": unless_aside(talk.repeat),
        "action_slower": talk.slower,
        "action_faster": talk.faster,
        "action_emergency": talk.emergency,
        "action_grief": grief,
        "action_start_complaint": unless_aside(complain),
        "validate_ticket_form": form.validate,
        "action_ask_phone": form.ask_phone,
        "action_ask_phone_confirmed": form.ask_phone_confirmed,
        "action_open_ticket": form.open,
        "action_cancel_ticket": form.cancel,
        "action_session_start": errand.take_up,
        "action_begin_errand": unless_aside(unless_asked(errand.begin)),
        "action_drop": unless_aside(unless_heard(errand.drop)),
        "action_urge": unless_aside(unless_asked(errand.unless_to_do(later.urge))),
        "action_add_to_case": unless_aside(unless_asked(errand.unless_to_do(later.add))),
        "action_change_filed": unless_aside(unless_asked(errand.unless_to_do(later.change))),
        "action_thanks": unless_aside(later.thanks),
        "validate_errand_form": errand.validate,
        "action_ask_errand_step": errand.ask,
        "action_leave": errand.leave,
    }


def setup(
    app: web.Application,
    knowledge: Knowledge,
    tickets: Tickets,
    errands: Errands,
    words: Words,
    *,
    token: str,
    today: Callable[[], date] = local_today,
    notes: Notes = _NO_NOTES,
    address: str = "",
) -> None:
    """Mount POST /actions on the service's application. `address`: how citizens reach its pages, "" where they
    cannot."""
    if not token:
        raise ValueError("the action server needs a token")
    known = actions(knowledge, tickets, errands, words, today, notes, address)
    ahead = actions(knowledge, ReadOnly(), ReadOnlyErrands(errands), ReadOnly(), today, address=address)
    app.router.add_post("/actions", handler(known, token, ahead=ahead))


def handler(
    known: Mapping[str, Action],
    token: str,
    seconds: float = ACTION_SECONDS,
    ahead: Mapping[str, Action] | None = None,
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """401 without the token, 404 for an unknown action, 400 for a body that is not Rasa's; else 200. `ahead`: the
    same actions for turns on trial, with nothing to change; without them none can be tried."""
    expected = f"Bearer {token}".encode()

    async def handle(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
            return web.json_response({"error": "token"}, status=401)
        try:
            body = await request.clone(client_max_size=_MAX_BODY_BYTES).json()
            name, turn = body["next_action"], turn_from_json(body["tracker"])
        except (KeyError, TypeError, ValueError, AttributeError):
            return web.json_response({"error": "bad_request"}, status=400)
        if name not in known:
            return web.json_response({"error": "unknown_action"}, status=404)
        began = time.monotonic()
        try:
            outcome = await _run(name, _of(known, ahead, name, turn), turn, seconds)
        except CannotForetell:
            return web.json_response(cannot_foretell())
        took = time.monotonic() - began
        ACTION_SECONDS_TAKEN.labels(name).observe(took)
        log.info("action", action=name, knowledge_ms=round(took * 1000), ahead=turn.is_ahead)
        return web.json_response(outcome.to_json())

    return handle


def _of(known: Mapping[str, Action], ahead: Mapping[str, Action] | None, name: str, turn: Turn) -> Action:
    if not turn.is_ahead:
        return known[name]
    if ahead is None:
        raise CannotForetell
    return ahead[name]


async def _run(name: str, action: Action, turn: Turn, seconds: float) -> Outcome:
    """The action's outcome; a failure becomes a sentence, because Rasa would answer it with silence.

    A form stays where it was: without a slot Rasa would take what was said for something else.
    """
    stays = {asked: turn.slots.get(asked)} if (asked := turn.slot("requested_slot")) else {}
    try:
        async with asyncio.timeout(seconds):
            return await action(turn)
    except CannotForetell:
        raise
    except ServiceError as error:
        log.warning("action_failed", action=name, code=error.code, ahead=turn.is_ahead)
        if turn.is_ahead:  # a failure is not said before the turn itself has failed
            raise CannotForetell from error
        return Outcome((Reply(error.citizen_text),), stays)
    except Exception as error:  # the outer edge of an action
        log.error("action_failed", action=name, ahead=turn.is_ahead, exc_info=error)
        if turn.is_ahead:
            raise CannotForetell from error
        return Outcome((Saying("utter_trouble"),), stays)
