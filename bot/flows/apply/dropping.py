"""What was answered in a filing is forgotten: at once when they say so, after one question when they only wish it.

"不办了" decides. "俺不想弄这个了" may be a sigh over the tenth question, and what it cost to answer them is not undone
on a sigh.
"""

from __future__ import annotations

import re

from base.messages import Reply
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.filings.filing import Draft
from casework.filings.filing import State as FilingState
from casework.filings.filings import Filings
from casework.people.authorisations import Authorisations
from casework.people.identity import Identity

_KEEPS = re.compile(
    r"(?<![不别甭])(?<!不[用要])(?:留|先?放[着一]|存|保留)|[别甭不](?:[要用想])?(?:删|清|作废|取消|扔)|下次|下回|以后|改天"
)
_FORGETS = re.compile(
    r"(?<![别甭不])(?<!不[要用想])(?:删|清[掉空了除]|作废|取消|扔)|[不别甭][要用]?再?[留存]|不要了|都不要"
)
_GOES_ON = re.compile(r"接着|继续|还是办|办完|往下|[不别甭](?:用|要|必|想)?(?:再)?(?:撤|取消)(?!不)")


class KeepOrForget:
    """Not on with it: is what was answered kept for the next time, or forgotten?"""

    def __init__(self, identity: Identity, authorisations: Authorisations, filings: Filings) -> None:
        self._identity, self._authorisations, self._filings = identity, authorisations, filings

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._filings.get(state.filing) if state.kind == "withdraw" and state.filing else None
        if draft is None:
            return Move([say("keep_or_forget")])
        asked, spoken = (say("keep_or_forget_named", name=name) for name in (draft.item.name, draft.item.spoken))
        return Move([Reply(asked.text, spoken.to_say, buttons=asked.buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        """A plain yes answers neither of the two, and keeps: nothing is undone by it."""
        draft = await self._filings.get(state.filing) if state.filing else None
        if _GOES_ON.search(heard.text) or heard.intent == "resume_errand":
            state.kind, state.what = "file", draft.item.id if draft else state.what
            return Move(to="field")
        keeps = _KEEPS.search(heard.text) or heard.puts_off
        forgets = _FORGETS.search(heard.text) or heard.drops
        if not (heard.is_yes or heard.is_no) and (heard.asks or not (keeps or forgets)):
            return None
        if keeps or not forgets or draft is None or draft.state is not FilingState.DRAFT:
            return Move([say("paused")], to=DONE)
        return Move([await forget(self._identity, self._authorisations, self._filings, conversation, draft)], to=DONE)


async def forget(
    identity: Identity, authorisations: Authorisations, filings: Filings, conversation: str, draft: Draft
) -> Reply:
    """In the name of whoever speaks; it waits when nobody is proven, or they may not act any more."""
    person = await identity.proven(conversation)
    if person is None:
        return say("paused_plain")
    if person.key == draft.principal_key:
        await filings.cancel(draft, agent=None, authorisation=None)
        return say("cancelled")
    authorisation = await authorisations.allowed(person.key, draft.principal_key, draft.item.id)
    if authorisation is None:
        return say("authority_ended")
    await filings.cancel(draft, agent=person, authorisation=authorisation)
    return say("cancelled")
