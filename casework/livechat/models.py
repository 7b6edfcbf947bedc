"""The live desk's tables. Times are UTC, naive: SQLite keeps no zones.

Turns are personal data. They are sealed (`base.personal_data.Vault`), ID numbers and codes are masked before that,
the last `casework.livechat.book.MOST_TURNS` of a conversation are kept (older ones go within half a minute), and all
of it is deleted `KEPT` (4 hours) after the conversation ended.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class LiveConversation(Base):
    """One conversation on one channel."""

    __tablename__ = "live_conversation"
    __table_args__ = {"sqlite_autoincrement": True}  # an address of the desk never means another conversation later

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed hash of the conversation's name."""
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The name itself: where an answer is sent."""
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), index=True)
    """See `casework.livechat.book.State`."""
    person: Mapped[str | None] = mapped_column(String(40))
    """The member of staff who answers."""
    began_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    waiting_since: Mapped[datetime | None]
    lease_until: Mapped[datetime]
    """Until then one process tells the citizen that nobody came, and no other does."""


class LiveTurn(Base):
    """One thing said."""

    __tablename__ = "live_turn"
    __table_args__ = {"sqlite_autoincrement": True}  # pages ask for what came after an id: none may be used twice

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("live_conversation.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(10))
    """"citizen", "assistant", "agent"; "line": how the turn before it went, on a telephone."""
    by: Mapped[str | None] = mapped_column(String(40))
    """Which member of staff."""
    is_news: Mapped[bool]
    """Not part of an answer: the citizen's page fetches it."""
    said_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON of a reply; see `casework.livechat.book`."""


class LivePicture(Base):
    """A picture or document that a citizen sent while a person answered. It goes with its turn."""

    __tablename__ = "live_picture"

    turn_id: Mapped[int] = mapped_column(ForeignKey("live_turn.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    """What its bytes are; see `casework.filings.pictures`."""
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LivePresence(Base):
    """A member of staff at the desk."""

    __tablename__ = "live_presence"

    username: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_on: Mapped[bool]
    """Has said 在线: takes people who ask for a person."""
    seen_at: Mapped[datetime]
    """When a page of the desk was last looked at."""


class LiveWait(Base):
    """Somebody waited for a person: what became of it, for the supervisor's figures. Says nothing of who they were, and
    stays when the conversation is forgotten."""

    __tablename__ = "live_wait"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[str] = mapped_column(String(8), default="")
    """See `casework.livechat.waiting_times.End`; "" while they wait."""
    seconds: Mapped[int | None]


class FixedReply(Base):
    """A reply that agents give by its name, after "/"."""

    __tablename__ = "fixed_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
