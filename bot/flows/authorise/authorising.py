"""The principal lets somebody act for them, or takes it back: in their own proven conversation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from base.messages import Button, Reply
from bot.flows.authorise.until import last_day
from bot.flows.identify.proof import name_for_number, take_id
from bot.flows.identify.relatives import fits_sex, polite, sex_of
from bot.flows.identify.whom import item_names
from bot.flows.matters import matters
from bot.flows.small_words import Heard, read
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.filings.items import Items
from casework.people.authorisation_telling import day
from casework.people.authorisations import ALL, Authorisations, Granted, OneSelf
from casework.people.identity import Identity
from language import stance
from language.calendar.dates import NotADate

LONGEST = timedelta(days=3 * 366)
_KEEPS = re.compile(r"(?:不|别|甭|不要|不用|先别)(?:都|全)?(?:收回|收了|取消|撤)(?!吗|么)")
_ORDINALS = "一二三四五六七八九十"
_THAT_IS_ALL = re.compile(r"就这|没有?别的|没了|没有了|够了|不用了")


class AgentId:
    """Whose hands it is put into. Whether such a person is insured is never told."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today

    async def enter(self, conversation: str, state: State) -> Move:
        return Move([say("ask_agent_id")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        taken = take_id(state, heard, self._today(), again="ask_agent_id_again")
        if taken is None or taken.to != "taken":
            return taken or name_for_number(heard, "这位家人的")
        if not fits_sex(state.relation, state.id_number):
            told, state.id_number = say("not_their_sex", who=polite(state.relation), sex=sex_of(state.id_number)), ""
            return Move([told, say("ask_agent_id_again")], refused=True)
        state.agent_id, state.id_number = state.id_number, ""
        return Move(to="grant_items")


class GrantItems:
    """Which matters: all that are named; what could not be matched is asked for again."""

    def __init__(self, items: Items) -> None:
        self._items = items

    async def enter(self, conversation: str, state: State) -> Move:
        return Move([say("ask_items")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        found = matters(heard.text, self._items)
        if state.items and not found.ids and (heard.is_no or heard.is_yes or _THAT_IS_ALL.search(heard.text)):
            return Move(to="grant_until")
        if not found.ids:
            return None
        state.items = [ALL] if ALL in found.ids else list(dict.fromkeys([*state.items, *found.ids]))
        if found.unclear:
            return Move([say("items_partly", items=item_names(state.items, self._items))])
        return Move(to="grant_until")


class GrantUntil:
    """Until which day: at most three years."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today

    async def enter(self, conversation: str, state: State) -> Move:
        return Move([say("ask_until")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        today = self._today()
        try:
            until = last_day(heard.text, today)
        except NotADate as error:
            return Move([Reply(error.args[0])]) if error.args[0] else None
        if not today <= until <= today + LONGEST:
            return Move([say("until_range")])
        state.until = until.isoformat()
        return Move(to="confirm_grant")


class ConfirmGrant:
    """Read back; in force on a clear word only."""

    def __init__(self, identity: Identity, authorisations: Authorisations, items: Items) -> None:
        self._identity, self._authorisations, self._items = identity, authorisations, items

    async def enter(self, conversation: str, state: State) -> Move:
        tail = state.agent_id[-4:]
        values = {"items": item_names(state.items, self._items), "until": day(date.fromisoformat(state.until))}
        return Move([say("confirm_grant", tail=tail, tail_spoken=read(tail), **values)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.is_no or "不同意" in heard.text:
            return Move([say("grant_dropped")], to=DONE)
        if not heard.is_clear_yes:
            return None
        principal = await self._identity.proven(conversation)
        if principal is None:
            return Move(to="start")
        names, until = item_names(state.items, self._items), date.fromisoformat(state.until)
        try:
            await self._authorisations.grant(principal, state.agent_id, state.items, names, until)
        except OneSelf as error:
            return Move([Reply(error.citizen_text)], to="agent_id")
        return Move([say("granted", until=day(until)), say("anything_else")], to=DONE)


class Which:
    """Which authorisation to end."""

    def __init__(self, identity: Identity, authorisations: Authorisations, items: Items) -> None:
        self._identity, self._authorisations, self._items = identity, authorisations, items

    async def enter(self, conversation: str, state: State) -> Move:
        granted = await self._in_force(conversation)
        if not granted:
            return Move([say("none_to_revoke")], to=DONE)
        state.offered = [str(one.id) for one in granted]
        if len(granted) > 1 and all_are_meant(state.said):
            return _all(state)
        if len(granted) == 1:
            state.chosen = granted[0].id
            return Move(to="confirm_revoke")
        lines = [f"{number}. {one_line(one, self._items)}" for number, one in enumerate(granted, 1)]
        spoken = "，".join(
            f"第{number}个，{one_line(one, self._items)}" for number, one in zip(_ORDINALS, granted, strict=False)
        )
        asked = say("which_to_revoke", list="\n".join(lines), count=len(granted), list_spoken=spoken)
        buttons = tuple(Button(f"第{number}个", f"第{number}个") for number, _ in zip(_ORDINALS, granted, strict=False))
        return Move([Reply(asked.text, asked.spoken, buttons=buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if all_are_meant(heard.text, asked_which=True):
            return _all(state)
        match = re.search(r"第?([一二三四五六七八九十]|\d{1,2})个?", heard.text)
        if not match:
            return None
        number = _ORDINALS.find(match[1]) if match[1] in _ORDINALS else int(match[1]) - 1
        if not 0 <= number < len(state.offered):
            return None
        state.chosen = int(state.offered[number])
        return Move(to="confirm_revoke")

    async def _in_force(self, conversation: str) -> list[Granted]:
        person = await self._identity.proven(conversation)
        return await self._authorisations.of(person.key) if person else []


_ALL_MEANT = re.compile(
    r"(?:都|全部?|全都|统统|一律|一起|所有的?)[^，,。]{0,6}(?:收回|收了|取消|撤|停|作废|不要|不用)"
    r"|(?:收回|取消|撤[回销掉]?|停[掉用]?)[^，,。]{0,4}(?:所有|全部|[两俩三仨几四五]个都)|一个(?:都|也)?不[留要]"
)
_ALL_OF_THESE = re.compile(
    r"(?:那|就|把|[，, ])*(?:都|全部?|全都|所有的?|[两俩三仨几四五]个都?)(?:要|收|给我|给俺|吧|的|了|呗)*"
)
_NOT_ALL = re.compile(r"(?:别|不要|不用|甭|不)(?:都|全|收回|取消|撤)|除了|只(?:收|留|要)|(?<!不)留")


def all_are_meant(text: str, *, asked_which: bool = False) -> bool:
    """ "授权的都收回", and "都要" to the question which."""
    if _NOT_ALL.search(text):
        return False
    return bool(_ALL_MEANT.search(text)) or (asked_which and bool(_ALL_OF_THESE.fullmatch(text.strip(" 。.！!"))))


def _all(state: State) -> Move:
    state.what, state.chosen = ALL, None
    return Move(to="confirm_revoke")


class ConfirmRevoke:
    """Read back; ended at once on a yes."""

    def __init__(self, identity: Identity, authorisations: Authorisations, items: Items) -> None:
        self._identity, self._authorisations, self._items = identity, authorisations, items

    async def enter(self, conversation: str, state: State) -> Move:
        person = await self._identity.proven(conversation)
        if person is None:
            return Move(to="start")
        meant = [one for one in await self._authorisations.of(person.key) if one.id in _chosen(state)]
        if not meant:
            return Move([say("none_to_revoke")], to=DONE)
        lines = [one_line(one, self._items) for one in meant]
        if len(lines) == 1:
            return Move([say("confirm_revoke", one=lines[0], one_spoken=lines[0])])
        written, heard = "\n".join(f"· {line}" for line in lines), "。".join(lines)
        asked = say("confirm_revoke_all", count=len(lines), list=written, list_spoken=heard)
        return Move([asked])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if heard.is_no or _KEEPS.search(heard.bare):
            return Move([say("kept")], to=DONE)
        first = re.split(r"[，,。 ]", heard.bare)[0]
        if not (heard.is_clear_yes or stance.says_yes(first)) and "收回" not in heard.text:
            return None  # "对，以后我自己问，不用他了" is a yes
        person = await self._identity.proven(conversation)
        if person is None or not _chosen(state):
            return Move(to="start")
        done = [one for one in _chosen(state) if await self._authorisations.revoke(person, one)]
        if len(done) > 1:
            return Move([say("revoked_all", count=len(done))], to=DONE)
        return Move([say("revoked" if done else "none_to_revoke")], to=DONE)


def _chosen(state: State) -> list[int]:
    """Ids of what is to end."""
    if state.what == ALL:
        return [int(one) for one in state.offered]
    return [] if state.chosen is None else [state.chosen]


def one_line(one: Granted, items: Items) -> str:
    who = f"您替{one.principal}" if one.is_mine else f"{one.agent or '家人'}替您"
    return f"{who}办{item_names(one.items, items)}，到{day(one.until)}"
