"""Where an errand begins, and comes back to after each thing that was still missing: what, who, for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from base.messages import Button, Reply
from bot.flows.goals import INTENTS, acts_for_somebody, asks_about_rules, goal, note_whose, query_kind
from bot.flows.query.by_code import ByCode
from bot.flows.query.queries import of_conversation
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.core.contract import Person
from casework.filings.filings import Filings
from casework.filings.items import Items
from casework.people.identity import Identity
from casework.tickets.progress import ProgressBoard
from language import id_number
from language.id_number import mask_name

_COMPLAINT = re.compile(r"投诉|举报|建议|意见|表扬")
_ONLY_PROOF = re.compile(r"核[实对]|验证|认证|实名|登[录陆]")


class Start:
    """Asks nothing itself: sends the errand to the step that is missing."""

    def __init__(
        self, identity: Identity, progress: ProgressBoard, filings: Filings, items: Items, by_code: ByCode
    ) -> None:
        self._identity, self._progress, self._filings, self._items = identity, progress, filings, items
        self._by_code = by_code

    async def enter(self, conversation: str, state: State) -> Move:
        if state.kind == "authorise" and state.relation and acts_for_somebody(state.said):
            state.kind = "file"  # they want to act for somebody: what, is asked next
        if state.kind == "withdraw" and _COMPLAINT.search(state.said):
            return Move([say("withdraw_complaint")], to=DONE, offer_person=True)
        if state.kind == "prove" and state.mentioned_id and not _ONLY_PROOF.search(state.said):
            return Move(to="what_for")
        if state.kind in ("query", "file") and not state.what:
            gave_number = state.mentioned_id and not await self._identity.proven(conversation)
            return Move(to="id" if gave_number else f"what_{'query' if state.kind == 'query' else 'item'}")
        if state.what == "drugs":
            return Move(to="drug_name")
        person = await self._identity.proven(conversation)
        if person is None:
            return await self._unproven(conversation, state)
        if self._is_for_other(state):
            return Move(to="whose")
        return await self._ready(person, state)

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        return None

    async def _unproven(self, conversation: str, state: State) -> Move:
        if told := await self._by_code.told(conversation, state, state.said):
            return told
        if state.what == "progress" and (found := await self._progress.of_conversation(conversation)):
            return Move([of_conversation(found)], to=DONE)
        if state.relation and state.what and not self._is_for_other(state):
            state.own_proof = True  # "给俺娘参保": whoever calls may do that
        return Move(to="id")

    def _is_for_other(self, state: State) -> bool:
        if state.kind not in ("query", "file") or not state.relation or state.principal_id:
            return False
        return state.kind == "query" or not self._items.items[state.what].names_person

    async def _ready(self, person: Person, state: State) -> Move:
        if state.kind == "prove":
            return Move([say("proved_only", name=mask_name(person.name))], to=DONE)
        if state.kind == "resume":
            return await self._resume(person, state)
        return Move(
            to={
                "query": "tell",
                "file": "begin_filing",
                "authorise": "agent_id",
                "revoke": "which",
                "withdraw": "withdraw",
            }[state.kind]
        )

    async def _resume(self, person: Person, state: State) -> Move:
        drafts = await self._filings.unfinished(person.key)
        if not drafts:
            return Move([say("nothing_to_resume")], to=DONE)
        draft = drafts[0]
        state.kind, state.what, state.said = "file", draft.item.id, ""
        if draft.agent_key == person.key:
            state.principal_id, state.principal_name = draft.principal_id, ""
        return Move(to="begin_filing")


class WhatFor:
    """An ID number nobody asked for: what do they want? It is used when proof is."""

    def __init__(self, items: Items, today: Callable[[], date]) -> None:
        self._items, self._today = items, today

    async def enter(self, conversation: str, state: State) -> Move:
        try:
            id_number.check(state.mentioned_id, self._today())
        except id_number.IdRefused:
            state.mentioned_id = ""
            return Move([say("wrong_id_not_kept"), say("what_for")])
        return Move([say("id_noted"), say("what_for")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.is_no:
            return Move([say("paused_plain")], to=DONE)
        if heard.intent not in INTENTS:
            return None
        wanted = goal(heard.intent, heard.text, heard.channel, self._items)
        state.kind, state.what, state.offered = wanted.kind, wanted.what, wanted.offered
        state.said, state.surname = wanted.said, wanted.surname
        state.relation = wanted.relation or state.relation
        state.mentioned_id = wanted.mentioned_id or state.mentioned_id
        return Move(to="start")


_NOW = re.compile(
    r"^(?:好|行|中|那|就|[，, ])*(?:现在|马上|接着|这就|一块)(?:就|给我|给俺|帮我)*[办查弄](?:了|吧|呗)*$"
)


class NextWish:
    """The second thing of one sentence, when the first is done."""

    def __init__(self, items: Items) -> None:
        self._items = items

    async def enter(self, conversation: str, state: State) -> Move:
        return Move([say("next_wish", said=re.sub(r"\d{4,}[Xx]?", "", state.next_said))])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.is_no and not state.more:
            return Move([say("paused_plain")], to=DONE)
        if heard.is_no:
            (state.next_intent, state.next_said), state.more = state.more[0], state.more[1:]
            return Move(to="next")
        if not heard.is_yes and not _NOW.match(heard.bare):
            return None
        wanted = goal(state.next_intent, state.next_said, state.channel, self._items)
        more = state.more
        for name in State.__slots__:
            setattr(state, name, getattr(wanted, name))
        if more:
            (state.next_intent, state.next_said), state.more = more[0], more[1:]
        return Move(to="start")


class WhatQuery:
    """Which of the things that can be looked up."""

    async def enter(self, conversation: str, state: State) -> Move:
        return Move([say("what_query")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        state.what = query_kind(heard.text) or ""
        note_whose(state, heard.text)
        return Move(to="start") if state.what else None


_WHAT_IS = re.compile(r"区别|不一样|[啥什]么?意思|不懂|不明白|[啥什]么?(?:叫|是)")
_LOST = re.compile(r"不知道|不清楚|说不[上准清]|算哪[种个]|属于哪|选哪[种个]|哪[种个]合适")


class WhatItem:
    """Which of the things that can be filed; of a group, which kind."""

    def __init__(self, items: Items) -> None:
        self._items = items

    async def enter(self, conversation: str, state: State) -> Move:
        if state.offered:
            offered = [self._items.items[item] for item in state.offered]
            group = self._items.groups[offered[0].group]
            buttons = tuple(Button(item.short, item.short) for item in offered)
            return Move([Reply(group.ask, group.spoken, buttons=buttons)])
        return Move([say("what_item")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        note_whose(state, heard.text)
        if _WHAT_IS.search(heard.text):
            return self._explained(state)
        if asks_about_rules(heard.text) and heard.intent == "ask_policy":
            return None  # "那长期的几个月才算长期" chooses nothing
        if state.offered:
            chosen = self._items.among([self._items.items[item] for item in state.offered], heard.text)
            if chosen:
                state.what, state.offered, state.said = chosen.id, [], f"{state.said}，{heard.text}"
                return Move(to="start")
        named = self._items.named(heard.text)
        if not named or [item.id for item in named] == state.offered:
            return self._explained(state) if _LOST.search(heard.text) else None
        state.what = named[0].id if len(named) == 1 else ""
        state.offered = [] if state.what else [item.id for item in named]
        return Move(to="start")

    def _explained(self, state: State) -> Move | None:
        """For who does not know which: each in plain words; without a group, a person."""
        return Move([explained(self._items, state) or say("what_item_lost")])


def explained(items: Items, state: State) -> Reply | None:
    """The kinds that are offered in plain words; None where none are."""
    group = items.groups[items.items[state.offered[0]].group] if state.offered else None
    if group is None:
        return None
    buttons = tuple(Button(one, one) for one in (items.items[item].short for item in state.offered))
    return Reply(f"{group.explain}您是哪一种？", f"{group.explain}您是哪一种？", buttons=buttons)
