"""The call-back form: a number, read back masked, confirmed, then a ticket. May be cancelled at any step.

Rasa's form asks for two slots, `phone` and `phone_confirmed`; it calls `validate` after every message while the form
is open. An outcome without slots tells Rasa that the message was about something else: then the rules take over
(a policy question is answered) and come back to the form. For what no rule is about, the outcome says "still not
answered", and Rasa asks again: left without a slot it would look for a rule, find none and guess.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from base.personal_data import is_phone, mask_phone
from bot.actions import complained
from bot.actions.call_time import time_to_call
from bot.actions.digits import MOBILE_DIGITS, digits_said, is_whole, masked_spoken, read_digits
from bot.actions.notes import Notes
from bot.actions.protocol import LISTEN, Outcome, Saying, Turn
from bot.actions.talk import INTERRUPTS, goes_on_about_policy, says_goodbye
from bot.actions.talked_about import asks_something
from bot.flows.small_words import sounds_like_question
from bot.flows.wished import says_plainly
from bot.flows.wording import say as in_flow
from bot.sayings import say
from casework.tickets.tickets import Kind, Opened
from language.calendar.working_days import caveat
from language.complaints import asks_instead, drops_ticket, takes_complaint_back
from language.id_number import find as id_number_in
from language.masking import mask
from language.phone_numbers import national
from language.stance import asks_if_withdrawn, declines, says_no, says_yes

EMPTY = dict.fromkeys(("phone", "phone_part", "phone_confirmed", "caller_declined", "ticket_kind", "offer"))

_ASK_AFRESH = ("deny", "repeat", "human_agent", "complaint")
_WANTS_A_PERSON = ("human_agent", "affirm")
_NOT_HEARD = ("nlu_fallback", "give_phone", "affirm", "choose")
_TAKES_OVER = INTERRUPTS | {
    "cancel",
    "query_mine",
    "file_item",
    "authorise",
    "revoke_authorisation",
    "prove_identity",
    "resume_errand",
    "withdraw_filing",
}
"""Intents with a rule of their own while the form is open (bot/data/rules/ticket.yml)."""


_NO_CALL = re.compile(
    r"(?:不|别|甭).{0,3}(?:留|给|说|要).{0,4}(?:电话|号码|号)|(?:不|别|甭).{0,4}(?:回电|打(?!了)|回话|联系)"
    r"|^(?:那|就|我|俺|[，, ])*(?:不用|不必|不需要|不要|不留)(?:了|吧|啦|$)|匿名|不具名|就是说一声|记下就行"
)
_CANCELS = re.compile(
    r"算了|取消|不(?:登|留|办|弄|填|找|转|报|说|记|搞|投诉|反映|建议|麻烦|继续|告诉|方便|给你|想)|(?:不用|不要|别|甭|不需要)"
    r"(?:了|再)?(?:给我|给俺)?(?:登|记|回电|打|找|转|留|人工|麻烦|$)|拉倒|罢了|[撤放]|停|[终中]止|退出|返回|退回|作废|跳过|"
    r"改主意|再(?:说|登|想|寻思|弄)|考虑|打住|到此为止|当我没说|取[削肖]|去消|回去"
)
_THREATENS = re.compile(r"告你|去告|[里市省]告|上访|12345|信访|找你们|催|曝光|记者|电视台|没完")
"""Without such a word, or with the second kind, a cancelling is a guess."""
_LEAVES = re.compile(r"再见|拜|挂")
_COMPLAINS = re.compile(r"(?:我|俺|要|想)(?:要|想)?(?:投诉|举报)(?!电话|热线|渠道)")
_OTHER_WISHES = frozenset(("query_mine", "file_item", "authorise", "revoke_authorisation", "resume_errand"))
_TELLS_MORE = _OTHER_WISHES | {"ask_policy", "state_place", "out_of_scope", "medical_advice", "scam", "doubt"}
"""What the engine takes a further part of somebody's complaint for."""
_FILLERS = re.compile(r"叫(?:啥|什么|个啥)|啥的|什么的|不知道?(?:是|叫)?(?:啥|什么|怎么|咋|哪)|说不清(?:啥|哪|咋)")
_THAT_IS_ALL = re.compile(
    r"(?:是这么回事|就是这样|就这些|没别的|说完了|好|行|中|嗯|对|那|就|给(?:我|俺)|帮(?:我|俺)|[，,。！! ])*"
    r"(?:(?:就这样)?(?:报|交|递|反映|登记|记)(?:上去|上|下来|下)?(?:吧|了|呗)"
    r"|就这样(?:吧|报|登记)?|就这些(?:了|吧)?)[。！! ]*"
)
"""What they complain of is told to its end, and no number is left."""
_THEIR_PHONE = re.compile(
    r"(?:(?:他|她)们?|骗子|对方|人家|那边|那头|那个?人|来电|打来|店里?|医院|窗口)(?:那个|的|这个)?(?:打|用)?(?:来)?(?:的)?(?:手机|电话|号)"
)
"""A number, but whose they complain of."""
_LOOKS_UP = re.compile(r"(?:查|看)(?:一?下|查|看)|(?:我|俺)(?:想|要)(?:查|办|问)|先(?:查|办|问)")
_SAYS_NOTHING = frozenset(("repeat", "greet", "thanks", "human_agent", "affirm", "deny", "choose", "give_phone"))
_SHORTEST_WORDS = 5
"""Characters."""
_ASKS_US = re.compile(r"问问|问你|问您|问一?下|问个|打听|问一声")
"""A question that is put to us: what they complain of is full of questions that are none."""
_YES_KEY, _NO_KEY = "1", "2"
_UNNAMED = "none"
"""In the slot `phone` when somebody leaves none on purpose."""
_WITHOUT_NUMBER = {"phone": _UNNAMED, "phone_confirmed": True}
_MOST_ASKED = 2  # times in a row
_ON_THE_PAGE = "办到哪一步，按下面的链接看，要用这两个号。"
_IN_WECHAT = "办到哪一步，在这里看，要用这两个号：{address}/ticket?number={number} 。"

