"""What happens to a query or a filing that ends before it is done. Four ways lead here: the citizen puts it off, drops
it, says that the relative it is for does not want it, or the line goes dead.

Answers given so far stay in the filing's draft, and are deleted when the citizen drops it. What was said before there
was a draft stays in the state of the conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from base.errors import ServiceError
from base.messages import Reply
from bot.flows.apply import gathering
from bot.flows.apply.dropping import forget
from bot.flows.identify.relatives import polite
from bot.flows.state import State, States
from bot.flows.steps import Parts
from bot.flows.wording import say
from casework.filings.filing import Draft
from casework.filings.filing import State as FilingState
from casework.tickets.tickets import Kind


class Leaving:
    """What becomes of an open errand that ends without its answer; what is said then."""

    def __init__(self, parts: Parts, states: States, today: Callable[[], date]) -> None:
        self._parts, self._states, self._today = parts, states, today

    async def stop(self, conversation: str, state: State, *, later: bool) -> list[Reply]:
        """Put it off (`later`) or drop it; a filing that is dropped is forgotten."""
        await self._states.drop(conversation)
        draft = await self._draft(state)
        if draft is None:
            return await self._parked(conversation, state, later=later)
        if later:
            return [say("paused")]
        try:
            return [await self.cancel(conversation, draft)]
        except ServiceError as error:
            return [Reply(error.citizen_text)]

    async def refused(self, conversation: str, state: State) -> list[Reply]:
        """The relative it is for does not want it: it ends here, and nothing of it is kept. Where it is the citizen's
        own matter and somebody else is against it (a daughter), it is only put off."""
        if not state.principal_id and not state.relation:
            return await self.stop(conversation, state, later=True)
        await self._states.drop(conversation)
        who = state.principal_name or polite(state.relation)
        draft = await self._draft(state)
        if draft is None:
            return [say("they_refuse", who=who)]
        try:
            told = await self.cancel(conversation, draft)
        except ServiceError as error:
            return [Reply(error.citizen_text)]
        return [say("they_refuse", who=who)] if told == say("cancelled") else [told]

    async def cancel(self, conversation: str, draft: Draft) -> Reply:
        """What was answered in a filing is forgotten."""
        parts = self._parts
        return await forget(parts.identity, parts.authorisations, parts.filings, conversation, draft)

    async def call_back(self, conversation: str, state: State) -> None:
        """The line went dead in the middle of a filing: a ticket asks staff to call them back, one for each item."""
        person = await self._parts.identity.proven(conversation)
        draft = await self._draft(state)
        if person is None or not person.phone or draft is None or not draft.answers:
            return
        if await self._parts.tickets.is_awaited(person.key, draft.item.id):
            return
        await self._parts.tickets.open(
            Kind.CALLBACK,
            channel=state.channel,
            phone=person.phone,
            topic=draft.item.id,
            conversation=conversation,
            person_key=person.key,
        )

    async def unfinished(self, conversation: str) -> Draft | None:
        """The newest filing with answers that was left half done."""
        person = await self._parts.identity.proven(conversation)
        drafts = await self._parts.filings.unfinished(person.key) if person else []
        return next((draft for draft in drafts if draft.answers), None)

    async def has_answers(self, state: State) -> bool:
        """Whether something would be lost if the errand were forgotten."""
        draft = await self._draft(state)
        return draft is not None and bool(draft.answers)

    async def _parked(self, conversation: str, state: State, *, later: bool) -> list[Reply]:
        """What was told is in no filing yet: it waits in the conversation, unless it is to be forgotten."""
        told = gathering.of_state(state, self._parts.items, self._today()) if state.stage in gathering.STAGES else {}
        if not told or not later:
            return [say("paused_plain")]
        state.parked, state.missed, state.nagged, state.repeats = True, 0, 0, 0
        await self._states.put(conversation, state)
        return [say("paused_told")]

    async def _draft(self, state: State) -> Draft | None:
        """The filing that is being made; None when there is none, or it is handed in."""
        draft = await self._parts.filings.get(state.filing) if state.filing else None
        return draft if draft is not None and draft.state is FilingState.DRAFT else None
