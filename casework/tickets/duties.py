"""Who answers for each of the measures of the monthly tables (工作配档表), kept from month to month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from sqlalchemy import delete, select

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from casework.models import Duty
from casework.tickets.changes import StepRefused
from staff import audit
from staff.audit import Action
from staff.roles import Permission, StaffMember

MOST_CHARS = 40
_MOST_MEASURES = 100


@dataclass(frozen=True, slots=True)
class Charge:
    """In the order of the table's columns: 责任科室, 责任人, 联系方式, 分管领导, 联系方式. "" where nobody wrote it."""

    department: str = ""
    person: str = ""
    phone: str = ""
    leader: str = ""
    leader_phone: str = ""


class Duties:
    """`now` is aware."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database, self._now = database, now

    async def all(self) -> Mapping[str, Charge]:
        """By the measure's 序号."""
        async with self._database.session() as session:
            rows = await session.scalars(select(Duty).limit(_MOST_MEASURES))
            return {
                row.measure: Charge(row.department, row.person, row.phone, row.leader, row.leader_phone) for row in rows
            }

    async def put(self, member: StaffMember, charges: Mapping[str, Charge]) -> None:
        """All of them as they stand on the page; an empty one is forgotten. Raises NotAllowed, StepRefused."""
        member.require(Permission.SUPERVISE)
        if any(len(text) > MOST_CHARS for charge in charges.values() for text in astuple(charge)):
            raise StepRefused(citizen_text=f"每一格最多 {MOST_CHARS} 个字。")
        async with self._database.session() as session:
            await session.execute(delete(Duty).where(Duty.measure.in_(charges)))
            session.add_all(
                Duty(
                    measure=measure,
                    department=charge.department,
                    person=charge.person,
                    phone=charge.phone,
                    leader=charge.leader,
                    leader_phone=charge.leader_phone,
                    by=member.username,
                    at=as_stored(self._now()),
                )
                for measure, charge in charges.items()
                if charge != Charge()
            )
            audit.note(session, member.username, Action.DUTIES_CHANGED, "duties", by=member.role.value)