Action = Callable[[Turn], Awaitable[Outcome]]


class Tickets(Protocol):
    """`casework.tickets.tickets.Tickets`, as far as the conversation needs it."""

    async def open(
        self,
        kind: Kind,
        *,
        channel: str,
        phone: str | None = None,
        topic: str | None = None,
        conversation: str | None = None,
        transcript: Sequence[tuple[str, str]] = (),
    ) -> Opened: ...


class TicketForm:
    """The actions of the form, by Rasa's names for them. Keeps nothing between calls: the slots do."""

    def __init__(
        self,
        tickets: Tickets,
        notes: Notes,
        address: str = "",
        answer: Action | None = None,
        wishes: complained.Wishes = lambda _: None,
    ) -> None:
        """`address`: how citizens reach the service's pages, https://host; "" where they cannot. `answer`: the action
        that answers a question of policy. `wishes`: what words wish for."""
        self._tickets, self._notes, self._address, self._answer = tickets, notes, address, answer
        self._wishes = wishes

    async def start_complaint(self, turn: Turn) -> Outcome:
        if told := await self._asked_instead(turn):
            return replace(told, then=LISTEN)
        heard, kind = "utter_complaint_heard", Kind.COMPLAINT
        if complained.PRAISE.search(turn.text):
            heard, kind = "utter_praise_heard", Kind.SUGGESTION
        elif "建议" in turn.text:
            heard, kind = "utter_suggestion_heard", Kind.SUGGESTION
        slots: dict[str, Any] = {"ticket_kind": kind.name}
        if _NO_CALL.search(turn.text) and not complained.is_bare(replace(turn, text=_NO_CALL.sub("", turn.text))):
            slots |= _WITHOUT_NUMBER
        elif digits_said(turn.text) and not _THEIR_PHONE.search(turn.text):
            slots |= _take_digits(turn).slots
        words = "" if complained.is_bare(turn) else complained.matter(turn.text, self._wishes)
        noted = (Saying("utter_complaint_noted", {"words": words}),) if words else ()
        return Outcome((Saying(heard), *noted), slots)

    async def _asked_instead(self, turn: Turn) -> Outcome | None:
        """The answer for who does not complain, but asks."""
        question = asks_instead(turn.text) or complained.asks_instead_of_telling(turn)
        if self._answer is None or not question:
            return None
        return await self._answer(replace(turn, text=question, intent="ask_policy", form=""))

    async def validate(self, turn: Turn) -> Outcome:
        """Take what was said as the answer to what was asked, if it is one."""
        asked = turn.slot("requested_slot")
        says_number = turn.intent == "human_agent" and national(digits_said(turn.text))
        if asked is None and (turn.intent == "give_phone" or says_number) and not _THEIR_PHONE.search(turn.text):
            return _take_digits(turn)
        if asked not in ("phone", "phone_confirmed"):
            return Outcome()
        if _drops(turn):
            return Outcome() if _has_a_rule_to_end(turn) else Outcome(slots={**EMPTY, "requested_slot": None})
        if asked == "phone" and _may_be_unnamed(turn) and complained.nothing_told(turn):
            if complained.is_none(turn):
                return Outcome(slots={**EMPTY, "requested_slot": None})
            if turn.intent in _SAYS_NOTHING and not digits_said(turn.text):
                return Outcome(slots={asked: turn.slots.get(asked)})
        if asked == "phone" and _turns_to_complaint(turn):
            heard = () if complained.is_bare(turn) else (Saying("utter_complaint_heard"), Saying("utter_words_kept"))
            return Outcome(heard, {"ticket_kind": Kind.COMPLAINT.name, "phone": None})
        if asked == "phone" and _may_be_unnamed(turn) and _THEIR_PHONE.search(turn.text):
            return Outcome((Saying("utter_words_kept"),), {asked: None})
        answer = _answer_to_phone(turn) if asked == "phone" else _answer_to_confirmation(turn)
        if not answer.slots and _is_told_what(turn):
            return Outcome((Saying("utter_words_kept"),), {asked: turn.slots.get(asked)})
        if asked == "phone" and not answer.slots and turn.intent in _NOT_HEARD and _was_not_heard(turn) >= _MOST_ASKED:
            return _let_go(turn)
        if not answer.slots and (when := time_to_call(turn.text)):
            return Outcome((Saying("utter_call_time_noted", {"when": when}),), {asked: turn.slots.get(asked)})
        takes_over = goes_on_about_policy(turn) or (turn.intent in _TAKES_OVER and not _is_slip(turn))
        if answer.slots or takes_over:
            return answer
        is_arranged = asked == "phone_confirmed" or _may_be_unnamed(turn)
        if turn.intent == "human_agent" and is_arranged:
            return Outcome((in_flow("person_follows"),), {asked: None})
        if self._answer and _ASKS_US.search(turn.text) and asks_something(turn.text):
            told = await self._answer(replace(turn, intent="ask_policy", form="", ranking={}))
            return Outcome(told.replies, {asked: turn.slots.get(asked)})
        kept = (Saying("utter_words_kept"),) if _belongs_to_it(turn) or _is_put_right(turn) else ()
        return Outcome(kept, {asked: turn.slots.get(asked)})

    async def ask_phone(self, turn: Turn) -> Outcome:
        """A person where the line has one; else a number to be called back on."""
        if turn.can_transfer and turn.intent in _WANTS_A_PERSON:
            self._notes.handed_over(turn)
            return Outcome((Saying("utter_transfer"),))
        is_asked_what = _may_be_unnamed(turn) and complained.nothing_told(turn) and turn.intent in _SAYS_NOTHING
        if complained.is_bare(turn) or (is_asked_what and not digits_said(turn.text)):
            return Outcome((Saying("utter_ask_what_happened"),))
        why = (Saying("utter_no_person_now"),) if _wants_one_now(turn) else ()
        if offered := _offered(turn):
            values = {"tail": offered[-4:], "tail_spoken": read_digits(offered[-4:])}
            return Outcome((*why, Saying("utter_offer_caller_number", values)))
        if turn.slot("phone_part") and digits_said(turn.text):
            return Outcome((Saying("utter_ask_phone_rest"),))
        return Outcome((*why, Saying(_how_to_ask(turn))))

    async def ask_phone_confirmed(self, turn: Turn) -> Outcome:
        phone = turn.slot("phone") or ""
        values = {"masked": mask_phone(phone), "masked_spoken": masked_spoken(phone)}
        return Outcome((Saying("utter_ask_phone_confirmed", values),))

    async def open(self, turn: Turn) -> Outcome:
        if not turn.slot("phone"):  # the form was ended by a drop, see `validate`
            return await self.cancel(turn)
        kind = Kind[turn.slot("ticket_kind") or Kind.CALLBACK.name]
        opened = await self._tickets.open(
            kind,
            channel=turn.channel,
            phone=None if turn.slot("phone") == _UNNAMED else turn.slot("phone"),
            topic=turn.slot("topic"),
            conversation=turn.conversation,
            transcript=[(who, mask(text)) for who, text in turn.transcript],
        )
        if kind in (Kind.CALLBACK, Kind.CONSULTATION, Kind.QUERY):
            self._notes.handed_over(turn)
        values = {
            "ticket": opened.number,
            "ticket_spoken": read_digits(opened.number),
            "code": opened.code,
            "code_spoken": read_digits(opened.code),
            "way": self._way(turn.channel, opened.number),
            "due": f"{opened.due_on.month}月{opened.due_on.day}日{caveat(opened.due_on)}",
        }
        unnamed = turn.slot("phone") == _UNNAMED
        told = Outcome((Saying("utter_ticket_opened_unnamed" if unnamed else "utter_ticket_opened", values),), EMPTY)
        is_complaint = kind in (Kind.COMPLAINT, Kind.SUGGESTION)
        return complained.offered_besides(turn, told, self._wishes) if is_complaint else told

    def _way(self, channel: str, number: str) -> str:
        """To where the ticket can be followed; the page itself makes its link (`connectors.web.pages.links`)."""
        if channel == "web":
            return _ON_THE_PAGE
        is_reached = channel == "wechat" and self._address
        return _IN_WECHAT.format(address=self._address, number=number) if is_reached else ""

    async def cancel(self, turn: Turn) -> Outcome:
        if told := await self._asked_instead(turn):
            return replace(told, slots={**EMPTY, **told.slots})
        return Outcome((Saying("utter_ticket_cancelled"),), EMPTY)


