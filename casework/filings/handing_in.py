"""Handing in, once: the ticket, the message to the phone on record, the audit entry; no case twice at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from base.staff_texts import SmsPart, StaffText, message
from casework.core.contract import Person
from casework.filings.filing import By, Changed, Draft, State, open_key
from casework.filings.items import CONTACT, Item
from casework.filings.links import UploadLinks
from casework.filings.to_core import ToCore
from casework.models import Filing, Ticket
from casework.outbox import Outbox
from casework.people.identity import citizen
from casework.tickets.codes import new_code
from casework.tickets.tickets import Kind, Tickets
from language.calendar.working_days import add_working_days, caveat
from staff import audit

_TRIES = 6


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is told after handing in. `due_on` ends the documented time limit, or our promise to be in touch."""

    number: str
    due_on: date
    is_limit: bool
    code: str = field(default="", repr=False, compare=False)
    """By which it can be followed; "" when it was told before."""
    is_again: bool = False
    """The same case was handed in before, and is still open: this is its receipt."""


class HandingIn:
    """`now` is passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        outbox: Outbox,
        tickets: Tickets,
        links: UploadLinks,
        to_core: ToCore,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._outbox = database, vault, outbox
        self._tickets, self._links, self._to_core, self._now = tickets, links, to_core, now

    async def submit(
        self,
        draft: Draft,
        principal: Person,
        *,
        agent: Person | None,
        authorisation: int | None,
        conversation: str,
        channel: str,
        transcript: Sequence[tuple[str, str]] = (),
    ) -> Receipt:
        """Hand it in, once: the ticket, the message to the phone on record and the state are one unit of work.

        `agent`, `authorisation`: who says yes now, and by what; whoever began it is history. Handing in again gives the
        same receipt, and so does a second draft of the same case. Raises Changed when an answer changed meanwhile.
        """
        by = By(agent.key if agent else None, authorisation)
        for _ in range(_TRIES):
            try:
                async with self._database.session() as session:
                    if again := await self._drop_twin(session, draft):
                        return again
                    return await self._submit(session, draft, principal, by, conversation, channel, transcript)
            except IntegrityError:  # another process took the ticket's number, or handed in the same case
                continue
        raise Changed

    async def _submit(
        self,
        session: AsyncSession,
        draft: Draft,
        principal: Person,
        by: By,
        conversation: str,
        channel: str,
        transcript: Sequence[tuple[str, str]],
    ) -> Receipt:
        claimed = (
            update(Filing)
            .where(Filing.id == draft.id, Filing.version == draft.version, Filing.state == State.DRAFT)
            .values(
                state=State.SUBMITTED,
                version=draft.version + 1,
                submitted_at=self._utc(),
                changed_at=self._utc(),
                open_key=case_key(draft, self._vault),
                agent_key=by.agent,
                authorisation_id=by.authorisation,
            )
            .returning(Filing)
        )
        row = (await session.scalars(claimed)).one_or_none()
        if row is None:
            return await self._receipt_of(session, draft)
        days = draft.item.limit or draft.item.contact_days
        due_on = add_working_days(day_here(self._now()), days)
        code = new_code()
        ticket = await self._tickets.open_in(
            session,
            Kind.FILING,
            channel=channel,
            phone=draft.answers.get(CONTACT) or principal.phone or None,
            topic=draft.item.id,
            conversation=conversation,
            transcript=transcript,
            person_key=draft.principal_key,
            agent_key=by.agent,
            due_on=due_on,
            code=code,
        )
        row.ticket_id = ticket.id
        self._to_core.owe(session, row.id)
        receipt = Receipt(ticket.number, due_on, draft.item.limit is not None, code)
        link = self._links.make(session, draft.id) if draft.item.materials else ""
        for phone in {principal.phone, draft.answers.get(CONTACT, "")} - {""}:
            self._outbox.put(session, phone, _receipt_message(draft.item, receipt, link), "filing")
        _note_filed(session, draft, by, ticket.number)
        return receipt

    async def _drop_twin(self, session: AsyncSession, draft: Draft) -> Receipt | None:
        """The receipt of the same case, handed in before by another draft; this one is not needed then."""
        same = (Filing.open_key == case_key(draft, self._vault)) & (Filing.id != draft.id)
        twin = await session.scalar(select(Filing).where(same))
        ticket = await session.get(Ticket, twin.ticket_id) if twin and twin.ticket_id else None
        if ticket is None:
            return None
        unchanged = (Filing.version == draft.version) & (Filing.state == State.DRAFT)
        dropped = update(Filing).where(Filing.id == draft.id, unchanged)
        gone = {"state": State.CANCELLED, "open_key": None, "changed_at": self._utc(), "version": Filing.version + 1}
        await session.execute(dropped.values(**gone))
        return Receipt(ticket.number, ticket.due_on, draft.item.limit is not None, is_again=True)

    async def _receipt_of(self, session: AsyncSession, draft: Draft) -> Receipt:
        row = await session.get(Filing, draft.id)
        ticket = await session.get(Ticket, row.ticket_id) if row and row.ticket_id else None
        if ticket is None:
            raise Changed
        return Receipt(ticket.number, ticket.due_on, draft.item.limit is not None)

    def _utc(self) -> datetime:
        return as_stored(self._now())


def case_key(draft: Draft, vault: Vault) -> str:
    """What no two open cases share. A draft leaves its own place where there may be several cases, so that the next
    can be begun; the answers are kept as a keyed hash only."""
    key, distinct = open_key(draft.item.id, draft.principal_key), draft.item.distinct
    if not distinct:
        return key
    told = [draft.answers.get(field, "") for field in distinct]
    return vault.lookup(f"case {key} {json.dumps(told, ensure_ascii=False)}")


def _note_filed(session: AsyncSession, draft: Draft, by: By, number: str) -> None:
    """Who said yes did it; that somebody else began it is said besides."""
    who, began = by.who(draft), citizen(draft.agent_key or draft.principal_key)
    detail = "" if who == began else f"begun by {began}"
    audit.note(session, who, audit.Action.FILED, f"ticket {number}", by=by.authorised, detail=detail)


def _receipt_message(item: Item, receipt: Receipt, link: str) -> str:
    """Its words are in `base.staff_texts`. `link`: where materials are handed in, "" where none are wanted."""
    until = f"{receipt.due_on.year}年{receipt.due_on.month}月{receipt.due_on.day}日{caveat(receipt.due_on)}"
    part = SmsPart.LIMIT if receipt.is_limit else SmsPart.CONTACT
    when = part.format(天数=item.limit, 日子=until)
    wanted = SmsPart.MATERIALS.format(材料="、".join(item.materials), 网址=link) if link else ""
    told = {"事项": item.name, "编号": receipt.number, "查询码": receipt.code, "期限": when, "材料": wanted}
    return message(StaffText.SMS_FILED, **told)
