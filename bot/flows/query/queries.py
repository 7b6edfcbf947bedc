"""Telling people what the core system knows of them (二十项 第16条). Every look is in the audit log."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from base.database import Database
from base.messages import Link, Reply
from base.personal_data import Vault
from bot.flows.identify.whom import item_names
from bot.flows.small_words import Heard, read
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import HAND_IN, say
from casework.core.contract import CoreCase, CoreSystem, Person
from casework.filings.filing import State as FilingState
from casework.filings.items import Items
from casework.people.authorisation_history import End
from casework.people.authorisation_telling import day
from casework.people.authorisations import QUERY, Account, Authorisations
from casework.people.identity import Identity, citizen, person_ref
from casework.tickets.progress import Progress, ProgressBoard
from casework.tickets.which import number_in
from language.calendar.working_days import add_working_days, caveat, remaining
from staff import audit

_RECENT = 3
"""Years or bills told on the phone; a screen shows all."""

_STILL_TOLD = timedelta(days=90)
"""How long a decision of ours is told where the core system may not show it yet."""
_ENROLLING, _CHRONIC = ("enroll-resident", "transfer-cross-province"), ("chronic-recognition",)
"""Items that bear on the status, and on 慢特病 eligibility."""

Teller = Callable[[Person, str], Awaitable[list[Reply]]]


class Tell:
    """The last step of a query: nothing is asked, everything is said."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        identity: Identity,
        authorisations: Authorisations,
        progress: ProgressBoard,
        items: Items,
        today: Callable[[], date],
    ) -> None:
        self._database, self._vault, self._core, self._identity = database, vault, core, identity
        self._authorisations, self._progress, self._items, self._today = authorisations, progress, items, today
        self._tellers: Mapping[str, Teller] = {
            "balance": self._balance,
            "status": self._status,
            "remote": self._remote,
            "chronic": self._chronic,
            "settlements": self._settlements,
            "family": self._family,
        }

    async def enter(self, conversation: str, state: State) -> Move:
        asker = await self._identity.proven(conversation)
        if asker is None:
            return Move(to="start")
        person = await self._subject(asker, state)
        if person is None:
            return Move([say("authority_ended")], to=DONE)
        await self._note(asker, person, state)
        whose = f"{state.principal_name}的" if state.principal_id else "您的"
        told = await self._told(conversation, person, asker, state, whose)
        if not told:
            return Move([say("not_offered")], to=DONE, offer_person=True)
        return Move([*told, say("anything_else")], to=DONE)

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        return None

    async def _told(self, conversation: str, person: Person, asker: Person, state: State, whose: str) -> list[Reply]:
        if state.what == "contributions":
            return await self._contributions(person, whose, state.said)
        if state.what in ("balance", "settlements") and _MOVEMENTS.search(state.said):
            spent = await self._settlements(person, whose)
            return [*spent, *await self._balance(person, whose), say("movements_not_told")]
        if state.what != "progress":
            return await self._tellers[state.what](person, whose)
        held_phone = asker.phone if person.key == asker.key else ""
        found = await self._progress.of_person(person.key, held_phone)
        if person.key == asker.key:  # what was said here without a name: a complaint
            known = {one.number for one in found}
            unnamed = await self._progress.unnamed_in(conversation)
            found = [*(one for one in unnamed if one.number not in known), *found]
        asked = number_in(state.said)
        if named := [one for one in found if asked and one.number.endswith(asked)]:
            return [await self._in_full(named, state.channel)]
        others = await self._cases(person, whose, found, state.channel)
        return [*([say("not_yours", number=asked, tail=read(asked[-4:]))] if asked else []), *others]

    async def _subject(self, asker: Person, state: State) -> Person | None:
        """Whose data; None when the authorisation has ended meanwhile."""
        if not state.principal_id:
            return asker
        state.authorisation = await self._authorisations.allowed(
            asker.key, self._vault.lookup(state.principal_id), QUERY
        )
        return await self._core.person(state.principal_id) if state.authorisation else None

    async def _note(self, asker: Person, person: Person, state: State) -> None:
        by = f"authorisation {state.authorisation}" if state.principal_id else ""
        await audit.note_alone(
            self._database,
            citizen(asker.key),
            audit.Action.QUERIED,
            person_ref(person.key),
            by=by,
            detail=state.what,
        )

    async def _balance(self, person: Person, whose: str) -> list[Reply]:
        balance = await self._core.balance(person.id_number)
        if balance is None:
            return [say("no_account", whose=whose.removesuffix("的"))]
        return [say("balance", whose=whose, amount=_yuan(balance))]

    async def _contributions(self, person: Person, whose: str, asked: str) -> list[Reply]:
        entries = sorted(await self._core.contributions(person.id_number), key=lambda one: -one.year)
        if not entries:
            return [say("no_contributions", whose=whose)]
        lines = []
        for one in entries:
            months = f"，{one.months}个月" if one.months else ""
            paid = f"，{day(one.paid_on)}缴的" if one.paid_on else ""
            lines.append(f"{one.year}年{months}，共{_yuan(one.fen)}{paid}")
        told = [_listed("contributions", whose, lines)]
        if (year := _year_asked(asked, self._today())) and year not in {one.year for one in entries}:
            told.insert(0, say("no_contribution_of", whose=whose, year=str(year)))
        if _MONTH_ASKED.search(asked) and any(one.months for one in entries):
            told.append(say("months_not_told"))
        return told

    async def _status(self, person: Person, whose: str) -> list[Reply]:
        subject = whose.removesuffix("的")
        told = say("status", whose=subject, scheme=person.scheme, place=person.insured_place, status=person.status)
        return [told, *await self._filed(person, _ENROLLING)]

    async def _remote(self, person: Person, whose: str) -> list[Reply]:
        entries = await self._core.remote_filings(person.id_number)
        items = [item.id for item in self._items.items.values() if item.group == "remote"]
        ours = await self._filed(person, items, _newest(one.filed_on for one in entries))
        if not entries:
            return ours or [say("no_remote", whose=whose)]
        lines = [
            f"{one.kind}，备案到{one.place}，{day(one.filed_on)}办的，{_until(one.valid_until)}" for one in entries
        ]
        return [_listed("remote", whose, lines), *ours]

    async def _chronic(self, person: Person, whose: str) -> list[Reply]:
        entries = await self._core.chronic(person.id_number)
        ours = await self._filed(person, _CHRONIC, _newest(one.approved_on for one in entries))
        if not entries:
            return ours or [say("no_chronic", whose=whose)]
        lines = [f"{one.disease}，{day(one.approved_on)}认定，{_until(one.valid_until)}" for one in entries]
        return [_listed("chronic", whose, lines), *ours]

    async def _filed(self, person: Person, items: Sequence[str], known: date = date.min) -> list[Reply]:
        """What was handed in with us and is open, or was decided lately and the core system does not show yet.

        `known`: the day of the core system's newest entry: what was handed in before it has become part of it.
        """
        since = self._today() - _STILL_TOLD
        found = [
            one
            for one in await self._progress.of_items(person.key, items)
            if one.closed_on is None or (one.closed_on >= since and not _is_in_core(one, known))
        ]
        return [Reply(one.written, one.spoken) for one in found[:_RECENT]]

    async def _settlements(self, person: Person, whose: str) -> list[Reply]:
        entries = await self._core.settlements(person.id_number)
        if entries is None:
            return []
        if not entries:
            return [say("no_settlements", whose=whose)]
        lines = [
            f"{'，'.join(filter(None, (day(one.on), one.place, one.provider)))}，一共{_yuan(one.total_fen)}，"
            f"医保付了{_yuan(one.paid_fen)}"
            for one in entries
        ]
        return [_listed("settlements", whose, lines)]

    async def _cases(self, person: Person, whose: str, ours: Sequence[Progress], channel: str) -> list[Reply]:
        """Ours and those of the core system, which has ours too: by number they are told once."""
        numbers = {one.number for one in ours}
        theirs = [one for one in await self._core.cases(person.id_number) if one.number not in numbers]
        if not ours and not theirs:
            return [say("no_progress", whose=whose.removesuffix("的"))]
        cases = [_case(one, self._today()) for one in theirs]
        mine = await self._in_full(ours, channel) if ours else Reply("", "")
        written = "\n".join([*([mine.text] if ours else []), *cases])
        return [Reply(written, mine.to_say + "".join(cases[:_RECENT]), links=mine.links)]

    async def _in_full(self, found: Sequence[Progress], channel: str) -> Reply:
        """With the way to hand in what is missing: they have proved who they are."""
        written, links = list[str](), list[Link]()
        for one in found:
            link = "" if channel == "phone" else await self._progress.link(one)
            if link and channel == "wechat":
                written.append(one.written + say("materials_wechat").text)
            elif link:
                written.append(one.written + say("materials_link", link=link).text)
                links.append(Link(HAND_IN if len(found) == 1 else f"{HAND_IN}（{one.number}）", link))
            else:
                written.append(one.written)
        return Reply("\n".join(written), "".join(one.spoken for one in found[:_RECENT]), links=tuple(links))

    async def _family(self, person: Person, whose: str) -> list[Reply]:
        """Who may act for whom, who could until lately, and what they did."""
        found = await self._authorisations.history(person.key)
        going_on = [self._account(one) for one in found if one.end is End.NONE]
        over = [self._account(one) for one in found if one.end is not End.NONE]
        told = [_listed("family", whose, going_on) if going_on else say("no_family")]
        return [*told, _listed("family_past", whose, over)] if over else told

    def _account(self, one: Account) -> str:
        granted, on = one.granted, day(one.ended_on) if one.ended_on else ""
        items = item_names(granted.items, self._items)
        if one.end is End.DECLINED:
            return f"{granted.agent}想替您办{items}，{on}您没有同意"
        who = f"您{{}}替{granted.principal}" if granted.is_mine else f"{granted.agent}{{}}替您"
        if one.end is End.NONE:
            start = f"{who.format('能')}办{items}，到{day(granted.until)}为止"
        else:
            ended = "收回" if one.end is End.REVOKED else "到期"
            start = f"{who.format('原来能')}办{items}，{on}{ended}"
        return start + self._done_by(one)

    def _done_by(self, one: Account) -> str:
        looked = f"查过{one.looked}次信息" if one.looked else ""
        names = item_names(list(dict.fromkeys(one.filed)), self._items)
        filed = f"提交过{len(one.filed)}件：{names}" if one.filed else ""
        done = "，".join(part for part in (looked, filed) if part)
        return f"，{done or '没有用过'}"