def _wants_one_now(turn: Turn) -> bool:
    """Asks for a person, not to be called back some day."""
    begins = turn.intent == "human_agent" and turn.slot("requested_slot") != "phone"
    return begins and not _may_be_unnamed(turn) and not re.search(r"[回打]|联系", turn.text)


def _was_not_heard(turn: Turn) -> int:
    """How many times in a row the last of what we said was that no number was heard."""
    again, count = say("utter_ask_phone_again").text, 0
    for who, text in reversed(turn.transcript):
        if who == "assistant" and text != again:
            break
        count += who == "assistant"
    return count


def _let_go(turn: Turn) -> Outcome:
    """Asked often enough: a complaint is kept without a number, anything else is not registered."""
    if _may_be_unnamed(turn):
        return Outcome(slots=_WITHOUT_NUMBER)
    return Outcome(slots={**EMPTY, "requested_slot": None})


def _may_be_unnamed(turn: Turn) -> bool:
    """A complaint, a suggestion and praise are taken without a number; nobody can be called back without one."""
    return turn.slot("ticket_kind") in (Kind.COMPLAINT.name, Kind.SUGGESTION.name)


def _is_slip(turn: Turn) -> bool:
    """A goodbye or a cancelling nobody said, and an ID number in place of the telephone number: the form goes on.

    So it does when somebody who complains says more of it that sounds like another wish: "你们给我查清楚".
    """
    if turn.intent == "prove_identity":
        return bool(id_number_in(turn.text))
    if turn.intent == "cancel":
        return not _says_cancel(turn.text)
    if turn.intent in _OTHER_WISHES and _may_be_unnamed(turn) and turn.slot("requested_slot") == "phone_confirmed":
        return True
    if turn.intent in _TELLS_MORE:  # "花了一千二百多，发票我有" is part of what they complain of
        return _may_be_unnamed(turn) and _only_tells(turn.text)
    return turn.intent == "goodbye" and not says_goodbye(turn.text)


