"""Authorisation (授权代理、亲友代办): a principal lets an agent act, in named matters, until a day.

It begins in one of three ways: the agent asks and reads back the code that went to the principal's phone; or the
principal says yes behind the link that came to their own WeChat (`casework.people.consents`); or the principal says
so in a
conversation of their own, after proof. Either may end it at once. Nobody learns who exists by asking, nor who said no.
Source of the service: 济医保中心发〔2021〕1号, 第五条.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NoReturn

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.errors import BadInput
from base.personal_data import Vault
from base.tenant import TENANT
from casework.core.contract import CoreSystem, CoreUnavailable, Person, PersonKey
from casework.outbox import Outbox
from casework.people import authorisation_history as history
from casework.people import authorisation_telling as telling
from casework.people.authorisation_history import End
from casework.people.consents import Consents, Letter, LinkOver
from casework.people.identity import CODE_LASTS, CodeExpired, Identity, Locked, WrongCode, citizen, person_ref
from casework.people.models import Authorisation
from language.id_number import mask_name
from staff import audit

ALL = "*"
"""Every matter."""
QUERY = "query"
"""To look things up."""
_MOST_TOLD = 20


class OneSelf(BadInput):
    """Agent and principal are the same."""

    code = "authorise_oneself"
    citizen_text = (
        "这个号码就是刚才核对过的那位。要是号码的主人就在旁边、自己要办，请说“本人办”；您替他办，请说对方的身份证号。"
    )


@dataclass(frozen=True, slots=True)
class Granted:
    """One authorisation as it is told to either side. `agent` and `principal` are names, masked; "" unknown."""

    id: int
    agent: str = field(repr=False)
    principal: str = field(repr=False)
    principal_id: str = field(repr=False)
    items: Sequence[str]
    """Item ids; (ALL,) is every matter."""
    until: date
    is_mine: bool
    """True: this person acts for the principal; False: the agent acts for this person."""

    def covers(self, item: str) -> bool:
        return ALL in self.items or item in self.items


@dataclass(frozen=True, slots=True)
class Account:
    """One authorisation with what was done by it. `filed`: item ids of what was handed in, the oldest first."""

    granted: Granted
    end: End
    ended_on: date | None
    looked: int
    """How often the agent looked things up."""
    filed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the page behind the principal's link shows it. `agent`: masked; `tail`: of the agent's ID number.
    `state`: "pending", "active", "declined" or "revoked"."""

    agent: str = field(repr=False)
    tail: str = field(repr=False)
    items: Sequence[str]
    until: date
    state: str


