"""An errand under way: from step to step until one waits for an answer, and the open question once more.

What begins one, and what a message means to it, `bot.flows.manager` says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from base.clock import Clock, day_here, utc_now
from base.errors import ServiceError
from base.messages import Reply
from bot.flows import asides, stages, starting
from bot.flows.apply import gathering, listed, withdrawing
from bot.flows.apply.reading_out import asked_back
from bot.flows.bubbles import few
from bot.flows.goals import goal, is_side_by_side
from bot.flows.identify import proof
from bot.flows.identify.whose_matter import turn, turns
from bot.flows.leaving import Leaving
from bot.flows.query.cut_off import CutOff
from bot.flows.small_words import Heard
from bot.flows.state import State, States
from bot.flows.step import DONE, Move
from bot.flows.steps import Parts, steps
from bot.flows.wording import say
from casework.filings.filing import Draft
from casework.filings.items import Item
from language import stance

log = structlog.get_logger()

_MOST_MOVES = 12
"""More steps without a question would be a circle."""
_MOST_KINDS = 2
"""Times that one and the same question for the kind is put."""
MOST_REPEATS = 1
MISHEARD = ("not_understood", "not_understood_again", "not_understood_person")
_MOST_MISHEARD = 5
"""Then it is put off: whoever cannot answer is not asked for ever."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, in at most three bubbles. `waits`: the last reply is a question of ours. `offer_person`: a plain
    yes means a person."""

    replies: Sequence[Reply]
    waits: bool
    offer_person: bool = False
    question: str = ""
    """Asked besides: to be answered before the last reply."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "replies", few(self.replies))


Aside = Callable[[State, Item | None, Draft | None, Heard], Reply | None]


