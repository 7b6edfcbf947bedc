"""What nobody could answer, brought together: the tables that `knowledge.insight.grouping` writes and staff tidy.

AskedGroup ─< AskedMeaning            a matter, and the meanings under which it was asked
AskedQuestion.group_id                which matter a question belongs to
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base

NO_QUESTION = 0
"""The group of what asks nothing ("好的", "南京市"): never shown."""


class AskedGroup(Base):
    """Questions about one matter. A merged one stays, so that what belongs to its topic finds the other."""

    __tablename__ = "asked_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(String(80), default="", index=True)
    """What its questions were found to be about; "" when about nothing known."""
    merged_into: Mapped[int | None] = mapped_column(Integer, index=True)
    ignored_by: Mapped[str] = mapped_column(String(80), default="")
    """Who said that it needs no answer; "" while it does."""
    assigned_to: Mapped[str] = mapped_column(String(80), default="", index=True)
    made_at: Mapped[datetime] = mapped_column(DateTime)


class AskedMeaning(Base):
    """One meaning of a group: what is near it belongs there."""

    __tablename__ = "asked_meaning"
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("asked_group.id", ondelete="CASCADE"), index=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """The sum of the unit vectors of its questions, float32."""
