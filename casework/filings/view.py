"""A filing as staff see it on a case page: labels and values to be read, never codes; people masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One picture or document that was handed in. `id` is asked for by `Filings.material`."""

    id: int
    media_type: str
    bytes: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class FilingView:
    """`answers`: (label, value) in the order asked. `promise`: the accepted 告知承诺, "" without one."""

    item_name: str
    state: str
    principal: str = field(repr=False)
    """Name and ID number, masked."""
    agent: str = field(repr=False)
    """The same of who acts for them; "" when they file themselves."""
    answers: Sequence[tuple[str, str]] = field(repr=False)
    materials_wanted: Sequence[str]
    materials: Sequence[MaterialView]
    promise: str
    sources: Sequence[str]
    """文号 and clause of what the item rests on."""
    due: str = "期限"
    """What the ticket's last day is: the end of a documented limit, or of our promise to be in touch."""


class FilingDesk(Protocol):
    """What the staff's pages do with filings: `casework.filings.desk.Desk`. `by` is the username."""

    async def view(self, ticket_number: str) -> FilingView | None:
        """None when the ticket is no filing."""
        ...

    async def material(self, ticket_number: str, material_id: int) -> tuple[str, bytes]:
        """Media type and contents. Raises NotFound (`casework.tickets.tickets`)."""
        ...

    async def told_core(self, ticket_number: str) -> str:
        """Whether the core system was told of the decision, in words; "" before there is one. Asks nobody else."""
        ...

    async def must_be_entered(self, ticket_number: str) -> bool:
        """Whether the core system will never take the decision: staff enter it there."""
        ...

    async def entered(self, ticket_number: str, *, by: str) -> None:
        """They did. Raises StepRefused (`casework.tickets.changes`) when there is nothing to enter."""
        ...

    async def decide(self, ticket_number: str, *, approved: bool, reason: str, by: str) -> None:
        """Ends the filing and its ticket, tells the citizen. `reason` is required for a refusal."""
        ...

    async def withdraw(self, ticket_number: str, *, reason: str, by: str) -> None:
        """Ends it because the citizen does not want it any more; nobody decided against them."""
        ...

    async def ask_supplement(self, ticket_number: str, *, what: str, by: str) -> None:
        """Tells the citizen what is still missing, with an upload link. The ticket waits for them."""
        ...
