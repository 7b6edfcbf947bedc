"""“撤回”: what was handed in is taken back, after one question; the core system is told, staff need do nothing."""

from __future__ import annotations

import re
from typing import Protocol

from base.errors import ServiceError
from base.messages import Button, Reply
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.filings.fields import shown
from casework.filings.filing import Draft
from casework.filings.filings import Filings
from casework.filings.items import Items
from casework.people.identity import Identity
from casework.tickets.history import CITIZEN
from language import stance
from language.places import read_city

_JUST_NOW = re.compile(r"刚才|刚刚|刚交|才交|这个|这件")
_WITHDRAWS = re.compile(r"(?<!(?<!要)不)(?<!别)撤(?!.{0,3}(?:吗|么|[？?]))")
_AUXILIARY = r"(?:用|想|要|能|打算|准备|着急|急着|忙|再|给|我|俺|咱|说|是|必|必要|需要|先|就|想要|让|叫|你们?|恁)"
_KEEPS = re.compile(rf"(?<!要)(?:不|没|别|甭){_AUXILIARY}{{0,4}}[撤扯测]|留着|^(?:别|不){{2,}}")
"""A word of not taking it back, anywhere in the sentence: then it stays."""
_PLACES = ("city", "city_away")
_ONLY_THIS = re.compile(r"(?:只|光|就)(?:是)?(?:要|想)?撤[^，,。；; ]+")
_MOST = 3
_NUMBERS = "一二三"
_REASON = "本人要求撤回"


class Withdraws(Protocol):
    """`casework.filings.desk.Desk`."""

    async def withdraw(self, ticket_number: str, *, reason: str, by: str) -> None:
        """Raises Decided, NotFound, CoreUnavailable."""
        ...


class WhichWithdrawn:
    """The one that was just handed in, or named; of several, which."""

    def __init__(self, identity: Identity, filings: Filings, items: Items) -> None:
        self._identity, self._filings, self._items = identity, filings, items

    async def enter(self, conversation: str, state: State) -> Move:
        found = await self._open(conversation)
        if not found:
            return Move([say("nothing_to_withdraw")], to=DONE, offer_person=True)
        named = {item.id for item in self._items.named(state.said)}
        found = [one for one in found if one.item.id in named] or found
        if len(found) == 1 or _JUST_NOW.search(state.said) or state.what == "newest":
            state.filing = found[0].id
            return Move(to="confirm_withdraw")
        shown = found[:_MOST]
        state.offered = [str(one.id) for one in shown]
        lines = [f"{number}，{one.item.name}（{one.ticket}）" for number, one in zip(_NUMBERS, shown, strict=False)]
        spoken = "，".join(f"{one.item.spoken}，按{number}" for number, one in zip(_NUMBERS, shown, strict=False))
        asked = say("which_to_withdraw", list="\n".join(lines), list_spoken=spoken)
        buttons = tuple(Button(one.item.name, f"第{number}个") for number, one in zip(_NUMBERS, shown, strict=False))
        return Move([Reply(asked.text, asked.spoken, buttons=buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.is_no and not heard.bare.isdigit() or heard.drops:
            return Move([say("not_withdrawn")], to=DONE)
        match = re.search(rf"([{_NUMBERS}123])", heard.bare)
        if match is None:
            return None
        at = _NUMBERS.find(match[1]) if match[1] in _NUMBERS else int(match[1]) - 1
        if at >= len(state.offered):
            return None
        state.filing = int(state.offered[at])
        return Move(to="confirm_withdraw")

    async def _open(self, conversation: str) -> list[Draft]:
        person = await self._identity.proven(conversation)
        return await self._filings.undecided(person.key) if person else []


class ConfirmWithdraw:
    """What would be taken back is said; done on a clear word only."""

    def __init__(self, filings: Filings, desk: Withdraws) -> None:
        self._filings, self._desk = filings, desk

    async def enter(self, conversation: str, state: State) -> Move:
        draft = await self._filings.get(state.filing) if state.filing else None
        if draft is None or draft.ticket is None:
            return Move([say("nothing_to_withdraw")], to=DONE, offer_person=True)
        asked = say("confirm_withdraw", name=draft.item.name, number=draft.ticket)
        spoken = say("confirm_withdraw", name=draft.item.spoken, number="").to_say
        return Move([Reply(asked.text, spoken, buttons=asked.buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.asks and not heard.is_clear_yes:
            return None
        only = _ONLY_THIS.search(heard.text)  # "只撤改手机号那个，报销的别撤"
        is_this = bool(only) and await self._names(state, only[0] if only else "")
        keeps = stance.keeps_filing(heard.text) or bool(_KEEPS.search(heard.text)) or heard.puts_off
        if (heard.is_no or keeps) and not is_this or (heard.drops and "撤" not in heard.text):
            return Move([say("not_withdrawn")], to=DONE)
        if not heard.is_clear_yes and (not _WITHDRAWS.search(heard.text) or stance.asks_if_withdrawn(heard.text)):
            return None
        draft = await self._filings.get(state.filing) if state.filing else None
        if draft is None or draft.ticket is None:
            return Move([say("nothing_to_withdraw")], to=DONE, offer_person=True)
        if (city := read_city(heard.text, asked=False).city) and city not in draft.answers.values():
            places = "、".join(
                shown(one, draft.answers[one.id])
                for one in draft.item.fields
                if one.kind in _PLACES and one.id in draft.answers
            )
            return Move([say("another_place", city=city, place=places or draft.item.name)])
        try:
            await self._desk.withdraw(draft.ticket, reason=_REASON, by=CITIZEN)
        except ServiceError as error:
            too_late = error.code in ("filing_decided", "ticket_not_found", "ticket_step_refused")
            told = say("withdrawn_too_late") if too_late else Reply(error.citizen_text)
            return Move([told], to=DONE, offer_person=True)
        return Move([say("withdrawn", name=draft.item.name, number=draft.ticket)], to=DONE)

    async def _names(self, state: State, words: str) -> bool:
        """Whether the words name what is asked about."""
        draft = await self._filings.get(state.filing) if state.filing else None
        return draft is not None and bool(draft.item.words.search(words))
