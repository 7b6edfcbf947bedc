"""The form in which things get done: what was said goes to `bot.flows`, what it says comes back. No rules here.

Rasa's form asks for one slot, `errand_step`; casework knows which question that is. `validate` is called after every
message while the form is open: an outcome without slots tells Rasa that the message was about something else, and the
rules take over and come back.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from base.messages import Reply
from bot.actions import in_the_middle, of_rules
from bot.actions.answers import TAKEN_BACK
from bot.actions.closing import no_more
from bot.actions.going_on import ERRAND, asks_on, drug, looked_on, to_do
from bot.actions.in_the_middle import Meant
from bot.actions.later import Later, begun
from bot.actions.manager import Errands, Said
from bot.actions.offers import offered, offered_item, taken_up, with_look_up
from bot.actions.protocol import ERRAND_FORM, FORGOTTEN, LISTEN, Beginning, Outcome, Saying, Turn
from bot.actions.taken_back import (
    A_PART,
    CALLS_BACK,
    Of,
    calls_off_call,
    of_receipt,
    takes_back_words,
    with_what_was_wrong,
)
from bot.actions.talked_about import (
    CHRONIC,
    FAMILY,
    LOOKS_FOR_CHRONIC,
    STILL_MAY,
    asks_something,
    guesses_of,
    notes_fraud,
    spoke_of_authorising,
    spoke_of_chronic,
    spoke_of_number,
    was_just_handed_in,
    what_before,
)
from bot.flows.apply.withdrawing import drops_begun
from bot.flows.goals import asks_about_rules, only_asks_rules, question_of_rules
from bot.flows.identify.relatives import tells_of_death
from bot.flows.small_words import sounds_like_question
from bot.flows.wished import says_plainly, says_where_to
from bot.flows.wording import say
from casework.tickets.tickets import Kind
from language.complaints import asks_instead, complains_plainly, says_never_spent, takes_complaint_back
from language.masking import mask
from language.putting_off import asks_while_dropping, asks_while_holding, only_puts_off
from language.stance import (
    asks_to_forget,
    only_says_delete,
    takes_filing_back,
)

_WISHES = frozenset(("query_mine", "file_item"))
_DONE = "done"
_NOT_UNDERSTOOD = "nlu_fallback"
_WISHED = 0.1
"""How likely a wish must be to be offered where nothing answers what was said."""
_GOES_ON = re.compile(
    r"(?:那|好|行|中|咱|就|[，, ])*(?:接着|继续)(?:给我|给俺)?(?:办|弄|来|填|说)?(?:吧|呗)?(?=[，,。！! ])"
)


Action = Callable[[Turn], Awaitable[Outcome]]


class ErrandForm:
    """The actions of the form, by Rasa's names for them. `answer`: the action that answers questions of policy."""

    def __init__(self, errands: Errands, later: Later, answer: Action) -> None:
        self._errands, self._later, self._answer = errands, later, answer

    async def take_up(self, turn: Turn) -> Outcome:
        """The engine begins a conversation. If it knew nothing of it and casework does, it forgot in a restart: the
        open question is still open. After a long silence what was open is over."""
        if turn.transcript:
            await self._errands.leave(turn.conversation)
            return Beginning()
        if not await self._errands.is_open(turn.conversation):
            return Beginning()
        return Beginning(slots={"requested_slot": "errand_step"}, form=ERRAND_FORM)

    async def begin(self, turn: Turn) -> Outcome:
        if not turn.form and (done := await self._later.of_withdrawing(turn)):
            return done
        if not turn.form and (noted := notes_fraud(turn)):
            return noted
        if not turn.form and only_puts_off(turn.text):
            return Outcome((say("no_hurry"),), {"offer": None})
        if words := to_do(turn, names_it=lambda said: self._errands.wish(said) is not None):
            turn = replace(turn, text=words, intent="file_item")
        if turn.intent == "file_item" and not turn.form and _GOES_ON.match(turn.text):
            turn = replace(turn, intent="resume_errand")  # "接着办。自己掏了三千一百五": of what was left
        if turn.intent == "withdraw_filing" and (taken := await self._later.take_back(turn)):
            return replace(taken, slots={"offer": TAKEN_BACK})
        if turn.intent == "withdraw_filing" and takes_back_words(turn):
            return Outcome((say("no_need_to_withdraw"),), then=LISTEN)
        if turn.intent == "withdraw_filing" and was_just_handed_in(turn):
            turn = replace(turn, text=f"刚才交的，{turn.text}")
        if turn.intent == "query_mine" and not turn.form:
            if LOOKS_FOR_CHRONIC.search(turn.text) and spoke_of_chronic(turn):
                return await self.begin_offered(replace(turn, text=""), what=CHRONIC)
            if told := await self._errands.about(turn.conversation, turn.text):
                return Outcome((told,))
            if asks_about_rules(turn.text) or of_rules.looks_nothing_up(turn.text):
                return replace(await self._answer(turn), then=LISTEN)
            if of_rules.asks_rule(turn.text):
                return await self._rule(turn)
            if question := of_rules.rule_for_another(turn):
                return await self._rule(replace(turn, text=question))
        names_none = turn.intent == "file_item" and not says_plainly(turn.text) and not self._errands.wish(turn.text)
        if not turn.form and names_none and sounds_like_question(turn.text):  # "咋弄才能在这边直接报"
            return replace(await self._answer(turn), then=LISTEN)
        is_told_of = (
            asks_on(turn)
            or tells_of_death(turn.text)
            or of_rules.names_rule(turn.text)
            or of_rules.only_asks(turn.text)
        )
        if turn.intent in _WISHES and not turn.form and is_told_of:
            return replace(await self._answer(turn), then=LISTEN)
        if turn.intent == "prove_identity" and turn.slot("offer") == ERRAND and turn.slot("offered_words"):
            words = f"{turn.slot('offered_words')}，{turn.text}"  # who they are, to what was offered: that is a yes
            turn = replace(turn, text=words, intent=turn.slot("offered_intent") or turn.intent)
        if turn.intent == "prove_identity" and not turn.form and (item := offered_item(turn)):
            turn = replace(turn, text=f"{item}，{turn.text}", intent="file_item")  # who they are, right behind 现在就办
        if both := self._errands.split(turn.text):
            return await self._both(turn, *both)
        return await self.begin_offered(turn)

    async def _rule(self, turn: Turn) -> Outcome:
        """What the documents say, and to look up what is theirs is offered where that says nothing of it."""
        told = await self._answer(turn)
        besides = of_rules.has_records(turn.text) and told.slots.get("offer") == "person"
        return replace(with_look_up(turn, told) if besides else told, then=LISTEN)

    async def begin_offered(self, turn: Turn, what: str = "") -> Outcome:
        """Without second thoughts about what the words may mean: they were offered, and that was a yes. `what`: the
        query, where it is known."""
        before, guesses = what_before(turn), guesses_of(turn)
        said = await self._errands.begin(
            turn.conversation, turn.channel, turn.intent, turn.text, before, guesses=guesses, what=what
        )
        # a complaint begun before is not what a call back from here is about
        kind = {"ticket_kind": _ticket_kind(turn.intent, said)}
        return begun(said, Outcome(tuple(said.replies), {**kind, **FORGOTTEN}))

    async def _both(self, turn: Turn, question: str, intent: str, wish: str) -> Outcome:
        """The answer first, then what they want done."""
        told = await self._answer(replace(turn, text=question, intent="ask_policy", ranking={}))  # offers nothing
        said = await self._errands.begin(turn.conversation, turn.channel, intent, wish, what_before(turn))
        slots = {name: value for name, value in told.slots.items() if name != "offer"}
        slots |= {"ticket_kind": _ticket_kind(intent, said), **FORGOTTEN}
        return begun(said, Outcome((*told.replies, *said.replies), slots))

    async def drop(self, turn: Turn) -> Outcome:
        """With nothing open: "不投诉了，就想问问…" is that question, "不办了" may mean what was just handed in."""
        if question := asks_instead(turn.text):
            return replace(await self._answer(replace(turn, text=question, intent="ask_policy")), then=LISTEN)
        first, _, rest = turn.text.partition("，")
        if takes_complaint_back(first) and (wish := self._errands.wish(rest)):  # "别投诉了，给我办备案吧"
            return await self.begin(replace(turn, text=rest, intent=wish.intent))
        if told := await self._later.of_withdrawing(turn):
            return told
        if asks_to_forget(turn.text) or (only_says_delete(turn.text) and spoke_of_number(turn)):
            return Outcome((await self._errands.forget(turn.conversation),))
        if ended := no_more(turn):
            return ended
        if of_rules.goes_on_about_rule(turn):  # "那我出院前补行不行"
            return replace(await self._answer(turn), then=LISTEN)
        if turn.intent == "deny" and not asks_something(turn.text):  # a no to nothing in particular takes nothing back
            return Outcome((Saying("utter_anything_else"),))
        takes_back = takes_filing_back(turn.text) or takes_complaint_back(turn.text)
        if takes_back and A_PART.search(turn.text):  # "窗口那条俺不告了": staff hear which
            return await self._later.change(turn)
        if takes_back and (taken := await self._later.take_back(turn)):
            besides = await self._besides(turn, question) if (question := asks_while_dropping(turn.text)) else ()
            return replace(taken, replies=(*taken.replies, *besides), slots={"offer": TAKEN_BACK})
        if was_just_handed_in(turn) and CALLS_BACK.search(turn.text):
            return await self.begin(replace(turn, intent="withdraw_filing"))
        if takes_complaint_back(turn.text):  # there is none: "你们咋说我投诉了，我没投诉"
            return Outcome((Saying("utter_anything_else"),))
        if asks_something(turn.text):
            return replace(await self._answer(turn), then=LISTEN)
        just_kept = any(say("paused").text in reply.text for reply in turn.said_before)
        said = await self._errands.dropped(turn.conversation, turn.channel, turn.text, just_kept=just_kept)
        return begun(said, Outcome(tuple(said.replies))) if said else Outcome((Saying("utter_anything_else"),))

    def unless_to_do(self, action: Action) -> Action:
        """The action, unless the words want done what was just answered: "办吧" is more than a yes to hear the rest."""

        async def act(turn: Turn) -> Outcome:
            return await self.begin(turn) if to_do(turn) else await action(turn)

        return act

    async def after_receipt(self, turn: Turn) -> Outcome | None:
        """What is said of what was just handed in is noted, asked for or answered; None to anything else."""
        if calls_off_call(turn) and (taken := await self._later.take_back(turn)):
            return replace(taken, slots={"offer": TAKEN_BACK}, then=LISTEN)
        if not turn.form and (noted := await self._later.of_what_was_handed_in(turn)):
            return noted
        drops = not turn.form and drops_begun(turn.text)
        if drops and (said := await self._errands.half_done(turn.conversation, turn.channel, turn.text)):
            return begun(said, Outcome(tuple(said.replies)))
        match of_receipt(turn):
            case Of.NOT_YET:
                return Outcome((say("handed_in_already"),), then=LISTEN)
            case Of.WRONG:
                return Outcome((say("what_was_wrong"),), then=LISTEN)
            case Of.RIGHT:
                return replace(await self._later.put_right(with_what_was_wrong(turn)), then=LISTEN)
        return None

    def in_context(self, answer: Action) -> Action:
        """The action, unless the words are about what was just handed in: "要等多久呢" right after the receipt."""

        async def act(turn: Turn) -> Outcome:
            if more := taken_up(turn):
                return await self.begin_offered(more)
            if only_asks_rules(turn.text):
                return Outcome((say("policy_instead"),), {"offer": None})
            if question := question_of_rules(turn.text):
                turn = replace(turn, text=question)
            if not turn.form and (told := await self._later.of_withdrawing(turn)):
                return told
            if to_do(turn):
                return await self.begin(turn)
            if not turn.form and (noted := notes_fraud(turn)):
                return noted
            if not turn.form and only_puts_off(turn.text):
                return Outcome((say("no_hurry"),), {"offer": None})
            if not turn.form and says_never_spent(turn.text):
                return Outcome((say("card_misused"),), {"offer": "person"})
            if not turn.form and (said := await self._errands.drug(turn.conversation, turn.channel, drug(turn))):
                return begun(said, Outcome(tuple(said.replies)))
            if words := looked_on(turn):
                return await self.begin(replace(turn, text=words, intent="query_mine"))
            is_fresh = was_just_handed_in(turn) or not turn.slot("topic")
            if is_fresh and (of_it := await self._errands.about(turn.conversation, turn.text)):
                return Outcome((of_it,))
            if turn.form:
                return await answer(turn)
            if of_rules.goes_on_about_rule(turn):
                return await answer(turn)
            if both := self._errands.split(turn.text):
                return await self._both(turn, *both)
            if LOOKS_FOR_CHRONIC.search(turn.text) and spoke_of_chronic(turn):
                return await self.begin_offered(replace(turn, text="", intent="query_mine"), what=CHRONIC)
            if STILL_MAY.search(turn.text) and spoke_of_authorising(turn):
                return await self.begin_offered(replace(turn, text="", intent="query_mine"), what=FAMILY)
            wish = self._errands.wish(turn.text, _may_wish(turn), turn.guesses)
            is_meant = turn.intent != "out_of_scope" or says_where_to(turn.text)
            if wish and wish.is_plain and is_meant and not of_rules.asks_rule(turn.text):
                return await self.begin(replace(turn, intent=wish.intent))
            outcome = await answer(turn)
            if outcome.slots.get("offer") == "person" and (ours := self._errands.materials(turn.text)):
                outcome = replace(outcome, replies=(ours,))
            return offered(turn, wish, outcome) if wish else outcome

        return act

    async def validate(self, turn: Turn) -> Outcome:
        """Take what was said as the answer to what was asked, if it is one."""
        if turn.slot("requested_slot") != "errand_step":
            return Outcome(slots={"errand_step": turn.slots.get("errand_step")})
        if in_the_middle.is_danger(turn) or turn.intent == "complaint" and complains_plainly(turn.text):
            return Outcome()  # its rule comes before the errand
        if of_rules.wants_rule_only(turn.text):
            return await self._rule_instead(turn)
        if of_rules.names_no_drug(turn):
            begun_anew = await self._errands.begin(turn.conversation, turn.channel, "query_mine", turn.text)
            return await self._heard(turn, begun_anew)
        if question := asks_while_dropping(turn.text):
            return await self._put_down(turn, question)
        if question := asks_while_holding(turn.text):
            answered = await self._answered_first(replace(turn, text=question))
            return replace(answered, replies=(say("held"), *answered.replies))
        transcript = [(who, mask(text)) for who, text in turn.transcript]
        said = await self._errands.hear(
            turn.conversation,
            turn.channel,
            turn.intent,
            turn.text,
            transcript,
            typed=turn.typed,
            is_spoken=turn.is_spoken,
            guesses=turn.guesses,
        )
        if said is not None:
            return await self._heard(turn, said)
        meant = in_the_middle.meant(turn)
        if meant is Meant.QUESTION:
            return await self._answered_first(turn)
        if meant is Meant.PERSON:
            return Outcome(
                (say("not_understood_person"),), {"errand_step": None, "errand_said": True, "offer": "person"}
            )
        if meant is Meant.ELSE:
            return Outcome()
        if meant is Meant.NOTHING:
            again = await self._errands.asking(turn.conversation, in_between=turn.intent != "repeat")
        else:
            again = await self._errands.misheard(turn.conversation)
        return await self._asked_again(turn, again)

    async def _rule_instead(self, turn: Turn) -> Outcome:
        """Nothing was to be looked up: what they asked is answered."""
        question = of_rules.rule_asked_before(turn)
        await self._errands.leave(turn.conversation)
        told = await self._answer(replace(turn, text=question, intent="ask_policy", form="")) if question else None
        if told is None:
            return Outcome((say("policy_instead"),), {"errand_step": _DONE, "offer": None, **FORGOTTEN})
        return Outcome(told.replies, {**told.slots, "errand_step": _DONE, **FORGOTTEN})

    async def _put_down(self, turn: Turn, question: str) -> Outcome:
        """ "不办了，就想问问…": nothing is lost of what was begun, and nothing more is asked of it."""
        put_down = await self._errands.stop(turn.conversation, later=True)
        told = await self._answer(replace(turn, text=question, intent="ask_policy", ranking={}, form=""))
        first = [say("put_down")] if list(put_down) == [say("paused_plain")] else put_down
        return Outcome((*first, *told.replies), {**told.slots, "errand_step": _DONE, **FORGOTTEN}, told.then)

    async def _asked_again(self, turn: Turn, again: list[Reply]) -> Outcome:
        """The open question, or what is said where it was let go."""
        if not again and turn.intent == "thanks":  # let go before
            return Outcome((Saying("utter_thanks"),), {"errand_step": _DONE, **FORGOTTEN})
        if not again:  # forgotten meanwhile: nothing to go on with
            return Outcome((say("not_understood"),), {"errand_step": _DONE})
        if not await self._errands.is_open(turn.conversation):  # let go
            return Outcome(tuple(again), {"errand_step": _DONE, **FORGOTTEN})
        return Outcome(tuple(again), {"errand_step": None, "errand_said": True})

    async def _answered_first(self, turn: Turn) -> Outcome:
        """ "那得咋授权" in the middle of it, which sounded like a wish: the answer, then the open question."""
        told = await self._answer(replace(turn, intent="ask_policy", ranking={}))
        again = await self._errands.asking(turn.conversation, in_between=True)
        kept = {name: value for name, value in told.slots.items() if name != "offer"}
        if not again:
            return Outcome(told.replies, {**kept, "errand_step": _DONE, **FORGOTTEN})
        return Outcome((*told.replies, *again), {**kept, "errand_step": None, "errand_said": True})

    async def _besides(self, turn: Turn, question: str) -> tuple[Reply | Saying, ...]:
        """The answer to what was asked in the same breath as an answer was given."""
        told = await self._answer(replace(turn, text=question, intent="ask_policy", ranking={}))
        return told.replies

    async def _heard(self, turn: Turn, said: Said) -> Outcome:
        if said.waits:
            asked = await self._besides(turn, said.question) if said.question else ()
            replies = (*said.replies[:-1], *asked, *said.replies[-1:])
            return Outcome(replies, {"errand_step": None, "errand_said": True})
        told = await self._later.after_proof(turn, said)
        slots: dict[str, Any] = {**told.slots, "errand_step": _DONE, **FORGOTTEN}
        if not said.offer_person:
            slots["ticket_kind"] = None
        besides: tuple[Reply | Saying, ...] = ()
        if said.question:  # "对，提交。多久能给钱"
            of_it = await self._errands.about(turn.conversation, said.question)
            besides = (of_it,) if of_it else await self._besides(turn, said.question)
        return Outcome((*told.replies, *besides), slots)

    async def ask(self, turn: Turn) -> Outcome:
        """The open question after something came in between; nothing when it was said just now."""
        if turn.slots.get("errand_said"):
            return Outcome(slots={"errand_said": False})
        if turn.intent == "slower":  # has just said the question again, slower
            return Outcome()
        asking = await self._errands.asking(turn.conversation, in_between=True)
        if not asking:  # let go: the form closes without a word
            return Outcome(slots={"requested_slot": None, **FORGOTTEN})
        first, *others = (replace(reply, end=False) for reply in asking)
        go_on = say("go_on")
        first = replace(first, text=go_on.text + first.text, spoken=go_on.to_say + first.to_say)
        return Outcome((first, *others))

    async def leave(self, turn: Turn) -> Outcome:
        """They said goodbye: proof ends."""
        await self._errands.leave(turn.conversation)
        return Outcome()


def _may_wish(turn: Turn) -> str:
    """The intent that the engine would rather have taken, where it was sure of none."""
    wish = max(_WISHES, key=turn.likely)
    return wish if turn.intent == _NOT_UNDERSTOOD and turn.likely(wish) >= _WISHED else ""


def _ticket_kind(intent: str, said: Said) -> str | None:
    """What it is for a member of staff when somebody asks for a person in the middle of it, or is offered one."""
    return Kind.QUERY.name if intent == "query_mine" and (said.waits or said.offer_person) else None
