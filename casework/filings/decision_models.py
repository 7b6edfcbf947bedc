"""What the core system is owed of what staff decided. Times are UTC, naive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class FilingDecision(Base):
    """Written in the unit of work of the decision itself, told afterwards, as often as it takes."""

    __tablename__ = "filing_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: names it to the core system."""
    outcome: Mapped[str] = mapped_column(String(8))
    """See `casework.core.contract.Outcome`."""
    decided_on: Mapped[date]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), index=True)
    """waiting, told, failed (staff must enter it there) or entered (they did)."""
    tries: Mapped[int]
    not_before: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(32))
    """The code of what went wrong the last time; "" when nothing did."""
    told_at: Mapped[datetime | None]
