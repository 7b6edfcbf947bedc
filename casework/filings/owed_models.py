"""What the core system is owed: what was handed in, and what staff decided. Times are UTC, naive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base
from base.owed import OwedRow


class FilingDecision(OwedRow, Base):
    """Written in the unit of work of the decision itself, told afterwards, as often as it takes.

    `state`: waiting, told, failed (staff must enter it there) or entered (they did).
    """

    __tablename__ = "filing_decision"

    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: names it to the core system."""
    outcome: Mapped[str] = mapped_column(String(8))
    """See `casework.core.contract.Outcome`."""
    decided_on: Mapped[date]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    trouble: Mapped[str] = mapped_column(String(32))
    """The code of what went wrong the last time; "" when nothing did."""
    told_at: Mapped[datetime | None]


class FilingHandover(OwedRow, Base):
    """Written in the unit of work that hands a filing in. `state`: waiting, there, or failed (staff enter it there)."""

    __tablename__ = "filing_handover"

    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), unique=True)
    trouble: Mapped[str] = mapped_column(String(32))
    """The code of what went wrong the last time; "" when nothing did."""