class Authorisations:
    """Shares the counting of tries and codes with `Identity`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        outbox: Outbox,
        identity: Identity,
        consents: Consents,
    ) -> None:
        self._database, self._vault, self._core, self._outbox = database, vault, core, outbox
        self._identity, self._consents = identity, consents

    async def ask(
        self, agent: Person, principal_id: str, items: Sequence[str], names: str, until: date, asked_in: str = ""
    ) -> int:
        """The agent asks; the principal gets a code, and a link in their own WeChat if there is one. Returns the
        request's id, whoever the principal may be.

        `principal_id`: checked; `names`: the items as the message says them; `asked_in`: the agent's conversation.
        Raises Locked, OneSelf, CoreUnavailable.
        """
        row, principal = self._row(principal_id, agent.id_number, items, until), await self._core.person(principal_id)
        phone = principal.phone if principal else ""
        code = self._identity.codes.new() if phone else secrets.token_hex()
        to = await self._consents.letters.names(row.principal_key)
        async with self._database.session() as session:
            await self._identity.check_lock(session, *self._counted(row))
            await self._identity.count_code(session, row.principal_key, row.agent_key)
            session.add(row)
            await session.flush()
            row.code_hash = self._identity.code_hash(f"authorisation {row.id}", code)
            row.code_until = self._identity.now() + CODE_LASTS
            if phone and await self._identity.may_ring(session, phone):
                text = telling.ask_message(mask_name(agent.name), names, until, code)
                self._outbox.put(session, phone, text, "authorisation")
            words = partial(telling.ask_letter, mask_name(agent.name), names, until)
            await self._consents.offer(session, row, words, to, asked_in)
        self._consents.letters.wake()
        return row.id

    async def confirm(self, request: int, agent: Person, code: str) -> Granted:
        """The agent reads back the principal's code. Who was refused hears what somebody hears who asked for a person
        that does not exist: a wrong code. Raises WrongCode, Locked, CodeExpired, CoreUnavailable."""
        async with self._database.session() as session:
            row = await session.get(Authorisation, request)
        if row is None or row.agent_key != agent.key or row.state not in ("pending", "declined"):
            raise CodeExpired
        if row.code_until is None or row.code_until < self._identity.now():
            raise CodeExpired
        await self._identity.count_try(*self._counted(row))
        if self._identity.code_hash(f"authorisation {row.id}", code) != row.code_hash:
            await self._refuse(row)
        async with self._database.session() as session:
            is_first = await self._settle(session, row, "active", "code")
        if not is_first and await self.agreed(request, agent) is None:  # refused at the same moment
            await self._refuse(row)
        return await self._told(row, agent.key)

    async def agreed(self, request: int, agent: Person) -> Granted | None:
        """What the agent asked for, if it is in force by now: the principal may have said yes behind their link."""
        mine = (Authorisation.id == request) & (Authorisation.agent_key == agent.key)
        async with self._database.session() as session:
            row = await session.scalar(select(Authorisation).where(mine, in_force(self._today)))
        return await self._told(row, agent.key) if row else None

    async def look(self, token: str) -> Asked:
        """What the link asks. Looking changes nothing. Raises LinkOver, CoreUnavailable."""
        async with self._database.session() as session:
            link, row = await self._consents.find(session, token)
        if row.state == "pending" and link.expires_at < self._identity.now():
            raise LinkOver
        agent_id = self._vault.decrypt(row.agent_sealed)
        agent = await self._core.person(agent_id)
        name = mask_name(agent.name) if agent else ""
        return Asked(name, agent_id[-4:], tuple(row.items.split(",")), row.until, row.state)

    async def answer(self, token: str, names: str, *, agrees: bool) -> None:
        """The principal's yes or no; the first one counts. `names`: the items in words. Raises LinkOver,
        CoreUnavailable."""
        async with self._database.session() as session:
            link, row = await self._consents.find(session, token)
            if row.state == "pending" and link.expires_at < self._identity.now():
                raise LinkOver
        principal_id, agent_id = self._vault.decrypt(row.principal_sealed), self._vault.decrypt(row.agent_sealed)
        principal, agent = await self._core.person(principal_id), await self._core.person(agent_id)
        async with self._database.session() as session:
            if not await self._settle(session, row, "active" if agrees else "declined", "wechat") or not agrees:
                return
            await self._tell_both(session, row, principal, agent, names)
            if principal is not None:
                await self._consents.tell_agent(
                    session, link, telling.agreed_letter(mask_name(principal.name), names, row.until)
                )
        self._consents.letters.wake()

    async def grant(self, principal: Person, agent_id: str, items: Sequence[str], names: str, until: date) -> Granted:
        """The principal says so, in their own proven conversation. Raises OneSelf, CoreUnavailable."""
        row, agent = self._row(principal.id_number, agent_id, items, until), await self._core.person(agent_id)
        row.state, row.how, row.confirmed_at = "active", "self", self._identity.now()
        to = await self._consents.letters.names(row.agent_key)
        async with self._database.session() as session:
            session.add(row)
            await session.flush()
            self._note(session, audit.Action.AUTHORISED, row, principal.key)
            await self._tell_both(session, row, principal, agent, names)
            letter = Letter(telling.granted_letter(mask_name(principal.name), names, until))
            await self._consents.tell(session, row.agent_key, to, letter)
        self._consents.letters.wake()
        return await self._told(row, principal.key)

    async def revoke(self, person: Person, authorisation: int) -> bool:
        """Ended at once by either side, and both are told; False when it was not theirs or not in force. Without the
        core system it ends all the same: who cannot be reached then is not told."""
        async with self._database.session() as session:
            known = await session.get(Authorisation, authorisation)
        if known is None or person.key not in (known.principal_key, known.agent_key):
            return False
        other, to = await self._other_side(known, person)
        ended = (
            update(Authorisation)
            .where(Authorisation.id == authorisation, Authorisation.state == "active", _either_side(person.key))
            .values(state="revoked", revoked_at=self._identity.now())
            .returning(Authorisation)
        )
        async with self._database.session() as session:
            row = (await session.scalars(ended)).one_or_none()
            if row is not None:
                self._note(session, audit.Action.AUTHORISATION_REVOKED, row, person.key)
                await self._tell_revoked(session, row, person, other, to)
        self._consents.letters.wake()
        return row is not None

    async def history(self, person: PersonKey) -> list[Account]:
        """Those in force, and what ended within a year, in both directions; the newest first. Who asked and was refused
        is told to the principal only. Raises CoreUnavailable."""
        now, today = self._identity.now(), self._today
        wanted = (
            select(Authorisation)
            .where(_either_side(person), history.told(person, now, today))
            .order_by(Authorisation.id.desc())
        )
        async with self._database.session() as session:
            rows = list(await session.scalars(wanted.limit(_MOST_TOLD)))
            looked, filed = await history.looked(session, rows), await history.filed(session, rows)
        return [
            Account(
                await self._told(row, person),
                *history.end(row, today),
                looked.get(history.by(row), 0),
                filed.get(row.id, ()),
            )
            for row in rows
        ]

    async def of(self, person: PersonKey) -> list[Granted]:
        """Those in force, in both directions, newest first. Raises CoreUnavailable."""
        wanted = select(Authorisation).where(_either_side(person), in_force(self._today))
        async with self._database.session() as session:
            rows = list(await session.scalars(wanted.order_by(Authorisation.id.desc())))
        return [await self._told(row, person) for row in rows]

    async def allowed(self, agent: PersonKey, principal: PersonKey, item: str) -> int | None:
        """The authorisation by which the agent may do this now, or None."""
        wanted = select(Authorisation).where(
            Authorisation.agent_key == agent, Authorisation.principal_key == principal, in_force(self._today)
        )
        async with self._database.session() as session:
            rows = await session.scalars(wanted.order_by(Authorisation.id.desc()))
            return next((row.id for row in rows if {ALL, item} & set(row.items.split(","))), None)

    def _row(self, principal_id: str, agent_id: str, items: Sequence[str], until: date) -> Authorisation:
        """Raises OneSelf."""
        if principal_id == agent_id:
            raise OneSelf
        return Authorisation(
            principal_key=self._vault.lookup(principal_id),
            agent_key=self._vault.lookup(agent_id),
            principal_sealed=self._vault.encrypt(principal_id),
            agent_sealed=self._vault.encrypt(agent_id),
            items=",".join(items),
            until=until,
            state="pending",
            how="",
            code_hash="",
            asked_at=self._identity.now(),
        )

    def _counted(self, row: Authorisation) -> tuple[str, str]:
        """Whose tries count: the agent's, and the pair's. Never the principal's own: that would lock them out."""
        return row.agent_key, self._vault.lookup(f"pair {row.principal_key} {row.agent_key}")

    async def _settle(self, session: AsyncSession, row: Authorisation, state: str, how: str) -> bool:
        """A waiting request becomes "active" or "declined"; False when it no longer waits."""
        done = update(Authorisation).where(Authorisation.id == row.id, Authorisation.state == "pending")
        values = {"state": state, "how": how, "confirmed_at": self._identity.now() if state == "active" else None}
        if not getattr(await session.execute(done.values(**values)), "rowcount", 0):
            return False
        if state == "active":
            await self._identity.forget_counts(session, *self._counted(row))
        what = audit.Action.AUTHORISED if state == "active" else audit.Action.AUTHORISATION_REFUSED
        self._note(session, what, row, row.principal_key, detail=how)
        return True

    async def _tell_both(
        self, session: AsyncSession, row: Authorisation, principal: Person | None, agent: Person | None, names: str
    ) -> None:
        if principal and principal.phone:
            self._outbox.put(session, principal.phone, telling.granted_message(names, row.until), "authorisation")
        if principal and agent and agent.phone:
            text = telling.told_message(mask_name(principal.name), names, row.until)
            self._outbox.put(session, agent.phone, text, "authorisation")

    async def _refuse(self, row: Authorisation) -> NoReturn:
        left = await self._identity.tries_left(*self._counted(row))
        async with self._database.session() as session:
            self._note(session, audit.Action.AUTHORISATION_REFUSED, row, row.agent_key)
        raise WrongCode(left) if left else Locked

    async def _told(self, row: Authorisation, reader: PersonKey) -> Granted:
        principal_id, agent_id = self._vault.decrypt(row.principal_sealed), self._vault.decrypt(row.agent_sealed)
        principal, agent = await self._core.person(principal_id), await self._core.person(agent_id)
        return Granted(
            id=row.id,
            agent=mask_name(agent.name) if agent else "",
            principal=mask_name(principal.name) if principal else "",
            principal_id=principal_id,
            items=tuple(row.items.split(",")),
            until=row.until,
            is_mine=row.agent_key == reader,
        )

    def _note(
        self, session: AsyncSession, what: audit.Action, row: Authorisation, by: PersonKey, detail: str = ""
    ) -> None:
        audit.note(session, citizen(by), what, person_ref(row.principal_key), by=history.by(row), detail=detail)

    async def _other_side(self, row: Authorisation, person: Person) -> tuple[Person | None, Sequence[str]]:
        """Who they are, and their conversations with the official account."""
        is_agent = row.agent_key == person.key
        other = None
        with contextlib.suppress(CoreUnavailable):
            other = await self._core.person(self._vault.decrypt(row.principal_sealed if is_agent else row.agent_sealed))
        return other, await self._consents.letters.names(row.principal_key if is_agent else row.agent_key)

    async def _tell_revoked(
        self, session: AsyncSession, row: Authorisation, person: Person, other: Person | None, to: Sequence[str]
    ) -> None:
        by_agent = row.agent_key == person.key
        principal, agent = (other, person) if by_agent else (person, other)
        to_principal = telling.revoked_message(_masked(agent), by_agent=by_agent)
        to_agent = telling.lost_message(_masked(principal), by_agent=by_agent)
        for whom, text in ((principal, to_principal), (agent, to_agent)):
            if whom and whom.phone:
                self._outbox.put(session, whom.phone, f"{TENANT.signed}{text}", "authorisation")
        other_key, letter = (row.principal_key, to_principal) if by_agent else (row.agent_key, to_agent)
        await self._consents.tell(session, other_key, to, Letter(letter))

    @property
    def _today(self) -> date:
        return history.local(self._identity.now())


def in_force(today: date) -> ColumnElement[bool]:
    """Which authorisations let somebody act today."""
    return and_(Authorisation.state == "active", Authorisation.until >= today)


async def may_know(session: AsyncSession, agent: PersonKey, principal: PersonKey, item: str, today: date) -> bool:
    """Whether this agent may still be told how the principal's matter goes on."""
    mine = (Authorisation.agent_key == agent) & (Authorisation.principal_key == principal)
    rows = await session.scalars(select(Authorisation.items).where(mine, in_force(today)))
    return any({ALL, QUERY, item} & set(items.split(",")) for items in rows)


def _masked(person: Person | None) -> str:
    return mask_name(person.name) if person else "家人"


def _either_side(key: PersonKey) -> ColumnElement[bool]:
    return or_(Authorisation.principal_key == key, Authorisation.agent_key == key)
