"""For whom: by which authorisation somebody may act for a relative, and how to get one on the spot."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from base.messages import Button, Reply
from bot.flows.identify.proof import CODE_DIGITS, name_for_number, take_code, take_id, without_card
from bot.flows.identify.relatives import KIN, fits_sex, may_be, polite, sex_of
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.core.contract import Person
from casework.filings.items import Items
from casework.people.authorisation_telling import day
from casework.people.authorisations import QUERY as QUERY
from casework.people.authorisations import Authorisations, Granted, OneSelf
from casework.people.identity import CodeExpired, Identity, Locked, WrongCode
from language import id_number
from language.id_number import IdRefused

_ONE_MATTER_LASTS = timedelta(days=90)
"""How long an authorisation holds that was asked for in the middle of one matter; longer ones the principal grants."""
_ELSEWHERE = frozenset({"ask_policy", "ask_more", "ask_source", "human_agent", "complaint", "medical_advice"})
"""Intents that are answered first; the principal's yes is noticed at the next word."""
_SAYS_DONE = re.compile(r"好了|同意|[点按弄办][了好完过]|行了|可以了|成了|中了|答应")


class Whose:
    """One principal: at once, and said. Several: which. None: an authorisation is offered."""

    def __init__(self, identity: Identity, authorisations: Authorisations) -> None:
        self._identity, self._authorisations = identity, authorisations

    async def enter(self, conversation: str, state: State) -> Move:
        granted = await self._usable(conversation, state)
        if not granted:
            return Move(to="principal_id")
        if len(granted) == 1:
            return _act_for(state, granted[0])
        state.offered = [str(one.id) for one in granted]
        names = "、".join(one.principal for one in granted)
        buttons = tuple(Button(one.principal, one.principal) for one in granted)
        asked = say("whose", names=names)
        return Move([Reply(asked.text, asked.spoken, buttons=buttons)])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        granted = [one for one in await self._usable(conversation, state) if str(one.id) in state.offered]
        for index, one in enumerate(granted):
            if one.principal[:1] in heard.text or heard.bare in (str(index + 1), f"第{'一二三四五六七八九'[index]}个"):
                return _act_for(state, one)
        return None

    async def _usable(self, conversation: str, state: State) -> list[Granted]:
        agent = await self._identity.proven(conversation)
        if agent is None:
            return []
        wanted = QUERY if state.kind == "query" else state.what
        found = {
            one.principal_id: one
            for one in await self._authorisations.of(agent.key)
            if one.is_mine and one.covers(wanted) and _may_be_meant(one, state, agent)
        }
        return list(found.values())


class PrincipalId:
    """The relative's ID number: whether such a person exists is never told."""

    def __init__(
        self, identity: Identity, authorisations: Authorisations, items: Items, today: Callable[[], date]
    ) -> None:
        self._identity, self._authorisations, self._items, self._today = identity, authorisations, items, today

    async def enter(self, conversation: str, state: State) -> Move:
        """One that was written with the wish is not asked for again; by voice it may have been misheard."""
        number, state.mentioned_id = state.mentioned_id, ""
        if number and state.channel != "phone":
            with contextlib.suppress(IdRefused):
                return await self._ask(conversation, state, id_number.check(number, self._today()))
        act = "查信息" if state.kind == "query" else "办事"
        return Move([say("no_authority", act=act, who=_who(state))])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if lacks := without_card(heard):
            return lacks
        taken = take_id(state, heard, self._today(), again="ask_principal_id_again", who=_who(state))
        if taken is None or taken.to != "taken":
            return taken or name_for_number(heard, f"{_who(state)}的")
        number, state.id_number = state.id_number, ""
        return await self._ask(conversation, state, number)

    async def _ask(self, conversation: str, state: State, number: str) -> Move:
        agent = await self._identity.proven(conversation)
        if agent is None:
            return Move(to="start")
        if not fits_sex(state.relation, number):
            told = say("not_their_sex", who=_who(state), sex=sex_of(number))
            return Move([told, say("ask_principal_id_again", who=_who(state))], refused=True)
        until, what = self._today() + _ONE_MATTER_LASTS, QUERY if state.kind == "query" else state.what
        names = item_names([what], self._items)
        try:
            state.request = await self._authorisations.ask(agent, number, [what], names, until, conversation)
        except OneSelf as error:
            return Move([Reply(error.citizen_text), say("ask_principal_id_again", who=_who(state))])
        except Locked as locked:
            return Move([Reply(locked.citizen_text)], to=DONE, offer_person=True)
        return Move(to="principal_code")


