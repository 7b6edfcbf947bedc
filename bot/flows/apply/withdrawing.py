"""“撤回”: what was handed in is taken back, after one question; the core system is told, staff need do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from base.errors import ServiceError
from base.messages import Button, Reply
from bot.flows.identify.relatives import fits_sex, somebody
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.filings.fields import said, shown
from casework.filings.filing import Draft
from casework.filings.filings import Filings
from casework.filings.items import Field
from casework.people.identity import Identity
from casework.tickets.history import CITIZEN
from casework.tickets.which import Case, is_one_of_several, named
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
_ORDINAL = re.compile(r"[撤要选是就把]*第?([一二三123])[个件条样号]?(?:[吧的了]|撤[回销掉]?了?)*")
_ORDINAL_IN = re.compile(r"第([一二三123])[个件条样]")
_FIRST, _LAST = (
    re.compile(r"头一[个件条]|上面[那这]?[个件条]"),
    re.compile(r"最后(?:那|一)?[个件条]|末了|下面[那这]?[个件条]"),
)
_ALL = re.compile(
    r"(?:都|全|全都|全部|统统)(?:给我|给俺|帮我)?(?:撤|取消|不要|不办|作废|收回)|[两俩三仨几]个都|一个(?:都|也)?不[留要办]"
)
_EACH = "each"
"""In `State.what`: the others follow, once this one is done."""
_ONLY_WITHDRAWS = re.compile(r"(?:我|俺|要|想|那|就|给(?:我|俺)|把它|撤回|撤销|撤掉|撤|取消|申请|吧|了|呗|啊|[，, ])+")
_MY_OWN = re.compile(r"(?:我|俺)(?:自己|自个儿?|本人)|(?<!给)(?<!替)(?<!帮)(?:我|俺)的?那[个件]|本人的")
_HALF_DONE = re.compile(
    r"[办弄填写交]了?(?:到)?一?半(?:拉)?的?|没[办弄填]完的?|(?:还)?没(?:有)?(?:提交|交上去|交|报上去)的?"
)
_DROPS_BEGUN = re.compile(
    r"(?:不|别|甭|不想|不用|不要)(?:再)?(?:给我|给俺)?(?:办|弄|转|申请|报|备|要)[^，,。]{0,8}了|取消|作废|删|撤"
)
_CANCELS = re.compile(r"取消|作废|删|清掉|撤")
_REASON = "本人要求撤回"


class Withdraws(Protocol):
    """`casework.filings.desk.Desk`."""

    async def withdraw(self, ticket_number: str, *, reason: str, by: str) -> None:
        """Raises Decided, NotFound, CoreUnavailable."""
        ...


def drops_begun(text: str) -> bool:
    """ "不办转移了", "那个办一半的取消掉": what was begun, where it is named."""
    return bool(_DROPS_BEGUN.search(text)) and not stance.keeps_filing(text) and not stance.ASKS.search(text)


def names_half_done(text: str) -> bool:
    """ "那个办一半的"."""
    return bool(_HALF_DONE.search(text))


def names_a_part(text: str, draft: Draft) -> bool:
    """One of several things that an answer lists, and not the whole."""
    return is_one_of_several(text, Case("", item=draft.item, answers=draft.answers))


def cancels(text: str) -> bool:
    """Decides that nothing of it is to stay."""
    return bool(_CANCELS.search(text))


class WhichWithdrawn:
    """The one that was just handed in, or that their words name; of several, which. What they had only begun and name
    is not taken back but dropped."""

    def __init__(self, identity: Identity, filings: Filings) -> None:
        self._identity, self._filings = identity, filings

    async def enter(self, conversation: str, state: State) -> Move:
        found, begun = await theirs(self._identity, self._filings, conversation, state.said)
        of_begun = [one for one in meant(state.said, [*found, *begun]) if one in begun]
        if of_begun and not any(one in found for one in meant(state.said, [*found, *begun])):
            state.filing = of_begun[0].id
            return Move(to="keep_or_forget")
        if not found:
            return Move([say("nothing_to_withdraw")], to=DONE, offer_person=True)
        found = meant(state.said, found) or found
        if _ALL.search(state.said) and len(found) > 1:
            return _one_by_one(state, found)
        if len(found) == 1 or _JUST_NOW.search(state.said) or state.what == "newest":
            state.filing = found[0].id
            return Move(to="confirm_withdraw")
        return Move([self._asked(state, found[:_MOST])])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        found, _ = await theirs(self._identity, self._filings, conversation, heard.text)
        listed = [one for one in found if str(one.id) in state.offered]
        if _ALL.search(heard.text) and len(listed) > 1 and not _KEEPS.search(heard.text):
            return _one_by_one(state, listed)
        if chosen := _by_place(heard.bare, state.offered) or _only(meant(heard.text, found), found):
            state.filing = int(chosen)
            return Move(to="confirm_withdraw")
        if len(several := meant(heard.text, listed)) > 1 and len(several) < len(listed):
            return Move([self._asked(state, several)])
        if _ONLY_WITHDRAWS.fullmatch(heard.bare):  # said again: which, is still open
            return Move([self._asked(state, listed)]) if listed else None
        if heard.is_no and not heard.bare.isdigit() or heard.drops or stance.keeps_filing(heard.text):
            return Move([say("not_withdrawn")], to=DONE)
        return None

    def _asked(self, state: State, found: Sequence[Draft]) -> Reply:
        state.offered = [str(one.id) for one in found]
        lines = [f"{number}，{_told(one, found)}（{one.ticket}）" for number, one in zip(_NUMBERS, found, strict=False)]
        spoken = "，".join(f"{_heard(one, found)}，按{number}" for number, one in zip(_NUMBERS, found, strict=False))
        asked = say("which_to_withdraw", list="\n".join(lines), list_spoken=spoken)
        buttons = tuple(
            Button(_told(one, found), f"第{number}个") for number, one in zip(_NUMBERS, found, strict=False)
        )
        return Reply(asked.text, asked.spoken, buttons=buttons)


async def theirs(
    identity: Identity, filings: Filings, conversation: str, words: str
) -> tuple[list[Draft], list[Draft]]:
    """What was handed in and is not decided, and what was only begun; newest first. Where the words name a relative
    ("俺娘那个"), what is theirs; where they name the speaker, what is the speaker's own."""
    person = await identity.proven(conversation)
    if person is None:
        return [], []
    handed_in = await filings.undecided(person.key)
    begun = [one for one in await filings.unfinished(person.key) if one.answers]
    who = somebody(words)
    if who is not None:
        for_them = [one for one in handed_in if one.principal_key != person.key and fits_sex(who.who, one.principal_id)]
        return for_them or handed_in, begun
    if _MY_OWN.search(words):
        return [one for one in handed_in if one.principal_key == person.key] or handed_in, begun
    return handed_in, begun


