"""What staff do with a filing: see it, decide it, ask for what is missing. A `casework.filings.view.FilingDesk`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, utc_now
from base.database import Database
from base.errors import BadInput
from base.personal_data import Vault, mask_phone
from base.staff_texts import SmsPart, StaffText, message
from casework.core.contract import CoreSystem, PersonKey
from casework.filings.decisions import Decisions
from casework.filings.fields import shown
from casework.filings.filing import UNDECIDED, State
from casework.filings.items import CONTACT, Field, Item, Items
from casework.filings.materials import Materials
from casework.filings.view import FilingView, MaterialView
from casework.models import Filing, Material, Ticket
from casework.outbox import Outbox
from casework.people.authorisations import may_know
from casework.people.models import Authorisation
from casework.tickets.tickets import NotFound
from casework.tickets.work import TicketWork
from language.id_number import mask_id, mask_name

_STATES = {
    State.DRAFT: "还没提交",
    State.SUBMITTED: "已提交，等业务系统接收",
    State.WORKING: "办理中",
    State.SUPPLEMENT: "等群众补材料",
    State.APPROVED: "同意办理",
    State.REFUSED: "不予办理",
    State.CANCELLED: "已取消",
    State.WITHDRAWN: "按群众的要求撤回",
}
_DONE = {State.APPROVED: SmsPart.APPROVED, State.REFUSED: SmsPart.REFUSED, State.WITHDRAWN: SmsPart.WITHDRAWN}
_NEWS = {State.APPROVED: "已办好", State.REFUSED: "未通过", State.WITHDRAWN: "已撤回"}


class Decided(BadInput):
    """Somebody decided it already."""

    code = "filing_decided"
    citizen_text = "这件事已经有人办结了，请刷新页面。"


class News(Protocol):
    """Tells who is bound to an account (WeChat) besides the short message: `service.wiring.casework.Accounts`."""

    async def tell(self, person_key: str, *, number: str, item: str, state: str, text: str) -> None:
        """Never raises. `state`: at most five characters."""
        ...


class Silent:
    """Nobody is bound to anything."""

    async def tell(self, person_key: str, *, number: str, item: str, state: str, text: str) -> None:
        """Nothing to do."""


_SILENT = Silent()


@dataclass(frozen=True, slots=True)
class _Phones:
    """Numbers that the core system has of a filing's people; "" none."""

    principal: str = field(repr=False)
    agent: str = field(repr=False)


