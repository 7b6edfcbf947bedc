"""What every step of a filing begins with: who files and for whom; and what may be taken back in any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from base.messages import Reply
from base.personal_data import Vault
from bot.flows.apply import listed
from bot.flows.apply.correcting import correct, denied, noted, takes_back
from bot.flows.apply.details import restated, told
from bot.flows.apply.intro import another, intro, resumed
from bot.flows.apply.registered import means_registered, with_registered
from bot.flows.small_words import Heard, beside_question, sounds_like_question
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.switching import carried, meant_instead
from bot.flows.wording import say
from casework.core.contract import CoreSystem, Person
from casework.filings.filing import Changed, Draft
from casework.filings.filing import State as FilingState
from casework.filings.filings import Filings
from casework.filings.items import Field, Item, Items
from casework.people.authorisations import Authorisations
from casework.people.identity import Identity
from language import stance
from language.following import asks_supposing
from language.id_number import mask_name
from language.meant import TAKES_BACK


class Parties:
    """Who files and for whom, checked anew at every step: an authorisation may end in the middle."""

    def __init__(self, identity: Identity, authorisations: Authorisations, core: CoreSystem, vault: Vault) -> None:
        self._identity, self._authorisations, self._core, self._vault = identity, authorisations, core, vault

    async def of(self, conversation: str, state: State) -> tuple[Person, Person | None] | None:
        """(principal, agent); None when nobody is proven, or the agent has no authorisation (any more)."""
        asker = await self._identity.proven(conversation)
        if asker is None:
            return None
        if not state.principal_id:
            return asker, None
        key = self._vault.lookup(state.principal_id)
        state.authorisation = await self._authorisations.allowed(asker.key, key, state.what)
        principal = await self._core.person(state.principal_id) if state.authorisation else None
        return (principal, asker) if principal else None


class FilingStep:
    """What the steps of a filing share: they read it anew, and see that whoever speaks may still act."""

    def __init__(self, filings: Filings, parties: Parties, items: Items, today: Callable[[], date]) -> None:
        self._filings, self._parties, self._items, self._today = filings, parties, items, today

    async def _open(self, conversation: str, state: State) -> Draft | Move:
        parties = await self._parties.of(conversation, state)
        if parties is None:
            ended = [say("authority_ended")] if state.principal_id else []
            return Move(ended, to=DONE if state.principal_id else "start")
        if state.principal_id:  # not known yet where a filing is taken up again
            state.principal_name = state.principal_name or mask_name(parties[0].name)
        draft = await self._filings.get(state.filing) if state.filing else None
        if draft is None or draft.state is not FilingState.DRAFT:
            return Move(to="begin_filing")
        return draft

    async def _keep(self, draft: Draft, answers: Sequence[tuple[Field, str]], key: str = "noted") -> list[Reply]:
        """Keep them all, and say so in one sentence. Raises Changed."""
        for field, value in answers:
            draft = await self._filings.answer(draft, field.id, value)
        return [noted(key, answers)] if answers else []

    async def _revised(self, conversation: str, state: State, draft: Draft, heard: Heard) -> Move | None:
        """An answer taken back by its name, or the kind of filing; None when the words do neither."""
        if takes_back(draft, heard.text):
            words = await self._with_registered(conversation, state, heard.text)
            return await correct(self._filings, draft, heard, words, self._today())
        if move := await denied(self._filings, draft, heard, self._today()):
            return move
        other = meant_instead(self._items, draft.item, heard)
        return await self._switch(conversation, state, draft, other, heard.text) if other else None

    async def _told_anew(self, draft: Draft, heard: Heard) -> Move | None:
        """Answers that stand already and are told otherwise, by their name; what is put to a list, or taken from it.
        A question beside it takes nothing away, and is answered."""
        told_here, question = beside_question(heard.text)
        words = told_here or ("" if sounds_like_question(heard.text) else heard.text)
        if not words or asks_supposing(heard.text):
            return None
        try:
            move = await self._listed(draft, words) or await self._restated(draft, words)
        except Changed:
            return Move([say("changed_meanwhile")], to="field")
        return replace(move, question=question) if move else None

    async def _listed(self, draft: Draft, words: str) -> Move | None:
        for field in draft.item.asked(draft.answers):
            now = listed.changed(field, draft.answers[field.id], words) if field.id in draft.answers else None
            if now:
                await self._filings.answer(draft, field.id, now)
                return Move([noted("changed", [(field, now)])], to="field", corrects=True)
            if now is not None:
                await self._filings.forget(draft, field.id)
                return Move([say("asked_again", label=field.label)], to="field")
        return None

    async def _restated(self, draft: Draft, words: str) -> Move | None:
        """With what the same words tell besides."""
        if TAKES_BACK.search(words):
            return None  # read by who corrects
        anew = restated(draft.item, draft.answers, words, self._today())
        changes = [one for one in anew if draft.answers[one[0].id] != one[1]]
        if not changes:
            return None
        replies = await self._keep(draft, changes, "changed")
        now = await self._filings.get(draft.id) or draft
        besides = told(now.item, now.answers, words, self._today())
        return Move([*replies, *await self._keep(now, besides)], to="field", corrects=True)

    async def _says_wrong(self, draft: Draft, heard: Heard) -> Move | None:
        """Where all is read back: which answer is wrong is asked about, and asked anew when nothing but it is named."""
        if heard.begins_anew or stance.says_wrong(heard.bare):
            return Move(to="wrong")
        named = [field for field in draft.item.asked(draft.answers) if field.label == heard.bare]
        if not named:
            return None
        await self._filings.forget(draft, named[0].id)
        return Move(to="field")

    async def _switch(self, conversation: str, state: State, draft: Draft, other: Item, words: str) -> Move:
        """Begin the other kind and drop this one. Who may act for somebody in this one may not in every other."""
        acting = await self._parties.of(conversation, state)
        if acting is None:
            return Move(to="field")  # which says what ended
        await self._filings.cancel(draft, agent=acting[1], authorisation=state.authorisation if acting[1] else None)
        state.what, switched = other.id, say("switched", name=other.name)
        switched = Reply(switched.text, say("switched", name=other.spoken).to_say)
        parties = await self._parties.of(conversation, state)
        if parties is None and state.principal_id:
            state.principal_id, state.relation = "", state.relation or "家人"
        if parties is None:
            return Move([switched], to="start")
        principal, agent = parties
        new = await self._filings.begin(
            other, principal, agent=agent, authorisation=state.authorisation, channel=state.channel
        )
        state.filing = new.id
        if new.state is not FilingState.DRAFT:
            return Move([switched], to="begin_filing")
        opening = await self._opening(principal, new)
        holds = carried(draft, new, words, self._today())
        return Move([switched, *opening, *await self._keep(new, holds)], to="field")

    async def _opening(self, principal: Person, draft: Draft) -> list[Reply]:
        """What stands already, or what it needs; and whether another one of the kind is open."""
        if draft.answers:
            return [resumed(draft)]
        others = await self._filings.handed_in(principal.key, draft.item.id)
        return [*map(another, others[:1]), intro(draft.item)]

    async def _with_registered(self, conversation: str, state: State, words: str) -> str:
        """The words, with the number in them when they mean the registered one."""
        parties = await self._parties.of(conversation, state) if means_registered(words) else None
        asker = (parties[1] or parties[0]) if parties else None
        return with_registered(words, asker.phone) if asker and asker.phone else words