def meant(words: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Those that the words name, in their order; [] when they name none. Of what is only half done nothing was handed
    in."""
    if half := [one for one in drafts if one.ticket is None and _HALF_DONE.search(words)]:
        drafts = half
        words = _HALF_DONE.sub("", words)
    cases = [Case(one.ticket or "", item=one.item, answers=one.answers) for one in drafts]
    found = named(words, cases)
    return [one for one, case in zip(drafts, cases, strict=True) if case in found] or half


def _only(found: Sequence[Draft], of: Sequence[Draft]) -> str:
    return str(found[0].id) if len(found) == 1 and found[0] in of else ""


def _by_place(words: str, offered: Sequence[str]) -> str:
    """ "2", "第二个", "最后那个": its id; "" for anything else."""
    if _LAST.search(words):
        return offered[-1]
    match = _ORDINAL.fullmatch(words) or _ORDINAL_IN.search(words)
    at = ("一二三".find(match[1]) if match[1] in "一二三" else int(match[1]) - 1) if match else len(offered)
    if _FIRST.search(words):
        at = 0
    return offered[at] if at < len(offered) else ""


def _one_by_one(state: State, found: Sequence[Draft]) -> Move:
    """All of them: each is asked about by its name, since none of them comes back."""
    state.offered = [str(one.id) for one in found[1:]]
    state.what, state.filing = _EACH, found[0].id
    return Move(to="confirm_withdraw")


def _told(draft: Draft, among: Sequence[Draft]) -> str:
    which = _which(draft, among, shown)
    return f"{draft.item.name}，{which}" if which else draft.item.name


def _heard(draft: Draft, among: Sequence[Draft]) -> str:
    which = _which(draft, among, said)
    return f"{draft.item.spoken}，{which}" if which else draft.item.spoken


def _which(draft: Draft, among: Sequence[Draft], word: Callable[[Field, str], str]) -> str:
    """What tells it from another of the same item; "" where it is the only one."""
    alike = [one for one in among if one.item.id == draft.item.id and one.id != draft.id]
    differs = (
        word(one, draft.answers[one.id])
        for one in draft.item.fields
        if one.id in draft.answers and any(other.answers.get(one.id) != draft.answers[one.id] for other in alike)
    )
    return next(differs, "")


class ConfirmWithdraw:
    """What would be taken back is said; done on a clear word only."""

    def __init__(self, identity: Identity, filings: Filings, desk: Withdraws) -> None:
        self._identity, self._filings, self._desk = identity, filings, desk

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
        if other := await self._another(conversation, state, heard):
            return other
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
        done = say("withdrawn", name=draft.item.name, number=draft.ticket)
        if state.what == _EACH and state.offered:
            state.filing, state.offered = int(state.offered[0]), state.offered[1:]
            return Move([done], to="confirm_withdraw")
        return Move([done], to=DONE)

    async def _another(self, conversation: str, state: State, heard: Heard) -> Move | None:
        """ "不是这个，是苏州那个": another that was handed in is meant; or one that was only begun: that is dropped,
        and this one stays."""
        handed_in, begun = await theirs(self._identity, self._filings, conversation, heard.text)
        found = meant(heard.text, [*handed_in, *begun])
        if len(found) != 1 or found[0].id == state.filing or stance.keeps_filing(heard.text):
            return None
        [other] = found
        if other.ticket is not None:
            state.filing, state.what = other.id, ""
            return Move(to="confirm_withdraw")
        if not drops_begun(heard.text):
            return None
        state.filing = other.id
        return Move([say("this_one_stays")], to="keep_or_forget")

    async def _names(self, state: State, words: str) -> bool:
        """Whether the words name what is asked about."""
        draft = await self._filings.get(state.filing) if state.filing else None
        return draft is not None and bool(draft.item.words.search(words))
