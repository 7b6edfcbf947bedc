"""The link by which a principal says yes or no to an authorisation that somebody asked for. Times are UTC, naive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class ConsentLink(Base):
    """Made for every request, sent only where the principal can be written to."""

    __tablename__ = "consent_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    authorisation_id: Mapped[int] = mapped_column(ForeignKey("authorisation.id"), unique=True)
    asked_in_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The agent's conversation, to tell it of a yes."""
    expires_at: Mapped[datetime]
