"""What the official account must not forget: tables whose rows are claimed, never held only in memory.

An openid names a person as well as a phone number does: sealed by `base.personal_data.Vault`, found by its hash.
Times are UTC, naive: SQLite keeps no zones.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class Arrival(Base):
    """One message or event of the platform, however often it is delivered."""

    __tablename__ = "wechat_arrival"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    follower_hash: Mapped[str] = mapped_column(String(64), index=True)
    message_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Until it is answered; then None."""
    state: Mapped[str] = mapped_column(String(8), index=True)
    """"waiting", "started" (its turn has begun) or "done"."""
    answer_by: Mapped[str] = mapped_column(String(8))
    """"reply": in the answer to the delivery; "queue": by a customer-service message."""
    reply_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the delivery was answered with, for a repetition of it."""
    lease_until: Mapped[datetime]
    taken_at: Mapped[datetime] = mapped_column(index=True)


class UsedNonce(Base):
    """A signature that was used: the same one with another message is an attack."""

    __tablename__ = "wechat_nonce"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    nonce_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime] = mapped_column(index=True)


class Outgoing(Base):
    """A message owed to a citizen."""

    __tablename__ = "wechat_outgoing"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    follower_hash: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    """"text" (customer-service message) or "notice" (subscription message)."""
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Until it is sent; then None."""
    state: Mapped[str] = mapped_column(String(8), index=True)
    """"waiting", "held" (until the citizen writes again), "sent" or "dropped"."""
    code: Mapped[str] = mapped_column(String(32), default="")
    """Why it is held or was dropped."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime]
    queued_at: Mapped[datetime]


class Follower(Base):
    """One citizen as the account knows them: what may be sent to them, and what their digits mean."""

    __tablename__ = "wechat_follower"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    openid_hash: Mapped[str] = mapped_column(String(64), unique=True)
    openid_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    subscribed: Mapped[bool]
    message_left: Mapped[int] = mapped_column(Integer)
    message_until: Mapped[datetime]
    event_left: Mapped[int] = mapped_column(Integer)
    event_until: Mapped[datetime]
    notices_left: Mapped[int] = mapped_column(Integer)
    """Subscription messages the citizen has agreed to and not yet had."""
    choices_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What "1", "2" … mean after the last answer, and the rest of a long one."""
    choices_until: Mapped[datetime]
    binding_until: Mapped[datetime]
    """The citizen asked to be bound and may still prove who they are."""
    person_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Whom they are bound to, so that a notice finds its way."""


class AccessToken(Base):
    """The platform's token, one for all processes."""

    __tablename__ = "wechat_token"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    appid: Mapped[str] = mapped_column(String(64), unique=True)
    token_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    refreshing_until: Mapped[datetime]
