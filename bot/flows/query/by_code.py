"""A ticket's number and its code in place of proof: for who asks how their complaint goes on and never said who they
are. Takes the two in one sentence, or one after the other."""

from __future__ import annotations

from typing import Protocol

from base.messages import Reply
from bot.flows.identify.proof import AskId
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.tickets.account import Account
from casework.tickets.codes import NotFollowed, TooManyTries, code_in, number_in


class Accounts(Protocol):
    """`casework.tickets.account.TicketAccounts`."""

    async def look(self, number: str, code: str, *, by: str, whence: str) -> Account: ...


class ByCode:
    """Finds number and code in what was said."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def told(self, conversation: str, state: State, text: str) -> Move | None:
        """The account, or that there is none; None when it is not about progress, or not both were said."""
        number, code = number_in(text), code_in(text)
        if state.what != "progress" or not number or not code:
            return None
        return await self.look(conversation, state, number, code)

    async def look(self, conversation: str, state: State, number: str, code: str) -> Move:
        state.partial = ""
        try:
            account = await self._accounts.look(number, code, by=state.channel, whence=conversation)
        except NotFollowed as refused:
            state.partial = number  # the code may have been misheard
            return Move([Reply(refused.citizen_text)], to="id")
        except TooManyTries as locked:
            return Move([Reply(locked.citizen_text)], to=DONE, offer_person=True)
        return Move([account.reply, say("anything_else")], to=DONE)


class IdOrCode:
    """The step that asks for the ID number; who wants to know how something goes on may say number and code instead."""

    def __init__(self, ask_id: AskId, by_code: ByCode) -> None:
        self._ask_id, self._by_code = ask_id, by_code

    async def enter(self, conversation: str, state: State) -> Move:
        if state.what == "progress" and state.partial.startswith("GD"):
            return Move([say("ask_ticket_code_again")])
        if state.what == "progress" and (number := number_in(state.said)):
            state.partial = number
            return Move([say("ask_ticket_code")])
        move = await self._ask_id.enter(conversation, state)
        is_asked_plainly = state.what == "progress" and list(move.replies) == [say("ask_id")]
        return Move([say("ask_id_or_ticket")]) if is_asked_plainly else move

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if state.what == "progress":
            number, code = number_in(heard.text), code_in(heard.text)
            if number and not code:
                state.partial = number
                return Move([say("ask_ticket_code")])
            if not number and state.partial.startswith("GD"):
                number, state.partial = state.partial, ""  # what is no code may be an ID number after all
            if number and code:
                return await self._by_code.look(conversation, state, number, code)
        return await self._ask_id.hear(conversation, state, heard)