class Running:
    """`now` is passed in so that a test can choose the time."""

    def __init__(self, parts: Parts, now: Clock = utc_now) -> None:
        self._parts = parts
        self._cut_off = CutOff(parts.database, parts.vault, parts.identity, parts.tickets, now)
        self._states = States(parts.database, parts.vault, now)
        self._now = now
        self._leaving = Leaving(parts, self._states, self._today)
        self._steps = steps(parts, self._today)

    def materials(self, text: str) -> Reply | None:
        """What is to be handed in for the one item that is named, where the words ask for that; None for anything
        else. Where no document says it, our own list does: whoever files here is asked for it."""
        named = self._parts.items.named(text)
        if len(named) != 1 or not named[0].materials or not asides.asks_for_materials(text):
            return None
        return say("needs_materials_here", name=named[0].name, names="、".join(named[0].materials))

    async def asking(self, conversation: str, *, in_between: bool = False) -> list[Reply]:
        """The open question, once more; nothing when nothing is open. `in_between`: it was not asked for, but follows
        something else: then it is not put a third time in the same words, and who they are is let go. Proof that has
        ended meanwhile is asked for again first: the question may hold what only its owner may read."""
        state = await self._states.get(conversation)
        if state is None:
            return []
        if not in_between:
            return await self._asking(conversation, state)
        if state.stage == stages.WHO and not state.partial:
            state.nagged += 1
            if state.nagged > proof.MOST_NAGGED:
                await self._states.drop(conversation)
                return []
        state.repeats += 1
        await self._states.put(conversation, state)
        asked = await self._asking(conversation, state)
        if state.repeats <= MOST_REPEATS or not asked:
            return asked
        return [waiting(asked[-1])]  # the same sentence is not said a third time

    async def is_open(self, conversation: str) -> bool:
        """Whether a question of an errand waits for its answer."""
        return await self._states.get(conversation) is not None

    async def misheard(self, conversation: str) -> list[Reply]:
        """What was said was no answer: said so, with another way on each time, and the open question once more;
        nothing when nothing is open."""
        state = await self._states.get(conversation)
        if state is None:
            return []
        state.missed += 1
        await self._states.put(conversation, state)
        if state.missed > _MOST_MISHEARD:
            return await self._leaving.stop(conversation, state, later=True)
        if state.missed > len(MISHEARD) and state.asking:
            return [waiting(state.asking[-1])]
        sorry = say(MISHEARD[min(state.missed, len(MISHEARD)) - 1])
        if state.stage == stages.WHO and state.missed > proof.MOST_NAGGED:  # not the same question a third time
            return [replace(sorry, buttons=say("ask_id").buttons + say("not_understood_person").buttons)]
        return [sorry, *await self._asking(conversation, state)]

    async def _asking(self, conversation: str, state: State) -> list[Reply]:
        try:
            if state.stage in stages.BEFORE_PROOF or await self._parts.identity.proven(conversation):
                told = gathering.acknowledged(state, self._parts.items, self._today())
                if told:
                    await self._states.put(conversation, state)
                return [*told, *state.asking]
        except ServiceError as error:
            return [Reply(error.citizen_text)]
        return list((await self._go(conversation, state, Move(to="start"))).replies)

    def _today(self) -> date:
        return day_here(self._now())

    async def _go(self, conversation: str, state: State, move: Move) -> Answer:
        """From step to step, until one waits for an answer or the errand is done."""
        said: list[Reply] = []
        asks_anew = False
        try:
            for _ in range(_MOST_MOVES):
                said += move.replies
                if move.to == DONE:
                    return await self._done(conversation, state, said, move)
                if not move.to:
                    return await self._wait(conversation, state, said, asks_anew=asks_anew)
                if move.to == "start" and state.beside:
                    await self._note_helped(conversation, state.beside)
                state.stage = move.to
                offers = move.offers
                move = await self._steps[state.stage].enter(conversation, state)
                state.offered = list(offers) or state.offered
                state.asking, state.repeats, asks_anew = list(move.replies[-1:]) or state.asking, 0, True
        except ServiceError as error:
            return await self._failed(conversation, state, error)
        raise RuntimeError(f"errand goes in circles at {state.stage}")

    async def _note_helped(self, conversation: str, relation: str) -> None:
        if person := await self._parts.identity.proven(conversation):
            await self._states.note_helped(conversation, relation, person.id_number)

    async def _helped(self, conversation: str) -> str:
        """The relation of who is proven here, where they acted with the caller's help; "" where the caller is proven
        themselves, or nobody is."""
        relation, number = await self._states.helped(conversation)
        person = await self._parts.identity.proven(conversation) if relation else None
        return relation if person and person.id_number == number else ""

    async def _wait_with(self, conversation: str, state: State, key: str) -> Answer:
        """Said in between; the open question stands."""
        return await self._wait(conversation, state, [say(key), *state.asking])

    async def _wait(self, conversation: str, state: State, said: list[Reply], *, asks_anew: bool = False) -> Answer:
        """What was told besides is acknowledged first."""
        said = [*gathering.acknowledged(state, self._parts.items, self._today()), *said]
        if state.stage == "what_item" and state.asking and said[-1] == state.asking[-1]:
            state.repeats += 1
            if state.repeats > _MOST_KINDS:  # in plainer words, and then not again as it is
                plainer = starting.explained(self._parts.items, state) if state.repeats == _MOST_KINDS + 1 else None
                said = [*said[:-1], plainer or waiting(state.asking[-1])]
        if state.stage in stages.COMMITS_ON and not asks_anew:
            # A nod may be for what was said in between: it hands nothing in.
            state.repeats += 1
        await self._states.put(conversation, state)
        return Answer(said, waits=True)

    async def _done(self, conversation: str, state: State, said: list[Reply], move: Move) -> Answer:
        await self._states.drop(conversation)
        if state.stage == stages.WHO and move.offer_person and state.kind in ("query", "file"):
            state.parked, state.missed, state.nagged, state.repeats = True, 0, 0, 0  # the number may still be found
            await self._states.put(conversation, state)
        if state.kind == "query" and state.stage in stages.ANSWERS and not move.offer_person:
            await self._cut_off.answered(conversation, state)
        if state.next_intent and not move.offer_person and state.stage != "next":
            return await self._go_on(conversation, state, said)
        if state.kind in ("query", "prove") and not move.offer_person:
            said = await self._left_over(conversation, said)
        return Answer(said, waits=False, offer_person=move.offer_person)

    async def _go_on(self, conversation: str, done: State, said: list[Reply]) -> Answer:
        """To the other thing they wanted, instead of asking what else there is."""
        if said and said[-1] == say("anything_else"):
            said = said[:-1]
        wanted = goal(done.next_intent, done.next_said, done.channel, self._parts.items)
        is_asked = done.kind == wanted.kind == "query" and is_side_by_side(done.next_said)
        if is_asked and not (done.relation or wanted.relation or await self._helped(conversation)):
            if done.more:
                (wanted.next_intent, wanted.next_said), wanted.more = done.more[0], done.more[1:]
            return await self._go(conversation, wanted, Move(said, to="start"))
        after = State(done.kind, done.channel, next_intent=done.next_intent, next_said=done.next_said, more=done.more)
        return await self._go(conversation, after, Move(said, to="next"))

    async def _left_over(self, conversation: str, said: list[Reply]) -> list[Reply]:
        """Who has a filing half done is reminded of it, once what they wanted was said."""
        begun = await self._leaving.unfinished(conversation)
        if begun is None:
            return said
        reminder = say("left_over", name=begun.item.name)
        spoken = say("left_over", name=begun.item.spoken).to_say
        return [*said[:-1], Reply(reminder.text, spoken)] if len(said) > 1 else [*said, Reply(reminder.text, spoken)]

    async def _aside(self, state: State, heard: Heard, answer: Aside) -> Reply | None:
        """A question about the errand itself."""
        draft = await self._parts.filings.get(state.filing) if state.filing else None
        return answer(state, self._parts.items.items.get(state.what), draft, heard)

    async def _is_theirs(self, conversation: str, state: State, heard: Heard) -> Answer | None:
        """Their own errand turns out to be a relative's: it is begun anew for them. None where it stays their own.

        What was told before is forgotten where it is said to be not the speaker's, or is what is told of the relative
        now; else it waits in the speaker's name.
        """
        if state.stage == "whose_matter" or self._names_person(state):
            return None
        draft = await self._parts.filings.get(state.filing) if state.filing else None
        field = draft.item.next_field(draft.answers) if draft else None
        is_birth = field is not None and (field.id == "born" or (draft and draft.item.group == "maternity"))
        theirs = turns(state, heard, field.kind if field and state.stage == "field" and not is_birth else "")
        if theirs is None:
            return None
        if not theirs.is_clear:
            state.maybe, state.heard = theirs.who, [heard.text]
            return await self._go(conversation, state, Move(to="whose_matter"))
        if draft and draft.answers:
            told = gathering.gathered(draft.item, [heard.text], self._today())
            if theirs.denies_own or any(draft.answers.get(one) == value for one, value in told.items()):
                await self._leaving.cancel(conversation, draft)
        return await self._go(conversation, state, turn(state, theirs.who, heard.text, is_begun=draft is not None))

    async def _takes_back_this(self, conversation: str, state: State, heard: Heard) -> bool:
        """ "撤回刚才那个" in the middle of a filing, where nothing else was handed in that it could mean."""
        if heard.intent != "withdraw_filing" or state.kind != "file" or heard.asks:
            return False
        person = await self._parts.identity.proven(conversation)
        return person is None or not await self._parts.filings.undecided(person.key)

    async def _means_handed_in(self, conversation: str, state: State, text: str) -> bool:
        """ "苏州备案撤回" while something else is filed: what was handed in is named, and not what is open now."""
        if not stance.takes_filing_back(text):
            return False
        handed_in, begun = await withdrawing.theirs(self._parts.identity, self._parts.filings, conversation, text)
        meant = withdrawing.meant(text, [*handed_in, *begun])
        return bool(meant) and all(one in handed_in for one in meant)

    async def half_done(self, conversation: str, channel: str, text: str) -> Answer | None:
        """ "不办转移了，那个办一半的取消掉": what was begun and is named, or is the only one half done, is dropped;
        asked about where they only do not want it. Not what is open now. None where they mean nothing of the kind."""
        if not withdrawing.drops_begun(text):
            return None
        state, parked = await self._states.get(conversation), await self._states.parked(conversation)
        item = self._parts.items.items.get(parked.what) if parked is not None and parked.kind == "file" else None
        if item is not None and (item.words.search(text) or withdrawing.names_half_done(text)):
            await self._states.drop(conversation)
            return Answer([_dropped(item)], waits=False)
        handed_in, begun = await withdrawing.theirs(self._parts.identity, self._parts.filings, conversation, text)
        meant = withdrawing.meant(text, [*begun, *handed_in])
        if len(meant) != 1 or meant[0] not in begun or (state is not None and meant[0].id == state.filing):
            return None
        [draft] = meant
        if withdrawing.names_a_part(text, draft):  # "冠心病不要了" of several that are noted: it is not dropped whole
            return None
        if withdrawing.cancels(text):
            told = await self._leaving.cancel(conversation, draft)
            return Answer([_dropped(draft.item) if told == say("cancelled") else told], waits=False)
        asked = State("withdraw", channel, filing=draft.id)
        return await self._go(conversation, asked, Move(to=stages.LAST_QUESTION)) if state is None else None

    def _names_person(self, state: State) -> bool:
        item = self._parts.items.items.get(state.what)
        return item is not None and item.names_person

    async def _takes_from_list(self, state: State, heard: Heard) -> bool:
        """ "糖尿病那个不办了" takes one of several away, and gives up nothing."""
        draft = await self._parts.filings.get(state.filing) if state.filing else None
        kept = [(field, draft.answers.get(field.id)) for field in draft.item.fields] if draft else []
        return any(value and listed.changed(field, value, heard.text) for field, value in kept)

    async def _read_out(self, conversation: str, state: State, heard: Heard) -> Reply | None:
        """What is noted of a filing, to who asks for it. Of one that has begun only to who is proven."""
        items = self._parts.items
        kinds = [items.items[one] for one in (state.what, *state.offered) if one in items.items]
        draft = await self._parts.filings.get(state.filing) if state.filing else None
        if state.kind != "file" or not kinds:
            return None
        if draft is None:
            noted = gathering.of_state(state, items, self._today()) if state.stage in gathering.STAGES else {}
            return asked_back(noted, [field for item in kinds for field in item.asked({})], heard.bare)
        if await self._parts.identity.proven(conversation) is None:
            return None
        asked = list(draft.item.asked(draft.answers))
        noted = {one.id: (one, draft.answers[one.id]) for one in asked if one.id in draft.answers}
        return asked_back(noted, asked, heard.bare)

    async def _looked_up_besides(self, conversation: str, state: State, heard: Heard) -> Answer | None:
        """Something of their own looked up in the middle of a filing, and the filing goes on. None where it has not
        begun, or what is looked up has to be asked about first."""
        wanted = goal(heard.intent, heard.text, heard.channel, self._parts.items)
        if wanted.kind != "query" or wanted.relation or wanted.mentioned_id or wanted.what in ("", "drugs"):
            return None
        if not state.filing or await self._helped(conversation):
            return None
        if await self._parts.identity.proven(conversation) is None:
            return None
        try:
            told = await self._steps["tell"].enter(conversation, wanted)
        except ServiceError as error:
            return await self._wait(conversation, state, [Reply(error.citizen_text), *state.asking])
        replies = [one for one in told.replies if one != say("anything_else")]
        return await self._wait(conversation, state, [*replies, *state.asking])

    async def take_picture(self, conversation: str, channel: str, picture: bytes) -> list[Reply] | None:
        """A picture sent in the conversation is material for the filing talked about, or the newest that may want
        some; None when there is none, or nobody is proven. Whoever speaks must still be allowed to act in it."""
        person = await self._parts.identity.proven(conversation)
        if person is None:
            return None
        state = await self._states.get(conversation)
        talked_about = state.filing if state else None
        filing = talked_about or await self._parts.filings.newest_open(person.key)
        if filing is None:
            return None
        if not await self._parts.filings.may_act(person.key, filing):
            return [say("authority_ended")]
        try:
            taken = await self._parts.materials.add(filing, picture, channel=channel)
        except ServiceError as error:
            return [Reply(error.citizen_text)]
        return [say("picture_taken", name=taken.item.name, count=taken.count)]

    async def _failed(self, conversation: str, state: State, error: ServiceError) -> Answer:
        """Something outside failed: said, a person offered; what was answered in a filing is kept."""
        log.warning("errand_failed", code=error.code)
        self._cut_off.failed(conversation, state)
        await self._states.drop(conversation)
        return Answer([Reply(error.citizen_text)], waits=False, offer_person=True)


def waiting(asked: Reply) -> Reply:
    """In place of a question that was put often enough; its buttons stay."""
    waiting = say("still_waiting")
    return replace(waiting, buttons=(*asked.buttons, *waiting.buttons))


def _dropped(item: Item) -> Reply:
    told, spoken = (say("half_done_dropped", name=name) for name in (item.name, item.spoken))
    return Reply(told.text, spoken.to_say)