def _only_tells(text: str) -> bool:
    """A part of the story."""
    asks = sounds_like_question(_FILLERS.sub("", text.rstrip("。！! ").rstrip("呢哩咧")))
    return len(text) >= _SHORTEST_WORDS and not asks and not says_plainly(text) and not _LOOKS_UP.search(text)


def _says_cancel(text: str) -> bool:
    """In words, and no threat: "再催不办我去省里告" must not lose a complaint."""
    cancels = bool(_CANCELS.search(text)) and not _THREATENS.search(text) and not asks_if_withdrawn(text)
    return takes_complaint_back(text) or cancels


def _drops(turn: Turn) -> bool:
    """Not wanted any more; "不用回电" where a complaint's number is asked only leaves out the number."""
    if declines(turn.text) and any(say("utter_ask_what_happened").text in reply.text for reply in turn.said_before):
        return True  # nothing was told yet: a ticket about nothing helps nobody
    if not drops_ticket(turn.text):
        return False
    asked_for_number = _may_be_unnamed(turn) and turn.slot("requested_slot") == "phone"
    return takes_complaint_back(turn.text) or not (asked_for_number and _NO_CALL.search(turn.text))


def _has_a_rule_to_end(turn: Turn) -> bool:
    """What the engine takes for a cancelling or a goodbye has its rule, whose words fit better."""
    return turn.intent == "cancel" or (turn.intent == "goodbye" and bool(_LEAVES.search(turn.text)))