class Desk:
    """`sources` of a view are clause ids of the knowledge: staff look them up there."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        outbox: Outbox,
        items: Items,
        materials: Materials,
        work: TicketWork,
        decisions: Decisions,
        now: Clock = utc_now,
        news: News = _SILENT,
    ) -> None:
        self._database, self._vault, self._core, self._outbox = database, vault, core, outbox
        self._items, self._materials, self._work, self._now = items, materials, work, now
        self._decisions, self._news = decisions, news

    async def view(self, ticket_number: str) -> FilingView | None:
        async with self._database.session() as session:
            filing = await _filing(session, ticket_number)
            if filing is None:
                return None
            materials = list(await session.scalars(select(Material).where(Material.filing_id == filing.id)))
            authorisation = (
                await session.get(Authorisation, filing.authorisation_id) if filing.authorisation_id else None
            )
        item, answers = self._items.items[filing.item], json.loads(self._vault.decrypt(filing.answers_sealed))
        agent = await self._masked(self._vault.decrypt(authorisation.agent_sealed)) if authorisation else ""
        return FilingView(
            item_name=item.name,
            state=_STATES[State(filing.state)],
            principal=await self._masked(self._vault.decrypt(filing.principal_sealed)),
            agent=agent,
            answers=[(asked.label, _shown_to_staff(asked, answers[asked.id])) for asked in item.asked(answers)],
            materials_wanted=item.materials,
            materials=[MaterialView(row.id, row.media_type, row.bytes, row.added_at) for row in materials],
            promise=item.promise if filing.promised_at else "",
            sources=item.sources,
            due="办理期限" if item.limit is not None else "联系期限",
        )

    async def material(self, ticket_number: str, material_id: int) -> tuple[str, bytes]:
        async with self._database.session() as session:
            filing = await _filing(session, ticket_number)
        found = await self._materials.read(filing.id, material_id) if filing else None
        if found is None:
            raise NotFound
        return found

    async def told_core(self, ticket_number: str) -> str:
        return await self._decisions.told(ticket_number)

    async def must_be_entered(self, ticket_number: str) -> bool:
        return await self._decisions.must_be_entered(ticket_number)

    async def entered(self, ticket_number: str, *, by: str) -> None:
        await self._decisions.entered(ticket_number, by)

    async def decide(self, ticket_number: str, *, approved: bool, reason: str, by: str) -> None:
        await self._end(ticket_number, State.APPROVED if approved else State.REFUSED, reason, by)

    async def withdraw(self, ticket_number: str, *, reason: str, by: str) -> None:
        await self._end(ticket_number, State.WITHDRAWN, reason, by)

    async def _end(self, ticket_number: str, state: State, reason: str, by: str) -> None:
        phones = await self._phones(ticket_number)
        async with self._database.session() as session:
            filing, item = await self._claim(session, ticket_number, state, reason)
            filing.open_key = None
            self._decisions.owe(session, filing, state, reason)
            outcome = _outcome_message(item, ticket_number, state, reason)
            await self._tell(session, filing, phones, outcome)
            assert filing.ticket_id is not None
            await self._work.close_in(session, filing.ticket_id, by=by, outcome=f"{_STATES[state]}。{reason}")
        await self._spread(filing, item, ticket_number, _NEWS[state], outcome)

    async def ask_supplement(self, ticket_number: str, *, what: str, by: str) -> None:
        async with self._database.session() as session:
            found = await _filing(session, ticket_number)
        if found is None:
            raise NotFound
        link = await self._materials.link(found.id)
        phones = await self._phones(ticket_number)
        async with self._database.session() as session:
            filing, item = await self._claim(session, ticket_number, State.SUPPLEMENT, what)
            told = {"事项": item.name, "编号": ticket_number, "缺什么": what, "网址": link}
            text = message(StaffText.SMS_MISSING, **told)
            await self._tell(session, filing, phones, text)
            assert filing.ticket_id is not None
            await self._work.wait_in(session, filing.ticket_id, by=by, what=what)
        await self._spread(filing, item, ticket_number, "补材料", text)

    async def _phones(self, number: str) -> _Phones:
        """Asked before the unit of work: the core system may take its time, and a unit of work keeps others waiting.
        Raises NotFound, CoreUnavailable."""
        async with self._database.session() as session:
            filing = await _filing(session, number)
            authorised = filing.authorisation_id if filing else None
            by = await session.get(Authorisation, authorised) if authorised else None
        if filing is None:
            raise NotFound
        principal = await self._core.person(self._vault.decrypt(filing.principal_sealed))
        agent = await self._core.person(self._vault.decrypt(by.agent_sealed)) if by else None
        return _Phones(principal.phone if principal else "", agent.phone if agent else "")

    async def _claim(self, session: AsyncSession, number: str, state: State, note: str) -> tuple[Filing, Item]:
        """Of two members of staff at once, one decides. Raises NotFound, Decided."""
        filing = await _filing(session, number)
        if filing is None:
            raise NotFound
        claimed = (
            update(Filing)
            .where(Filing.id == filing.id, Filing.state.in_(UNDECIDED))
            .values(
                state=state,
                version=Filing.version + 1,
                changed_at=as_stored(self._now()),
                decision_sealed=self._vault.encrypt(note),
            )
            .returning(Filing)
        )
        row = (await session.scalars(claimed, execution_options={"populate_existing": True})).one_or_none()
        if row is None:
            raise Decided
        return row, self._items.items[row.item]

    async def _tell(self, session: AsyncSession, filing: Filing, phones: _Phones, text: str) -> None:
        """To the phone on record and the one to call back, unless that is an agent's who may act no more."""
        answers = json.loads(self._vault.decrypt(filing.answers_sealed))
        former = "" if await self._agent(session, filing) else phones.agent
        for phone in {phones.principal, answers.get(CONTACT, "")} - {"", former}:
            self._outbox.put(session, phone, text, "filing")

    async def _spread(self, filing: Filing, item: Item, number: str, state: str, text: str) -> None:
        async with self._database.session() as session:
            agent = await self._agent(session, filing)
        for key in {filing.principal_key, agent or filing.principal_key}:
            await self._news.tell(key, number=number, item=item.name, state=state, text=text)

    async def _agent(self, session: AsyncSession, filing: Filing) -> PersonKey | None:
        """Who filed it for the principal, as long as they may know how it goes on."""
        today, agent = day_here(self._now()), filing.agent_key
        if agent and await may_know(session, agent, filing.principal_key, filing.item, today):
            return agent
        return None

    async def _masked(self, id_number: str) -> str:
        person = await self._core.person(id_number)
        return f"{mask_name(person.name) if person else ''} {mask_id(id_number)}".strip()


async def _filing(session: AsyncSession, ticket_number: str) -> Filing | None:
    found: Filing | None = await session.scalar(
        select(Filing).join(Ticket, Ticket.id == Filing.ticket_id).where(Ticket.number == ticket_number)
    )
    return found


def _shown_to_staff(asked: Field, value: str) -> str:
    """The number to call is the ticket's, shown there on request, which is noted; a new number is what is filed."""
    return mask_phone(value) if asked.id == CONTACT else shown(asked, value)


def _outcome_message(item: Item, number: str, state: State, reason: str) -> str:
    because = f"：{reason.rstrip('。')}" if reason else ""
    return message(StaffText.SMS_DECIDED, 事项=item.name, 编号=number, 结果=_DONE[state].format(原因=because))