_MOVEMENTS = re.compile(
    r"[进出收支刷扣划]了?过?几[回次笔]|(?:卡|账|帐)[^，,。]{0,10}(?:进|收|打进|划|出|支|用|花)了?(?:过)?多少"
    r"|(?:进|收|存)了?多少[^。]{0,6}(?:出|支|用|花)了?多少|(?:出|支|用|花)了?多少[^。]{0,6}(?:进|收|存)了?多少|收支|流水|进出账"
)
"""What went into the account and out of it: of that the core system tells the bills and what is left."""
_YEARS = {"明年": 1, "今年": 0, "去年": -1}
_MONTH_ASKED = re.compile(r"(?:[0-9一二三四五六七八九十]{1,2}|上个?|这个?|本)月份?(?!\d)")


def _year_asked(text: str, today: date) -> int | None:
    """Whose contribution was asked about: "俺明年的交上没有"; None where no year is named."""
    if written := re.search(r"(20[0-9]{2})年", text):
        return int(written[1])
    return next((today.year + away for word, away in _YEARS.items() if word in text), None)


def of_conversation(found: Sequence[Progress]) -> Reply:
    """Tickets opened in this very conversation may be told without proof."""
    return Reply("\n".join(one.written for one in found), "".join(one.spoken for one in found[:_RECENT]))


def _is_in_core(one: Progress, known: date) -> bool:
    """What was granted becomes an entry there; what was refused or taken back does not."""
    return one.opened_on <= known and (one.filed is None or one.filed.state is FilingState.APPROVED)


def _newest(days: Iterable[date]) -> date:
    return max(days, default=date.min)


def _case(case: CoreCase, today: date) -> str:
    start = f"“{case.item}”，{day(case.submitted_on)}提交，{case.state}"
    if case.limit_working_days is None:
        return f"{start}。"
    due = add_working_days(case.submitted_on, case.limit_working_days)
    until = f"到{day(due)}{caveat(due)}，{remaining(today, due).words}"
    return f"{start}，办理时限{case.limit_working_days}个工作日，{until}。"


def _listed(key: str, whose: str, lines: Sequence[str]) -> Reply:
    reply = say(key, whose=whose, list="\n".join(f"· {line}" for line in lines))
    return Reply(reply.text, say(key, whose=whose, list="。".join(lines[:_RECENT])).to_say)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}元" if fen % 100 else f"{fen // 100}元"


def _until(end: date | None) -> str:
    """`end` is the last day."""
    return "长期有效" if end is None else f"有效到{day(end)}"
