"""One filing as it is worked on: where it stands, what was answered, who acts in it. Its life:

    draft → submitted (ours, with a ticket) → working (the core system has it) → approved | refused
                                              ↕ supplement (waits for the citizen)
                                    working, supplement → withdrawn (they did not want it any more)
    draft → cancelled

Every step is kept before it is told. A crash loses no step that was told, and hands nothing in twice: the ticket, the
message and the new state are one unit of work (`handing_in`); the core system gets it afterwards, under a key, as often
as it takes (`to_core`), and hears in the same way what was decided (`decisions`). `filings` begins and answers drafts,
`desk` decides what was handed in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import day_here
from base.errors import ServiceError
from base.personal_data import Vault
from casework.core.contract import PersonKey
from casework.filings.items import Item, Items
from casework.models import Filing, Ticket
from casework.people.identity import citizen


class State(StrEnum):
    """Where a filing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WORKING = "working"
    SUPPLEMENT = "supplement"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


UNDECIDED = (State.SUBMITTED, State.WORKING, State.SUPPLEMENT)
OPEN = (State.DRAFT, *UNDECIDED)


class Changed(ServiceError):
    """Somebody else changed the filing meanwhile; read it again."""

    code = "filing_changed"
    citizen_text = "这件事刚才有别人也在办，我重新读一下。请您再说一遍。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A filing as it is worked on."""

    id: int
    item: Item
    principal_key: PersonKey
    principal_id: str = field(repr=False)
    agent_key: PersonKey | None
    """Who began it for them; once it is handed in, who did that. None: they themselves."""
    state: State
    version: int
    answers: Mapping[str, str] = field(repr=False)
    promised: bool
    is_new: bool
    """Begun just now, by this call."""
    ticket: str | None
    """Its number, once handed in."""
    submitted_on: date | None

    @property
    def next(self) -> str | None:
        """The id of the field to be asked next; None when everything was answered."""
        found = self.item.next_field(self.answers)
        return found.id if found else None


@dataclass(frozen=True, slots=True)
class By:
    """Who acts for the principal, and by which authorisation; both None for the principal themselves."""

    agent: PersonKey | None
    authorisation: int | None

    def who(self, draft: Draft) -> str:
        """As the audit log names who did it."""
        return citizen(self.agent or draft.principal_key)

    @property
    def authorised(self) -> str:
        """As the audit log names what allowed it; "" for the principal themselves."""
        return f"authorisation {self.authorisation}" if self.authorisation else ""


async def draft_of(session: AsyncSession, row: Filing, items: Items, vault: Vault, *, is_new: bool = False) -> Draft:
    """Reads one row; its ticket's number besides."""
    ticket = await session.get(Ticket, row.ticket_id) if row.ticket_id else None
    submitted = day_here(row.submitted_at) if row.submitted_at else None
    return Draft(
        id=row.id,
        item=items.items[row.item],
        principal_key=row.principal_key,
        principal_id=vault.decrypt(row.principal_sealed),
        agent_key=row.agent_key,
        state=State(row.state),
        version=row.version,
        answers=json.loads(vault.decrypt(row.answers_sealed)),
        promised=row.promised_at is not None,
        is_new=is_new,
        ticket=ticket.number if ticket else None,
        submitted_on=submitted,
    )


def open_key(item: str, principal: PersonKey) -> str:
    """What no two open drafts share."""
    return f"{item}:{principal}"
