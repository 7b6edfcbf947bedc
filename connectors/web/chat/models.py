"""What the page must not forget in a restart. Times are UTC, naive: SQLite keeps no zones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Double, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class Asked(Base):
    """A message that bears a name: it is being asked, or was answered."""

    __tablename__ = "web_asked"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of conversation, name and text."""
    replies_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None while it is being asked."""
    lease_until: Mapped[datetime]
    """Until then its process is believed to be at it."""
    at: Mapped[datetime] = mapped_column(index=True)


class Bucket(Base):
    """How much of a limit one client has taken (`connectors.web.chat.rate_shared`)."""

    __tablename__ = "web_bucket"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the door and the client's address."""
    full_at: Mapped[float] = mapped_column(Double)
    """When it will be full again, in seconds since 1970: what is full is forgotten."""