def _turns_to_complaint(turn: Turn) -> bool:
    """Who was to be called back says what they complain of: it is registered as that, and asked about if need be."""
    return not _may_be_unnamed(turn) and (turn.intent == "complaint" or bool(_COMPLAINS.search(turn.text)))


def _is_told_what(turn: Turn) -> bool:
    """The answer to "是什么事？": whatever it sounds like ("窗口说要三样材料"), it is what they complain about."""
    was_asked = any(say("utter_ask_what_happened").text in reply.text for reply in turn.said_before)
    leaves = turn.intent == "emergency" or _says_cancel(turn.text) or says_goodbye(turn.text)
    return was_asked and not leaves and turn.intent not in _SAYS_NOTHING and len(turn.text) >= _SHORTEST_WORDS


def _belongs_to_it(turn: Turn) -> bool:
    """What somebody who complains says besides is part of it: the transcript keeps it, and they are told so."""
    return _may_be_unnamed(turn) and turn.intent not in _SAYS_NOTHING and len(turn.text) >= _SHORTEST_WORDS


def _is_put_right(turn: Turn) -> bool:
    """ "不是昨天，是前天的事" at the read-back of the number."""
    is_no = turn.intent == "deny" and not says_no(turn.text.strip(" ，,。."))
    return _may_be_unnamed(turn) and is_no and len(turn.text) >= _SHORTEST_WORDS


def _offered(turn: Turn) -> str | None:
    """The number the call comes from, unless it cannot be called back or was declined."""
    if turn.caller is None or turn.slots.get("caller_declined") or not is_phone(turn.caller):
        return None
    return turn.caller


def _how_to_ask(turn: Turn) -> str:
    """The first time; again because no number was heard; or after something else came in between."""
    if id_number_in(turn.text):
        return "utter_not_the_id_number"
    if turn.slot("requested_slot") != "phone" or turn.intent in _ASK_AFRESH or _belongs_to_it(turn):
        return "utter_ask_phone_if_wanted" if _may_be_unnamed(turn) else "utter_ask_phone"
    if digits_said(turn.text) or turn.intent in _NOT_HEARD:
        return "utter_ask_phone_again"
    return "utter_ask_phone_resume"


def _answer_to_phone(turn: Turn) -> Outcome:
    if digits_said(turn.text):
        return _take_digits(turn)
    leaves_none = _NO_CALL.search(turn.text) and not asks_something(_NO_CALL.sub("", turn.text))  # "匿名的，有奖励不"
    if _may_be_unnamed(turn) and (leaves_none or _THAT_IS_ALL.fullmatch(turn.text)):
        return Outcome(slots=_WITHOUT_NUMBER)
    if (offered := _offered(turn)) and turn.intent == "affirm":
        return Outcome(slots={"phone": offered, "phone_confirmed": True})
    if turn.intent == "deny":
        return Outcome(slots={"phone": None, "phone_part": None, "caller_declined": True})
    return Outcome()


def _take_digits(turn: Turn) -> Outcome:
    """A whole number, or a further part of one: old people pause between the groups."""
    digits, before = digits_said(turn.text), turn.slot("phone_part") or ""
    said = national(digits) or digits
    number = said if is_whole(said) and (len(said) == MOBILE_DIGITS or not before) else before + said
    if is_whole(number):
        return Outcome(slots={"phone": number, "phone_part": None, "phone_confirmed": None})
    unfinished = number if len(number) < MOBILE_DIGITS else None
    return Outcome(slots={"phone": None, "phone_part": unfinished, "caller_declined": True})


def _answer_to_confirmation(turn: Turn) -> Outcome:
    if digits_said(turn.text):
        return _take_digits(turn)
    first = re.split("[，,。 ]", turn.text.strip(), maxsplit=1)[0]  # "对，多久给信": when is told with the receipt
    if turn.intent == "affirm" or turn.text.strip() == _YES_KEY or says_yes(first):
        return Outcome(slots={"phone_confirmed": True})
    if _may_be_unnamed(turn) and says_goodbye(turn.text):  # nobody's complaint is lost by a goodbye
        return Outcome(slots={"phone_confirmed": True})
    is_no = says_no(turn.text.strip(" ，,。.")) or re.search("号码?|电话|手机", turn.text)
    if (turn.intent == "deny" and (is_no or not _may_be_unnamed(turn))) or turn.text.strip() == _NO_KEY:
        return Outcome(slots={"phone": None, "phone_part": None, "phone_confirmed": None, "caller_declined": True})
    return Outcome()