class PrincipalCode:
    """The code that only the principal can have; or their yes in their own WeChat, which is noticed here."""

    def __init__(self, identity: Identity, authorisations: Authorisations, items: Items) -> None:
        self._identity, self._authorisations, self._items = identity, authorisations, items

    async def enter(self, conversation: str, state: State) -> Move:
        state.partial = ""
        return Move([say("ask_principal_code", who=_who(state))])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        if not heard.code and (heard.wants_away or heard.intent in _ELSEWHERE):
            return None
        agent = await self._identity.proven(conversation)
        if agent is None or state.request is None:
            return Move(to="start")
        if granted := await self._authorisations.agreed(state.request, agent):
            return self._authorised(state, granted)
        code = take_code(state, heard)
        if not code and heard.wants_code_again:
            return Move(to="principal_id")
        if not code:
            return Move([say("principal_not_yet", who=_who(state))]) if _SAYS_DONE.search(heard.text) else None
        if len(code) != CODE_DIGITS:
            return Move([say("ask_code_rest" if state.partial else "ask_code_again")])
        try:
            granted = await self._authorisations.confirm(state.request, agent, code)
        except WrongCode as wrong:
            return Move([Reply(wrong.citizen_text)])
        except CodeExpired as expired:
            return Move([Reply(expired.citizen_text)], to="principal_id")
        except Locked as locked:
            return Move([Reply(locked.citizen_text)], to=DONE, offer_person=True)
        return self._authorised(state, granted)

    def _authorised(self, state: State, granted: Granted) -> Move:
        names = item_names(granted.items, self._items)
        told = say("authorised_now", name=granted.principal, items=names, until=day(granted.until))
        return Move([told, *_act_for(state, granted).replies], to="start")


_OWN = re.compile(
    r"(?:哎?呀?|噢|哦|嗯|那|不对?|不是|错了|说错了?|弄错了?"
    r"|不(?:是|用|给|替|帮)(?:给|替|帮)?(?:我|俺)?[^，,。我俺]{1,4}(?:办|查|弄|的)?|[，,。 ])*"
    r"(?:是|就|就是|先|改成|我是|俺是|要|想|我要|俺要|我想|俺想)*(?:给|帮|替|办|查|为)?(?:我|俺|咱)?(?:自己|本人|个人)"
    r"(?:个?儿)?(?:的|办|查|用|要|这份|弄|来)*(?:了|吧|啊|呀|哩)*"
)


_THEY_THEMSELVES = re.compile(
    rf"(?:那|就|好|中|行|是|让|叫|[，, ])*(?:按(?:这个|那个|刚才那?个?的?)号码?"
    rf"|(?:她|他|我|俺)?(?:{KIN})?本人(?:自己)?)"
    rf"(?:要|来)?(?:办|查)(?:吧|呗|的|就行|就中)*"
)
_THEIR_NUMBER = re.compile(rf"(?:刚才|这|那)(?:那?个)?(?:号|号码)?就是(?:我|俺)?(?:的)?(?:{KIN})的")


_OWN_MATTER = re.compile(
    r"(?:我|俺)(?:自己|自个儿?|本人)(?:的)?(?:事|医保|卡|钱|账户?|余额|缴费|进度)"
    r"|(?:查|看|问|办|是)(?:的)?(?:是)?(?:我|俺)(?:自己|自个儿?|本人)?的(?:[，,。 ]|$)"
    r"|(?:给|替|帮)(?:我|俺)(?:自己|自个儿?|本人)|(?:说|办|查|看)(?:我|俺)的(?:吧|呗|$|[，,。 ])|轮到(?:我|俺)"
    r"|(?:我|俺)也(?:有|要|想|得|能)|(?:给|替|帮)(?:我|俺)也"
)


def says_own(heard: Heard) -> bool:
    """It is for themselves after all: "俺自己的", "不是给俺妈办，是给我自己办", "俺自己的事 查进度"."""
    return not heard.asks and bool(_OWN.fullmatch(heard.bare) or means_oneself(heard.bare))


def means_oneself(text: str) -> bool:
    """Their own matter is named as theirs: "再查查俺自己卡里还有多少钱", "查俺的，不是俺娘的"."""
    return bool(_OWN_MATTER.search(text))


def says_they_act(heard: Heard) -> bool:
    """The number that was proven is theirs who is to be helped: "她本人办", "刚才那个就是俺娘的号"."""
    return bool(_THEY_THEMSELVES.fullmatch(heard.bare) or _THEIR_NUMBER.search(heard.bare))


def _act_for(state: State, granted: Granted) -> Move:
    state.principal_id, state.principal_name = granted.principal_id, granted.principal
    state.authorisation, state.offered = granted.id, []
    return Move([say("acting_for", name=granted.principal)], to="start")


def _may_be_meant(one: Granted, state: State, agent: Person) -> bool:
    """By what they said of whom it is for: an authorisation of the mother is no answer to "俺爹的呢"."""
    fits = may_be(state.relation, one.principal_id, agent.id_number)
    return fits and one.principal.startswith(state.surname)


def _who(state: State) -> str:
    return polite(state.relation)


def item_names(items: Sequence[str], known: Items) -> str:
    """["remote-longterm", "query"] → "异地就医备案（长期居住）、查询信息"."""
    names = {"*": "全部事项", QUERY: "查询信息"} | {item.id: item.name for item in known.items.values()}
    return "、".join(names.get(one, "其他") for one in items)
