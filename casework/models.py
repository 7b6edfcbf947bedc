"""The tables of casework. A ticket is any contact that was not finished: who answers first stays responsible."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Ticket(Base):
    """One promise to a citizen. The phone number is sealed by `casework.personal_data.Vault`; never plain."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    """What the citizen is told: "GD20261122-0007"."""
    kind: Mapped[str] = mapped_column(String(16))
    """See `casework.tickets.Kind`."""
    channel: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(64))
    """The knowledge topic talked about before, if any; never the citizen's words."""
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    opened_at: Mapped[datetime]
    """UTC, naive: SQLite keeps no zones."""
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
