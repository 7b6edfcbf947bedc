"""What we need of the bureau's core system. Money is integer fen; dates are Chinese calendar days.

Inside the service a person is known by `PersonKey`; only the core system is asked by the ID number itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from base.errors import EngineUnavailable

PersonKey = str
"""`Vault.lookup(id_number)`: never the plain number."""


class CoreUnavailable(EngineUnavailable):
    """The core system did not answer in time, or answered nonsense."""

    code = "core_unavailable"
    citizen_text = "对不起，医保业务系统暂时查不了。请您过一会儿再试，或者说“转人工”。"


@dataclass(frozen=True, slots=True)
class Person:
    """An insured person. What identifies them is kept out of `repr`."""

    key: PersonKey
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    scheme: str
    """居民 or 职工."""
    insured_place: str
    status: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """One year's contribution. `months`: None for residents, who pay by the year."""

    year: int
    fen: int
    months: int | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class RemoteFiling:
    """异地就医备案. `valid_until` None: no end."""

    kind: str
    place: str
    filed_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Chronic:
    """门诊慢特病 eligibility."""

    disease: str
    approved_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CoreCase:
    """A case as the core system keeps it."""

    number: str
    item: str
    submitted_on: date
    state: str
    limit_working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One settled bill. `paid_fen` is what the insurance paid; `place` where it was, "" when that is not known."""

    on: date
    provider: str
    total_fen: int
    paid_fen: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """One entry of the drug catalogue (医保药品目录). `grade`: 甲 or 乙."""

    name: str
    form: str
    grade: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A filing handed to the core system. `key` names it: the same key twice makes one case."""

    key: str
    number: str
    """The case number the citizen was told."""
    item: str
    submitted_on: date
    fields: Mapping[str, str] = field(repr=False)
    limit_working_days: int | None = None


class Outcome(StrEnum):
    """What became of a case; the value is what the interface says."""

    GRANTED = "同意"
    REFUSED = "不予办理"
    WITHDRAWN = "撤回"


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decided of a case that was submitted. `key` names it: the same key twice is one decision.

    A later decision of the same case, under another key, takes the place of the one before.
    """

    key: str
    number: str
    """The case's."""
    outcome: Outcome
    decided_on: date
    reason: str = field(default="", repr=False)


class CoreSystem(Protocol):
    """Asked by `id_number`, already checked and normalised by `language.id_number.check`.

    Every method raises CoreUnavailable when the system cannot be asked. Who is unknown has empty records.
    """

    async def person(self, id_number: str) -> Person | None: ...
    async def contributions(self, id_number: str) -> Sequence[Contribution]:
        """Newest year last."""
        ...

    async def balance(self, id_number: str) -> int | None:
        """Fen; None for residents, who have no personal account."""
        ...

    async def remote_filings(self, id_number: str) -> Sequence[RemoteFiling]: ...
    async def chronic(self, id_number: str) -> Sequence[Chronic]: ...
    async def cases(self, id_number: str) -> Sequence[CoreCase]: ...
    async def settlements(self, id_number: str) -> Sequence[Settlement] | None:
        """Newest first; None when the core system does not offer them."""
        ...

    async def drugs(self, name: str) -> Sequence[Drug] | None:
        """Catalogue entries whose name contains `name`, at most 20; None when the system offers no catalogue."""
        ...

    async def submit(self, id_number: str, submission: Submission) -> None:
        """Idempotent by `submission.key`."""
        ...

    async def decide(self, id_number: str, decision: Decision) -> None:
        """Idempotent by `decision.key`. Raises CoreRefused (core_no_case) when the person has no such case."""
        ...
