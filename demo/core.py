"""The embedded demo core system: the people of `demo/data/demo_people.yaml`, sealed in our own database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from base import yaml_files
from base.database import Database
from base.personal_data import Vault
from casework.core.contract import (
    Chronic,
    Contribution,
    CoreCase,
    Decision,
    Drug,
    Person,
    RemoteFiling,
    Settlement,
    Submission,
)
from casework.core.errors import CoreFault, CoreRefused
from casework.people.models import CoreCaseRow, CorePerson
from demo import effects

PEOPLE = Path(__file__).with_name("data") / "demo_people.yaml"

DRUGS = PEOPLE.with_name("demo_drugs.yaml")
MAX_DRUGS = 20
_TRIES = 6

Record = dict[str, Any]
T = TypeVar("T")


def demo_file(path: Path = PEOPLE) -> Record:
    """`demo_today`, `otp_fixed_code` and `people`, as in the file."""
    loaded: Record = yaml_files.read(path)
    return loaded


@cache
def catalogue() -> tuple[Drug, ...]:
    """The demo's drugs, as in the file."""
    return tuple(Drug(**entry) for entry in yaml_files.read(DRUGS)["drugs"])


class DemoCore:
    """A `casework.core.contract.CoreSystem`, with the settlements of its people and a small drug catalogue."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    async def load(self, people: Sequence[Mapping[str, Any]]) -> None:
        """Put the demo's people in the place of those that were there."""
        async with self._database.session() as session:
            await session.execute(delete(CorePerson))
            for person in people:
                sealed = self._vault.encrypt(json.dumps(person, ensure_ascii=False, default=str))
                session.add(CorePerson(key=self._vault.lookup(person["id_number"]), record_sealed=sealed))

    async def person(self, id_number: str) -> Person | None:
        if not (record := await self._record(id_number)):
            return None
        fields = {name: record[name] for name in ("name", "id_number", "phone", "scheme", "insured_place", "status")}
        return Person(key=self._vault.lookup(id_number), **fields)

    async def contributions(self, id_number: str) -> Sequence[Contribution]:
        return await self._list(id_number, "contributions", _contribution)

    async def balance(self, id_number: str) -> int | None:
        balance: int | None = (await self._record(id_number)).get("account_balance_fen")
        return balance

    async def remote_filings(self, id_number: str) -> Sequence[RemoteFiling]:
        def made(entry: Record) -> RemoteFiling:
            return RemoteFiling(entry["kind"], entry["place"], _day(entry["filed_on"]), _end(entry))

        granted = filter(None, map(effects.remote, await self._handed_over(id_number)))
        return [*await self._list(id_number, "remote_care", made), *map(made, granted)]

    async def chronic(self, id_number: str) -> Sequence[Chronic]:
        def made(entry: Record) -> Chronic:
            return Chronic(entry["disease"], _day(entry["approved_on"]), _end(entry))

        granted = filter(None, map(effects.chronic, await self._handed_over(id_number)))
        return [*await self._list(id_number, "chronic", made), *map(made, granted)]

    async def cases(self, id_number: str) -> Sequence[CoreCase]:
        given = await self._list(id_number, "cases", _case)
        return [*given, *map(_case, await self._handed_over(id_number))]

    async def settlements(self, id_number: str) -> Sequence[Settlement] | None:
        def made(entry: Record) -> Settlement:
            where = entry.get("place") or ""
            return Settlement(_day(entry["on"]), entry["provider"], entry["total_fen"], entry["paid_fen"], where)

        return sorted(await self._list(id_number, "settlements", made), key=lambda one: one.on, reverse=True)

    async def drugs(self, name: str) -> Sequence[Drug] | None:
        return [drug for drug in catalogue() if name in drug.name][:MAX_DRUGS]

    async def submit(self, id_number: str, submission: Submission) -> None:
        case = {
            "number": submission.number,
            "item": submission.item,
            "submitted_on": submission.submitted_on.isoformat(),
            "state": "办理中",
            "limit_working_days": submission.limit_working_days,
            "fields": dict(submission.fields),
        }
        sealed = self._vault.encrypt(json.dumps(case, ensure_ascii=False))
        row = {"key": submission.key, "person_key": self._vault.lookup(id_number), "case_sealed": sealed}
        async with self._database.session() as session:
            await _add_once(session, row)

    async def decide(self, id_number: str, decision: Decision) -> None:
        for _ in range(_TRIES):
            if await self._decide(id_number, decision):
                return
        raise CoreFault("the case changed again and again")

    async def _decide(self, id_number: str, decision: Decision) -> bool:
        """False when somebody else changed the case meanwhile."""
        what = (decision.key, decision.outcome.value, decision.decided_on.isoformat(), decision.reason)
        async with self._database.session() as session:
            for row in await self._rows(session, id_number):
                case = self._opened(row)
                if case["number"] != decision.number:
                    continue
                try:
                    sealed = self._vault.encrypt(json.dumps(effects.decided(case, *what), ensure_ascii=False))
                except effects.KeyReused:
                    raise CoreRefused("key reused") from None
                unchanged = (CoreCaseRow.key == row.key) & (CoreCaseRow.case_sealed == row.case_sealed)
                written = update(CoreCaseRow).where(unchanged).values(case_sealed=sealed).returning(CoreCaseRow.key)
                return await session.scalar(written, execution_options={"synchronize_session": False}) is not None
        raise CoreRefused("no such case", code="core_no_case")

    async def _handed_over(self, id_number: str) -> list[Record]:
        """This person's cases that came from us, with what was decided."""
        async with self._database.session() as session:
            return [self._opened(row) for row in await self._rows(session, id_number)]

    async def _rows(self, session: AsyncSession, id_number: str) -> list[CoreCaseRow]:
        ours = select(CoreCaseRow).where(CoreCaseRow.person_key == self._vault.lookup(id_number))
        return list(await session.scalars(ours))

    def _opened(self, row: CoreCaseRow) -> Record:
        case: Record = json.loads(self._vault.decrypt(row.case_sealed))
        return case

    async def _list(self, id_number: str, name: str, made: Callable[[Record], T]) -> list[T]:
        return [made(entry) for entry in (await self._record(id_number)).get(name) or ()]

    async def _record(self, id_number: str) -> Record:
        async with self._database.session() as session:
            row = await session.get(CorePerson, self._vault.lookup(id_number))
        record: Record = json.loads(self._vault.decrypt(row.record_sealed)) if row else {}
        return record


async def _add_once(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Insert, or leave what is there: handing the same filing over again changes nothing."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    await session.execute(dialect.insert(CoreCaseRow).values(**row).on_conflict_do_nothing())


def _contribution(entry: Record) -> Contribution:
    return Contribution(
        entry["year"], entry["fen"], entry.get("months"), _day(entry["paid_on"]) if "paid_on" in entry else None
    )


def _case(entry: Record) -> CoreCase:
    return CoreCase(
        entry["number"], entry["item"], _day(entry["submitted_on"]), entry["state"], entry.get("limit_working_days")
    )


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _end(entry: Record) -> date | None:
    return _day(entry["valid_until"]) if entry.get("valid_until") else None
