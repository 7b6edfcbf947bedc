"""The way in to errands: what a dialogue calls. One errand at a time in a conversation; what it learned is kept.

begin(...)   a message that wants something done      → what is said, and whether an answer is waited for
hear(...)    the answer to what was asked             → the same; None when it was about something else
asking(...)  the open question once more
stop(...)    put off, dropped, or left
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from base.errors import ServiceError
from base.messages import Reply
from base.personal_data import is_phone
from bot.flows import asides, no_answer, order, stages, told_besides
from bot.flows.apply import gathering, refusing
from bot.flows.goals import (
    goal,
    only_asks_rules,
    question_and_wish,
    question_of_rules,
    same_errand,
    same_for_another,
    wishes,
)
from bot.flows.identify import proof
from bot.flows.identify.beside import by_themselves, for_oneself, told_beforehand
from bot.flows.identify.relatives import PRONOUNS, fits_sex, polite, same_person, tells_of_death
from bot.flows.identify.whom import means_oneself, says_own, says_they_act
from bot.flows.query.drugs import drug_asked
from bot.flows.running import MISHEARD, MOST_REPEATS, Running, waiting
from bot.flows.running import Answer as Answer
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import Move
from bot.flows.steps import Parts as Parts
from bot.flows.wished import Wish, learnt_wish, wished
from bot.flows.wording import say
from bot.understood import NO_GUESSES, Guesses
from casework.core.contract import Person
from language import stance
from language.clauses import with_commas
from language.id_number import find as id_number_in
from language.id_number import mask_name


class Errands(Running):
    """What begins an errand, what a message means to the one that is open, and how it is left."""

    async def begin(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        before: str = "",
        *,
        guesses: Guesses = NO_GUESSES,
        what: str = "",
    ) -> Answer:
        """Begin what the message wants; an errand that was open is left, what was answered in a filing stays.

        `before`: what they said before, which tells what "那你给我办了吧" and "我老伴的呢" mean. `what`: the item or
        query, where that is known and only the rest is to be read from their words.
        """
        if not what and (several := wishes(text, self._parts.items)):
            (first, words), (second, rest), *more = several
            state = goal(first, words, channel, self._parts.items)
            state.next_intent, state.next_said = second, rest
            state.more = [list(one) for one in more]
            told = order.in_order(several, self._parts.items)
            return await self._go(conversation, state, Move(told, to="start"))
        state = goal(intent, text, channel, self._parts.items, guesses.matter(intent, text))
        if what:
            state.what, state.offered = what, []
        said = await self._for_whom(conversation, state)
        if (parked := await self._states.parked(conversation)) and _is_taken_up(parked, state):
            parked.mentioned_id = state.mentioned_id or parked.mentioned_id
            return await self._taken_up(conversation, parked, text if state.what else "")
        self._narrow(state, before)
        if intent == "query_mine" and not state.what:
            state.what = same_for_another(text, before, for_self=bool(said))
        if before and intent == "file_item" and not state.what and not state.offered:
            state = goal(intent, f"{before}，{text}", channel, self._parts.items)
            said = said or await self._for_whom(conversation, state)
        return await self._go(conversation, state, Move(said, to="start"))

    async def _for_whom(self, conversation: str, state: State, *, own: bool = False) -> list[Reply]:
        """Who was helped to prove themselves here is known by it; the caller's own matter needs the caller's proof."""
        helped = await self._helped(conversation)
        if not helped:
            return []
        if state.relation in PRONOUNS or (state.relation and same_person(state.relation, helped)):
            by_themselves(state)
        elif own or state.relation or means_oneself(state.said):
            await self._states.forget_helped(conversation)
            await self._parts.identity.end(conversation)
            return [say("own_proof_first", who=polite(helped))]
        elif state.kind in ("query", "file"):
            state.beside = helped
            return [say("still_theirs", who=polite(helped))]
        return []

    async def helps(self, conversation: str) -> bool:
        """Whether who is proven here is not whose conversation it is, but somebody they help."""
        return bool(await self._helped(conversation))

    def _narrow(self, state: State, before: str) -> None:
        """Which of the kinds that may be meant was told before: "我在苏州打工", then "给我备个案"."""
        kinds = [self._parts.items.items[one] for one in state.offered]
        if before and (kind := self._parts.items.among(kinds, before)):
            state.what, state.offered = kind.id, []

    async def _taken_up(self, conversation: str, parked: State, words: str) -> Answer:
        """What was put off in this conversation, with all that was told of it."""
        parked.parked, parked.told = False, {}
        parked.heard += [words] if words else []
        return await self._go(conversation, parked, Move(to="start"))

    async def hear(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        transcript: Sequence[tuple[str, str]] = (),
        *,
        typed: str = "",
        is_spoken: bool = False,
        guesses: Guesses = NO_GUESSES,
    ) -> Answer | None:
        """Take the message as an answer to the open question; None when it is none, or nothing is open.

        `transcript`: the last turns as (who, text), already masked. `typed`: the words before they were made
        simplified ones, "" where they are the same. `is_spoken`: recognised, so that they may have been misheard.
        """
        state = await self._states.get(conversation)
        if state is None:
            return None
        state.transcript = list(transcript)
        text = with_commas(text)
        heard = Heard(text, intent, channel, typed, is_spoken or channel == "phone", guesses.reply_to(text))
        if heard.wants_person:
            return None
        if state.stage in stages.BEFORE_PROOF and only_asks_rules(text):
            await self._states.drop(conversation)
            return Answer([say("policy_instead")], waits=False)
        if state.stage in stages.BEFORE_PROOF and question_of_rules(text):
            await self._states.drop(conversation)
            return None
        # In a filing, a number may be a telephone's.
        is_of_who = state.stage in stages.BEFORE_PROOF or "身份" in heard.text
        asked_who = state.stage in stages.OF_WHO
        deletes = stance.asks_to_forget(heard.text) or (asked_who and stance.only_says_delete(heard.bare))
        if deletes and is_of_who:
            return Answer([await self.forget(conversation)], waits=False)
        if state.relation and state.stage in stages.OF_THEM and tells_of_death(heard.text):
            await self._states.drop(conversation)
            return Answer([say("condolence"), say("they_died")], waits=False, offer_person=True)
        if heard.refused_by_them(of_them=state.stage in stages.THEY_ARE_ASKED) or refusing.helped_refuses(state, heard):
            if other := refusing.somebody_else(state, heard):
                return await self._wait(conversation, state, [other, *state.asking])
            return Answer(await self._leaving.refused(conversation, state), waits=False)
        if state.beside and says_own(heard) and await self._helped(conversation):
            state.beside, state.filing = "", None  # what was begun waits for whose it is
            said = await self._for_whom(conversation, state, own=True)
            return await self._go(conversation, state, Move(said, to="start"))
        if state.stage in stages.KIND_ASKED and state.relation and told_beforehand(heard.text) is not None:
            state.said = f"{state.said}，{heard.text}"  # whether they are there: asked about with who they are
        if turned := await self._is_theirs(conversation, state, heard):
            return turned
        if state.relation and state.kind in ("query", "file"):
            if says_own(heard) and not state.unclear_id:
                for_oneself(state)
                return await self._go(conversation, state, Move([say("for_oneself")], to="start"))
            if says_they_act(heard) and (theirs := await self._proven_as(conversation, state.relation)):
                for_oneself(state)
                in_their_name = say("in_their_name", name=mask_name(theirs.name))
                return await self._go(conversation, state, Move([in_their_name], to="start"))
        if instead := order.other_first(state, heard.text, self._parts.items):
            return await self._go(conversation, instead[0], Move([instead[1]], to="start"))
        stops = heard.drops or (heard.puts_off and not proof.is_looking(heard))
        stops = stops or await self._takes_back_this(conversation, state, heard)
        if stops and (dropped := await self.half_done(conversation, channel, text)):
            return await self._wait(conversation, state, [*dropped.replies, *state.asking])
        if state.kind == "file" and await self._means_handed_in(conversation, state, text):
            return await self.begin(conversation, channel, "withdraw_filing", text)
        may_stop = state.kind not in _NOT_STOPPED and state.stage != stages.LAST_QUESTION
        if stops and may_stop and not heard.names_a_mistake and not await self._takes_from_list(state, heard):
            return await self._stopped(conversation, state, heard)
        where = await self._aside(state, heard, asides.where)
        if noted := where or await self._read_out(conversation, state, heard):
            return await self._wait(conversation, state, [noted, *state.asking])
        has_half = proof.notes_half(state, heard)
        tells = told_besides.tells(state, heard)
        if heard.only_nods and (state.repeats or state.missed) and state.stage in stages.COMMITS_ON:
            # It may be for what came between.
            return await self._wait_with(conversation, state, stages.COMMITS_ON[state.stage])
        try:
            step = self._steps[state.stage]
            move = await step.hear(conversation, state, replace(heard, text=tells.rest)) if tells.rest else None
        except ServiceError as error:
            return await self._failed(conversation, state, error)
        state.corrected = _corrected(state, move)
        if move is None and stops and not heard.names_a_mistake:
            return await self._stopped(conversation, state, heard)
        if tells.words:
            state.heard.append(tells.words)
        if move is not None:
            state.missed = state.missed + 1 if move.refused else 0
            if state.missed >= len(MISHEARD) and state.stage != stages.WHO:
                move = replace(move, replies=[*move.replies, say("refused_person")])
            asked = await self._go(conversation, state, move)
            return replace(asked, question=move.question)
        if aside := await self._aside(state, heard, asides.while_open):
            return await self._wait(conversation, state, [aside, *state.asking])
        number = id_number_in(text)
        if number and state.stage in stages.KIND_ASKED and not await self._parts.identity.proven(conversation):
            state.mentioned_id = state.mentioned_id or number
            return await self._go(conversation, state, Move(to="start"))  # who they are first, then which kind
        if besides := told_besides.acknowledged(state, heard, tells.words, self._parts.items, self._today()):
            return await self._wait(conversation, state, [*besides, *state.asking])
        if has_half:
            noted = say("id_part_noted", given=len(state.mentioned_part))
            return await self._wait(conversation, state, [noted, *state.asking])
        if proof.is_looking(heard):
            return await self._wait_with(conversation, state, "take_your_time")
        if gathering.only_tells(state, heard):
            return await self._wait_with(conversation, state, "heard_later")
        if heard.is_yes and not heard.digits and state.stage in stages.YES_IS_NO_ANSWER:
            return await self._agreed_only(conversation, state)
        if number and not state.mentioned_id:
            state.mentioned_id = number
            return await self._wait_with(conversation, state, "id_noted")
        if heard.seems_to_drop and not heard.asks or stance.declines(heard.bare):
            told = await self._leaving.stop(conversation, state, later=True)  # a guess deletes nothing
            return Answer(told, waits=False)
        if no_answer.wants_else(state, heard, guesses, self._parts.items):
            looked_up = await self._looked_up_besides(conversation, state, heard)
            return looked_up or await self.begin(conversation, channel, intent, text, guesses=guesses)
        if nothing := await self._no_answer(conversation, state, heard):
            return nothing
        if tells.words:
            await self._states.put(conversation, state)  # what was told besides a question stays
        return None

    async def _agreed_only(self, conversation: str, state: State) -> Answer:
        """ "好的" and no answer yet: asked once more. Who they are is not asked a third time, and then let go."""
        if state.stage != stages.WHO or state.partial:
            state.repeats += state.stage != "what_item"  # counted where it is asked
            if state.repeats > MOST_REPEATS and state.stage != "what_item" and state.asking:
                return await self._wait(conversation, state, [waiting(state.asking[-1])])
            return await self._wait_with(conversation, state, "go_on_plain")
        state.nagged += 1
        if state.nagged <= proof.MOST_NAGGED:
            return await self._wait_with(conversation, state, "go_on_plain")
        if state.nagged == proof.MOST_NAGGED + 1:
            return await self._wait(conversation, state, [say("id_when_ready")])
        return Answer(await self._leaving.stop(conversation, state, later=True), waits=False)

    async def _no_answer(self, conversation: str, state: State, heard: Heard) -> Answer | None:
        """To what was most likely meant to answer nothing; None where it may be a question or about something else."""
        if said := no_answer.replies(state, heard, self._parts.items):
            return await self._wait(conversation, state, said)
        if no_answer.drops(heard) and await self._leaving.has_answers(state):
            return await self._go(conversation, state, Move(to=stages.LAST_QUESTION))
        if no_answer.leaves(heard):
            return Answer(await self._leaving.stop(conversation, state, later=True), waits=False)
        return None

    async def _proven_as(self, conversation: str, relation: str) -> Person | None:
        """Who is proven, where they can be the one to be helped: a son who proved himself is nobody's mother."""
        person = await self._parts.identity.proven(conversation)
        return person if person and fits_sex(relation, person.id_number) else None

    async def dropped(self, conversation: str, channel: str, text: str, *, just_kept: bool = False) -> Answer | None:
        """ "不报了" when nothing is open, and something was just handed in: may mean that. None when it cannot.

        `just_kept`: they were just told that a filing is kept; "删掉" is said of that one.
        """
        if just_kept and stance.decides_to_drop(text) and (draft := await self._leaving.unfinished(conversation)):
            return Answer([await self._leaving.cancel(conversation, draft)], waits=False)
        if not stance.drops(text) or not _NAMES_A_DEED.search(text):
            return None
        person = await self._parts.identity.proven(conversation)
        handed_in = await self._parts.filings.undecided(person.key) if person else []
        if not handed_in or handed_in[0].submitted_on != self._today():
            return None
        return await self._go(conversation, State("withdraw", channel, what="newest", said=text), Move(to="start"))

    def split(self, text: str) -> tuple[str, str, str] | None:
        """A question of policy and a wish in one sentence: (question, the wish's intent, wish)."""
        return question_and_wish(text, self._parts.items)

    def wish(self, text: str, learnt: str = "", guesses: Guesses = NO_GUESSES) -> Wish | None:
        """What a message may be a wish for, by its own words; whatever the engine took it for. Where they name
        nothing, by what was learnt of the intent `learnt`."""
        return wished(text, self._parts.items) or learnt_wish(learnt, guesses.matter(learnt, text), self._parts.items)

    async def drug(self, conversation: str, channel: str, text: str) -> Answer | None:
        """What the catalogue says of the drug a question names; None when it names none, or there is no catalogue."""
        name = drug_asked(text)
        try:
            if not name or await self._parts.core.drugs(name) is None:
                return None
        except ServiceError as error:
            return Answer([Reply(error.citizen_text)], waits=False, offer_person=True)
        return await self.begin(conversation, channel, "query_mine", text)

    async def about(self, conversation: str, text: str) -> Reply | None:
        """The answer to "要等多久" or "然后呢" about what this conversation just handed in; None for anything else."""
        person = await self._parts.identity.proven(conversation)
        handed_in = await self._parts.filings.undecided(person.key) if person else []
        if not handed_in or handed_in[0].submitted_on != self._today():
            return say("not_handed_in") if asides.fears_it_is_handed_in(text) else None
        told = asides.what_was_done(handed_in, text, self._today())
        return told or asides.after_handing_in(handed_in[0], text)

    async def forget(self, conversation: str) -> Reply:
        """Nothing of who they are is kept any longer here: "我身份证号你删了吧"."""
        is_held = await self._states.get(conversation) or await self._parts.identity.proven(conversation)
        await self.leave(conversation)
        return say("number_forgotten" if is_held else "number_not_held")

    async def stop(self, conversation: str, *, later: bool = False) -> list[Reply]:
        """Put it off (`later`) or drop it; a filing that is dropped is forgotten."""
        state = await self._states.get(conversation)
        return await self._leaving.stop(conversation, state, later=later) if state else [say("paused_plain")]

    def picked_up(self, conversation: str, caller: str | None) -> None:
        """A call begins; `caller` is the number the line gave, if it gave one."""
        self._cut_off.picked_up(conversation, caller)
        if caller and is_phone(caller):
            self._parts.identity.picked_up(conversation, caller)

    async def hung_up(self, conversation: str, *, handed_over: bool = False) -> None:
        """The line went dead: who was in the middle of a filing or a query is called back (every contact not finished
        is a ticket), unless it went to a person; then it is over as after a goodbye."""
        try:
            state = await self._states.get(conversation)
            if state is not None and state.filing:
                await self._leaving.call_back(conversation, state)
            elif not handed_over:
                await self._cut_off.hung_up(conversation, state)
        finally:
            self._cut_off.over(conversation)
            self._parts.identity.hung_up(conversation)
            await self.leave(conversation)

    async def take_back(self, conversation: str) -> None:
        """The message that began what is open was only the first half of one: nothing was begun. A filing that has
        come so far that it is kept stays."""
        state = await self._states.get(conversation)
        if state is not None and not state.filing:
            await self._states.drop(conversation)

    async def leave(self, conversation: str) -> None:
        """The conversation is over: proof ends, the filing waits for the next contact."""
        self._cut_off.settled(conversation)
        await self._states.drop(conversation)
        await self._states.forget_helped(conversation)
        await self._parts.identity.end(conversation)

    async def _stopped(self, conversation: str, state: State, heard: Heard) -> Answer:
        """Put off or dropped in their words; what they want instead is begun."""
        if heard.only_wishes_to_drop and await self._leaving.has_answers(state):
            return await self._go(conversation, state, Move(to=stages.LAST_QUESTION))
        told = await self._leaving.stop(conversation, state, later=not heard.drops_only or heard.only_wishes_to_drop)
        wanted = goal(heard.intent, heard.text, heard.channel, self._parts.items) if heard.intent in _WISHES else None
        if wanted is None or not wanted.what or same_errand(state, wanted):
            return Answer(told, waits=False)
        return await self.begin(conversation, heard.channel, heard.intent, heard.text)


_NOT_STOPPED = ("withdraw", "revoke")
"""There a word of not wanting it ("不用他了") is what it is about."""
_NAMES_A_DEED = re.compile(r"[办交报备申请弄]|取消|撤")
_WISHES = frozenset(("query_mine", "file_item"))


def _corrected(state: State, move: Move | None) -> int:
    """What `State.corrected` is after a move: a correction made at once counts for the next message, one that has to
    be asked for again until it is answered."""
    goes_back = move is not None and move.to == "field" and state.stage in stages.READ_BACK
    if goes_back and move is not None and not move.corrects:
        return 2
    return 1 if move is not None and move.corrects else max(0, state.corrected - 1)


def _is_taken_up(parked: State, wanted: State) -> bool:
    """What was put off is meant: the same errand, and not a look-up for somebody else."""
    is_for_same = wanted.kind != "query" or same_person(parked.relation, wanted.relation)
    return same_errand(parked, wanted) and is_for_same
